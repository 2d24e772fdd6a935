//! The package managers of Node.js.

use careen_image_model::Word;

use super::operands;
use super::pin::{Open, is_branch_archive, last_part, moves};
use crate::subject::{Call, CommandSite};

/// A call of npm, pnpm or yarn that adds the packages it names, or installs a project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeCall<'a> {
    /// The call.
    pub(crate) call: Call<'a>,
    /// `install`, `add`; none for a bare `yarn`.
    pub(crate) subcommand: Option<&'a Word>,
    rest: &'a [Word],
}

impl<'a> NodeCall<'a> {
    /// What a call asks of one of them.
    pub(crate) fn of(call: Call<'a>) -> Option<Self> {
        let subcommands: &[&str] = match call.program() {
            "npm" => &["install", "i", "in", "ins", "add", "isntall"],
            "pnpm" => &["install", "i", "add"],
            "yarn" | "yarnpkg" => &["install", "add", "global"],
            _ => return None,
        };
        let words = call.arguments;
        let bare = Self { call, subcommand: None, rest: &[] };
        let Some(mut word) = operands::of(words, WITH_VALUE).next() else {
            let asks = ["--version", "-v", "--help", "-h"];
            let installs = !asks.iter().any(|option| call.has(option));
            return (subcommands.contains(&"global") && installs).then_some(bare);
        };
        if !subcommands.contains(&word.text.as_str()) {
            return None;
        }
        let mut rest = behind(words, word)?;
        if word.text == "global" {
            word = operands::of(rest, WITH_VALUE).next().filter(|word| word.text == "add")?;
            rest = behind(rest, word)?;
        }
        Some(Self { call, subcommand: Some(word), rest })
    }

    /// The call in a command.
    pub(crate) fn at(site: &CommandSite<'a>) -> Option<Self> {
        site.call.and_then(Self::of)
    }

    /// The packages whose version it leaves open.
    pub(crate) fn open_versions(self) -> Option<Open<'a>> {
        if self.call.has("--dry-run") || self.call.has("--help") {
            return None;
        }
        Open::among(operands::of(self.rest, WITH_VALUE), open)
    }
}

/// The words behind one of them.
fn behind<'a>(words: &'a [Word], word: &Word) -> Option<&'a [Word]> {
    let at = words.iter().position(|one| std::ptr::eq(one, word))?;
    words.get(at + 1..)
}

const WITH_VALUE: &[&str] = &[
    "-C",
    "-w",
    "--before",
    "--cache",
    "--cache-folder",
    "--cwd",
    "--dir",
    "--fetch-retries",
    "--fetch-retry-maxtimeout",
    "--fetch-retry-mintimeout",
    "--fetch-timeout",
    "--filter",
    "--global-folder",
    "--https-proxy",
    "--include",
    "--loglevel",
    "--maxsockets",
    "--modules-folder",
    "--mutex",
    "--network-concurrency",
    "--network-timeout",
    "--omit",
    "--only",
    "--prefix",
    "--proxy",
    "--registry",
    "--script-shell",
    "--store-dir",
    "--tag",
    "--userconfig",
    "--workspace",
];

/// The name of a package whose version is open: `name`, `@scope/name@latest`, `owner/repository`.
/// `name@1`, `name@^1.2` and `name@~1.2` keep to a version, if not to its last number.
fn open(text: &str) -> Option<&str> {
    const LOCAL: [&str; 4] = ["file:", "link:", "portal:", "workspace:"];
    let is_archive = text.ends_with(".tgz") || text.ends_with(".tar.gz");
    if text.starts_with(['.', '/', '~', '-'])
        || text.is_empty()
        || LOCAL.iter().any(|scheme| text.starts_with(scheme))
    {
        return None;
    }
    // The first character may be the one of a scope.
    let mut at_signs = text.match_indices('@').map(|(at, _)| at).filter(|at| *at > 0);
    let named = at_signs.next().and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)));
    if let Some((name, version)) =
        named.filter(|(name, version)| is_name(name) && !is_scp(name, version))
    {
        return is_open_version(version).then_some(name);
    }
    if is_address(text) {
        return is_open_address(text).then(|| last_part(text));
    }
    (!is_archive).then_some(text)
}

