//! What may be called how, and where it stands below `.careen`.

/// The folder of sign-offs, waivers, allowed signers and roles.
const HOME: &str = ".careen";
const SIGN_OFFS: &str = "sign-offs";
const WAIVERS: &str = "waivers";
/// The end of the name of a sign-off or a waiver.
const ENDING: &str = ".yaml";
/// What the name of a signature has besides.
const SIGNATURE: &str = ".sig";
/// Characters of the name of a control or a role.
const LONGEST_NAME: usize = 100;
/// Characters of a principal: of an address, as RFC 5321 has it.
const LONGEST_PRINCIPAL: usize = 320;

/// Whether a control may be called so: lower-case letters, digits, `-` and `_`, the first of them a
/// letter or a digit. Such a name is a folder's on every system.
#[must_use]
pub fn is_control(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= LONGEST_NAME
        && name.bytes().next().is_some_and(plain)
        && name.bytes().all(|byte| plain(byte) || matches!(byte, b'-' | b'_'))
}

/// Whether a role may be called so: as a control.
#[must_use]
pub fn is_role(name: &str) -> bool {
    is_control(name)
}

/// Whether it can stand for a person in a file of allowed signers: one word without the characters that
/// mean something in a pattern.
#[must_use]
pub fn is_principal(name: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || ",*?!\"'\\#`".contains(c);
    !name.is_empty()
        && name.chars().nth(LONGEST_PRINCIPAL).is_none()
        && !name.starts_with('-')
        && !name.contains(odd)
}

/// Where a sign-off stands, relative to the audited folder.
#[must_use]
pub fn sign_off_path(control: &str, role: &str) -> String {
    format!("{HOME}/{SIGN_OFFS}/{control}/{role}{ENDING}")
}

/// Where a waiver stands, relative to the audited folder.
#[must_use]
pub fn waiver_path(control: &str) -> String {
    format!("{HOME}/{WAIVERS}/{control}{ENDING}")
}

/// What a file below `.careen` is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'p> {
    /// A sign-off: the name of its folder, and its own without the ending.
    SignOff { control: &'p str, stem: &'p str },
    /// A waiver: its name without the ending.
    Waiver { control: &'p str },
    /// A signature over the file of this path.
    Signature { of: &'p str },
    /// Neither, though it stands among them.
    Stray,
    /// Something of somebody else: evidence, allowed signers, notes.
    Other,
}

impl<'p> Place<'p> {
    /// What a path stands for. The first `.careen` in it counts.
    pub(crate) fn of(path: &'p str) -> Self {
        let mut parts = path.split('/').skip_while(|part| *part != HOME).skip(1);
        let is_waiver = match parts.next() {
            Some(SIGN_OFFS) => false,
            Some(WAIVERS) => true,
            _ => return Self::Other,
        };
        let control = if is_waiver { None } else { parts.next() };
        let (file, rest) = (parts.next(), parts.next());
        let name = path.rsplit('/').next().unwrap_or_default();
        if name.starts_with('.') || name.ends_with(".md") {
            return Self::Other;
        }
        if rest.is_some() {
            return Self::Stray;
        }
        let Some(file) = file else { return Self::Stray };
        if file.strip_suffix(SIGNATURE).is_some_and(|file| file.ends_with(ENDING)) {
            return Self::Signature { of: path.strip_suffix(SIGNATURE).unwrap_or(path) };
        }
        match (control, file.strip_suffix(ENDING)) {
            (Some(control), Some(stem)) => Self::SignOff { control, stem },
            (None, Some(control)) if is_waiver => Self::Waiver { control },
            _ => Self::Stray,
        }
    }
}

/// Whether a file of that name may hold a sign-off in that role: `dba.yaml`, and `dba.bob.yaml` where
/// several people sign.
pub(crate) fn is_of_role(stem: &str, role: &str) -> bool {
    stem.strip_prefix(role).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Place, is_control, is_of_role, is_principal, sign_off_path, waiver_path};

    #[test]
    fn names_are_safe_in_paths_and_patterns() {
        for name in ["migrations-tested", "line-12", "a", "9_lives"] {
            assert!(is_control(name), "{name}");
        }
        for name in ["", "-x", "..", "a/b", "A", "a b", "a.b", "ü", &"a".repeat(101)] {
            assert!(!is_control(name), "{name}");
        }
        for name in ["alice@example.com", "deploy-bot", "jörg@example.com"] {
            assert!(is_principal(name), "{name}");
        }
        for name in ["", "a b", "*@example.com", "!a", "-Oprint", "a,b", "a\nb", "it's"] {
            assert!(!is_principal(name), "{name}");
        }
    }

    #[test]
    fn a_path_says_what_a_file_is() {
        let own = sign_off_path("a", "dba");
        assert_eq!(Place::of(&own), Place::SignOff { control: "a", stem: "dba" });
        assert_eq!(Place::of(&waiver_path("a")), Place::Waiver { control: "a" });
        let of = ".careen/waivers/a.yaml";
        assert_eq!(Place::of(".careen/waivers/a.yaml.sig"), Place::Signature { of });
        assert_eq!(
            Place::of("svc/.careen/sign-offs/a/b.yaml"),
            Place::SignOff { control: "a", stem: "b" }
        );
        for stray in [
            ".careen/sign-offs/a.yaml",
            ".careen/sign-offs/a/b/c.yaml",
            ".careen/sign-offs/a/b.yml",
            ".careen/waivers/a/b.yaml",
            ".careen/waivers/a.yaml.asc",
        ] {
            assert_eq!(Place::of(stray), Place::Stray, "{stray}");
        }
        for other in [
            ".careen/allowed_signers",
            ".careen/evidence/sign-offs/a/b.yaml",
            ".careen/sign-offs/README.md",
            ".careen/sign-offs/a/.gitkeep",
            "sign-offs/a/b.yaml",
            ".careen",
            "",
        ] {
            assert_eq!(Place::of(other), Place::Other, "{other}");
        }
        assert!(is_of_role("dba", "dba") && is_of_role("dba.bob", "dba"));
        assert!(!is_of_role("dbas", "dba") && !is_of_role("security", "dba"));
    }
}
