//! Package managers: which one a command calls, what for, and with which options.

mod cache;
mod gem;
mod go;
mod npm;
mod operands;
mod pin;
mod python;
mod system;

use careen_image_model::Word;
use careen_rule::Sink;

use crate::subject::{Call, CommandSite};

pub(crate) use cache::keeps_cache_out;
pub(crate) use gem::open_gems;
pub(crate) use go::open_modules;
pub(crate) use npm::NodeCall;
pub(crate) use pin::report_open;
pub(crate) use python::{PipCall, pip_arguments};

/// A family of package managers that share their caches and options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `apt-get`, `apt`, `aptitude`.
    Apt,
    /// `apk`.
    Apk,
    /// `yum`.
    Yum,
    /// `dnf`, `microdnf`, `tdnf`.
    Dnf,
    /// `zypper`.
    Zypper,
}

/// A call of a package manager with a subcommand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackageCall<'a> {
    /// The family.
    pub(crate) family: Family,
    /// The call.
    pub(crate) call: Call<'a>,
    /// `install`, `update`, `add`, ….
    pub(crate) subcommand: &'a Word,
}

const APT_WITH_VALUE: &str = "octaP";

impl<'a> PackageCall<'a> {
    /// What a call asks of a package manager.
    pub(crate) fn of(call: Call<'a>) -> Option<Self> {
        let family = match call.program() {
            "apt-get" | "apt" | "aptitude" => Family::Apt,
            "apk" => Family::Apk,
            "yum" => Family::Yum,
            "dnf" | "dnf5" | "dnf-3" | "microdnf" | "tdnf" => Family::Dnf,
            "zypper" => Family::Zypper,
            _ => return None,
        };
        let subcommand = operands::of(call.arguments, family.options_with_value()).next()?;
        Some(Self { family, call, subcommand })
    }

    /// The package manager's call in a command.
    pub(crate) fn at(site: &CommandSite<'a>) -> Option<Self> {
        site.call.and_then(Self::of)
    }

    /// Whether it installs packages that it names.
    pub(crate) fn installs(self) -> bool {
        matches!(
            (self.family, self.subcommand.text.as_str()),
            (Family::Apk, "add")
                | (Family::Zypper, "install" | "in")
                | (Family::Apt, "install" | "build-dep" | "satisfy")
                | (
                    Family::Yum | Family::Dnf,
                    "install" | "groupinstall" | "localinstall" | "reinstall"
                )
        )
    }

    /// Whether it reads the package index anew and does nothing else.
    pub(crate) fn refreshes(self) -> bool {
        matches!(self.family, Family::Apt | Family::Apk) && self.subcommand.text == "update"
    }

    /// The words behind the subcommand that are no options: the packages.
    fn operands(self) -> impl Iterator<Item = &'a Word> {
        let behind = |word: &Word| std::ptr::eq(word, self.subcommand);
        let rest = self.call.arguments.iter().position(behind).and_then(|at| {
            let rest = self.call.arguments.get(at + 1..)?;
            Some(operands::of(rest, self.family.options_with_value()))
        });
        rest.into_iter().flatten()
    }

    /// Whether it upgrades everything that is installed.
    pub(crate) fn upgrades_all(self) -> bool {
        // Fixes of single advisories are a decision of their own.
        const LIMITS: [&str; 6] =
            ["--security", "--advisory", "--advisories", "--cve", "--cves", "--sec-severity"];
        let names: &[&str] = match self.family {
            Family::Apt => &["upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"],
            Family::Apk => &["upgrade"],
            Family::Yum | Family::Dnf => &["update", "upgrade", "distro-sync", "dsync"],
            Family::Zypper => &["dist-upgrade", "dup", "update", "up"],
        };
        names.contains(&self.subcommand.text.as_str())
            && self.operands().next().is_none()
            && !LIMITS.iter().any(|option| self.call.long(option).is_some())
    }

    /// Whether it only pretends, or only downloads.
    pub(crate) fn is_dry(self) -> bool {
        const DRY: [&str; 8] = [
            "-s",
            "-d",
            "--simulate",
            "--dry-run",
            "--print-uris",
            "--download-only",
            "--help",
            "--downloadonly",
        ];
        self.call.arguments.iter().any(|word| DRY.contains(&word.text.as_str()))
    }

    /// Whether it asks no questions. Variables that may hold options get the benefit of the doubt.
    pub(crate) fn says_yes(self) -> bool {
        let call = self.call;
        let long = |name| call.long(name).is_some();
        let told = match self.family {
            Family::Apt => {
                call.short('y', APT_WITH_VALUE).is_some()
                    || ["--yes", "--assume-yes", "--force-yes", "--quiet=2", "-q=2"]
                        .into_iter()
                        .any(long)
                    || self.quietness() >= 2
                    || self.apt_option("apt::get::assume-yes") == Some(true)
            }
            Family::Yum | Family::Dnf => {
                call.short('y', "cdex").is_some()
                    || long("--assumeyes")
                    || call.arguments.iter().any(|word| word.text.contains("assumeyes=1"))
            }
            Family::Zypper => {
                call.short('n', "").is_some()
                    || call.short('y', "").is_some()
                    || ["--non-interactive", "--no-confirm"].into_iter().any(long)
            }
            Family::Apk => true,
        };
        told || call.may_have_more_options()
    }

    /// Whether it installs something and asks before it does.
    pub(crate) fn needs_yes(self) -> bool {
        // `microdnf` asked no questions for most of its life.
        self.installs() && !self.says_yes() && !self.is_dry() && self.call.program() != "microdnf"
    }

    /// Whether it installs something into a stage that ships and leaves what it downloaded in one
    /// of these folders.
    pub(crate) fn leaves_cache(self, site: &CommandSite<'_>, folders: &[&'static str]) -> bool {
        let cleans = |call: Call<'_>| {
            PackageCall::of(call).is_some_and(|one| matches!(&*one.subcommand.text, "clean" | "cc"))
        };
        self.installs()
            && !self.is_dry()
            && site.step.ships()
            && !site.any_call("cleans", cleans)
            && !folders.iter().any(|folder| site.leaves_nothing(folder))
    }

    /// The `q`s of apt: two of them mean yes.
    fn quietness(self) -> usize {
        let options = self.call.arguments.iter().filter_map(|word| word.text.strip_prefix('-'));
        options
            .map(|option| match option {
                "-quiet" => 1,
                _ if option.starts_with('-') => 0,
                _ => option
                    .chars()
                    .take_while(|letter| !APT_WITH_VALUE.contains(*letter))
                    .filter(|letter| *letter == 'q')
                    .count(),
            })
            .sum()
    }

    /// The value of a boolean `-o Name=value` of apt. `name` is in lower case.
    pub(crate) fn apt_option(self, name: &str) -> Option<bool> {
        let mut values = self.call.arguments.iter().filter_map(|word| {
            let text = word.text.trim_start_matches("--option=").trim_start_matches("-o");
            let (key, value) = text.split_once('=')?;
            let value = value.trim_matches(['"', '\'', ';']).to_ascii_lowercase();
            key.trim().eq_ignore_ascii_case(name).then_some(value)
        });
        values
            .next_back()
            .map(|value| matches!(value.as_str(), "1" | "true" | "yes" | "on" | "enable"))
    }
}

