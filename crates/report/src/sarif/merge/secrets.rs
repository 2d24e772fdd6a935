//! What secret scanners write of secrets goes no further.
//!
//! They put the secret into the snippet, and some into properties, messages and fingerprints as well.
//! Of their results no line of a file is taken over, and what stood in a snippet is masked wherever
//! else it stands, in whichever tool's words.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use careen_sarif::{Outcome, ReportingDescriptor, Run};

use super::fold::{Part, is_ours};
use super::summary::Counts;
use super::texts::{of_invocations, of_outcome, of_rule, places_of};
use crate::sarif::cwe;
use crate::sarif::fit::strip;
use crate::sarif::results::LINE_HASH;

/// What stands in place of a secret, whatever its length.
const MASK: &str = "********";
/// Tools that look for secrets, by the letters of their names.
const SCANNERS: [&str; 17] = [
    "betterleaks",
    "deepsecrets",
    "detectsecrets",
    "ggshield",
    "gitguardian",
    "gitleaks",
    "gitsecrets",
    "kingfisher",
    "leaktk",
    "noseyparker",
    "ripsecrets",
    "secretlint",
    "talisman",
    "titus",
    "trufflehog",
    "whispers",
    "2ms",
];
/// Weaknesses that secret rules are cases of.
const WEAKNESSES: [u16; 6] = [256, 259, 312, 321, 522, 798];
/// Words that secret rules are tagged with.
const TAGS: [&str; 5] = ["secret", "secrets", "credential", "credentials", "hardcoded-secret"];
/// Values that are masked; hostile logs may have millions.
const MAX_VALUES: usize = 100_000;
/// Bytes of a value: what is shorter stands everywhere, what is longer is looked for by its lines.
const SHORTEST: usize = 6;
const LONGEST: usize = 512;

/// Lines of files on which something secret stands.
type Places = BTreeMap<String, Vec<(u32, u32)>>;

/// Takes secrets out of all runs.
pub(super) fn clean(parts: &mut [Part], counts: &mut Counts) {
    let mut values = BTreeSet::new();
    let mut places = Places::new();
    for part in parts.iter_mut() {
        let scanner = is_scanner(part.tool());
        let ours = is_ours(&part.run);
        let Run { tool, results, invocations, .. } = &mut part.run;
        for outcome in results {
            if !scanner && !is_secret(outcome, tool.driver.rules.get(outcome.rule_index)) {
                continue;
            }
            note_places(outcome, &mut places);
            // Ours are masked when they are found.
            if !ours {
                note_values(outcome, &mut values);
                redact(outcome);
                counts.redacted += 1;
            }
        }
        if scanner {
            // They say what they please, also of secrets.
            for invocation in invocations {
                invocation.tool_execution_notifications.clear();
                invocation.exit_code_description = None;
            }
        }
    }
    for part in parts.iter_mut().filter(|part| !is_ours(&part.run)) {
        for outcome in &mut part.run.results {
            if shows_any(outcome, &places) {
                strip(outcome);
            }
        }
    }
    let Some(veil) = Veil::of(values) else { return };
    for part in parts {
        let mut mask = |text: &mut String| veil.apply(text);
        part.run.results.iter_mut().for_each(|outcome| of_outcome(outcome, &mut mask));
        of_invocations(&mut part.run, &mut mask);
        // The rules of ours are the same in every run; others put what they found into theirs.
        if !is_ours(&part.run) {
            let rules = &mut part.run.tool.driver.rules;
            rules.iter_mut().for_each(|rule| of_rule(rule, &mut mask));
        }
    }
}

/// Whether a tool does nothing but look for secrets.
pub(super) fn is_scanner(tool: &str) -> bool {
    let letters: String =
        tool.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    SCANNERS.iter().any(|known| letters.starts_with(known))
}

/// Whether a rule, or a result by itself, is about a secret.
pub(super) fn is_secret(outcome: &Outcome, rule: Option<&ReportingDescriptor>) -> bool {
    let id = outcome.rule_id.to_ascii_lowercase();
    let by_id = id.starts_with("ckv_secret") || id.split('.').any(|part| part == "secrets");
    let name = rule.and_then(|rule| rule.name.as_deref());
    let bag = rule.and_then(|rule| rule.properties.as_ref());
    let rules = bag.map(|bag| bag.tags.as_slice()).unwrap_or_default();
    let own = outcome.properties.as_ref().map(|bag| bag.tags.as_slice()).unwrap_or_default();
    let by_tag = rules
        .iter()
        .chain(own)
        .any(|tag| TAGS.iter().any(|known| tag.eq_ignore_ascii_case(known)) || is_weakness(tag));
    let related = rule.map(|rule| rule.relationships.as_slice()).unwrap_or_default();
    by_id
        || by_tag
        || name.is_some_and(|name| name.eq_ignore_ascii_case("secret"))
        || related.iter().any(|related| is_weakness(&related.target.id))
}

fn is_weakness(text: &str) -> bool {
    text.to_ascii_lowercase().contains("cwe-")
        && cwe::number(text).is_some_and(|number| WEAKNESSES.contains(&number))
}

fn note_places(outcome: &mut Outcome, places: &mut Places) {
    for place in places_of(outcome) {
        let Some(physical) = &place.physical_location else { continue };
        let Some(uri) = &physical.artifact_location.uri else { continue };
        if let Some(region) = &physical.region {
            let lines = (region.start_line, region.end_line.unwrap_or(region.start_line));
            places.entry(uri.clone()).or_default().push(lines);
        }
    }
}

