//! What holds a release up as SARIF 2.1.0, for code scanning.
//!
//! A rule is a control, a result is a place that speaks against it. A control without a place, and a line of
//! the checklist that nothing decides, stand in the checklist: there is no other file to open. What passes, is
//! waived or does not apply is no result, since hosts open an alert for each; nor is what nobody can know yet.

use std::collections::BTreeMap;
use std::io;

use careen_audit_model::{Audit, ControlResult, Item, Outcome as Sail, Status, Unseen};
use careen_rule::{Note, NoteKind};
use careen_sarif::{
    ColumnKind, Configuration, Invocation, Level, Location, Log, Message, MultiformatMessage,
    Outcome, PhysicalLocation, Precision, Problem, Region, ReportingDescriptor, RuleProperties,
    Run, Tool, ToolComponent,
};
use careen_text::sanitize_line;

use crate::markdown::escape::prose;
use crate::sarif::{
    HOME, LANGUAGE, LINE_HASH, MAX_BYTES, MAX_DESCRIPTION, MAX_MESSAGE, MAX_RESULTS, artifact,
    automation, descriptors, fit, left_out, notifications, pascal_case, plain, roots,
};
use crate::words::{cut, sentence};
use crate::{Options, harmless};

/// The category of the upload: beside that of `careen check`, not in its place.
const CATEGORY: &str = "careen-audit";
/// The rule of lines that no control decides. Controls of lines are called `line-12`.
const UNDECIDED: &str = "undecided-line";
/// Characters of a sentence in a message.
const MAX_WORDS: usize = 600;
/// Characters of a paragraph in a manual.
const MAX_PARAGRAPH: usize = 2_000;

pub(super) fn write(audit: &Audit, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&log(audit, options), false, out)
}

fn log(audit: &Audit, options: &Options) -> Log {
    let category = options.sarif_category.as_deref().unwrap_or(CATEGORY);
    let mut results = Results::of(audit).outcomes;
    let too_many = results.len().saturating_sub(MAX_RESULTS);
    // What is due comes first.
    results.sort_by_key(|outcome| outcome.level != Level::Error);
    results.truncate(MAX_RESULTS);
    let mut run = Run {
        tool: Tool { driver: driver(audit) },
        automation_details: Some(automation(category)),
        invocations: vec![invocation(audit)],
        language: Some(LANGUAGE.to_owned()),
        column_kind: ColumnKind::UnicodeCodePoints,
        original_uri_base_ids: roots(),
        results,
        ..Run::default()
    };
    if too_many > 0 {
        left_out(&mut run, too_many);
    }
    let mut log = Log::of(run);
    fit(&mut log, MAX_BYTES);
    log
}

fn driver(audit: &Audit) -> ToolComponent {
    let (name, version) = (words(&audit.tool.name), words(&audit.tool.version));
    let about = "Answers every line of a production checklist with evidence.";
    ToolComponent {
        full_name: Some(format!("{name} {version}")),
        name,
        organization: Some("Careen".to_owned()),
        short_description: Some(MultiformatMessage::plain(about)),
        semantic_version: Some(version.clone()),
        version: Some(version),
        information_uri: Some(HOME.to_owned()),
        rules: audit.controls.iter().map(rule).chain([undecided()]).collect(),
        notifications: descriptors(),
        supported_taxonomies: Vec::new(),
    }
}

/// A control, with why it is asked for and what to do about it.
fn rule(control: &ControlResult) -> ReportingDescriptor {
    let why = if control.why.is_empty() { &control.title } else { &control.why };
    let paragraphs = [&control.title, &control.why, &control.remedy];
    let paragraphs = paragraphs.map(|text| cut(text.trim(), MAX_PARAGRAPH));
    let paragraphs = || paragraphs.iter().filter(|text| !text.is_empty()).map(|it| sentence(it));
    let joined = |all: Vec<String>| all.join("\n\n");
    descriptor(
        &words(&control.id),
        [&control.title, why],
        MultiformatMessage {
            text: joined(paragraphs().map(|text| sanitize_line(&text).into_owned()).collect()),
            markdown: Some(joined(paragraphs().map(|it| prose(&it, MAX_PARAGRAPH)).collect())),
        },
        &words(&control.owner),
    )
}

fn undecided() -> ReportingDescriptor {
    let title = "Every line of the checklist is decided by something";
    let help = "Bind the line to a control, a rule, evidence or a sign-off; `careen audit bind` \
                proposes what its words may mean.";
    let help = MultiformatMessage { text: help.to_owned(), markdown: Some(help.to_owned()) };
    let why = "A line that nothing decides is ticked by habit.";
    descriptor(UNDECIDED, [title, why], help, "")
}

fn descriptor(
    id: &str,
    [short, full]: [&str; 2],
    help: MultiformatMessage,
    owner: &str,
) -> ReportingDescriptor {
    let line = |text| {
        let text = sanitize_line(text);
        MultiformatMessage::plain(sentence(&cut(&text, MAX_DESCRIPTION - 1)))
    };
    let tags = [CATEGORY, owner].into_iter().filter(|tag| !tag.is_empty());
    ReportingDescriptor {
        id: id.to_owned(),
        name: pascal_case(id),
        short_description: Some(line(short)),
        full_description: Some(line(full)),
        default_configuration: Some(Configuration {
            enabled: true,
            level: Level::Error,
            rank: None,
        }),
        help_uri: None,
        help: Some(help),
        relationships: Vec::new(),
        properties: Some(RuleProperties {
            tags: tags.map(ToOwned::to_owned).collect(),
            precision: Some(Precision::VeryHigh),
            problem_severity: Some(Problem::Error),
            security_severity: None,
        }),
    }
}

