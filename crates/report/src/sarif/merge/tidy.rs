//! Makes a run fit to be written: within the limits of hosts, in order, with all that they ask of rules.

use std::collections::HashMap;

use careen_sarif::{
    Level, Location, MultiformatMessage, Outcome, Region, ReportingDescriptor, Run,
};
use careen_text::sanitize;

use super::fold::is_ours;
use super::paths::is_uri;
use super::summary::Counts;
use super::texts::{of_invocations, of_outcome, of_rule, places_of};
use crate::sarif::cwe::{self, Weaknesses};
use crate::sarif::places::MAX_SNIPPET;
use crate::sarif::results::{MAX_MESSAGE, MAX_RELATED};
use crate::sarif::rules::{MAX_DESCRIPTION, MAX_NAME, MAX_TAGS};
use crate::sarif::{LANGUAGE, notifications};
use crate::words::{count, cut, sentence};

/// Characters of a manual page.
const MAX_HELP: usize = 20_000;
/// Characters of any other text.
const MAX_TEXT: usize = 1_024;
/// Characters of an id.
const MAX_ID: usize = 255;
/// Notifications of a run.
const MAX_NOTIFICATIONS: usize = 1_000;

pub(super) fn tidy(run: &mut Run, counts: &mut Counts) {
    run.language = Some(LANGUAGE.to_owned());
    let ours = is_ours(run);
    nowhere(run, counts);
    for outcome in &mut run.results {
        of_outcome(outcome, &mut |text| clean(text, MAX_MESSAGE.max(MAX_SNIPPET)));
        tidy_outcome(outcome);
    }
    // Once one result says whether it is suppressed, all have to.
    if run.results.iter().any(|outcome| outcome.suppressions.is_some()) {
        for outcome in &mut run.results {
            outcome.suppressions.get_or_insert_default();
        }
    }
    of_invocations(run, &mut |text| clean(text, MAX_TEXT));
    for invocation in &mut run.invocations {
        invocation.tool_execution_notifications.truncate(MAX_NOTIFICATIONS);
    }
    tidy_driver(run);
    let driver = &mut run.tool.driver;
    for each in driver.rules.iter_mut().chain(&mut driver.notifications) {
        describe(each, ours);
    }
    classify(run);
    order(run);
}

/// Results that name no file: a host would refuse the whole log because of one.
fn nowhere(run: &mut Run, counts: &mut Counts) {
    let before = run.results.len();
    run.results.retain_mut(|outcome| {
        outcome.locations.retain(has_file);
        outcome.related_locations.retain(has_file);
        !outcome.locations.is_empty()
    });
    let left_out = before - run.results.len();
    if left_out > 0 {
        counts.nowhere += left_out;
        let more = count(left_out, "result names no file and is", "results name no file and are");
        notifications::limit(run, &format!("{more} left out."));
    }
}

fn has_file(place: &Location) -> bool {
    place.physical_location.as_ref().is_some_and(|it| it.artifact_location.uri.is_some())
}

fn tidy_outcome(outcome: &mut Outcome) {
    outcome.baseline_state = None;
    outcome.rule_id = cut(&outcome.rule_id, MAX_ID).into_owned();
    clean(&mut outcome.message.text, MAX_MESSAGE);
    if outcome.message.text.trim().is_empty() {
        outcome.message.text = sentence(&outcome.rule_id);
    }
    outcome.partial_fingerprints.retain(|key, value| is_fingerprint(key, value));
    outcome.related_locations.truncate(MAX_RELATED);
    let mut ids = Vec::new();
    for place in &mut outcome.related_locations {
        // An id that is there twice links to neither.
        place.id = place.id.filter(|id| !ids.contains(id));
        ids.extend(place.id);
    }
    if let Some(bag) = &mut outcome.properties {
        bag.tags.truncate(MAX_TAGS);
    }
    outcome.properties.take_if(|bag| bag.is_empty());
    places_of(outcome).for_each(tidy_place);
    for change in outcome.fixes.iter_mut().flat_map(|fix| &mut fix.artifact_changes) {
        for replacement in &mut change.replacements {
            replacement.deleted_region.snippet = None;
        }
    }
}

