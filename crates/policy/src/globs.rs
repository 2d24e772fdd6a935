//! Globs over paths. They are relative to the folder of the configuration, whatever the files that
//! it extends.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::place::{Problem, Word};

/// Globs in all of a configuration. Each costs time for each file.
const MOST_GLOBS: usize = 10_000;

/// What paths are relative to: as absolute paths with `/` between the parts and none at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchor {
    /// The folder that globs are relative to.
    pub folder: String,
    /// The folder that paths of findings are relative to.
    pub base: String,
}

impl Anchor {
    /// The absolute path of a finding's path.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// One set of all globs of a list. A glob covers a file, or a folder with all it holds.
    ///
    /// # Errors
    ///
    /// The glob that cannot be used, or that there are too many.
    pub fn set<'w>(&self, globs: impl IntoIterator<Item = &'w Word>) -> Result<Patterns, Problem> {
        let prefix = globset::escape(&self.folder);
        let mut set = GlobSetBuilder::new();
        let mut words = Vec::new();
        let mut last = None;
        for (at, (pattern, place)) in globs.into_iter().enumerate() {
            let problem = |message: String| Problem { place: place.clone(), message };
            if at == MOST_GLOBS {
                return Err(problem(format!("there are more than {MOST_GLOBS} globs")));
            }
            let forms = forms(&prefix, pattern)
                .map_err(|message| problem(format!("`{pattern}` {message}")))?;
            for form in forms {
                set.add(form);
                words.push(at);
            }
            last = Some(place);
        }
        let Some(last) = last else { return Ok(Patterns::default()) };
        let set = set.build().map_err(|_| Problem {
            place: last.clone(),
            message: "the globs are too large together: use fewer, or simpler ones".to_owned(),
        })?;
        Ok(Patterns { set, words })
    }
}

/// Globs, made one matcher.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
    /// For each form in the set, which glob it is of.
    words: Vec<usize>,
}

impl Patterns {
    /// The set, over absolute paths.
    #[must_use]
    pub fn into_set(self) -> GlobSet {
        self.set
    }

    /// Which of the globs cover an absolute path, in order, each once.
    pub(crate) fn covering(&self, path: &str) -> Vec<usize> {
        let mut found: Vec<_> =
            self.set.matches(path).iter().filter_map(|at| self.words.get(*at).copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Why a glob cannot be used, as the end of a sentence.
pub(crate) fn verify(pattern: &str) -> Result<(), String> {
    forms("", pattern).map(|_| ())
}

/// A glob for the path itself and one for what it holds.
fn forms(prefix: &str, pattern: &str) -> Result<[Glob; 2], String> {
    if pattern.starts_with('!') {
        return Err("what is left out cannot be taken back in".to_owned());
    }
    let below = pattern.strip_prefix("./").unwrap_or(pattern);
    let below = below.trim_start_matches('/').trim_end_matches('/');
    let below = if below == "." { "**" } else { below };
    let glob = |form: String| {
        let glob = GlobBuilder::new(&form).literal_separator(true).build();
        glob.map_err(|error| format!("which is no glob: {}", error.kind()))
    };
    Ok([glob(format!("{prefix}/{below}"))?, glob(format!("{prefix}/{below}/**"))?])
}

#[cfg(test)]
mod tests {
    use super::Anchor;
    use crate::place::Place;

    fn covering(anchor: &Anchor, globs: &[&str], path: &str) -> Vec<usize> {
        let words: Vec<_> = globs.iter().map(|&glob| (glob.to_owned(), Place::default())).collect();
        anchor.set(&words).unwrap().covering(&anchor.absolute(path))
    }

    #[test]
    fn globs_are_relative_to_the_folder() {
        let anchor = Anchor { folder: "/work/[shop]".to_owned(), base: "/work".to_owned() };
        let globs = ["legacy", "./deploy/*.yaml", "/**/tests/", "."];
        for (path, expected) in [
            ("[shop]/legacy/a.yaml", &[0, 3][..]),
            ("[shop]/deploy/a.yaml", &[1, 3]),
            ("[shop]/deploy/eu/a.yaml", &[3]),
            ("[shop]/a/b/tests/c/d.yaml", &[2, 3]),
            ("legacy/a.yaml", &[]),
        ] {
            assert_eq!(covering(&anchor, &globs, path), expected, "{path}");
        }
        assert_eq!(covering(&Anchor::default(), &["a/**"], "a/b"), [0]);
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        for (glob, words) in [("!a", "taken back in"), ("a[", "no glob"), ("{a", "no glob")] {
            let words_of = [(glob.to_owned(), Place::default())];
            let problem = Anchor::default().set(&words_of).unwrap_err();
            assert!(problem.message.contains(words), "{problem}");
        }
        let many = vec![("a*b".to_owned(), Place::default()); 10_001];
        assert!(Anchor::default().set(&many).unwrap_err().message.contains("more than 10000"));
    }
}