fn invocation(audit: &Audit) -> Invocation {
    let complete = !audit.unseen.iter().any(|unseen| unseen.incomplete);
    let (code, meaning) = match (audit.verdict.outcome, complete) {
        (Sail::NoGo, _) => (1, "NO-GO"),
        (_, false) => (2, "the audit is incomplete"),
        (Sail::Go, true) => (0, "GO"),
        (Sail::GoWithWaivers, true) => (0, "GO with waivers"),
    };
    let notes: Vec<Note> = audit.unseen.iter().map(note).collect();
    Invocation {
        execution_successful: complete,
        exit_code: Some(code),
        exit_code_description: Some(meaning.to_owned()),
        tool_execution_notifications: notifications(&notes),
    }
}

fn note(unseen: &Unseen) -> Note {
    Note {
        path: unseen.path.clone(),
        line: unseen.line,
        kind: if unseen.incomplete { NoteKind::Unreadable } else { NoteKind::Information },
        message: unseen.message.clone(),
        incomplete: unseen.incomplete,
    }
}

/// The results so far. A host tells two apart by rule, file and line, and by the fingerprint.
struct Results<'a> {
    audit: &'a Audit,
    outcomes: Vec<Outcome>,
    places: BTreeMap<(usize, String, u32), usize>,
    occurrences: BTreeMap<String, usize>,
}

/// Something that speaks against a rule.
struct Against<'a> {
    rule: (usize, &'a str),
    level: Level,
    path: &'a str,
    line: u32,
    column: Option<u32>,
    /// What tells it from others of that rule in that file, but for its number.
    key: &'a str,
    message: String,
}

impl<'a> Results<'a> {
    fn of(audit: &'a Audit) -> Self {
        let (places, occurrences) = (BTreeMap::new(), BTreeMap::new());
        let mut results = Self { audit, outcomes: Vec::new(), places, occurrences };
        for (index, control) in audit.controls.iter().enumerate() {
            results.control(index, control);
        }
        for item in &audit.items {
            let name = format!("line {}", item.line);
            if audit.verdict.blockers.contains(&name) {
                results.item(item);
            }
        }
        results
    }

    fn control(&mut self, index: usize, control: &'a ControlResult) {
        let due = self.audit.verdict.blockers.contains(&control.id);
        // What was not looked at yet, and need not have been, is no defect.
        if !due && !matches!(control.status, Status::Fail | Status::Stale) {
            return;
        }
        let level = if due { Level::Error } else { Level::Warning };
        let rule = (index, &*control.id);
        let mut placeless = Vec::new();
        for cause in &control.causes {
            let Some(place) = &cause.place else {
                placeless.push(&*cause.message);
                continue;
            };
            let remedy = cause.remedy.as_deref().unwrap_or(&control.remedy);
            self.add(Against {
                rule,
                level,
                path: &place.path,
                line: place.line.max(1),
                column: Some(place.column.max(1)),
                key: cause.rule.as_deref().unwrap_or_default(),
                message: told(&[&cause.message, remedy]),
            });
        }
        if !placeless.is_empty() || control.causes.is_empty() {
            let title = format!("{}: {}", control.title, control.reason);
            let mut parts = vec![&*title];
            parts.extend(placeless);
            parts.push(&control.remedy);
            self.add(Against {
                rule,
                level,
                path: &self.audit.subject.checklist,
                line: control.lines.first().copied().unwrap_or(1).max(1),
                column: None,
                key: "",
                message: told(&parts),
            });
        }
    }

    fn item(&mut self, item: &'a Item) {
        let text = format!("{}: {}", item.text, item.reason);
        self.add(Against {
            rule: (self.audit.controls.len(), UNDECIDED),
            level: Level::Error,
            path: &self.audit.subject.checklist,
            line: item.line.max(1),
            column: None,
            key: &item.text,
            message: told(&[&text]),
        });
    }

    fn add(&mut self, against: Against<'_>) {
        let place = (against.rule.0, against.path.to_owned(), against.line);
        if let Some(known) = self.places.get(&place).and_then(|at| self.outcomes.get_mut(*at)) {
            let more = format!("{} {}", known.message.text, against.message);
            known.message.text = cut(&more, MAX_MESSAGE).into_owned();
            return;
        }
        self.places.insert(place, self.outcomes.len());
        let hash = fingerprint(&[against.rule.1, against.path, against.key]);
        let number = self.occurrences.entry(hash.clone()).or_insert(0);
        *number += 1;
        let print = format!("{hash}:{number}");
        self.outcomes.push(Outcome {
            rule_id: words(against.rule.1),
            rule_index: against.rule.0,
            level: against.level,
            message: Message::of(against.message),
            locations: vec![Location {
                physical_location: Some(PhysicalLocation {
                    artifact_location: artifact(against.path),
                    region: Some(Region {
                        start_line: against.line,
                        start_column: against.column,
                        ..Region::default()
                    }),
                    context_region: None,
                }),
                ..Location::default()
            }],
            partial_fingerprints: BTreeMap::from([
                ("careen-audit/v1".to_owned(), print.clone()),
                (LINE_HASH.to_owned(), print),
            ]),
            ..Outcome::default()
        });
    }
}

/// 32 hexadecimal digits, which no edit of other lines changes.
fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// Sentences in which text of files makes no link.
fn told(parts: &[&str]) -> String {
    let parts = parts.iter().map(|part| sanitize_line(part.trim())).filter(|it| !it.is_empty());
    let sentences: Vec<String> = parts.map(|part| sentence(&plain(&part, MAX_WORDS))).collect();
    cut(&sentences.join(" "), MAX_MESSAGE).into_owned()
}

/// A name on one line.
fn words(text: &str) -> String {
    cut(&sanitize_line(text), 240).into_owned()
}

#[cfg(test)]
mod tests;
