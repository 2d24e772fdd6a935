//! `pip install`, under all of its names.

use careen_image_model::Word;

use super::operands;
use super::pin::{Open, is_branch_archive, last_part, moves};
use crate::subject::{Call, CommandSite};

/// A call of `pip install`, `python -m pip install` or `uv pip install`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PipCall<'a> {
    /// The call.
    pub(crate) call: Call<'a>,
    /// The word `install`.
    pub(crate) subcommand: &'a Word,
    /// Whether it is `uv`'s.
    pub(crate) is_uv: bool,
    rest: &'a [Word],
}

impl<'a> PipCall<'a> {
    /// What a call asks of pip.
    pub(crate) fn of(call: Call<'a>) -> Option<Self> {
        let words = pip_arguments(call)?;
        let subcommand = operands::of(words, WITH_VALUE).next()?;
        if subcommand.text != "install" {
            return None;
        }
        let at = words.iter().position(|word| std::ptr::eq(word, subcommand))?;
        let is_uv = call.program() == "uv";
        Some(Self { call, subcommand, is_uv, rest: words.get(at + 1..)? })
    }

    /// The call of pip in a command.
    pub(crate) fn at(site: &CommandSite<'a>) -> Option<Self> {
        site.call.and_then(Self::of)
    }

    /// Whether it only pretends.
    pub(crate) fn is_dry(self) -> bool {
        self.call.has("--dry-run") || self.call.has("--help")
    }

    /// The call in short, for messages.
    pub(crate) const fn short(self) -> &'static str {
        if self.is_uv { "uv pip install" } else { "pip install" }
    }

    /// The packages it installs whose version it leaves open. Of what constraints, a date or a
    /// folder of packages decide, nothing is known.
    pub(crate) fn open_versions(self, site: &CommandSite<'_>) -> Option<Open<'a>> {
        let decides = |word: &Word| {
            let text = word.text.as_str();
            (text.starts_with("-c") && !text.starts_with("--"))
                || ["--constraint", "--no-index", "--exclude-newer", "--uploaded-prior-to"]
                    .iter()
                    .any(|option| text.starts_with(option))
        };
        let variables = ["PIP_CONSTRAINT", "UV_CONSTRAINT", "UV_EXCLUDE_NEWER", "PIP_NO_INDEX"];
        let mentioned = || variables.iter().any(|name| site.step.build.mentions(name));
        if self.is_dry()
            || self.rest.iter().any(decides)
            || self.call.may_have_more_options()
            || mentioned()
        {
            return None;
        }
        Open::among(operands::of(self.rest, WITH_VALUE), open)
    }
}

