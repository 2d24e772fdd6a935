//! Versions as people write them.

use std::ops::Range;

use semver::Version;

/// The version that a line begins with, and where: `1.5.0 - 2026-11-20`, `[v1.5.0]`, `Version 1.5`,
/// `shop 1.5.0`.
pub(crate) fn at_start(line: &str) -> Option<(Version, Range<usize>)> {
    let mut at = 0;
    // A word may stand before it: `Version`, `Release`, the name of the program.
    for _ in 0..2 {
        let rest = line.get(at..)?;
        let skipped = |c: char| c.is_whitespace() || matches!(c, '[' | '(' | '#' | '=' | '*' | '`');
        let body = rest.trim_start_matches(skipped);
        at += rest.len() - body.len();
        let ends =
            |c: char| c.is_whitespace() || matches!(c, ']' | '(' | ')' | ',' | ':' | '*' | '`');
        let word = body.split(ends).next().unwrap_or_default();
        // `shop@1.5.0`, as packages of one repository are told apart.
        let name = word.rfind('@').map_or(0, |found| found + 1);
        if let Some(version) = parse(word.get(name..).unwrap_or_default()) {
            return Some((version, at + name..at + word.len()));
        }
        if word.is_empty() || !word.starts_with(char::is_alphabetic) {
            return None;
        }
        at += word.len();
    }
    None
}

/// Reads `1.5.0`, `v1.5.0`, `1.5`; a number alone is none.
pub(crate) fn parse(text: &str) -> Option<Version> {
    const LONGEST: usize = 100;
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if text.len() > LONGEST || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let parts: Vec<u64> =
        numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (major, minor, patch) = match *parts.as_slice() {
        [major, minor] => (major, minor, 0),
        [major, minor, patch] | [major, minor, patch, _] => (major, minor, patch),
        _ => return None,
    };
    let plain = Version::new(major, minor, patch);
    Version::parse(&format!("{plain}{rest}")).ok().or_else(|| rest.is_empty().then_some(plain))
}

/// Whether users of `old` must look before they take `new`: the first number that counts is higher.
pub(crate) fn breaks(old: &Version, new: &Version) -> bool {
    new.major > old.major || new.major == 0 && old.major == 0 && new.minor > old.minor
}

/// Whether two versions are the same for readers: what follows a `+` says how one was built.
pub(crate) fn is_same(a: &Version, b: &Version) -> bool {
    (a.major, a.minor, a.patch, &a.pre) == (b.major, b.minor, b.patch, &b.pre)
}

#[cfg(test)]
mod tests {
    use super::{at_start, breaks, parse};

    #[test]
    fn versions_are_found_at_the_start() {
        for (line, written) in [
            ("[1.5.0] - 2026-11-20", Some("1.5.0")),
            ("## v1.5.0", Some("v1.5.0")),
            ("1.5.0 (2026-11-20)", Some("1.5.0")),
            ("Version 1.5", Some("1.5")),
            ("shop@2.0.0-rc.1", Some("2.0.0-rc.1")),
            ("## [1.5.0](https://example.com/compare/v1.4.0...v1.5.0)", Some("1.5.0")),
            ("Unreleased", None),
            ("2026-11-20", None),
            ("3 ways to fail", None),
            ("Upgrade from node 18.0", None),
            ("Added", None),
        ] {
            let found = at_start(line).map(|(_, range)| &line[range]);
            assert_eq!(found, written, "{line}");
        }
    }

    #[test]
    fn numbers_tell_what_breaks() {
        for (old, new, expected) in [
            ("1.4.0", "2.0.0", true),
            ("1.4.0", "1.5.0", false),
            ("0.4.0", "0.5.0", true),
            ("0.4.0", "0.4.1", false),
            ("2.0.0", "1.9.0", false),
        ] {
            assert_eq!(breaks(&parse(old).unwrap(), &parse(new).unwrap()), expected, "{old} {new}");
        }
        assert_eq!(parse("99999999999999999999.1.1"), None);
    }
}
