//! What of the arguments of a call is neither an option nor the value of one.

use careen_image_model::Word;

use super::Family;

impl Family {
    /// The options that take the next word, in front of the subcommand and behind it.
    pub(super) fn options_with_value(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &[
                "-o",
                "-c",
                "-t",
                "-a",
                "-P",
                "-S",
                "--option",
                "--config-file",
                "--target-release",
                "--default-release",
                "--host-architecture",
                "--build-profiles",
                "--snapshot",
                "--solver",
            ],
            Self::Apk => &[
                "-X",
                "-p",
                "-t",
                "--repository",
                "--repositories-file",
                "--root",
                "--keys-dir",
                "--arch",
                "--cache-dir",
                "--cache-max-age",
                "--progress-fd",
                "--timeout",
                "--virtual",
                "--wait",
            ],
            Self::Yum | Self::Dnf => &[
                "-c",
                "-d",
                "-e",
                "-x",
                "-R",
                "--advisory",
                "--advisories",
                "--bz",
                "--config",
                "--cve",
                "--cves",
                "--disableexcludes",
                "--disableplugin",
                "--disablerepo",
                "--downloaddir",
                "--enableplugin",
                "--enablerepo",
                "--exclude",
                "--excludepkgs",
                "--forcearch",
                "--installroot",
                "--releasever",
                "--repo",
                "--repofrompath",
                "--repoid",
                "--rpmverbosity",
                "--sec-severity",
                "--setopt",
            ],
            Self::Zypper => &[
                "-D",
                "-p",
                "-r",
                "-R",
                "-t",
                "--cache-dir",
                "--config",
                "--download",
                "--from",
                "--pkg-cache-dir",
                "--plus-content",
                "--plus-repo",
                "--raw-cache-dir",
                "--releasever",
                "--repo",
                "--reposd-dir",
                "--root",
                "--solv-cache-dir",
                "--type",
            ],
        }
    }
}

/// The words that are no options. `with_value` are the options that take the next word; of a
/// cluster such as `-yt` its last letter may be one. Behind `--` nothing is an option.
pub(super) fn of<'a>(
    words: &'a [Word],
    with_value: &'static [&'static str],
) -> impl Iterator<Item = &'a Word> {
    let mut words = words.iter();
    let mut open = true;
    std::iter::from_fn(move || {
        loop {
            let word = words.next()?;
            if !open || !word.text.starts_with('-') || word.text.len() == 1 {
                return Some(word);
            }
            if word.text == "--" {
                open = false;
            } else if takes_next(&word.text, with_value) {
                words.next();
            }
        }
    })
}

/// Whether an option takes the next word.
fn takes_next(option: &str, with_value: &[&str]) -> bool {
    if option.starts_with("--") || option.len() == 2 {
        return with_value.contains(&option);
    }
    let is_short =
        |letter: char| with_value.iter().any(|known| known.len() == 2 && known.ends_with(letter));
    // Behind the first letter that takes a value, the rest of the word is that value.
    let cluster = option.strip_prefix('-').unwrap_or(option);
    cluster.find(is_short).is_some_and(|at| at + 1 == cluster.len())
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::of;

    #[test]
    fn options_and_their_values_are_left_out() {
        for (text, expected) in [
            ("x -y -t sid a b", "a b"),
            ("x -yt sid a", "a"),
            ("x -tsid a", "a"),
            ("x a -t sid -- -b", "a -b"),
            ("x --to sid a", "a"),
            ("x --to=sid a", "a"),
            ("x - a", "- a"),
            ("x -t", ""),
        ] {
            let commands = commands(&Joined::verbatim(text, 0));
            let found = of(commands[0].arguments(), &["-t", "--to"]);
            let found: Vec<&str> = found.map(|word| word.text.as_str()).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