/// The arguments of pip, whoever calls it.
pub(crate) fn pip_arguments(call: Call<'_>) -> Option<&[Word]> {
    let words = call.arguments;
    let program = call.program();
    let is_versioned = |name: &str| {
        program.strip_prefix(name).is_some_and(|version| {
            version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    };
    if is_versioned("pip") {
        return Some(words);
    }
    let at = if is_versioned("python") || is_versioned("pypy") {
        // Behind another module or a script, `-m pip` would be an argument of that.
        let at = words.iter().position(|word| {
            !word.text.starts_with('-') || (word.text.ends_with('m') && word.text != "--m")
        })?;
        words.get(at).filter(|word| word.text.starts_with('-'))?;
        at + 1
    } else if program == "uv" {
        let first = operands::of(words, UV_WITH_VALUE).next()?;
        words.iter().position(|word| std::ptr::eq(word, first))?
    } else {
        return None;
    };
    words.get(at).filter(|word| word.text == "pip")?;
    words.get(at + 1..)
}

const UV_WITH_VALUE: &[&str] =
    &["--cache-dir", "--color", "--config-file", "--directory", "--project"];

/// `-e` is not among them: what it installs is looked at like everything else.
const WITH_VALUE: &[&str] = &[
    "-C",
    "-P",
    "-c",
    "-f",
    "-i",
    "-p",
    "-r",
    "-t",
    "--abi",
    "--build-constraint",
    "--build-constraints",
    "--build-option",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--color",
    "--config-file",
    "--config-setting",
    "--config-settings",
    "--constraint",
    "--constraints",
    "--default-index",
    "--directory",
    "--exclude-newer",
    "--exists-action",
    "--extra",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--group",
    "--implementation",
    "--index",
    "--index-strategy",
    "--index-url",
    "--install-option",
    "--keyring-provider",
    "--link-mode",
    "--log",
    "--no-binary",
    "--no-build-isolation-package",
    "--only-binary",
    "--override",
    "--overrides",
    "--platform",
    "--prefix",
    "--prerelease",
    "--progress-bar",
    "--project",
    "--proxy",
    "--python",
    "--python-platform",
    "--python-version",
    "--refresh-package",
    "--reinstall-package",
    "--report",
    "--requirement",
    "--requirements",
    "--resolution",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--target",
    "--timeout",
    "--torch-backend",
    "--trusted-host",
    "--upgrade-package",
    "--upgrade-strategy",
    "--uploaded-prior-to",
    "--use-deprecated",
    "--use-feature",
];

/// The name of what is installed, if its version is open: see PEP 508 and PEP 440.
fn open(text: &str) -> Option<&str> {
    let text = text.split(';').next()?.trim();
    if let Some(at) = text.find("://") {
        return open_address(text, at);
    }
    let (name, rest) =
        text.split_at(text.find(['=', '<', '>', '!', '~', '(']).unwrap_or(text.len()));
    let bare = name.split('[').next()?.trim_end();
    let archives = [".whl", ".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz"];
    let is_path = !bare.starts_with(|first: char| first.is_ascii_alphanumeric())
        || bare.contains(['/', '\\'])
        || archives.iter().any(|end| bare.ends_with(end));
    let is_fixed = rest.contains("==") || rest.contains("~=");
    (!is_path && !is_fixed).then_some(bare)
}

/// Of `git+https://host/path@reference`, `name @ https://…` and the like; `at` is where the
/// `://` stands.
fn open_address(text: &str, at: usize) -> Option<&str> {
    let (front, rest) = (text.get(..at)?, text.get(at + 3..)?);
    let start = front.rfind(['@', ' ']).map_or(0, |end| end + 1);
    let scheme = front.get(start..)?;
    let name = front.get(..start)?.trim_end_matches(['@', ' ']);
    let name = if name.is_empty() { last_part(rest) } else { name };
    let is_open = if scheme.contains('+') || scheme == "git" {
        let path = rest.split('#').next()?.split_once('/')?.1;
        path.rsplit_once('@').is_none_or(|(_, reference)| moves(reference))
    } else {
        is_branch_archive(rest)
    };
    is_open.then_some(name)
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::{PipCall, open};
    use crate::subject::Call;

    #[test]
    fn pip_has_many_names() {
        for (text, is_install) in [
            ("pip install a", true),
            ("pip3.13 --no-cache-dir install a", true),
            ("python -m pip install a", true),
            ("python3 -Bm pip --no-input install a", true),
            ("/venv/bin/python3.13 -m pip install a", true),
            ("uv pip install a", true),
            ("uv --no-cache pip install a", true),
            ("pip download a", false),
            ("python setup.py -m pip install", false),
            ("python -m venv pip", false),
            ("pipx install a", false),
            ("pip-compile install", false),
            ("uv add pip install", false),
        ] {
            let commands = commands(&Joined::verbatim(text, 0));
            let call = PipCall::of(Call::of(&commands[0]).unwrap());
            assert_eq!(call.is_some(), is_install, "{text}");
        }
    }

    #[test]
    fn versions() {
        for (text, name) in [
            ("flask", "flask"),
            ("flask[async]", "flask"),
            ("flask>=3", "flask"),
            ("flask!=3.0.1", "flask"),
            ("flask; python_version == '3.13'", "flask"),
            ("git+https://github.com/a/b", "b"),
            ("git+ssh://git@github.com/a/b.git", "b"),
            ("b @ git+https://github.com/a/b@main", "b"),
            ("b@git+https://github.com/a/b", "b"),
            ("b @ https://github.com/a/b/archive/main.zip", "b"),
        ] {
            assert_eq!(open(text), Some(name), "{text}");
        }
        for text in [
            "flask==3.1.0",
            "flask===3.1.0",
            "flask~=3.1",
            "flask[async]==3.*",
            "flask (==3.1.0)",
            "flask>=3,==3.1.*",
            ".",
            ".[dev]",
            "./shop",
            "/src",
            "dist/shop",
            "shop-1.0-py3-none-any.whl",
            "shop.whl[all]",
            "git+https://github.com/a/b@v1.2",
            "git+ssh://git@github.com/a/b.git@0c6da5b#egg=b",
            "b @ git+https://github.com/a/b@0c6da5b",
            "https://example.com/b-1.0.tar.gz",
            "*",
            "",
        ] {
            assert_eq!(open(text), None, "{text}");
        }
    }
}