/// What the snippets show: the whole, its lines, and the words that look like secrets.
fn note_values(outcome: &mut Outcome, values: &mut BTreeSet<String>) {
    for place in places_of(outcome) {
        let Some(physical) = &place.physical_location else { continue };
        let Some(snippet) = physical.region.as_ref().and_then(|it| it.snippet.as_ref()) else {
            continue;
        };
        for line in snippet.text.lines().map(str::trim) {
            let words = line.split(is_border).filter(|word| is_token(word, 8));
            let whole = Some(line).filter(|line| !is_plain(line));
            for value in whole.into_iter().chain(words) {
                let fits = (SHORTEST..=LONGEST).contains(&value.len());
                if fits && values.len() < MAX_VALUES {
                    values.insert(value.to_owned());
                }
            }
        }
    }
}

/// What stands around the words of a line.
fn is_border(character: char) -> bool {
    character.is_whitespace() || "\"'`=:;,()[]{}<>@".contains(character)
}

/// Whether a word looks like a secret: letters and digits, and no path.
fn is_token(word: &str, least: usize) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.len() >= least && digits > 0 && letters > 0
}

/// A short word of a language or a program, which would be masked in every other sentence.
fn is_plain(line: &str) -> bool {
    line.len() < 12 && line.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_ ".contains(&byte))
}

/// Takes out of a result whatever may hold the secret.
fn redact(outcome: &mut Outcome) {
    strip(outcome);
    outcome.code_flows.clear();
    outcome.fixes.clear();
    // Some are made of the secret, or of who committed it.
    outcome.partial_fingerprints.retain(|key, value| {
        (key == LINE_HASH
            && value.split_once(':').is_some_and(|(hash, number)| {
                hash.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            }))
            || (key.starts_with("careen/"))
    });
    if let Some(bag) = &mut outcome.properties {
        bag.tags.clear();
        bag.history = None;
    }
    outcome.properties.take_if(|bag| bag.is_empty());
    let rule = outcome.rule_id.to_ascii_lowercase();
    outcome.message.text = without_tokens(&outcome.message.text, &rule);
}

/// A message without its words that look like tokens, which a scanner may quote without showing them
/// in a snippet. The rule's own name stays.
fn without_tokens(text: &str, rule: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_border) {
        let word = piece.trim_end_matches(is_border);
        let path = word.contains(['/', '\\']) && word.contains('.');
        if is_token(word, 16) && !path && !rule.contains(&word.to_ascii_lowercase()) {
            out.push_str(MASK);
            out.push_str(piece.get(word.len()..).unwrap_or_default());
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// Whether a result shows lines on which something secret stands.
fn shows_any(outcome: &mut Outcome, places: &Places) -> bool {
    places_of(outcome).any(|place| {
        let Some(physical) = &place.physical_location else { return false };
        let uri = physical.artifact_location.uri.as_deref().unwrap_or_default();
        let Some(secrets) = places.get(uri) else { return false };
        let shown = [&physical.region, &physical.context_region];
        shown.into_iter().flatten().filter(|region| region.snippet.is_some()).any(|region| {
            let end = region.end_line.unwrap_or(region.start_line);
            secrets.iter().any(|&(first, last)| first <= end && region.start_line <= last)
        })
    })
}

/// Values to be masked wherever they stand.
enum Veil {
    Fast(AhoCorasick),
    /// If there are more than can be searched for at once.
    Slow(Vec<String>),
}

impl Veil {
    fn of(values: BTreeSet<String>) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let mut values: Vec<String> = values.into_iter().collect();
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&values);
        Some(match built {
            Ok(searcher) => Self::Fast(searcher),
            Err(_) => {
                values.sort_by_key(|value| std::cmp::Reverse(value.len()));
                Self::Slow(values)
            }
        })
    }

    fn apply(&self, text: &mut String) {
        match self {
            Self::Fast(searcher) => {
                if searcher.is_match(text.as_str()) {
                    let mut out = String::with_capacity(text.len());
                    searcher.replace_all_with(text, &mut out, |_, _, out| {
                        out.push_str(MASK);
                        true
                    });
                    *text = out;
                }
            }
            Self::Slow(values) => {
                for value in
                    values.iter().filter(|value| text.contains(value.as_str())).collect::<Vec<_>>()
                {
                    *text = text.replace(value.as_str(), MASK);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_sarif::Outcome;

    use super::{is_scanner, is_secret, without_tokens};

    #[test]
    fn scanners_are_known_by_name() {
        for name in ["gitleaks", "Kingfisher", "Nosey Parker", "TruffleHog v3", "detect-secrets"] {
            assert!(is_scanner(name), "{name}");
        }
        for name in ["trivy", "careen", "Hadolint", "semgrep"] {
            assert!(!is_scanner(name), "{name}");
        }
    }

    #[test]
    fn secret_rules_are_known_by_id_and_tag() {
        let about = |id: &str| Outcome { rule_id: id.to_owned(), ..Outcome::default() };
        assert!(is_secret(&about("generic.secrets.security.detected-github-token"), None));
        assert!(is_secret(&about("CKV_SECRET_6"), None));
        assert!(!is_secret(&about("CKV_K8S_35"), None));
        let mut tagged = about("x");
        for (tag, secret) in [("secret", true), ("CWE-798: Hard-coded", true), ("CWE-79", false)] {
            let bag = tagged.properties.get_or_insert_default();
            bag.tags = vec![tag.to_owned()];
            assert_eq!(is_secret(&tagged, None), secret, "{tag}");
        }
    }

    #[test]
    fn messages_lose_what_looks_like_a_token() {
        let text = "found \"A1b2C3d4E5f6G7h8I9j0\" in deploy/values-2024-production.yaml (rule aws-access-key-2024)";
        assert_eq!(
            without_tokens(text, "aws-access-key-2024"),
            "found \"********\" in deploy/values-2024-production.yaml (rule aws-access-key-2024)"
        );
    }
}
