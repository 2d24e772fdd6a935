//! Everything of a run that people read, and every place.

use careen_sarif::{Location, MultiformatMessage, Outcome, ReportingDescriptor, Run};

/// Every place of a result.
pub(super) fn places_of(outcome: &mut Outcome) -> impl Iterator<Item = &mut Location> {
    let flows = outcome.code_flows.iter_mut().flat_map(|flow| &mut flow.thread_flows);
    let steps = flows.flat_map(|way| &mut way.locations).map(|step| &mut step.location);
    outcome.locations.iter_mut().chain(&mut outcome.related_locations).chain(steps)
}

/// Hands every text of a result to `with`, except for ids and URIs.
pub(super) fn of_outcome(outcome: &mut Outcome, with: &mut impl FnMut(&mut String)) {
    with(&mut outcome.message.text);
    outcome.partial_fingerprints.values_mut().for_each(&mut *with);
    for suppression in outcome.suppressions.iter_mut().flatten() {
        suppression.justification.iter_mut().for_each(&mut *with);
    }
    for fix in &mut outcome.fixes {
        with(&mut fix.description.text);
        for replacement in fix.artifact_changes.iter_mut().flat_map(|it| &mut it.replacements) {
            let deleted = replacement.deleted_region.snippet.as_mut();
            let inserted = replacement.inserted_content.as_mut();
            deleted.into_iter().chain(inserted).for_each(|content| with(&mut content.text));
        }
    }
    if let Some(bag) = &mut outcome.properties {
        bag.tags.iter_mut().for_each(&mut *with);
        bag.also_found_by.iter_mut().for_each(&mut *with);
        if let Some(history) = &mut bag.history {
            let words = [Some(&mut history.commit), Some(&mut history.commit_date)];
            let more = [history.author.as_mut(), history.head_path.as_mut()];
            words.into_iter().chain(more).flatten().for_each(&mut *with);
        }
        for words in [&mut bag.lowered_from, &mut bag.lowered_because] {
            words.iter_mut().for_each(|words| with(words.to_mut()));
        }
    }
    places_of(outcome).for_each(|place| of_place(place, with));
}

pub(super) fn of_place(place: &mut Location, with: &mut impl FnMut(&mut String)) {
    if let Some(message) = &mut place.message {
        with(&mut message.text);
    }
    for object in &mut place.logical_locations {
        let words = [&mut object.name, &mut object.fully_qualified_name, &mut object.kind];
        words.into_iter().flatten().for_each(&mut *with);
    }
    if let Some(physical) = &mut place.physical_location {
        let regions = [physical.region.as_mut(), physical.context_region.as_mut()];
        for snippet in regions.into_iter().flatten().filter_map(|it| it.snippet.as_mut()) {
            with(&mut snippet.text);
        }
    }
}

/// Hands every text of what is told about the run as a whole to `with`.
pub(super) fn of_invocations(run: &mut Run, with: &mut impl FnMut(&mut String)) {
    for invocation in &mut run.invocations {
        invocation.exit_code_description.iter_mut().for_each(&mut *with);
        for notification in &mut invocation.tool_execution_notifications {
            with(&mut notification.message.text);
            notification.locations.iter_mut().for_each(|place| of_place(place, with));
        }
    }
}

/// Hands every text of a rule to `with`, except for its id.
pub(super) fn of_rule(rule: &mut ReportingDescriptor, with: &mut impl FnMut(&mut String)) {
    rule.name.iter_mut().for_each(&mut *with);
    let texts = [&mut rule.short_description, &mut rule.full_description, &mut rule.help];
    texts.into_iter().flatten().for_each(|text| of_both(text, with));
    if let Some(bag) = &mut rule.properties {
        bag.tags.iter_mut().for_each(with);
    }
}

fn of_both(text: &mut MultiformatMessage, with: &mut impl FnMut(&mut String)) {
    with(&mut text.text);
    text.markdown.iter_mut().for_each(with);
}
