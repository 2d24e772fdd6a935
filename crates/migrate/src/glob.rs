//! From the paths of others to our globs.

/// Nobody writes a longer pattern of paths.
const LONGEST: usize = 300;

/// A glob of another tool, relative to the repository, as one of ours; or why it is none.
pub(crate) fn relative(path: &str) -> Result<String, &'static str> {
    let path = path.trim();
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if path.is_empty() || path == "." {
        return Err("it is the whole repository");
    }
    if path.len() > LONGEST || path.chars().any(char::is_control) {
        return Err("it is no path that anybody would write");
    }
    if path.starts_with('~') || path.starts_with('/') || path.contains(":\\") {
        return Err("the path is absolute; globs of careen.yaml are relative to its folder");
    }
    if path.split('/').any(|part| part == "..") {
        return Err("the path leads out of the repository");
    }
    if path.starts_with('!') {
        return Err("what is left out cannot be taken back in");
    }
    Ok(path.to_owned())
}

/// A glob that fits this very path.
pub(crate) fn literal(path: &str) -> String {
    let mut glob = String::with_capacity(path.len());
    for character in path.chars() {
        if "*?[]{}!".contains(character) {
            glob.push('[');
            glob.push(character);
            glob.push(']');
        } else {
            glob.push(character);
        }
    }
    glob
}

/// The globs that say what a regular expression over paths says, if it is of the simple kind that
/// people write. It may fit anywhere in a path unless it is anchored, so that a part of a name
/// becomes the whole of one: less is accepted, never more.
pub(crate) fn of_regex(pattern: &str) -> Option<String> {
    if pattern.is_empty() || pattern.len() > LONGEST {
        return None;
    }
    let (anchored, rest) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (boundary, rest) = ["(^|/)", "(?:^|/)", "(.*/)?", "(?:.*/)?", "(.*?)", ".*/", "/"]
        .iter()
        .find_map(|start| rest.strip_prefix(start).map(|rest| (*start, rest)))
        .unwrap_or(("", rest));
    let top = anchored && boundary.is_empty();
    let (rest, closed) = match rest.strip_suffix("(/|$)").or_else(|| rest.strip_suffix("(?:/|$)")) {
        Some(rest) => (rest, false),
        None if rest.ends_with("\\$") => return None,
        None => match rest.strip_suffix('$') {
            Some(rest) => (rest, true),
            None => (rest, false),
        },
    };
    let glob = body(rest)?;
    let glob = glob.trim_end_matches('/');
    let bare = glob.trim_end_matches("/**");
    let glob = if closed { glob } else { bare };
    let only_stars = glob.bytes().all(|byte| matches!(byte, b'*' | b'/'));
    if glob.is_empty() || only_stars || glob.starts_with('/') {
        return None;
    }
    Some(if top || glob.starts_with("**/") { glob.to_owned() } else { format!("**/{glob}") })
}

/// Literal characters, `\.` and other escapes, `.*` and `[^/]*`.
fn body(pattern: &str) -> Option<String> {
    let mut glob = String::new();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = ["[^/]*", "[^/]+"].iter().find_map(|star| rest.strip_prefix(star)) {
            push_star(&mut glob)?;
            rest = after;
        } else if let Some(after) =
            [".*?", ".+?", ".*", ".+"].iter().find_map(|star| rest.strip_prefix(star))
        {
            // Between slashes it may stand for several folders; inside of a name it is kept to that
            // name.
            if glob.is_empty() || glob.ends_with('/') {
                if let Some(after) = after.strip_prefix('/') {
                    glob.push_str("**/");
                    rest = after;
                    continue;
                }
                glob.push_str(if after.is_empty() { "**" } else { "**/*" });
            } else {
                push_star(&mut glob)?;
            }
            rest = after;
        } else if next == '\\' {
            let escaped = rest.chars().nth(1)?;
            if escaped.is_alphanumeric() {
                return None;
            }
            push(&mut glob, escaped)?;
            rest = rest.get(1 + escaped.len_utf8()..).unwrap_or_default();
        } else if next == '.' {
            // An unescaped dot is meant as a dot.
            glob.push('.');
            rest = rest.get(1..).unwrap_or_default();
            if rest.starts_with(['?', '{']) {
                return None;
            }
        } else if "^$|?*+()[]{}".contains(next) {
            return None;
        } else {
            push(&mut glob, next)?;
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    Some(glob)
}

fn push_star(glob: &mut String) -> Option<()> {
    (!glob.ends_with('*')).then(|| glob.push('*'))
}

/// What a glob would read as something else is not taken over.
fn push(glob: &mut String, literal: char) -> Option<()> {
    let plain = !"*?[]{}!\\".contains(literal) && !literal.is_control();
    plain.then(|| glob.push(literal))
}

#[cfg(test)]
mod tests {
    use super::{literal, of_regex, relative};

    #[test]
    fn globs_stay_inside() {
        assert_eq!(relative("./vendor/").as_deref(), Ok("vendor"));
        assert_eq!(relative("a/**/b.yaml").as_deref(), Ok("a/**/b.yaml"));
        for path in ["", ".", "/tmp/*.yaml", "~/foo", "../baz", "a/../../b", "!a", "C:\\x"] {
            assert!(relative(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_path_is_no_pattern() {
        assert_eq!(literal("a/b.yaml"), "a/b.yaml");
        assert_eq!(literal("a[1]*.yaml"), "a[[]1[]][*].yaml");
    }

    #[test]
    fn simple_patterns_become_globs() {
        for (pattern, glob) in [
            ("vendor", Some("**/vendor")),
            ("^vendor/", Some("vendor")),
            ("(^|/)testdata/", Some("**/testdata")),
            ("/examples/", Some("**/examples")),
            ("tests/.*", Some("**/tests")),
            ("^tests/.*$", Some("tests/**")),
            (r"^src/.*\.env$", Some("src/**/*.env")),
            (r"package-lock\.json$", Some("**/package-lock.json")),
            (r".*\.lock$", Some("**/*.lock")),
            (r".*/fixtures/.*", Some("**/fixtures")),
            (r"^docs/[^/]*\.md$", Some("docs/*.md")),
            ("gitleaks.toml", Some("**/gitleaks.toml")),
            (r"(.*?)(jpg|gif)$", None),
            (r"(?i)secret", None),
            (r"(?<=x)src", None),
            (r"a\d+", None),
            (".*", None),
            ("", None),
            ("^/", None),
            ("a[bc]", None),
            ("co?nfig", None),
        ] {
            assert_eq!(of_regex(pattern).as_deref(), glob, "{pattern}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        for pattern in
            ["\\", "^", "$", "((((", ".*.*", "ü", "\\ü", "a\u{0}b", "(.*?)", "[^/]*[^/]*"]
        {
            let _ = of_regex(pattern);
        }
        assert_eq!(of_regex(&"a".repeat(1_000)), None);
    }
}
