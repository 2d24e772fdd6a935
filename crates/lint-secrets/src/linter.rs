use std::sync::{Arc, OnceLock};

use careen_detectors::{Detector, Detectors, Example, whole};
use careen_model::{Context as Moment, File, Linter};
use careen_rule::{Findings, Meta, Rule};
use careen_text::{Source, Span};

use crate::anchors::Anchors;
use crate::catalogue;
use crate::check::Check;
use crate::context::Context;
use crate::decode::Budget;
use crate::scan::scan;
use crate::shape::Match;
use crate::{inside, readers, report, store, surroundings};

/// The linter for secrets.
#[derive(Clone, Debug, Default)]
pub struct SecretsLinter {
    /// The rules of detectors that a user brings.
    brought: Vec<&'static Rule<Check>>,
    /// What is looked for, where that is not all that careen brings: a credential that two rules
    /// know is left to the one that runs.
    anchors: Option<Arc<Anchors>>,
}

/// What leads to the rules that run unasked: most runs want no other.
static USUAL: OnceLock<Arc<Anchors>> = OnceLock::new();

impl SecretsLinter {
    /// The linter with the rules that careen brings.
    #[must_use]
    pub const fn new() -> Self {
        Self { brought: Vec::new(), anchors: None }
    }

    /// The linter with a user's detectors beside its own.
    #[must_use]
    pub fn with(detectors: &[Detectors]) -> Self {
        let mut linter = Self { brought: catalogue::brought(detectors), anchors: None };
        if !linter.brought.is_empty() {
            linter.anchors = Some(Arc::new(Anchors::of(linter.all())));
        }
        linter
    }

    /// The examples of a detector that do not hold, each with what is wrong, which names no
    /// credential. The detector must be one of those the linter was made with.
    #[must_use]
    pub fn disproved(&self, detector: &Detector) -> Vec<String> {
        let rules = self.brought.iter().copied().filter(|rule| rule.meta.id == detector.id);
        let anchors = Anchors::of(rules);
        let find = detector.find.iter().enumerate().filter_map(|(index, example)| {
            let found = found(example, &anchors, &detector.id);
            let wanted = example.token?;
            (found != [wanted]).then(|| match found.first() {
                None => format!("example {} of `find` is not found", index + 1),
                Some(_) => {
                    format!("example {} of `find` is found elsewhere than marked", index + 1)
                }
            })
        });
        let leave = detector.leave.iter().enumerate().filter_map(|(index, example)| {
            let found = found(example, &anchors, &detector.id);
            (!found.is_empty()).then(|| format!("example {} of `leave` is found", index + 1))
        });
        find.chain(leave).collect()
    }

    fn all(&self) -> impl Iterator<Item = &'static Rule<Check>> {
        catalogue::own().chain(self.brought.iter().copied())
    }
}

impl Linter for SecretsLinter {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        let mut rules: Vec<_> = self.all().map(|rule| &rule.meta).collect();
        rules.sort_unstable_by_key(|rule| rule.id);
        rules
    }

    fn only(&self, wanted: &dyn Fn(&Meta) -> bool) -> Option<Box<dyn Linter>> {
        // What is a secret is masked also where its own rule is not wanted.
        let runs = |rule: &&Rule<Check>| rule.meta.default || wanted(&rule.meta);
        let is_usual = |rule: &Rule<Check>| rule.meta.default || !wanted(&rule.meta);
        let anchors = if self.brought.is_empty() && self.all().all(is_usual) {
            Arc::clone(USUAL.get_or_init(|| Arc::new(Anchors::of(catalogue::own().filter(runs)))))
        } else if self.brought.is_empty() && self.all().all(|rule| wanted(&rule.meta)) {
            return None;
        } else {
            Arc::new(Anchors::of(self.all().filter(runs)))
        };
        Some(Box::new(Self { brought: self.brought.clone(), anchors: Some(anchors) }))
    }

    fn reads_layers(&self) -> bool {
        true
    }

    fn reads_history(&self) -> bool {
        true
    }

    fn check_file(&self, file: &File, moment: &Moment, findings: &mut Findings) {
        let anchors = self.anchors.as_deref().unwrap_or_else(|| Anchors::get());
        check(file, moment, anchors, findings);
    }

    fn check_binary(
        &self,
        source: &Arc<Source>,
        start: &[u8],
        whole: bool,
        _: &Moment,
        findings: &mut Findings,
    ) {
        // Key stores are known by their first bytes.
        let nowhere = Match { start: 0, end: 0 };
        let found = store::read(start, whole);
        if let Some(hit) = found.and_then(|found| readers::key_store(found, nowhere, "")) {
            let mut sink = findings.sink(hit.rule, source);
            let finding = sink.report(hit.span, hit.message);
            finding.severity(hit.severity).confidence(hit.confidence).evidence(hit.evidence);
        }
    }
}

/// Where a rule finds something in an example.
fn found(example: &Example, anchors: &Anchors, rule: &str) -> Vec<Span> {
    let source = Source::new("example.txt", whole(&example.shown));
    let file = careen_model::parse(source, "example.txt");
    let mut hits = Vec::new();
    let _ = scan(file.source.text(), Context::of(&file, 0), anchors, &mut hits);
    hits.iter().filter(|hit| hit.rule.id == rule).map(|hit| hit.secret).collect()
}

fn check(file: &File, moment: &Moment, anchors: &Anchors, findings: &mut Findings) {
    let mut budget = Budget::of_file(anchors);
    let context = Context::of(file, moment.now);
    let mut hits = inside::read(file, context, &mut budget);
    if !hits.is_empty() {
        surroundings::temper(file, context, &mut hits);
        report::report(file, hits, findings);
    }
}
