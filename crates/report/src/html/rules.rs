//! The rules that found something: why each is there, said once, and where it was found.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use careen_rule::{Judged, Meta, Report, Severity};

use super::findings::Findings;
use super::overview::{counted, grouped};
use super::prose::Prose;
use super::text::{Text, is_web};
use super::{MAX_LABEL, MAX_MESSAGE};
use crate::{Options, shown};

/// Places of a rule that are listed.
const PLACES: usize = 100;
/// Names that other tools have for a rule.
const PEERS: usize = 12;

/// The rules of the findings on the page, the worst and most frequent first.
pub(super) struct Rules {
    order: Vec<(&'static Meta, usize)>,
    numbers: BTreeMap<&'static str, usize>,
}

/// A rule as the page explains it.
pub(super) struct RuleSection<'r> {
    /// The anchor is `r` and this number.
    pub(super) number: usize,
    pub(super) id: Text<'static>,
    pub(super) summary: Text<'static>,
    pub(super) why: Prose,
    pub(super) remedy: Text<'static>,
    pub(super) linter: &'static str,
    pub(super) group: String,
    pub(super) severity: &'static str,
    pub(super) confidence: &'static str,
    pub(super) controls: Vec<&'static str>,
    pub(super) weaknesses: &'static [u16],
    pub(super) peers: Vec<Text<'static>>,
    /// Names that are not listed.
    pub(super) peers_left: usize,
    pub(super) references: Vec<Reference>,
    /// How many findings there are, with the word.
    pub(super) total: String,
    pub(super) places: Vec<Place<'r>>,
    /// Places that are not listed.
    pub(super) left: String,
}

/// An address, and whether it may be a link.
pub(super) struct Reference {
    pub(super) address: &'static str,
    pub(super) shown: Text<'static>,
    pub(super) is_link: bool,
}

/// Where a rule found something.
pub(super) struct Place<'r> {
    /// The anchor is `f` and this number.
    pub(super) finding: usize,
    pub(super) shown: Text<'r>,
}

impl Rules {
    pub(super) fn of(report: &Report, options: &Options) -> Self {
        let mut worst: BTreeMap<&str, (&'static Meta, Severity, usize)> = BTreeMap::new();
        for finding in shown(report, options) {
            let entry = worst.entry(finding.rule.id).or_insert((finding.rule, Severity::Info, 0));
            entry.1 = entry.1.max(finding.severity);
            entry.2 += 1;
        }
        let mut rules: Vec<_> = worst.into_values().collect();
        rules.sort_by_key(|&(rule, worst, total)| (Reverse(worst), Reverse(total), rule.id));
        let numbers =
            rules.iter().enumerate().map(|(index, (rule, ..))| (rule.id, index + 1)).collect();
        Self { order: rules.into_iter().map(|(rule, _, total)| (rule, total)).collect(), numbers }
    }

    /// The number in the anchor of a finding's rule.
    pub(super) fn number(&self, finding: &Judged) -> usize {
        self.numbers.get(finding.rule.id).copied().unwrap_or_default()
    }

    pub(super) fn sections<'r>(&self, findings: &Findings<'r>) -> Vec<RuleSection<'r>> {
        let mut places: BTreeMap<usize, Vec<Place<'r>>> = BTreeMap::new();
        for (rule, finding, path, line) in findings.index() {
            let places = places.entry(rule).or_default();
            if places.len() < PLACES {
                places.push(Place { finding, shown: Text::place(path, line, None) });
            }
        }
        let section = |(index, &(rule, total)): (usize, &(&'static Meta, usize))| {
            let places = places.remove(&(index + 1)).unwrap_or_default();
            section(index + 1, rule, total, places)
        };
        self.order.iter().enumerate().map(section).collect()
    }
}

fn section<'r>(
    number: usize,
    rule: &'static Meta,
    total: usize,
    places: Vec<Place<'r>>,
) -> RuleSection<'r> {
    let left = total.saturating_sub(places.len());
    RuleSection {
        number,
        id: Text::line(rule.id, MAX_LABEL),
        summary: Text::message(rule.summary, MAX_MESSAGE),
        why: Prose::of(&rule.prose()),
        remedy: Text::message(rule.remedy, MAX_MESSAGE),
        linter: rule.linter(),
        group: rule.group().replace('_', "-"),
        severity: rule.severity.as_str(),
        confidence: rule.confidence.as_str(),
        controls: rule.controls.iter().map(|control| control.title).collect(),
        weaknesses: rule.cwe,
        peers: rule.peers.iter().take(PEERS).map(|peer| Text::line(peer, MAX_LABEL)).collect(),
        peers_left: rule.peers.len().saturating_sub(PEERS),
        references: rule.references.iter().map(|address| reference(address)).collect(),
        total: counted(total, "finding", "findings"),
        places,
        left: if left == 0 { String::new() } else { grouped(left as u64) },
    }
}

fn reference(address: &'static str) -> Reference {
    Reference { address, shown: Text::line(address, MAX_MESSAGE), is_link: is_web(address) }
}
