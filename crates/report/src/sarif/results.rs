//! Findings as results.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use careen_rule::{
    History, Judged, JudgedFix, JudgedRelated, Region as JudgedRegion, Report, Safety,
    SuppressionKind as Kind,
};
use careen_sarif::{
    ArtifactChange, ArtifactContent, Fix, Location, Message, Outcome, OutcomeHistory,
    OutcomeProperties, Replacement, Suppression, SuppressionKind, SuppressionStatus,
};
use careen_text::sanitize_line;

use super::artifact;
use super::objects::Objects;
use super::places::{physical, region};
use super::rules::Rules;
use super::severity::{level, rank};
use crate::time::rfc3339;
use crate::words::{cut, sentence};
use crate::{Fingerprints, Options, history, shown};

/// The one fingerprint that GitHub reads.
pub(crate) const LINE_HASH: &str = "primaryLocationLineHash";
/// Results both hosts keep of a run.
pub(crate) const MAX_RESULTS: usize = 5_000;
/// Characters of a message: a longer one makes a host skip the result.
pub(crate) const MAX_MESSAGE: usize = 2_048;
/// Characters of a message before the links to related places.
const MAX_TITLE: usize = 1_400;
/// Characters of a related place's message.
pub(super) const MAX_LABEL: usize = 240;
/// Related places of a result.
pub(super) const MAX_RELATED: usize = 50;

/// The results, in the order the standard asks of tools whose logs are to be compared, and how many of
/// the mildest were left out.
pub(super) fn results(
    report: &Report,
    rules: &Rules,
    options: &Options,
    objects: &mut Objects,
) -> (Vec<Outcome>, usize) {
    let places = rules.places();
    let mut findings = apart(shown(report, options));
    let left_out = findings.len().saturating_sub(MAX_RESULTS);
    if left_out > 0 {
        findings.sort_by_key(|finding| Reverse(finding.severity));
        findings.truncate(MAX_RESULTS);
    }
    let mut results: Vec<(String, JudgedRegion, Outcome)> = findings
        .into_iter()
        .map(|finding| {
            let uri = artifact(&finding.path).uri.unwrap_or_default();
            (uri, finding.region, result(&finding, &places, options, objects))
        })
        .collect();
    results.sort_by(|a, b| {
        let start = (&a.0, a.1.start).cmp(&(&b.0, b.1.start));
        start.then_with(|| a.2.rule_id.cmp(&b.2.rule_id)).then_with(|| a.1.end.cmp(&b.1.end))
    });
    (results.into_iter().map(|(.., outcome)| outcome).collect(), left_out)
}

/// At most one finding for each rule, file and range of lines: that is all a host tells results apart
/// by, and the second would be lost. Judging sees to that for one state of the files; in a history one
/// line of one file may hold one secret after the other. What the others say becomes a related place.
fn apart<'r>(findings: impl Iterator<Item = &'r Judged>) -> Vec<Cow<'r, Judged>> {
    let mut first: BTreeMap<(&str, &str, u32, u32, bool), usize> = BTreeMap::new();
    let mut kept: Vec<Cow<'r, Judged>> = Vec::new();
    for finding in findings {
        let (start, end) = (finding.region.start.line, finding.region.end.line);
        let suppressed = finding.suppressed.is_some();
        let key = (finding.rule.id, finding.path.as_ref(), start, end, suppressed);
        let Some(known) = first.get(&key).and_then(|&at| kept.get_mut(at)) else {
            first.insert(key, kept.len());
            kept.push(Cow::Borrowed(finding));
            continue;
        };
        let known = known.to_mut();
        if finding.severity > known.severity {
            known.severity = finding.severity;
            known.lowered = finding.lowered;
        }
        known.related.push(JudgedRelated {
            path: Arc::clone(&finding.path),
            region: finding.region,
            message: told(finding).into_owned(),
            snippet: finding.snippet.clone(),
        });
    }
    kept
}

/// What GitHub tells alerts apart by: a hash and the number of times it has occurred.
fn line_hash(finding: &Judged, options: &Options) -> Option<String> {
    match options.sarif_fingerprints {
        Fingerprints::Github => finding.line_hash.clone(),
        Fingerprints::Semantic => {
            let own = finding.fingerprint.as_str();
            let (hash, number) = own.split_once('-').unwrap_or((own, "1"));
            Some(format!("{hash}:{number}"))
        }
    }
}

fn result(
    finding: &Judged,
    places: &BTreeMap<&str, usize>,
    options: &Options,
    objects: &mut Objects,
) -> Outcome {
    let related: Vec<&JudgedRelated> = finding.related.iter().take(MAX_RELATED).collect();
    let mut fingerprints = BTreeMap::from([("careen/v1".into(), finding.fingerprint.clone())]);
    if let Some(hash) = line_hash(finding, options) {
        fingerprints.insert(LINE_HASH.to_owned(), hash);
    }
    Outcome {
        rule_id: finding.rule.id.to_owned(),
        rule_index: places.get(finding.rule.id).copied().unwrap_or_default(),
        level: level(finding.severity),
        rank: Some(rank(finding.severity)),
        message: Message::of(message(finding, &related)),
        locations: vec![Location {
            physical_location: Some(physical(&finding.path, finding.region, &finding.snippet)),
            logical_locations: finding
                .object
                .as_deref()
                .and_then(|object| objects.of(object))
                .into_iter()
                .collect(),
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
        ..Outcome::default()
    }
}

fn properties(finding: &Judged) -> Option<OutcomeProperties> {
    let history = finding.history.as_deref().map(in_history);
    let lowered = finding.lowered;
    (history.is_some() || lowered.is_some()).then(|| OutcomeProperties {
        history,
        lowered_from: lowered.map(|lowered| lowered.from.as_str().into()),
        lowered_because: lowered.map(|lowered| lowered.because.into()),
        ..OutcomeProperties::default()
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
pub(crate) fn plain(text: &str, most: usize) -> String {
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
