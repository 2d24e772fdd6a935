//! One run for each tool and category.

use std::collections::{BTreeMap, HashMap, HashSet};

use careen_sarif::{
    ColumnKind, DescriptorReference, Invocation, Outcome, ReadRun, ReportingDescriptor, Run,
};

use super::summary::Counts;
use super::texts::places_of;

/// The name of our own tool.
pub(super) const OURS: &str = "careen";

/// A run on its way into the merged log.
pub(super) struct Part {
    pub(super) run: Run,
    columns: Option<ColumnKind>,
}

impl Part {
    pub(super) fn of(read: ReadRun) -> Self {
        Self { run: read.run, columns: read.column_kind }
    }

    pub(super) fn tool(&self) -> &str {
        &self.run.tool.driver.name
    }
}

pub(super) fn is_ours(run: &Run) -> bool {
    run.tool.driver.name == OURS
}

/// Joins runs of one tool and one category, by name and category in order.
pub(super) fn fold(parts: Vec<Part>, counts: &mut Counts) -> Vec<Run> {
    let mut folded: BTreeMap<(String, String), Part> = BTreeMap::new();
    for mut part in parts {
        join_invocations(&mut part.run);
        let key = (part.tool().to_lowercase(), category(&part.run).to_owned());
        match folded.get_mut(&key) {
            Some(known) => add(known, part),
            None => {
                folded.insert(key, part);
            }
        }
    }
    let mut runs: Vec<Run> = folded.into_values().map(|part| part.run).collect();
    for run in &mut runs {
        once(run, counts);
    }
    runs
}

/// What a host takes for the category: the id up to its last slash.
fn category(run: &Run) -> &str {
    let id = run.automation_details.as_ref().map_or("", |details| details.id.as_str());
    id.rsplit_once('/').map_or("", |(category, _)| category)
}

fn add(known: &mut Part, mut part: Part) {
    let rules = join(&mut known.run.tool.driver.rules, part.run.tool.driver.rules);
    let notifications =
        join(&mut known.run.tool.driver.notifications, part.run.tool.driver.notifications);
    // Columns that count something else are worse than none.
    let other = part.columns.unwrap_or_default() != known.columns.unwrap_or_default();
    for outcome in &mut part.run.results {
        outcome.rule_index = rules.get(outcome.rule_index).copied().unwrap_or_default();
        if other {
            drop_columns(outcome);
        }
    }
    for told in part.run.invocations.iter_mut().flat_map(|it| &mut it.tool_execution_notifications)
    {
        if let Some(DescriptorReference { index: Some(index), .. }) = &mut told.descriptor {
            *index = notifications.get(*index).copied().unwrap_or_default();
        }
    }
    known.run.results.append(&mut part.run.results);
    known.run.invocations.append(&mut part.run.invocations);
    join_invocations(&mut known.run);
}

/// Adds descriptors to a list; gives the place that each has in it. What is described better than by
/// its id alone replaces what is not.
fn join(known: &mut Vec<ReportingDescriptor>, more: Vec<ReportingDescriptor>) -> Vec<usize> {
    let mut places: HashMap<String, usize> =
        known.iter().enumerate().map(|(place, each)| (each.id.clone(), place)).collect();
    let mut joined = Vec::with_capacity(more.len());
    for each in more {
        let place = *places.entry(each.id.clone()).or_insert(known.len());
        match known.get_mut(place) {
            Some(held) if held.short_description.is_none() && held.full_description.is_none() => {
                *held = each;
            }
            Some(_) => {}
            None => known.push(each),
        }
        joined.push(place);
    }
    joined
}

/// One invocation for all: it succeeded if all did, and its exit code is the worst.
fn join_invocations(run: &mut Run) {
    let joined = std::mem::take(&mut run.invocations).into_iter().reduce(|mut one, mut other| {
        if other.exit_code > one.exit_code {
            one.exit_code = other.exit_code;
            one.exit_code_description = other.exit_code_description;
        }
        one.execution_successful &= other.execution_successful;
        one.tool_execution_notifications.append(&mut other.tool_execution_notifications);
        one
    });
    run.invocations = joined.into_iter().collect::<Vec<Invocation>>();
}

fn drop_columns(outcome: &mut Outcome) {
    // Where a fix puts its text is a matter of columns.
    outcome.fixes.clear();
    for place in places_of(outcome) {
        if let Some(region) = place.physical_location.as_mut().and_then(|it| it.region.as_mut()) {
            region.start_column = None;
            region.end_column = None;
        }
    }
}

/// Leaves one of the results that say the same of the same place.
fn once(run: &mut Run, counts: &mut Counts) {
    let mut seen = HashSet::new();
    let before = run.results.len();
    run.results.retain(|outcome| {
        let place = outcome.locations.first().and_then(|place| place.physical_location.as_ref());
        let region = place.and_then(|place| place.region.as_ref()).map(|region| {
            (region.start_line, region.start_column, region.end_line, region.end_column)
        });
        let uri = place.and_then(|place| place.artifact_location.uri.clone());
        seen.insert((outcome.rule_id.clone(), uri, region, outcome.message.text.clone()))
    });
    counts.duplicates += before - run.results.len();
}
