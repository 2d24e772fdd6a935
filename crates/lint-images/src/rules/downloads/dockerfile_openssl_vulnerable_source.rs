use careen_image_model::Word;
use careen_image_model::dockerfile::{Keyword, VariableSource};
use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::{Build, Call, Step};

rule! {
    /// A library that is built from source is updated by nobody but this file, and scanners that
    /// go by packages do not see it. Told are versions with one of the vulnerabilities that
    /// everybody looks for, and lines of releases that get no public fixes any more at the moment
    /// of judgement. Where the distribution's package will do, take that.
    ///
    /// Versions are read from the addresses of archives and from the tags that git checks out,
    /// also through variables that `ENV` sets.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2 AS build
    /// RUN curl -fsSLO https://www.openssl.org/source/openssl-1.0.1f.tar.gz
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ OpenSSL 1.0.1f has the vulnerability CVE-2014-0160
    /// ADD https://github.com/openssl/openssl/releases/download/openssl-3.0.5/openssl-3.0.5.tar.gz /src/
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ OpenSSL 3.0.5 has the vulnerability CVE-2022-3602
    /// ENV VERSION=3.2.1
    /// RUN wget -q https://www.openssl.org/source/openssl-${VERSION}.tar.gz
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ OpenSSL 3.2.1 gets no public security fixes since 2025-11-23
    /// RUN git clone --branch openssl-3.0.17 https://github.com/openssl/openssl
    /// #                      ^^^^^^^^^^^^^^ OpenSSL 3.0.17 gets no public security fixes since 2026-09-07
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// ARG VERSION=3.0.1
    /// RUN curl -fsSLO https://www.openssl.org/source/openssl-3.5.7.tar.gz
    /// RUN curl -fsSLO https://www.openssl.org/source/openssl-${VERSION}.tar.gz && cat openssl-1.0.1.txt
    /// RUN git clone --branch openssl-4.0.1 https://github.com/openssl/openssl
    /// RUN curl -fsSLO https://example.com/mod-openssl-1.0.1.tar.gz
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-openssl-vulnerable-source",
        summary: "a version of OpenSSL with known vulnerabilities is fetched",
        remedy: "Move to a current version, or use the package of the distribution.",
        severity: Medium,
        check: Check::Dockerfile(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1395],
        peers: &["kics:5fa731ea"],
        controls: &[control::IMAGE_SCANNED],
        references: &[
            "https://openssl-library.org/news/vulnerabilities/",
            "https://openssl-library.org/policies/releasestrat/",
        ],
    }
}

/// Words whose variables are filled in: each takes time with the size of the file.
const EXPANDED_MAX: usize = 32;

fn check(build: &Build<'_>, context: &Context, out: &mut Sink<'_>) {
    let mut expanded = 0;
    for step in build.steps() {
        let sources = match step.keyword() {
            Keyword::Add => step.sources_and_destination().map_or(&[][..], |(sources, _)| sources),
            Keyword::Run => &[],
            _ => continue,
        };
        for word in sources {
            judge((step, context.now), word, false, &mut expanded, out);
        }
        for command in shell::walk(step.commands()) {
            let is_git = Call::of(command).is_some_and(|call| call.program() == "git");
            for word in &command.words {
                judge((step, context.now), word, is_git, &mut expanded, out);
            }
        }
    }
}

