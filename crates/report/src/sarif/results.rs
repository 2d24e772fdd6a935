//! Findings as results.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use careen_rule::{
    History, Judged, JudgedFix, JudgedRelated, ObjectPath, Region as JudgedRegion, Report, Safety,
    Severity, Snippet, SuppressionKind as Kind,
};
use careen_sarif::{
    ArtifactChange, ArtifactContent, Fix, Location, LogicalLocation, Message, Outcome,
    OutcomeHistory, OutcomeProperties, PhysicalLocation, Region, Replacement, Suppression,
    SuppressionKind, SuppressionStatus,
};
use careen_text::sanitize_line;

use super::rules::Rules;
use super::{artifact, level, rank};
use crate::time::rfc3339;
use crate::words::{cut, sentence};
use crate::{Options, history, shown};

/// Results both hosts keep of a run.
pub(super) const MAX_RESULTS: usize = 5_000;
/// Characters of a message: a longer one makes a host skip the result.
const MAX_MESSAGE: usize = 2_048;
/// Characters of a message before the links to related places.
const MAX_TITLE: usize = 1_400;
/// Characters of a related place's message, and of an object's name.
const MAX_LABEL: usize = 240;
/// Related places of a result.
const MAX_RELATED: usize = 50;
/// Bytes of a snippet worth sending.
const MAX_SNIPPET: usize = 4_096;

/// The results, and how many of the mildest were left out.
pub(super) fn results(report: &Report, rules: &Rules, options: &Options) -> (Vec<Outcome>, usize) {
    let mut findings: Vec<&Judged> = shown(report, options).collect();
    let left_out = findings.len().saturating_sub(MAX_RESULTS);
    if left_out > 0 {
        findings.sort_by_key(|finding| Reverse(finding.severity));
        findings.truncate(MAX_RESULTS);
    }
    let places = rules.places();
    let mut results: Vec<(String, JudgedRegion, Severity, Outcome)> = findings
        .into_iter()
        .map(|finding| {
            let uri = artifact(&finding.path).uri.unwrap_or_default();
            (uri, finding.region, finding.severity, result(finding, &places, options))
        })
        .collect();
    // The order the standard asks of tools whose logs are to be compared.
    results.sort_by(|a, b| {
        let start = (&a.0, a.1.start).cmp(&(&b.0, b.1.start));
        start.then_with(|| a.3.rule_id.cmp(&b.3.rule_id)).then_with(|| a.1.end.cmp(&b.1.end))
    });
    (results.into_iter().map(|(.., outcome)| outcome).collect(), left_out)
}

fn result(finding: &Judged, places: &BTreeMap<&str, usize>, options: &Options) -> Outcome {
    let related: Vec<&JudgedRelated> = finding.related.iter().take(MAX_RELATED).collect();
    let mut fingerprints = BTreeMap::from([("careen/v1".into(), finding.fingerprint.clone())]);
    if let Some(hash) = &finding.line_hash {
        fingerprints.insert("primaryLocationLineHash".to_owned(), hash.clone());
    }
    Outcome {
        rule_id: finding.rule.id.to_owned(),
        rule_index: places.get(finding.rule.id).copied().unwrap_or_default(),
        level: level(finding.severity),
        rank: Some(rank(finding.severity)),
        message: Message::of(message(finding, &related)),
        locations: vec![Location {
            physical_location: Some(physical(&finding.path, finding.region, &finding.snippet)),
            logical_locations: finding.object.as_deref().and_then(logical).into_iter().collect(),
            ..Location::default()
        }],
        partial_fingerprints: fingerprints,
        related_locations: (1..)
            .zip(&related)
            .map(|(id, place)| related_place(id, place))
            .collect(),
        // Once one result says whether it is suppressed, all have to.
        suppressions: options.show_suppressed.then(|| suppressions(finding)),
        fixes: finding
            .fix
            .as_ref()
            .and_then(|mending| fix(&finding.path, mending))
            .into_iter()
            .collect(),
        properties: properties(finding),
    }
}

fn properties(finding: &Judged) -> Option<OutcomeProperties> {
    let history = finding.history.as_deref().map(in_history);
    let lowered = finding.lowered;
    (history.is_some() || lowered.is_some()).then(|| OutcomeProperties {
        history,
        lowered_from: lowered.map(|lowered| lowered.from.as_str()),
        lowered_because: lowered.map(|lowered| lowered.because),
    })
}

fn in_history(history: &History) -> OutcomeHistory {
    let tidy = |text: &str| cut(&sanitize_line(text), MAX_LABEL).into_owned();
    OutcomeHistory {
        commit: history.commit.clone(),
        commit_date: rfc3339(history.time),
        author: history.author.as_deref().map(tidy),
        versions: history.versions,
        in_head: history.in_head,
        head_path: history.head_path.as_deref().map(tidy),
    }
}

/// What a finding says, with its place in a history, which a host knows nothing of.
fn told(finding: &Judged) -> Cow<'_, str> {
    match &finding.history {
        Some(history) => format!("{}, {}", finding.message, history::words(history)).into(),
        None => finding.message.as_str().into(),
    }
}