/// Whether the text in front of an `@` is a package, not the user of an address.
fn is_name(text: &str) -> bool {
    !text.contains(':') && (text.starts_with('@') || !text.contains('/'))
}

/// Whether it is `user@host:path`.
fn is_scp(name: &str, rest: &str) -> bool {
    name == "git" && rest.contains(':')
}

/// Whether a text names a repository or an archive: `github:a/b`, `a/b`, `https://…`.
fn is_address(text: &str) -> bool {
    text.contains(':') || (!text.starts_with('@') && text.contains('/'))
}

fn is_open_address(text: &str) -> bool {
    let (address, reference) = text.split_once('#').unwrap_or((text, ""));
    let is_http = address.starts_with("http:") || address.starts_with("https:");
    if is_http && !address.ends_with(".git") {
        return is_branch_archive(address);
    }
    moves(reference)
}

fn is_open_version(version: &str) -> bool {
    let aliased = version.strip_prefix("npm:");
    let version = aliased.unwrap_or(version);
    let begin = version.trim_start_matches(['^', '~', '=', 'v', ' ']);
    if begin.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    match aliased {
        Some(target) => {
            let at = target.rfind('@').filter(|at| *at > 0);
            let version = at.and_then(|at| target.get(at + 1..));
            version.is_none_or(|version| version.starts_with("npm:") || is_open_version(version))
        }
        None if version.contains(':') => {
            let local = ["file:", "link:", "portal:", "workspace:"];
            !local.iter().any(|scheme| version.starts_with(scheme)) && is_open_address(version)
        }
        None if version.contains('/') => is_open_address(version),
        // A range, a star, or a tag, which moves.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::{NodeCall, open};
    use crate::subject::Call;

    #[test]
    fn node_packages() {
        for (text, name) in [
            ("react", "react"),
            ("@types/node", "@types/node"),
            ("react@latest", "react"),
            ("react@", "react"),
            ("react@*", "react"),
            ("react@>=18", "react"),
            ("@types/node@next", "@types/node"),
            ("r@npm:react", "r"),
            ("r@npm:react@latest", "r"),
            ("owner/repository", "repository"),
            ("github:a/b", "b"),
            ("git+https://github.com/a/b.git", "b"),
            ("https://github.com/a/b.git#main", "b"),
            ("git@github.com:a/b.git", "b"),
            ("https://user:secret@github.com/a/b.git", "b"),
            ("r@github:a/b", "r"),
        ] {
            assert_eq!(open(text), Some(name), "{text}");
        }
        for text in [
            "react@19.2.0",
            "react@19",
            "react@^19.2",
            "react@~19.2.0",
            "react@v19",
            "@types/node@24.1.0",
            "r@npm:react@19.2.0",
            "r@npm:@types/node@19",
            "r@npm:^19",
            "owner/repository#v1.2.0",
            "github:a/b#0c6da5b",
            "git+ssh://git@github.com/a/b.git#semver:^5",
            "https://example.com/a.tgz",
            "file:../a",
            "a@file:../a",
            "../a",
            ".",
            "a.tgz",
        ] {
            assert_eq!(open(text), None, "{text}");
        }
    }

    #[test]
    fn node_calls() {
        let name = |text: &str| {
            let commands = commands(&Joined::verbatim(text, 0));
            let call = NodeCall::of(Call::of(&commands[0])?)?;
            call.open_versions().map(|open| open.name.to_owned())
        };
        for text in [
            "npm install -g react",
            "npm --global i react",
            "npm i --omit dev react",
            "yarn global add react",
            "yarn --frozen-lockfile add react",
            "pnpm add -g react",
        ] {
            assert_eq!(name(text).as_deref(), Some("react"), "{text}");
        }
        for text in [
            "npm ci",
            "npm install",
            "npm install --omit=dev",
            "npm install --prefix web",
            "npm run install react",
            "yarn",
            "yarn global bin",
            "yarn --version",
            "npm i $PACKAGE react@$VERSION",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
