use careen_model::{Context, Snapshot};
use careen_rule::{DAY, Day, OptionKind, RuleOption, SnapshotSink, control, rule};
use careen_text::{Source, Span};

use crate::Check;
use crate::contacts::documents;
use crate::place::first_line;

rule! {
    /// People change teams and numbers. A line `Last reviewed: 2026-05-01` in the contacts says when
    /// somebody last looked whether they hold; in YAML it is `last-reviewed: 2026-05-01`. It may be 180
    /// days old, or as many as the option `days` says, and without it nobody knows.
    ///
    /// ```markdown bad file=CONTACTS.md
    /// # Contacts
    ///
    /// Last reviewed: 2026-05-01
    /// #              ^^^^^^^^^^ the contacts were last reviewed on 2026-05-01, 214 days ago
    ///
    /// - On-call: Ada Byron, ada@example.com
    /// ```
    /// ```markdown good file=CONTACTS.md
    /// # Contacts
    ///
    /// Last reviewed: 2026-11-01
    ///
    /// - On-call: Ada Byron, ada@example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "contacts-stale",
        summary: "nobody has reviewed the contacts for long",
        remedy: "Try the contacts, mend what changed, and write `Last reviewed:` with the day.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::EMERGENCY_CONTACTS],
        references: &["https://sre.google/sre-book/managing-incidents/"],
        options: &[RuleOption {
            name: "days",
            kind: OptionKind::Number,
            summary: "How many days ago the contacts may have been reviewed; 180 without it.",
        }],
    }
}

/// How the line begins, in lower case.
const WORDS: [&str; 10] = [
    "last reviewed",
    "last-reviewed",
    "last_reviewed",
    "lastreviewed",
    "reviewed",
    "last verified",
    "last checked",
    "last updated",
    "last_updated",
    "last-updated",
];

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let most = context.options.number(RULE.meta.id, "days").unwrap_or(180);
    for file in documents(snapshot) {
        let source = &file.source;
        match reviewed(source) {
            None => {
                let message = "the contacts do not say when they were last reviewed";
                out.report(source, first_line(source), message);
            }
            Some((written, None, span)) => {
                let message =
                    format!("`{written}` is no day: when were the contacts last reviewed?");
                out.report(source, span, message);
            }
            Some((_, Some(day), span)) => {
                let begin = day.end() - DAY;
                let days = (context.now - begin).div_euclid(DAY);
                if begin > context.now + DAY {
                    let message =
                        format!("the contacts were last reviewed on {day}, which lies ahead");
                    out.report(source, span, message);
                } else if days > most {
                    let message =
                        format!("the contacts were last reviewed on {day}, {days} days ago");
                    out.report(source, span, message);
                }
            }
        }
    }
}

/// The day of the newest review, as written and read, and its place.
fn reviewed(source: &Source) -> Option<(String, Option<Day>, Span)> {
    let mut at = 0;
    let mut found: Vec<(String, Option<Day>, Span)> = Vec::new();
    for line in source.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let marks = |c: char| {
            c.is_whitespace() || matches!(c, '*' | '_' | '-' | '>' | '"' | '#' | '\u{feff}' | '{')
        };
        let lower = line.to_ascii_lowercase();
        let body = lower.trim_start_matches(marks);
        let Some(word) = WORDS.iter().find(|word| body.starts_with(**word)) else { continue };
        let from = lower.len() - body.len() + word.len();
        let rest = line.get(from..).unwrap_or_default();
        let Some(digit) = rest.find(|c: char| c.is_ascii_digit()) else { continue };
        let day = rest.get(digit..).unwrap_or_default();
        let belongs = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/');
        let length = day.find(|c| !belongs(c)).unwrap_or(day.len());
        let written = day.get(..length).unwrap_or_default().to_owned();
        let span = Span::of(start + from + digit..start + from + digit + length);
        found.push((written.clone(), crate::changelog::day(&written), span));
    }
    found.into_iter().max_by_key(|(_, day, _)| day.map(Day::end))
}
