//! What another tool says of a defect that we tell too.

use std::collections::{BTreeMap, HashMap};

use careen_rule::Meta;
use careen_sarif::{Location, Outcome, Region, ReportingDescriptor, Run};

use super::fold::is_ours;
use super::is_suppressed;
use super::secrets::{is_scanner, is_secret};
use super::summary::Counts;

/// Others that a result names as having found it too.
const MAX_OTHERS: usize = 20;
/// The linter of secrets.
const SECRETS: &str = "secrets";

/// A place where one of our results stands.
struct Ours {
    rule: &'static Meta,
    region: Region,
    /// The run and the result.
    at: (usize, usize),
}

/// Takes the results of other tools out that tell a defect of ours at the same lines, and marks ours
/// with who found it too. Only what counts is marked: what we suppress may count for others.
pub(super) fn join(runs: &mut [Run], rules: &[&'static Meta], counts: &mut Counts) {
    let ours = ours(runs, rules);
    if ours.is_empty() {
        return;
    }
    let names = names(rules);
    let mut marks: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for run in runs.iter_mut().filter(|run| !is_ours(run)) {
        let tool = run.tool.driver.name.clone();
        let scanner = is_scanner(&tool);
        let described = &run.tool.driver.rules;
        let before = run.results.len();
        run.results.retain(|outcome| {
            let rule = described.get(outcome.rule_index);
            let same = called(&tool, outcome, rule, &names);
            let secret = scanner || is_secret(outcome, rule);
            let Some(found) = find(outcome, &ours, &same, secret) else { return true };
            let short = tool.to_lowercase().replace(char::is_whitespace, "-");
            marks.entry(found.at).or_default().push(format!("{short}:{}", outcome.rule_id));
            false
        });
        counts.peers += before - run.results.len();
    }
    for ((run, at), mut others) in marks {
        let Some(outcome) = runs.get_mut(run).and_then(|run| run.results.get_mut(at)) else {
            continue;
        };
        let bag = outcome.properties.get_or_insert_default();
        others.append(&mut bag.also_found_by);
        others.sort_unstable();
        others.dedup();
        others.truncate(MAX_OTHERS);
        bag.also_found_by = others;
    }
}

/// Where our results stand, by file.
fn ours(runs: &[Run], rules: &[&'static Meta]) -> HashMap<String, Vec<Ours>> {
    let by_id: HashMap<&str, &'static Meta> = rules.iter().map(|meta| (meta.id, *meta)).collect();
    let mut ours: HashMap<String, Vec<Ours>> = HashMap::new();
    for (number, run) in runs.iter().enumerate().filter(|(_, run)| is_ours(run)) {
        for (at, outcome) in run.results.iter().enumerate() {
            let Some(rule) = by_id.get(outcome.rule_id.as_str()) else { continue };
            if is_suppressed(outcome) {
                continue;
            }
            // The related places of a secret are where it stands as well.
            let more = if rule.linter() == SECRETS { &outcome.related_locations[..] } else { &[] };
            for place in outcome.locations.iter().take(1).chain(more) {
                if let Some((uri, region)) = stands(place) {
                    let ours_here = ours.entry(uri.to_owned()).or_default();
                    ours_here.push(Ours { rule, region: region.clone(), at: (number, at) });
                }
            }
        }
    }
    ours
}

/// Our rules by what peers call them: `tool:id`, in lower case.
fn names(rules: &[&'static Meta]) -> HashMap<String, Vec<&'static str>> {
    let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
    for meta in rules {
        for peer in meta.peers {
            names.entry(peer.to_lowercase()).or_default().push(meta.id);
        }
    }
    names
}

/// Our rules that a result's rule is a peer of.
fn called(
    tool: &str,
    outcome: &Outcome,
    rule: Option<&ReportingDescriptor>,
    names: &HashMap<String, Vec<&'static str>>,
) -> Vec<&'static str> {
    let tool = peer_tool(tool);
    let id = outcome.rule_id.to_lowercase();
    let mut keys = vec![format!("{tool}:{id}")];
    match tool.as_str() {
        // Once `AVD-KSV-0017`, once `KSV017`, today `KSV-0017`.
        "trivy" => {
            let id = id.strip_prefix("avd-").unwrap_or(&id);
            keys.push(format!("trivy:{id}"));
            let split = id.find(|character: char| character.is_ascii_digit());
            if let Some((letters, digits)) = split.and_then(|at| id.split_at_checked(at)) {
                keys.push(format!("trivy:{letters}-{digits:0>4}"));
            }
        }
        // Kingfisher has rules of others too.
        "kingfisher" => keys.extend(id.split_once('.').map(|(other, id)| format!("{other}:{id}"))),
        // KICS writes the whole of a UUID, of which eight digits tell it apart.
        "kics" => keys.extend(id.get(..8).map(|start| format!("kics:{start}"))),
        _ => {}
    }
    if let Some(name) = rule.and_then(|rule| rule.name.as_deref()) {
        keys.push(format!("{tool}:{}", name.to_lowercase()));
    }
    keys.iter().filter_map(|key| names.get(key)).flatten().copied().collect()
}

/// The name that peers' ids begin with, of what a tool calls itself.
fn peer_tool(tool: &str) -> String {
    let tool = tool.to_lowercase();
    match tool.replace(char::is_whitespace, "-").as_str() {
        "nosey-parker" => "noseyparker".to_owned(),
        "keeping-infrastructure-as-code-secure" | "checkmarx-kics" => "kics".to_owned(),
        "kubelinter" => "kube-linter".to_owned(),
        tool => tool
            .split_once('-')
            .map_or(tool, |(first, _)| match first {
                "trivy" | "checkov" | "hadolint" | "gitleaks" | "kingfisher" | "kics" => first,
                _ => tool,
            })
            .to_owned(),
    }
}

/// The result of ours that is the same defect. Of secrets the names of rules are too many to be all
/// known: what stands in the same place is the same secret.
fn find<'o>(
    outcome: &Outcome,
    ours: &'o HashMap<String, Vec<Ours>>,
    same: &[&str],
    secret: bool,
) -> Option<&'o Ours> {
    let (uri, region) = outcome.locations.first().and_then(stands)?;
    let here: Vec<&Ours> =
        ours.get(uri)?.iter().filter(|ours| lines_meet(&ours.region, region)).collect();
    let named = here.iter().find(|ours| same.contains(&ours.rule.id));
    let placed = || {
        let mut secrets = here.iter().filter(|ours| secret && ours.rule.linter() == SECRETS);
        secrets.find(|ours| columns_meet(&ours.region, region))
    };
    named.or_else(placed).copied()
}

fn stands(place: &Location) -> Option<(&str, &Region)> {
    let physical = place.physical_location.as_ref()?;
    Some((physical.artifact_location.uri.as_deref()?, physical.region.as_ref()?))
}

fn last_line(region: &Region) -> u32 {
    region.end_line.unwrap_or(region.start_line)
}

fn lines_meet(a: &Region, b: &Region) -> bool {
    a.start_line <= last_line(b) && b.start_line <= last_line(a)
}

/// Whether the columns meet too, as far as both stand on one line and have any.
fn columns_meet(a: &Region, b: &Region) -> bool {
    let one_line = |region: &Region| region.start_line == last_line(region);
    let columns = |region: &Region| region.start_column.zip(region.end_column);
    match (columns(a), columns(b)) {
        (Some((a_start, a_end)), Some((b_start, b_end)))
            if one_line(a) && one_line(b) && b_start < b_end =>
        {
            a_start < b_end && b_start < a_end
        }
        _ => true,
    }
}