fn judge(
    (step, now): (Step<'_>, i64),
    word: &Word,
    is_git: bool,
    expanded: &mut usize,
    out: &mut Sink<'_>,
) {
    // Cheap for the words of all other commands.
    if !word.text.contains("openssl-") && !word.text.contains("OpenSSL_") {
        return;
    }
    let filled;
    let text = if word.literal {
        &word.text
    } else {
        *expanded += 1;
        if *expanded > EXPANDED_MAX {
            return;
        }
        let Some(text) = filled_in(step, word) else { return };
        filled = text;
        &filled
    };
    let Some(version) = version(text, is_git) else { return };
    let message = match flaw(version, now) {
        Flaw::None => return,
        Flaw::Cve(cve) => format!("OpenSSL {version} has the vulnerability {cve}"),
        Flaw::Unsupported("") => {
            format!("OpenSSL {version} gets no public security fixes any more")
        }
        Flaw::Unsupported(end) => {
            format!("OpenSSL {version} gets no public security fixes since {end}")
        }
    };
    step.report(out, word.content, message).evidence("openssl");
}

/// The word with its variables, if `ENV` sets all of them: a build may change those of `ARG`.
fn filled_in(step: Step<'_>, word: &Word) -> Option<String> {
    let expansion = step.build.dockerfile.expand_at(step.index, word);
    let is_certain = |source| matches!(source, VariableSource::Env(_));
    let certain = expansion.variables.iter().all(|variable| is_certain(variable.source));
    (expansion.complete && certain).then_some(expansion.text)
}

/// The version in an address of an archive, or in a tag that is given to git: `openssl-3.0.5`,
/// `OpenSSL_1_1_1k`.
fn version(text: &str, is_git: bool) -> Option<&str> {
    const ARCHIVES: [&str; 6] = [".tar.gz", ".tgz", ".zip", ".tar.xz", ".tar.bz2", ".tar"];
    let name = text.rsplit('/').next()?;
    let is_address = text.contains("://");
    let stem = ARCHIVES.iter().find_map(|end| name.strip_suffix(end));
    let stem = match stem {
        Some(stem) if is_address => stem,
        None if is_git && !text.contains('/') => name,
        _ => return None,
    };
    let version = stem.strip_prefix("openssl-").or_else(|| stem.strip_prefix("OpenSSL_"))?;
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}

#[derive(Debug, PartialEq, Eq)]
enum Flaw {
    None,
    Cve(&'static str),
    /// Since a day.
    Unsupported(&'static str),
}

/// The last day of public fixes for a line of releases: the day, and the second after it.
const SUPPORT: [((u32, u32), &str, i64); 6] = [
    ((3, 0), "2026-09-07", 1_788_825_600),
    ((3, 1), "2025-03-14", 1_741_996_800),
    ((3, 2), "2025-11-23", 1_763_942_400),
    ((3, 3), "2026-04-09", 1_775_779_200),
    ((3, 4), "2026-10-22", 1_792_713_600),
    ((3, 5), "2030-04-08", 1_901_923_200),
];

/// What is known against a version. The letter of `1.1.1k` does not matter but for one of them:
/// no version with a letter gets public fixes.
fn flaw(version: &str, now: i64) -> Flaw {
    let mut numbers = version.split(['.', '_']);
    let mut number = || {
        let part = numbers.next()?;
        let end = part.find(|byte: char| !byte.is_ascii_digit()).unwrap_or(part.len());
        let (digits, letters) = part.split_at(end);
        Some((digits.parse::<u32>().ok()?, letters))
    };
    let (Some((major, "")), Some((minor, ""))) = (number(), number()) else { return Flaw::None };
    let (Some((patch, letters)), None) = (number(), number()) else { return Flaw::None };
    match (major, minor, patch) {
        (1, 0, 1) if letters.len() <= 1 && letters <= "f" => Flaw::Cve("CVE-2014-0160"),
        (0..=2, ..) => Flaw::Unsupported(""),
        // Alphas and betas came before the release.
        (3.., _, _) if !letters.is_empty() => Flaw::None,
        (3, 0, 0..=6) => Flaw::Cve("CVE-2022-3602"),
        _ => SUPPORT
            .iter()
            .find(|(line, _, end)| *line == (major, minor) && now >= *end)
            .map_or(Flaw::None, |(_, day, _)| Flaw::Unsupported(day)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, flaw, version};

    #[test]
    fn versions_are_in_archives_and_tags() {
        for (text, expected) in [
            ("https://x/openssl-1.1.1k.tar.gz", Some("1.1.1k")),
            ("https://x/archive/OpenSSL_1_0_2g.zip", Some("1_0_2g")),
            ("openssl-3.0.1", Some("3.0.1")),
            ("/src/openssl-3.0.1", None),
            ("openssl-3.0.1.tar.gz", None),
            ("https://x/openssl-3.0.1.tar.gz.asc", None),
            ("https://x/openssl-devel.tar.gz", None),
            ("openssl", None),
        ] {
            assert_eq!(version(text, true), expected, "{text}");
        }
        assert_eq!(version("openssl-3.0.1", false), None);
    }

    #[test]
    fn what_is_known_of_versions() {
        const NOW: i64 = 1_796_083_200;
        let flaw_of = |text| flaw(text, NOW);
        for text in ["0.9.8zh", "1.0.1g", "1.0.2u", "1_1_1k", "1.1.1w", "3.0.21", "3.1.8"] {
            assert!(matches!(flaw_of(text), Flaw::Unsupported(_)), "{text}");
        }
        for text in ["1.0.1", "1.0.1f", "3.0.0", "3.0.6"] {
            assert!(matches!(flaw_of(text), Flaw::Cve(_)), "{text}");
        }
        assert_eq!(flaw("3.0.20", 1_788_825_599), Flaw::None);
        for text in ["3.5.7", "3.7.0", "4.1.0", "3.0", "x", "3.0.0-rc1", "3.0.1.2", "99999999999"] {
            assert_eq!(flaw_of(text), Flaw::None, "{text}");
        }
    }
}