/// Whether a fingerprint is one: of gitleaks', most say who committed it and with which words.
fn is_fingerprint(key: &str, value: &str) -> bool {
    let plain = |text: &str, more: &[u8]| {
        !text.is_empty()
            && text.len() <= 255
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    let who = ["author", "email", "date", "commitMessage", "commitSha"];
    plain(key, b"/_.-") && plain(value, b"/_.:+=-") && !who.contains(&key)
}

fn tidy_place(place: &mut Location) {
    place.logical_locations.truncate(5);
    for object in &mut place.logical_locations {
        for words in [&mut object.name, &mut object.fully_qualified_name, &mut object.kind] {
            words.iter_mut().for_each(|words| clean(words, MAX_NAME));
        }
    }
    let Some(physical) = &mut place.physical_location else { return };
    let region =
        physical.region.get_or_insert_with(|| Region { start_line: 1, ..Region::default() });
    // Nothing is marked by nothing: then the whole line is meant.
    let same_line = region.end_line.is_none_or(|line| line == region.start_line);
    if same_line && region.end_column.is_some() && region.end_column == region.start_column {
        region.start_column = None;
        region.end_column = None;
    }
    if region.end_column.is_some() && region.start_column.is_none() && region.end_column == Some(1)
    {
        region.end_column = None;
    }
    region.snippet.take_if(|snippet| snippet.text.len() > MAX_SNIPPET);
    let context = physical.context_region.take_if(|context| {
        let end = region.end_line.unwrap_or(region.start_line);
        let holds = context.start_line <= region.start_line
            && end <= context.end_line.unwrap_or(context.start_line)
            && context.snippet.as_ref().is_some_and(|it| it.text.len() <= MAX_SNIPPET);
        !holds
    });
    drop(context);
}

fn tidy_driver(run: &mut Run) {
    let driver = &mut run.tool.driver;
    clean(&mut driver.name, MAX_NAME);
    let words = [
        &mut driver.full_name,
        &mut driver.organization,
        &mut driver.version,
        &mut driver.semantic_version,
    ];
    for words in words {
        words.iter_mut().for_each(|words| clean(words, MAX_NAME));
    }
    if let Some(text) = &mut driver.short_description {
        clean(&mut text.text, MAX_DESCRIPTION);
        text.markdown = None;
    }
    driver.information_uri.take_if(|uri| !is_page(uri));
    if let Some(details) = &mut run.automation_details {
        clean(&mut details.id, MAX_NAME);
    }
}

/// Fills in what hosts want of a rule from what there is. The texts of ours are sentences already.
fn describe(rule: &mut ReportingDescriptor, ours: bool) {
    of_rule(rule, &mut |text| clean(text, MAX_HELP));
    rule.id = cut(&rule.id, MAX_ID).into_owned();
    rule.help_uri.take_if(|uri| !is_page(uri));
    // A name that is the id again says nothing, and validators complain.
    rule.name.take_if(|name| name.is_empty() || *name == rule.id);
    if let Some(name) = &mut rule.name {
        clean(name, MAX_NAME);
    }
    let text = |text: &Option<MultiformatMessage>| text.as_ref().map(|text| text.text.clone());
    let short = text(&rule.short_description)
        .or_else(|| text(&rule.full_description))
        .or_else(|| rule.name.clone())
        .unwrap_or_else(|| rule.id.clone());
    let full = text(&rule.full_description).unwrap_or_else(|| short.clone());
    let put = |of: &mut Option<MultiformatMessage>, text: String, most: usize| {
        let described = of.get_or_insert_default();
        if described.text.trim().is_empty() {
            described.text = text;
        }
        if !ours {
            described.text = sentence(&described.text);
        }
        described.text = cut(&described.text, most).into_owned();
    };
    put(&mut rule.short_description, short, MAX_DESCRIPTION);
    put(&mut rule.full_description, full.clone(), MAX_DESCRIPTION);
    let helps = rule.help_uri.as_deref().map(|uri| format!("{full} See {uri}."));
    put(&mut rule.help, helps.unwrap_or(full), MAX_HELP);
    for text in [&mut rule.short_description, &mut rule.full_description].into_iter().flatten() {
        text.markdown = None;
    }
    if let Some(bag) = &mut rule.properties {
        bag.tags.truncate(MAX_TAGS);
    }
}

/// Whether a URI is the address of a page.
fn is_page(uri: &str) -> bool {
    let web = uri.starts_with("https://") || uri.starts_with("http://");
    web && uri.len() <= MAX_TEXT && is_uri(uri)
}

/// Points rules into the one classification that is kept; of a rule's others, the tags say them.
fn classify(run: &mut Run) {
    let numbers = |rule: &ReportingDescriptor| -> Vec<u16> {
        let targets = rule.relationships.iter().map(|relationship| &relationship.target);
        let weaknesses = targets
            .filter(|target| target.tool_component.name.eq_ignore_ascii_case(cwe::NAME))
            .filter_map(|target| cwe::number(&target.id));
        let mut numbers: Vec<u16> = weaknesses.collect();
        numbers.dedup();
        numbers
    };
    let weaknesses = Weaknesses::of(run.tool.driver.rules.iter().flat_map(numbers));
    for rule in &mut run.tool.driver.rules {
        rule.relationships = weaknesses.relationships(&numbers(rule));
    }
    let (taxonomies, supported) = weaknesses.taxonomy().into_iter().unzip();
    run.taxonomies = taxonomies;
    run.tool.driver.supported_taxonomies = supported;
}

/// Rules by id, results by place: the same whatever the order of the files was.
fn order(run: &mut Run) {
    let mut rules: Vec<(usize, ReportingDescriptor)> =
        std::mem::take(&mut run.tool.driver.rules).into_iter().enumerate().collect();
    rules.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    let places: HashMap<usize, usize> =
        rules.iter().enumerate().map(|(new, (old, _))| (*old, new)).collect();
    run.tool.driver.rules = rules.into_iter().map(|(_, rule)| rule).collect();
    for outcome in &mut run.results {
        outcome.rule_index = places.get(&outcome.rule_index).copied().unwrap_or_default();
        if outcome.level == Level::None {
            outcome.rank = None;
        }
    }
    run.results.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(outcome: &Outcome) -> (&str, u32, u32, &str, u32, &str) {
    let place = outcome.locations.first().and_then(|place| place.physical_location.as_ref());
    let uri = place.and_then(|place| place.artifact_location.uri.as_deref()).unwrap_or_default();
    let region = place.and_then(|place| place.region.as_ref());
    let (line, column) =
        region.map_or((0, 0), |it| (it.start_line, it.start_column.unwrap_or_default()));
    let end = region.and_then(|region| region.end_line).unwrap_or(line);
    (uri, line, column, &outcome.rule_id, end, &outcome.message.text)
}

/// Leaves out the rules that found nothing: of a log that is too large they are the least.
pub(super) fn prune(run: &mut Run) {
    let mut used = vec![false; run.tool.driver.rules.len()];
    for outcome in &run.results {
        if let Some(used) = used.get_mut(outcome.rule_index) {
            *used = true;
        }
    }
    let mut places = Vec::with_capacity(used.len());
    let mut next = 0;
    for used in &used {
        places.push(next);
        next += usize::from(*used);
    }
    for outcome in &mut run.results {
        outcome.rule_index = places.get(outcome.rule_index).copied().unwrap_or_default();
    }
    let mut used = used.into_iter();
    run.tool.driver.rules.retain(|_| used.next().unwrap_or(true));
    classify(run);
}

/// Text without what moves cursors or reorders text, and of no more than `most` characters.
fn clean(text: &mut String, most: usize) {
    let cleaned = cut(&sanitize(text), most).into_owned();
    if cleaned != *text {
        *text = cleaned;
    }
}
