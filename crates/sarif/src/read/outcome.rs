//! Results.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::location::{artifact, location, region};
use super::rules::{Rules, level, security_severity, tags};
use super::run::Shared;
use super::value::{index, list, text, within, words};
use crate::{
    ArtifactChange, ArtifactContent, BaselineState, CodeFlow, Fix, Kind, Level, Location, Message,
    Outcome, OutcomeHistory, OutcomeProperties, Replacement, Suppression, SuppressionKind,
    SuppressionStatus, ThreadFlow, ThreadFlowLocation,
};

/// Places of a result: hosts show the first.
const MAX_LOCATIONS: usize = 10;
/// Other places of a result.
const MAX_RELATED: usize = 100;
/// Fingerprints of a result, and suppressions, and who found it too.
const MAX_FEW: usize = 20;
/// Fixes of a result, files of a fix, changes of a file.
const MAX_CHANGES: usize = 200;
/// Ways to a place, and steps of each.
const MAX_FLOWS: usize = 10;
const MAX_STEPS: usize = 200;

pub(super) fn outcome(
    value: &Value,
    rules: &mut Rules<'_>,
    shared: &Shared<'_>,
) -> Result<Outcome, &'static str> {
    if !value.is_object() {
        return Err("a result should be an object");
    }
    let (rule_id, rule_index, rule) = rules.of_result(value);
    let described = rules.list.get(rule_index);
    let kind = kind(value);
    let usual = described
        .and_then(|rule| rule.default_configuration.as_ref())
        .map_or(Level::Warning, |configuration| configuration.level);
    let level = level(value).unwrap_or(match kind {
        None | Some(Kind::Fail) => usual,
        Some(_) => Level::None,
    });
    let message = value.get("message").and_then(|text| message(text, rule, shared));
    let message = message.or_else(|| {
        // Better what the rule says than nothing.
        let rule = described?;
        let said = rule.short_description.as_ref().or(rule.full_description.as_ref())?;
        Some(Message::of(said.text.clone()))
    });
    let places = |key: &str, most: usize| -> Vec<Location> {
        list(value, key).iter().take(most).map(|place| location(place, shared)).collect()
    };
    let fingerprints = value.get("partialFingerprints").and_then(Value::as_object);
    Ok(Outcome {
        message: message.unwrap_or_else(|| Message::of(rule_id.clone())),
        rule_id,
        rule_index,
        kind,
        level,
        rank: within(value, "rank", 100.0),
        locations: places("locations", MAX_LOCATIONS),
        partial_fingerprints: fingerprints
            .into_iter()
            .flatten()
            .take(MAX_FEW)
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect::<BTreeMap<_, _>>(),
        related_locations: places("relatedLocations", MAX_RELATED),
        code_flows: list(value, "codeFlows")
            .iter()
            .take(MAX_FLOWS)
            .filter_map(|flow| code_flow(flow, shared))
            .collect(),
        baseline_state: match text(value, "baselineState") {
            Some("new") => Some(BaselineState::New),
            Some("unchanged") => Some(BaselineState::Unchanged),
            Some("updated") => Some(BaselineState::Updated),
            Some("absent") => Some(BaselineState::Absent),
            _ => None,
        },
        suppressions: value
            .get("suppressions")
            .and_then(Value::as_array)
            .map(|all| all.iter().take(MAX_FEW).map(suppression).collect()),
        fixes: list(value, "fixes")
            .iter()
            .take(MAX_FEW)
            .filter_map(|each| fix(each, shared))
            .collect(),
        properties: value.get("properties").map(properties).filter(|bag| !bag.is_empty()),
    })
}

fn kind(value: &Value) -> Option<Kind> {
    match text(value, "kind")? {
        "fail" => Some(Kind::Fail),
        "pass" => Some(Kind::Pass),
        "open" => Some(Kind::Open),
        "review" => Some(Kind::Review),
        "informational" => Some(Kind::Informational),
        "notApplicable" => Some(Kind::NotApplicable),
        _ => None,
    }
}