/// The message as a sentence, which hosts use for the title, then links to the related places as
/// far as they fit.
fn message(finding: &Judged, related: &[&JudgedRelated]) -> String {
    let mut message = sentence(&plain(&sanitize_line(&told(finding)), MAX_TITLE));
    if let Some(lowered) = finding.lowered {
        // Hosts show the first sentence as the title, and nothing of the properties.
        message.push_str(&format!(" Lowered from {}: {}.", lowered.from, lowered.because));
    }
    let mut length = message.chars().count();
    for (id, place) in (1..).zip(related) {
        let lead = if id == 1 { " See " } else { "; " };
        let link = format!("{lead}[{}]({id})", link_text(&place.message));
        length += link.chars().count();
        if length >= MAX_MESSAGE {
            break;
        }
        message.push_str(&link);
        if id == related.len() {
            message.push('.');
        }
    }
    message
}

/// Text of a file must not make a link of its own. Brackets are escaped only where they could,
/// since not every host takes the backslashes away again.
fn plain(text: &str, most: usize) -> String {
    if text.contains("](") { escaped(&cut(text, most / 2)) } else { cut(text, most).into_owned() }
}

fn link_text(text: &str) -> String {
    match escaped(&cut(&sanitize_line(text), MAX_LABEL)) {
        text if text.is_empty() => "related place".to_owned(),
        text => text,
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn related_place(id: u32, related: &JudgedRelated) -> Location {
    let text = plain(&sanitize_line(&related.message), MAX_LABEL);
    Location {
        id: Some(id),
        physical_location: Some(physical(&related.path, related.region, &related.snippet)),
        message: Some(Message::of(if text.is_empty() { "related place".to_owned() } else { text })),
        ..Location::default()
    }
}

fn physical(path: &str, judged: JudgedRegion, snippet: &Snippet) -> PhysicalLocation {
    let mut region = region(judged);
    region.snippet = snippet
        .text
        .get(snippet.start..snippet.end)
        .filter(|text| !text.is_empty() && text.len() <= MAX_SNIPPET)
        .map(ArtifactContent::of);
    let context_region = context(&region, snippet);
    PhysicalLocation { artifact_location: artifact(path), region: Some(region), context_region }
}

/// A region a host accepts, whatever was judged: counted from 1, its end not before its start.
fn region(judged: JudgedRegion) -> Region {
    let start_line = judged.start.line.max(1);
    let start_column = judged.start.utf16.max(1);
    let end_line = judged.end.line.max(start_line);
    let least = if end_line == start_line { start_column } else { 1 };
    Region {
        start_line,
        start_column: Some(start_column),
        end_line: Some(end_line),
        end_column: Some(judged.end.utf16.max(least)),
        snippet: None,
    }
}

/// The whole lines around a region, if they are at hand and hold all of it.
fn context(region: &Region, snippet: &Snippet) -> Option<Region> {
    let text = &snippet.text;
    if text.trim().is_empty() || text.len() > MAX_SNIPPET {
        return None;
    }
    let breaks = u32::try_from(text.matches('\n').count()).ok()?;
    let first = snippet.first_line;
    let last = first.checked_add(breaks)?;
    let holds = first >= 1 && first <= region.start_line && region.end_line? <= last;
    holds.then(|| Region {
        start_line: first,
        start_column: None,
        end_line: Some(last),
        end_column: None,
        snippet: Some(ArtifactContent::of(text.clone())),
    })
}

fn logical(object: &ObjectPath) -> Option<LogicalLocation> {
    if object.kind.is_empty() && object.name.is_empty() {
        return None;
    }
    let mut full = object.to_string();
    let mut name = object.name.as_str();
    for part in [&object.container, &object.field].into_iter().flatten() {
        full.push('/');
        full.push_str(part);
    }
    if let Some(container) = &object.container {
        name = container;
    }
    let tidy = |text: &str| cut(&sanitize_line(text), MAX_LABEL).into_owned();
    Some(LogicalLocation {
        name: (!name.is_empty()).then(|| tidy(name)),
        fully_qualified_name: Some(tidy(&full)),
        kind: Some("resource".to_owned()),
    })
}

fn suppressions(finding: &Judged) -> Vec<Suppression> {
    let suppression = finding.suppressed.as_ref().map(|suppression| Suppression {
        kind: match suppression.kind {
            Kind::Comment | Kind::Annotation => SuppressionKind::InSource,
            Kind::Configuration | Kind::Baseline | Kind::Import => SuppressionKind::External,
        },
        status: SuppressionStatus::Accepted,
        justification: justification(suppression),
    });
    suppression.into_iter().collect()
}

/// The reason, and where it is written if that is not ours.
fn justification(suppression: &careen_rule::Suppression) -> Option<String> {
    let parts = [&suppression.source.as_deref(), &suppression.reason.as_deref()];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|part| part.map(|part| cut(&sanitize_line(part), MAX_TITLE).into_owned()))
        .collect();
    (!parts.is_empty()).then(|| parts.join(": "))
}

fn fix(path: &str, fix: &JudgedFix) -> Option<Fix> {
    if fix.edits.is_empty() {
        return None;
    }
    let care = match fix.safety {
        Safety::Safe => "",
        Safety::Unsafe => " Look first: it may change behaviour.",
    };
    let title = sentence(&plain(&sanitize_line(&fix.title), MAX_LABEL));
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: region(edit.region),
        inserted_content: (!edit.text.is_empty()).then(|| ArtifactContent::of(edit.text.clone())),
    });
    Some(Fix {
        description: Message::of(format!("{title}{care}")),
        artifact_changes: vec![ArtifactChange {
            artifact_location: artifact(path),
            replacements: replacements.collect(),
        }],
    })
}
