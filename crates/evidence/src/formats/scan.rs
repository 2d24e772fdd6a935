//! What the readers of scanners' JSON share: decoding, severities, counts, times.

use serde::de::DeserializeOwned;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::{Evidence, Issue, MOST_ISSUES, Measure, Trouble};

/// Values in a report: each takes memory, whatever it holds.
const MOST_VALUES: usize = 8_000_000;
/// Keys of an object that are looked at to tell what it is.
const MOST_KEYS: usize = 64;
/// Things that a report says it speaks of.
const MOST_SUBJECTS: usize = 50;

/// Decodes a report of that tool. What serde says of a wrong value would quote it, so that is not said.
pub(super) fn decode<T: DeserializeOwned>(text: &str, tool: &str) -> Result<T, Trouble> {
    if text.trim().is_empty() {
        let message = format!("is empty: did {tool}, which should write it, fail?");
        return Err(Trouble::new(message));
    }
    let values = text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b':')).count();
    if values > MOST_VALUES {
        return Err(Trouble::new("holds more than 8000000 values: give a summary instead"));
    }
    serde_json::from_str(text).map_err(|error| wrong(&error, tool))
}

fn wrong(error: &serde_json::Error, tool: &str) -> Trouble {
    let place = |number: usize| u32::try_from(number).ok().filter(|&number| number > 0);
    let said = error.to_string();
    let message = if error.is_eof() {
        format!("ends too early: was {tool} stopped while it wrote it?")
    } else if error.is_data() {
        match said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(field) => format!("is not what {tool} writes: `{field}` is missing here"),
            None => format!("is not what {tool} writes: here stands a value of another type"),
        }
    } else if said.starts_with("recursion limit") {
        "is nested too deeply".to_owned()
    } else if said.starts_with("trailing characters") {
        "goes on after its end: give each report its own file".to_owned()
    } else {
        format!("is not valid JSON: ask {tool} for JSON")
    };
    Trouble { line: place(error.line()), column: place(error.column()), message }
}

/// The keys of the object that the text begins with, as far as it is well-formed. Their values are
/// skipped.
pub(super) fn keys(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut depth = 0_usize;
    let mut wants_key = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let start = at;
                while let Some(&inner) = bytes.get(at) {
                    match inner {
                        b'"' => break,
                        b'\\' => at += 2,
                        _ => at += 1,
                    }
                }
                if depth == 1 && wants_key && at < bytes.len() {
                    let Some(key) = text.get(start..at) else { break };
                    found.push(key);
                    wants_key = false;
                }
                at += 1;
            }
            b'{' | b'[' => {
                depth += 1;
                wants_key = depth == 1 && byte == b'{';
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            b',' => wants_key = depth == 1,
            _ if depth == 0 && !byte.is_ascii_whitespace() => break,
            _ => {}
        }
        if found.len() == MOST_KEYS {
            break;
        }
    }
    found
}

/// Whether the text begins with an object that has all these keys.
pub(super) fn has_keys(text: &str, wanted: &[&str]) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let keys = keys(text);
    wanted.iter().all(|key| keys.contains(key))
}

/// The elements of a list that may be null or missing.
pub(super) fn each<T>(list: &Option<Vec<T>>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Unrated,
}

impl Severity {
    const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Unrated];

    /// By the words of all tools, in any case. What is no such word is not rated.
    pub(super) fn of_word(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" | "important" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" | "minor" | "negligible" | "unimportant" | "info" | "informational" | "none" => {
                Self::Low
            }
            _ => Self::Unrated,
        }
    }

    /// By a score of CVSS. 0 is no rating, and what is beyond 10 is none either.
    pub(super) fn of_score(score: f64) -> Self {
        match score {
            score if !(score > 0.0 && score <= 10.0) => Self::Unrated,
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// By the word, or else by the score.
    pub(super) fn of(word: Option<&str>, score: Option<f64>) -> Self {
        let by_score = || score.map_or(Self::Unrated, Self::of_score);
        match word.map_or(Self::Unrated, Self::of_word) {
            Self::Unrated => by_score(),
            rated => rated,
        }
    }

    const fn measure(self) -> Measure {
        match self {
            Self::Critical => Measure::Critical,
            Self::High => Measure::High,
            Self::Medium => Measure::Medium,
            Self::Low => Measure::Low,
            Self::Unrated => Measure::Unrated,
        }
    }
}

/// Findings by severity.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: [usize; 5],
    issues: [Vec<Issue>; 5],
    /// Findings that are suppressed, or declared harmless.
    pub(super) suppressed: usize,
}

impl Tally {
    /// Counts a finding. Issues beyond those that are kept are not even made.
    pub(super) fn add(&mut self, severity: Severity, issue: impl FnOnce() -> Issue) {
        let place = severity as usize;
        if let (Some(count), Some(issues)) =
            (self.counts.get_mut(place), self.issues.get_mut(place))
        {
            *count += 1;
            if issues.len() < MOST_ISSUES {
                issues.push(issue());
            }
        }
    }

