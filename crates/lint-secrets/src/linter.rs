use careen_detectors::Detectors;
use careen_model::{Context as Moment, File, Linter};
use careen_rule::{Findings, Meta, Rule};

use crate::anchors::Anchors;
use crate::catalogue;
use crate::check::Check;
use crate::context::Context;
use crate::scan::scan;
use crate::{dockerfile, manifest, report};

/// The linter for secrets.
#[derive(Clone, Debug, Default)]
pub struct SecretsLinter {
    /// The rules of detectors that a user brings.
    brought: Vec<&'static Rule<Check>>,
}

/// The same linter without the rules that are not wanted: a credential that two rules know is
/// left to the one that runs.
#[derive(Debug)]
struct Narrowed {
    linter: SecretsLinter,
    anchors: Anchors,
}

impl SecretsLinter {
    /// The linter with a user's detectors beside its own.
    #[must_use]
    pub fn with(detectors: &[Detectors]) -> Self {
        Self { brought: catalogue::brought(detectors) }
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
        let anchors = Anchors::of(self.all().filter(|rule| wanted(&rule.meta)));
        Some(Box::new(Narrowed { linter: self.clone(), anchors }))
    }

    fn check_file(&self, file: &File, _: &Moment, findings: &mut Findings) {
        check(file, Anchors::get(), findings);
    }
}

impl Linter for Narrowed {
    fn name(&self) -> &'static str {
        self.linter.name()
    }

    fn rules(&self) -> Vec<&'static Meta> {
        self.linter.rules()
    }

    fn check_file(&self, file: &File, _: &Moment, findings: &mut Findings) {
        check(file, &self.anchors, findings);
    }
}

fn check(file: &File, anchors: &Anchors, findings: &mut Findings) {
    let text = file.source.text();
    // A file that Ansible encrypted as a whole.
    if text.starts_with("$ANSIBLE_VAULT;") {
        return;
    }
    let context = Context::of(file);
    let mut hits = Vec::new();
    scan(text, context, anchors, &mut hits);
    if !file.objects.is_empty() {
        manifest::refine(file, context, anchors, &mut hits);
    }
    if let Some(dockerfile) = &file.dockerfile {
        dockerfile::refine(dockerfile, context, anchors, &mut hits);
    }
    manifest::add_keys(file, &mut hits);
    if !hits.is_empty() {
        report::report(file, hits, findings);
    }
}
