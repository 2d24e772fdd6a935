//! What is wrong with a configuration, for an editor.

use std::path::{Path, PathBuf};

use careen_lsp::{Level, Problem};
use careen_policy::{Selection, profile};
use careen_rule::{Meta, Region};
use careen_text::{Position, Source, Span};

/// Lines of an error that are looked at for places.
const MOST_LINES: usize = 100;

/// Whether a file configures careen.
pub(super) fn is_one(name: &str) -> bool {
    matches!(name, "careen.yaml" | ".careen.yaml")
}

/// Reads a configuration as it stands in the editor. The names of rules are looked up too.
pub(super) fn problems(path: &Path, text: &str, rules: &[&'static Meta]) -> Vec<Problem> {
    let source = Source::new(path.to_string_lossy(), text);
    let region =
        |span: Span| Region { start: source.position(span.start), end: source.position(span.end) };
    let problem = |span, message| Problem {
        path: path.to_path_buf(),
        region: region(span),
        level: Level::Error,
        message,
        kind: "configuration",
    };
    let (config, slips) = careen_policy::read(&source);
    if !slips.is_empty() {
        return slips.into_iter().map(|slip| problem(slip.span, slip.message)).collect();
    }
    let name = config.profile.as_deref().unwrap_or("default");
    let mut found = Vec::new();
    if let Some(profile) = profile(name)
        && let Err(error) = Selection::resolve(rules, profile, &config, &[], &[])
    {
        let message = error.to_string();
        found.push(problem(quoted(&message, text), message));
    }
    if let Err(slips) = careen_policy::options(rules, &config.rules) {
        found.extend(slips.into_iter().map(|slip| problem(slip.span, slip.message)));
    }
    found
}

/// Where the first name that a message quotes stands in a text; its start if it does not.
fn quoted(message: &str, text: &str) -> Span {
    let name = message.split('`').nth(1).filter(|name| !name.is_empty());
    let at = name.and_then(|name| Some((text.find(name)?, name.len())));
    at.map_or(Span::new(0, 0), |(at, length)| Span::of(at..at + length))
}

/// The places that an error names, one `path:line:column: message` a line, as those of
/// configurations, baselines and detectors do.
pub(super) fn places(error: &str) -> Vec<Problem> {
    error.lines().take(MOST_LINES).filter_map(place).collect()
}

fn place(line: &str) -> Option<Problem> {
    // A path may hold colons, a drive letter for one; so may a message, but not two numbers first.
    let (path, at, message) = line.match_indices(": ").find_map(|(end, _)| {
        let (before, message) = (line.get(..end)?, line.get(end + 2..)?);
        let (before, last) = before.rsplit_once(':')?;
        let last: u32 = last.parse().ok()?;
        let of_column = before
            .rsplit_once(':')
            .and_then(|(path, number)| Some((path, (number.parse::<u32>().ok()?, last))));
        let (path, at) = of_column.unwrap_or((before, (last, 1)));
        Some((path, at, message))
    })?;
    let at = Position { line: at.0.max(1), column: at.1.max(1), utf16: at.1.max(1) };
    let path = PathBuf::from(path);
    let path = if path.is_absolute() { path } else { std::env::current_dir().ok()?.join(path) };
    Some(Problem {
        path,
        region: Region { start: at, end: at },
        level: Level::Error,
        message: message.to_owned(),
        kind: "configuration",
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{places, problems};

    #[test]
    fn errors_name_places() {
        let error = "the configuration does not hold:\n/a b/careen.yaml:3:7: unknown key `x`: use y\n\
                     /a/known.json:12: no JSON: 1:2: a\n/a: nothing\nplain";
        let places: Vec<_> = places(error)
            .into_iter()
            .map(|it| (it.path, it.region.start.line, it.region.start.column, it.message))
            .collect();
        assert_eq!(places.len(), 2, "{places:?}");
        assert_eq!(
            places[0],
            ("/a b/careen.yaml".into(), 3, 7, "unknown key `x`: use y".to_owned())
        );
        assert_eq!(places[1].1, 12);
        assert_eq!(places[1].0, Path::new("/a/known.json"));
    }

    #[test]
    fn names_of_rules_are_looked_up_and_placed() {
        let linters = crate::linters::Linters::default();
        let rules = careen_engine::rules(&linters.all());
        let path = Path::new("/a/careen.yaml");
        let found = problems(path, "profile: strict\nignore: [host-prt]\n", &rules);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].region.start.line, found[0].region.start.column), (2, 10));
        assert!(found[0].message.contains("did you mean `host-port`?"), "{found:?}");
        assert_eq!(problems(path, "profil: x\nfail-on: loud\n", &rules).len(), 2);
        assert_eq!(problems(path, "ignore: [host-port]\n", &rules), []);
    }
}