/// Reports a call of that family which leaves versions of packages open.
pub(crate) fn report_open_versions(site: &CommandSite<'_>, family: Family, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == family) else { return };
    if let Some(open) = call.open_versions(site) {
        let what = format!("{} {}", call.call.program(), call.subcommand.text);
        report_open(site, &what, Some(open), out);
    }
}

/// Reports a call of that family which upgrades everything in a stage that ships.
pub(crate) fn report_upgrade(site: &CommandSite<'_>, family: Family, out: &mut Sink<'_>) {
    let Some(call) = PackageCall::at(site).filter(|call| call.family == family) else { return };
    if call.upgrades_all() && !call.is_dry() && site.step.ships() {
        let (program, what) = (call.call.program(), &call.subcommand.text);
        let message = format!("`{program} {what}` upgrades the packages of the base image");
        site.report(out, call.subcommand.span, message);
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::PackageCall;
    use crate::subject::Call;

    fn says_yes(text: &str) -> bool {
        let commands = commands(&Joined::verbatim(text, 0));
        PackageCall::of(Call::of(&commands[0]).unwrap()).unwrap().says_yes()
    }

    #[test]
    fn the_subcommand_is_behind_options_and_wrappers() {
        for (text, subcommand) in [
            ("apt-get -o Dpkg::Use-Pty=0 -qq install -y a", "install"),
            ("sudo -E apt-get update", "update"),
            ("env DEBIAN_FRONTEND=noninteractive apt-get install a", "install"),
            ("DEBIAN_FRONTEND=noninteractive apt install a", "install"),
            ("timeout -k 5 60 apt-get update", "update"),
            ("apk --no-cache --repository http://x add a", "add"),
            ("dnf --setopt install_weak_deps=0 install a", "install"),
            ("/usr/bin/zypper -n in a", "in"),
        ] {
            let commands = commands(&Joined::verbatim(text, 0));
            let call = PackageCall::of(Call::of(&commands[0]).unwrap()).unwrap();
            assert_eq!(call.subcommand.text, subcommand, "{text}");
        }
    }

    #[test]
    fn yes_has_many_forms() {
        for text in [
            "apt-get install -y a",
            "apt-get -qy install a",
            "apt-get -qq install a",
            "apt-get install a -q -q",
            "apt-get install --assume-yes a",
            "apt-get -o APT::Get::Assume-Yes=true install a",
            "apt-get install -fy a",
            "apt-get install $APT_OPTS a",
            "yum -y install a",
            "dnf install -qy a",
            "zypper --non-interactive install a",
            "zypper install -y a",
        ] {
            assert!(says_yes(text), "{text}");
        }
        for text in [
            "apt-get install a",
            "apt-get install -q a",
            "apt-get -t yakkety install a",
            "apt-get install $PACKAGES",
            "yum install a-y",
            "zypper install a",
        ] {
            assert!(!says_yes(text), "{text}");
        }
    }
}
