//! Versions of the packages of distributions.

use super::pin::Open;
use super::{Family, PackageCall};
use crate::subject::CommandSite;

impl<'a> PackageCall<'a> {
    /// The packages it installs whose version it leaves open, as far as the call can tell.
    ///
    /// Nothing is said of a file that chooses the state of the repositories: a snapshot of
    /// Debian's or Ubuntu's archive, preferences of apt, or a numbered release of Amazon Linux.
    pub(crate) fn open_versions(self, site: &CommandSite<'_>) -> Option<Open<'a>> {
        if self.is_dry() || self.is_fixed_by_repository(site) {
            return None;
        }
        match (self.family, self.subcommand.text.as_str()) {
            (Family::Apt, "install") => Open::among(self.operands(), apt),
            (Family::Apk, "add") => Open::among(self.operands(), apk),
            (Family::Yum | Family::Dnf, "install") => Open::among(self.operands(), rpm),
            (Family::Yum | Family::Dnf, "module") => {
                let mut words = self.operands();
                let installs = words.next().is_some_and(|word| word.text == "install");
                Open::among(words.filter(|_| installs), module)
            }
            (Family::Zypper, "install" | "in") if self.takes_packages() => {
                Open::among(self.operands(), zypper)
            }
            _ => None,
        }
    }

    fn is_fixed_by_repository(self, site: &CommandSite<'_>) -> bool {
        let mentions = |text| site.step.build.mentions(text);
        match self.family {
            Family::Apt => {
                self.call.long("--snapshot").is_some()
                    || self.call.has("-S")
                    || mentions("snapshot.debian.org")
                    || mentions("snapshot.ubuntu.com")
                    || mentions("apt/preferences")
                    || mentions("repro-sources-list")
            }
            Family::Yum | Family::Dnf => {
                // `2023.6.20250107` is a state of the repositories, `9` and `9.5` are not.
                let numbered = |text: &str| text.split('.').count() >= 3;
                let words = self.call.arguments;
                words.iter().enumerate().any(|(at, word)| {
                    match word.text.strip_prefix("--releasever") {
                        Some("") => words.get(at + 1).is_some_and(|next| numbered(&next.text)),
                        Some(value) => numbered(value),
                        None => false,
                    }
                })
            }
            Family::Apk | Family::Zypper => false,
        }
    }

    /// Whether a `zypper install` is about packages, not patterns, patches or products.
    fn takes_packages(self) -> bool {
        let words = self.call.arguments;
        !words.iter().enumerate().any(|(at, word)| {
            let kind = match word.text.as_str() {
                "-t" | "--type" => words.get(at + 1).map(|next| next.text.as_str()),
                text => text.strip_prefix("--type="),
            };
            kind.is_some_and(|kind| kind != "package")
        })
    }
}

/// Whether a word is a file or an address: what is installed is what stands there.
fn is_file(text: &str, extension: &str) -> bool {
    text.starts_with(['/', '.', '~']) || text.contains("://") || text.ends_with(extension)
}

/// The name in front of a comparison, if the comparison leaves the version open or is missing.
fn compared(text: &str, fixes: fn(&str) -> bool) -> Option<&str> {
    let is_operator = |letter: char| "=<>~".contains(letter);
    let Some(at) = text.find(is_operator) else { return Some(text) };
    let (name, rest) = text.split_at(at);
    let end = rest.find(|letter| !is_operator(letter)).unwrap_or(rest.len());
    let fixed = rest.get(..end).is_some_and(fixes);
    (!fixed).then_some(name.trim_end())
}

fn equals(operator: &str) -> bool {
    !operator.contains(['<', '>']) && operator.contains('=')
}

/// `name=1.2*`, `name/release`, `name:arch`, `./file.deb`; `name-` is removed and `name^` is a
/// task, which has no version.
fn apt(text: &str) -> Option<&str> {
    if is_file(text, ".deb") || text.starts_with('?') || text.ends_with(['-', '^']) {
        return None;
    }
    // A release is a channel: what it holds changes.
    compared(text, equals)?.split(['/', ':']).next()
}

/// `name=1.2-r0`, `name~1.2`, `name=~1.2`, `name@tag`, `.virtual`, `!conflict`.
fn apk(text: &str) -> Option<&str> {
    if is_file(text, ".apk") || text.starts_with('!') {
        return None;
    }
    compared(text, |operator| equals(operator) || operator.contains('~'))?.split('@').next()
}

/// `name-1.2-3.el9.x86_64`, `name-1.2`, `1:name-1.2`, `name = 1.2`. Groups, files and other
/// capabilities have no version that could be given. Of `gcc-toolset-14` nobody but the repository
/// knows whether 14 belongs to the name: it gets the benefit of the doubt.
fn rpm(text: &str) -> Option<&str> {
    if is_file(text, ".rpm") || text.starts_with('@') || text.contains('(') {
        return None;
    }
    let name = compared(text, equals)?;
    let last = name.rsplit_once('-').map(|(_, last)| last);
    (!last.is_some_and(|last| last.starts_with(|first: char| first.is_ascii_digit())))
        .then_some(name)
}

/// `name:stream/profile` of `dnf module install`.
fn module(text: &str) -> Option<&str> {
    (!text.contains(':')).then(|| text.split('/').next()).flatten()
}

/// `name=1.2`, `repository:name`, `pattern:name`.
fn zypper(text: &str) -> Option<&str> {
    const OTHER: [&str; 5] = ["pattern:", "patch:", "product:", "srcpackage:", "application:"];
    if is_file(text, ".rpm")
        || text.starts_with(['!', '+'])
        || text.contains('(')
        || OTHER.iter().any(|kind| text.starts_with(kind))
    {
        return None;
    }
    let name = compared(text, equals)?;
    Some(name.strip_prefix("package:").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::{apk, apt, module, rpm, zypper};

    fn check(name: fn(&str) -> Option<&str>, open: &[(&str, &str)], fixed: &[&str]) {
        for (text, expected) in open {
            assert_eq!(name(text), Some(*expected), "{text}");
        }
        for text in fixed {
            assert_eq!(name(text), None, "{text}");
        }
    }

    #[test]
    fn apt_packages() {
        check(
            apt,
            &[
                ("curl", "curl"),
                ("g++", "g++"),
                ("libc6:i386", "libc6"),
                ("nginx/trixie-backports", "nginx"),
                ("php-{cli,fpm}", "php-{cli,fpm}"),
            ],
            &["curl=8.14.1-2", "curl=8.*", "libc6:i386=2.41", "./a.deb", "/tmp/a", "a.deb", "x-"],
        );
    }

    #[test]
    fn apk_packages() {
        check(
            apk,
            &[("curl", "curl"), ("a@edge", "a"), ("a>1", "a"), ("a>=1", "a"), ("a<2", "a")],
            &["a=1.2-r0", "a~1.2", "a~=1.2", "a=~1.2", "a==1", ".deps", "!b", "/x.apk", "x.apk"],
        );
    }

    #[test]
    fn rpm_packages() {
        check(
            rpm,
            &[
                ("httpd", "httpd"),
                ("glibc.i686", "glibc.i686"),
                ("python3-pip", "python3-pip"),
                ("java-1.8.0-openjdk", "java-1.8.0-openjdk"),
                ("python3-*", "python3-*"),
                ("a >= 1.2", "a"),
            ],
            &[
                "httpd-2.4.62",
                "httpd-2.4.62-1.el9.x86_64",
                "bind-32:9.16.23-1",
                "a = 1.2",
                "@development-tools",
                "@nodejs:22",
                "/usr/bin/time",
                "https://example.com/a.rpm",
                "a.rpm",
                "perl(JSON)",
            ],
        );
        check(module, &[("nodejs", "nodejs"), ("nodejs/common", "nodejs")], &["nodejs:22/common"]);
    }

    #[test]
    fn zypper_packages() {
        check(
            zypper,
            &[("curl", "curl"), ("a>=1", "a"), ("package:a", "a")],
            &["curl=8.6.0", "repo:curl=8.6.0", "a==1", "pattern:base", "!b", "./a.rpm"],
        );
    }
}
