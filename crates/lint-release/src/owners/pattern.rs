//! Patterns of paths as `.gitignore` has them, without what GitHub leaves out.

/// What GitHub does not understand in a pattern; it passes over the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsupported {
    /// `!` in front takes nothing back.
    Negation,
    /// `[a-z]` stands for no character.
    Range,
    /// `\#` is no way to begin with a `#`.
    Hash,
}

/// A pattern taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    parts: Vec<String>,
    /// Whether it begins at the root.
    anchored: bool,
    /// Whether it means what lies in a folder.
    folder: bool,
}

impl Pattern {
    /// Reads a pattern.
    pub(crate) fn parse(text: &str) -> Result<Self, Unsupported> {
        if text.starts_with('!') {
            return Err(Unsupported::Negation);
        }
        if text.starts_with("\\#") {
            return Err(Unsupported::Hash);
        }
        let range = text.find('[').and_then(|open| text.get(open..)?.find(']'));
        if range.is_some() {
            return Err(Unsupported::Range);
        }
        let plain = text.replace("\\ ", " ");
        let body = plain.trim_end_matches('/');
        let anchored = body.contains('/');
        let body = body.trim_start_matches('/');
        let parts = body.split('/').map(str::to_owned).collect();
        Ok(Self { parts, anchored, folder: plain.ends_with('/') })
    }

    /// Whether it means a file, whose path is relative to the root.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        if self.parts.len() == 1 && self.parts.first().is_some_and(String::is_empty) {
            return true;
        }
        let starts = if self.anchored { 1 } else { names.len() };
        (0..starts).any(|from| {
            let rest = names.get(from..).unwrap_or_default();
            self.from(rest)
        })
    }

    /// Whether it means a file with these names from here on, or a folder above it.
    fn from(&self, names: &[&str]) -> bool {
        let last_is_star = self.parts.last().is_some_and(|last| last == "*");
        let reached = along(&self.parts, names);
        reached.iter().enumerate().skip(1).any(|(length, &is_met)| {
            let is_file = length == names.len();
            // `docs/*` means what lies in the folder itself, `docs` all that lies below.
            let allowed = match (self.folder, self.parts.len() > 1 && last_is_star) {
                (true, _) => !is_file,
                (false, true) => is_file,
                (false, false) => true,
            };
            is_met && allowed
        })
    }
}

/// For each number of names whether parts with `**` mean just so many of the first.
fn along(parts: &[String], names: &[&str]) -> Vec<bool> {
    let mut reached = vec![false; names.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in parts {
        let mut next = vec![false; names.len() + 1];
        for at in 0..=names.len() {
            let here = reached.get(at).copied().unwrap_or(false);
            if part == "**" {
                let before = at > 0 && next.get(at - 1).copied().unwrap_or(false);
                next[at] = here || before;
            } else if here && names.get(at).is_some_and(|name| is_like(part, name)) {
                next[at + 1] = true;
            }
        }
        reached = next;
    }
    reached
}

/// Whether a name is like a part, in which `*` is any text and `?` one character.
fn is_like(part: &str, name: &str) -> bool {
    let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match part.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&own) if own == '?' || Some(&own) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match &mut star {
                Some((at, taken)) => {
                    *taken += 1;
                    p = *at + 1;
                    n = *taken;
                }
                None => return false,
            },
        }
    }
    part.iter().skip(p).all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Unsupported};

    #[test]
    fn patterns_mean_files() {
        for (pattern, path, expected) in [
            ("*", "a/b.rs", true),
            ("*.rs", "a/b.rs", true),
            ("*.rs", "a/b.rsx", false),
            ("/docs/", "docs/a/b.md", true),
            ("/docs/", "docs", false),
            ("/docs/", "x/docs/a.md", false),
            ("docs/", "x/docs/a.md", true),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/a/b.md", false),
            ("/docs", "docs/a/b.md", true),
            ("**/logs", "a/b/logs/x", true),
            ("/a/**/z.md", "a/z.md", true),
            ("/a/**/z.md", "a/b/c/z.md", true),
            ("apps/", "apps", false),
            ("a?c", "abc", true),
            ("/", "any/file", true),
            ("/my\\ file", "my file", true),
        ] {
            assert_eq!(
                Pattern::parse(pattern).unwrap().matches(path),
                expected,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (pattern, why) in [
            ("!a", Unsupported::Negation),
            ("\\#a", Unsupported::Hash),
            ("[ab].md", Unsupported::Range),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap_err(), why);
        }
    }

    #[test]
    fn hostile_patterns_come_to_an_end() {
        let pattern = Pattern::parse(&"**/*a".repeat(500)).unwrap();
        assert!(!pattern.matches(&"aaab/".repeat(500)));
        let stars = Pattern::parse(&"*a".repeat(2_000)).unwrap();
        assert!(!stars.matches(&"ab".repeat(1_000)));
    }
}