/// The text of a message: its own, or the one it names, with its arguments in their places.
pub(super) fn message(value: &Value, rule: &Value, shared: &Shared<'_>) -> Option<Message> {
    let named = |id: &str| {
        let strings = rule.get("messageStrings").and_then(|strings| strings.get(id));
        let strings = strings.or_else(|| shared.strings.get(id))?;
        words(strings, "text").or_else(|| words(strings, "markdown"))
    };
    let text = words(value, "text")
        .or_else(|| text(value, "id").and_then(named))
        .or_else(|| words(value, "markdown"))?;
    let arguments: Vec<&str> =
        list(value, "arguments").iter().take(MAX_FEW).filter_map(Value::as_str).collect();
    Some(Message::of(if arguments.is_empty() { text } else { filled(&text, &arguments) }))
}

/// `{0}` and so on replaced; `{{` is a brace.
fn filled(text: &str, arguments: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        out.push_str(before);
        let brace = rest.as_bytes().get(before.len()).map_or('{', |&byte| char::from(byte));
        let placed = after.split_once('}').filter(|_| brace == '{').and_then(|(number, tail)| {
            Some((*arguments.get(number.parse::<usize>().ok()?)?, tail))
        });
        rest = match placed {
            Some((argument, tail)) => {
                out.push_str(argument);
                tail
            }
            None => {
                out.push(brace);
                after.strip_prefix(brace).unwrap_or(after)
            }
        };
    }
    out.push_str(rest);
    out
}

fn suppression(value: &Value) -> Suppression {
    Suppression {
        kind: match text(value, "kind") {
            Some("inSource") => SuppressionKind::InSource,
            _ => SuppressionKind::External,
        },
        status: match text(value, "status") {
            Some("underReview") => SuppressionStatus::UnderReview,
            Some("rejected") => SuppressionStatus::Rejected,
            _ => SuppressionStatus::Accepted,
        },
        justification: words(value, "justification"),
    }
}

fn fix(value: &Value, shared: &Shared<'_>) -> Option<Fix> {
    let changes: Option<Vec<ArtifactChange>> = list(value, "artifactChanges")
        .iter()
        .take(MAX_CHANGES)
        .map(|change| {
            let replacements = list(change, "replacements").iter().take(MAX_CHANGES);
            Some(ArtifactChange {
                artifact_location: artifact(change.get("artifactLocation")?, shared)?,
                replacements: replacements.map(replacement).collect::<Option<_>>()?,
            })
        })
        .collect();
    let artifact_changes = changes?;
    let whole = !artifact_changes.is_empty()
        && artifact_changes.iter().all(|change| !change.replacements.is_empty());
    let description = value.get("description");
    whole.then(|| Fix {
        description: description
            .and_then(|text| message(text, &Value::Null, shared))
            .unwrap_or_else(|| Message::of("A change.")),
        artifact_changes,
    })
}

fn replacement(value: &Value) -> Option<Replacement> {
    let inserted = value.get("insertedContent").and_then(|content| text(content, "text"));
    Some(Replacement {
        deleted_region: region(value.get("deletedRegion")?)?,
        inserted_content: inserted.filter(|text| !text.is_empty()).map(ArtifactContent::of),
    })
}

fn code_flow(value: &Value, shared: &Shared<'_>) -> Option<CodeFlow> {
    let step = |step: &Value| ThreadFlowLocation { location: location(&step["location"], shared) };
    let ways = list(value, "threadFlows").iter().take(MAX_FLOWS).map(|way| ThreadFlow {
        locations: list(way, "locations")
            .iter()
            .take(MAX_STEPS)
            .map(step)
            .filter(|step| step.location.physical_location.is_some())
            .collect(),
    });
    let thread_flows: Vec<_> = ways.filter(|way| !way.locations.is_empty()).collect();
    (!thread_flows.is_empty()).then_some(CodeFlow { thread_flows })
}

fn properties(value: &Value) -> OutcomeProperties {
    let also = list(value, "alsoFoundBy").iter().take(MAX_FEW).filter_map(Value::as_str);
    OutcomeProperties {
        history: history(value),
        lowered_from: words(value, "loweredFrom").map(Cow::Owned),
        lowered_because: words(value, "loweredBecause").map(Cow::Owned),
        also_found_by: also.map(ToOwned::to_owned).collect(),
        tags: tags(value),
        security_severity: security_severity(value),
    }
}

/// Where ours stands in a history.
fn history(value: &Value) -> Option<OutcomeHistory> {
    Some(OutcomeHistory {
        commit: words(value, "commit")?,
        commit_date: words(value, "commitDate")?,
        author: words(value, "author"),
        versions: index(value, "versions")?,
        in_head: value.get("inHead")?.as_bool()?,
        head_path: words(value, "headPath"),
    })
}
