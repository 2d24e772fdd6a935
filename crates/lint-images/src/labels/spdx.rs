//! SPDX licence expressions: their grammar (annex D of SPDX 2.3), and the names people give
//! licences instead.

/// Words of an expression that are read.
const WORDS_MAX: usize = 512;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem<'a> {
    /// A usual name that is no identifier, with what may be meant.
    Name(&'a str, &'static str),
    /// Two operands without an operator, an operator without operand, or a parenthesis alone.
    Grammar,
    /// A word with characters that identifiers do not have.
    Word(&'a str),
}

/// What is wrong with a text as an expression; nothing for one that is right, as far as its form
/// and the usual misspellings go: the list of licences is not asked.
pub(crate) fn problem(text: &str) -> Option<Problem<'_>> {
    let text = text.trim();
    if matches!(text, "NONE" | "NOASSERTION") {
        return None;
    }
    if let Some(meant) = misnamed(text).filter(|_| !text.contains(['(', ')'])) {
        return Some(Problem::Name(text, meant));
    }
    let mut depth = 0usize;
    // Whether an operand must come next, and whether `WITH` may.
    let (mut wants, mut excepts, mut exception) = (true, false, false);
    let mut count = 0;
    for word in words(text) {
        count += 1;
        let fits = match word {
            "(" => {
                depth += 1;
                wants && !exception
            }
            ")" if depth > 0 => {
                depth -= 1;
                excepts = false;
                !wants
            }
            ")" => false,
            "AND" | "OR" | "and" | "or" => {
                excepts = false;
                !std::mem::replace(&mut wants, true)
            }
            "WITH" | "with" => {
                let fits = !wants && std::mem::replace(&mut excepts, false);
                (wants, exception) = (true, true);
                fits
            }
            _ => {
                if !is_identifier(word, exception) {
                    return Some(Problem::Word(word));
                }
                if let Some(meant) = misnamed(word).filter(|_| !exception) {
                    return Some(Problem::Name(word, meant));
                }
                excepts = !std::mem::take(&mut exception);
                std::mem::take(&mut wants)
            }
        };
        if !fits || count > WORDS_MAX {
            return Some(Problem::Grammar);
        }
    }
    (wants || depth > 0).then_some(Problem::Grammar)
}

/// The words between blanks, parentheses for themselves.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|part| part.split_inclusive(['(', ')'])).flat_map(|part| {
        let end = part.len() - usize::from(part.ends_with(['(', ')']));
        let (word, mark) = part.split_at(end);
        [word, mark].into_iter().filter(|word| !word.is_empty())
    })
}

/// An `idstring`, with a `+` for later versions, or a reference to a licence of one's own.
fn is_identifier(word: &str, exception: bool) -> bool {
    let is_id = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    match word.split_once(':') {
        Some((document, reference)) => {
            document.strip_prefix("DocumentRef-").is_some_and(is_id)
                && ["LicenseRef-", "AdditionRef-"]
                    .iter()
                    .any(|start| reference.strip_prefix(start).is_some_and(is_id))
        }
        None if exception => is_id(word),
        None => is_id(word.strip_suffix('+').unwrap_or(word)),
    }
}

/// What may be meant by a usual name of a licence that is no identifier of the list.
fn misnamed(name: &str) -> Option<&'static str> {
    // Blanks, dots and dashes vary.
    const LEN_MAX: usize = 40;
    if name.len() > LEN_MAX || is_exact(name) {
        return None;
    }
    let key = name.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_lowercase());
    let key: String = key.collect();
    let key = key.trim_start_matches("the").trim_end_matches("license").trim_end_matches("licence");
    MISNAMED.iter().find(|(names, _)| names.contains(&key)).map(|(_, meant)| *meant)
}