    /// Hands over the counts, also those of 0, and the issues, the worst first.
    pub(super) fn tell(self, evidence: &mut Evidence) {
        for (severity, count) in Severity::ALL.into_iter().zip(self.counts) {
            evidence.measures.set(severity.measure(), number(count));
        }
        evidence.measures.set(Measure::Suppressed, number(self.suppressed));
        self.tell_issues(evidence);
    }

    /// Hands over the issues alone: of a scan that does not prove anything.
    pub(super) fn tell_issues(self, evidence: &mut Evidence) {
        for (count, issues) in self.counts.into_iter().zip(self.issues) {
            evidence.more_issues += count - issues.len();
            for issue in issues {
                evidence.push(issue);
            }
        }
    }
}

/// A count as a measure.
pub(super) fn number(count: usize) -> f64 {
    // No report holds so many things that a double could not count them.
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

/// An issue with its texts cut to what they may be.
pub(super) fn issue(name: &str, message: &str) -> Issue {
    let name = line(name, 200);
    let name = if name.is_empty() { "unnamed".to_owned() } else { name };
    Issue { name, message: line(message, 300) }
}

/// A text as one line of at most so many characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut words = words.filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().chars();
    let rest = words.flat_map(|word| std::iter::once(' ').chain(word.chars()));
    let mut out: Vec<char> = first.chain(rest).take(most + 1).collect();
    if out.len() > most {
        out.truncate(most.saturating_sub(1));
        out.push('…');
    }
    out.into_iter().collect()
}

/// A name with its version, if there is one.
pub(super) fn tool(name: &str, version: Option<&str>) -> Option<String> {
    let text = match version.map(str::trim).filter(|version| !version.is_empty()) {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    };
    Some(line(&text, 200)).filter(|text| !text.is_empty())
}

/// Notes what the report speaks of, once.
pub(super) fn about(evidence: &mut Evidence, subject: &str) {
    let subject = line(subject, 300);
    let known = evidence.about.contains(&subject);
    if !subject.is_empty() && !known && evidence.about.len() < MOST_SUBJECTS {
        evidence.about.push(subject);
    }
}

/// A time in Unix seconds: RFC 3339, or a day.
pub(super) fn when(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time.unix_timestamp());
    }
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    Some(day.midnight().assume_utc().unix_timestamp())
}

/// A commit, if it is one: 7 to 64 hexadecimal digits.
pub(super) fn commit(text: &str) -> Option<String> {
    let text = text.trim();
    let is_one = (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_one.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Severity, commit, has_keys, keys, line, when};

    #[test]
    fn keys_are_those_of_the_outer_object() {
        let text = r#" {"a": {"b": [1, {"c": 2}]}, "d\"e": "x, \"y\": {", "f": [], "g" : null}"#;
        assert_eq!(keys(text), ["a", "d\\\"e", "f", "g"]);
        assert!(has_keys(text, &["g", "a"]) && !has_keys(text, &["b"]));
        for text in ["", "{", "[{\"a\":1}]", "x", "{\"a", "{\"a\\"] {
            assert!(!has_keys(text, &["a"]), "{text}");
        }
    }

    #[test]
    fn severities_are_known_by_words_and_scores() {
        assert_eq!(Severity::of_word("CRITICAL"), Severity::Critical);
        assert_eq!(Severity::of_word("Moderate"), Severity::Medium);
        assert_eq!(Severity::of_word("Negligible"), Severity::Low);
        assert_eq!(Severity::of_word("whatever"), Severity::Unrated);
        assert_eq!(Severity::of(Some("UNKNOWN"), Some(9.0)), Severity::Critical);
        assert_eq!(Severity::of(Some("low"), Some(9.0)), Severity::Low);
        for (score, severity) in [
            (10.1, Severity::Unrated),
            (8.9, Severity::High),
            (6.9, Severity::Medium),
            (0.1, Severity::Low),
            (0.0, Severity::Unrated),
            (-1.0, Severity::Unrated),
            (f64::NAN, Severity::Unrated),
        ] {
            assert_eq!(Severity::of_score(score), severity, "{score}");
        }
    }

    #[test]
    fn texts_become_one_line() {
        assert_eq!(line(" a\n\tb\u{1b}[31m  c ", 100), "a b [31m c");
        assert_eq!(line("abcdef", 4), "abc…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("ab cd", 3), "ab…");
        assert_eq!(line(&"ä".repeat(400), 300).chars().count(), 300);
    }

    #[test]
    fn times_and_commits_are_read_or_not() {
        assert_eq!(when("2026-11-26T18:11:25.779263031Z"), Some(1_795_716_685));
        assert_eq!(when("2026-11-26T19:11:25+01:00"), Some(1_795_716_685));
        assert_eq!(when("2026-11-26"), Some(1_795_651_200));
        assert_eq!(when("yesterday"), None);
        assert_eq!(commit("ABCDEF1"), Some("abcdef1".to_owned()));
        assert_eq!(commit("main"), None);
    }
}