/// Whether it is an identifier of the list, though only its dashes and dots tell it from a name
/// that is none.
fn is_exact(name: &str) -> bool {
    const EXACT: [&str; 12] = [
        "AGPL-3.0",
        "Apache-2.0",
        "EPL-2.0",
        "EUPL-1.2",
        "GPL-2.0",
        "GPL-3.0",
        "ISC",
        "LGPL-2.1",
        "LGPL-3.0",
        "MIT",
        "MPL-2.0",
        "Zlib",
    ];
    let name = name.strip_suffix('+').unwrap_or(name);
    EXACT.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Names, in small letters and without anything else, and what may be meant.
const MISNAMED: &[(&[&str], &str)] = &[
    (
        &[
            "apache",
            "apache2",
            "apache20",
            "apachev2",
            "apachev20",
            "asl2",
            "asl20",
            "al2",
            "al20",
            "apachelicense20",
            "apachelicense2",
            "apachelicensev2",
            "apachelicenseversion20",
            "apacheversion20",
        ],
        "Apache-2.0",
    ),
    (&["gpl", "gnugpl"], "GPL-2.0-only, GPL-3.0-or-later, …"),
    (&["gpl2", "gplv2", "gpl20", "gplv20", "gnugplv2"], "GPL-2.0-only or GPL-2.0-or-later"),
    (&["gpl3", "gplv3", "gpl30", "gplv30", "gnugplv3"], "GPL-3.0-only or GPL-3.0-or-later"),
    (&["lgpl"], "LGPL-2.1-only, LGPL-3.0-or-later, …"),
    (&["lgpl21", "lgplv21"], "LGPL-2.1-only or LGPL-2.1-or-later"),
    (&["lgpl3", "lgplv3", "lgpl30", "lgplv30"], "LGPL-3.0-only or LGPL-3.0-or-later"),
    (
        &["agpl", "agpl3", "agplv3", "agpl30", "agplv30", "gnuagplv3"],
        "AGPL-3.0-only or AGPL-3.0-or-later",
    ),
    (&["bsd"], "BSD-2-Clause or BSD-3-Clause"),
    (&["bsd2", "simplifiedbsd", "freebsd"], "BSD-2-Clause"),
    (&["bsd3", "newbsd", "modifiedbsd", "revisedbsd"], "BSD-3-Clause"),
    (&["mit", "expat", "mitx11"], "MIT"),
    (&["mpl", "mpl2", "mplv2", "mpl20", "mplv20", "mozillapubliclicense20"], "MPL-2.0"),
    (&["cc0"], "CC0-1.0"),
    (&["epl2", "eplv2", "epl20"], "EPL-2.0"),
    (&["eupl", "eupl12"], "EUPL-1.2"),
    (&["boost", "bsl"], "BSL-1.0, or BUSL-1.1 for the Business Source License"),
    (&["zlib"], "Zlib"),
    (&["isc"], "ISC"),
    (
        &[
            "proprietary",
            "commercial",
            "closed",
            "closedsource",
            "private",
            "internal",
            "unlicensed",
            "allrightsreserved",
            "custom",
            "other",
            "none",
            "unknown",
            "seelicense",
            "seelicensefile",
        ],
        "LicenseRef-… for terms of your own",
    ),
];

#[cfg(test)]
mod tests {
    use super::{Problem, problem};

    #[test]
    fn expressions_that_are_right() {
        for text in [
            "MIT",
            "mit",
            "Apache-2.0",
            "GPL-2.0+",
            "GPL-3.0-or-later",
            "MIT OR Apache-2.0",
            "(MIT OR Apache-2.0) AND BSD-3-Clause",
            "((MIT))",
            "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
            "LicenseRef-Example",
            "DocumentRef-spdx:LicenseRef-Example",
            "mit and isc",
            "NOASSERTION",
            "Unlicense",
            "0BSD",
            "BUSL-1.1",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn expressions_that_are_wrong() {
        for text in [
            "",
            "MIT Apache-2.0",
            "MIT OR",
            "OR MIT",
            "MIT AND OR ISC",
            "(MIT",
            "MIT)",
            "()",
            "MIT (ISC)",
            "MIT WITH",
            "(MIT OR ISC) WITH Classpath-exception-2.0",
            "MIT WITH (x)",
            "MIT WITH a WITH b",
        ] {
            assert_eq!(problem(text), Some(Problem::Grammar), "{text}");
        }
        for (text, word) in [
            ("MIT, ISC", "MIT,"),
            ("MIT/ISC", "MIT/ISC"),
            ("https://example.com/license", "https://example.com/license"),
            ("MIT OR Ünlicense", "Ünlicense"),
            ("LicenseRef-a:b", "LicenseRef-a:b"),
            ("GPL-2.0-only WITH x+", "x+"),
        ] {
            assert_eq!(problem(text), Some(Problem::Word(word)), "{text}");
        }
    }

    #[test]
    fn usual_names() {
        for (text, name, meant) in [
            ("Apache 2.0", "Apache 2.0", "Apache-2.0"),
            ("Apache License 2.0", "Apache License 2.0", "Apache-2.0"),
            ("MIT OR GPLv3", "GPLv3", "GPL-3.0-only or GPL-3.0-or-later"),
            ("MIT License", "MIT License", "MIT"),
            ("BSD", "BSD", "BSD-2-Clause or BSD-3-Clause"),
            ("Proprietary", "Proprietary", "LicenseRef-… for terms of your own"),
        ] {
            assert_eq!(problem(text), Some(Problem::Name(name, meant)), "{text}");
        }
    }
}
