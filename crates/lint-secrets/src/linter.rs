use std::sync::Arc;

use careen_model::{Context as Moment, File, Linter};
use careen_rule::{Findings, Meta};
use careen_text::Source;

use crate::context::Context;
use crate::rules::ALL;
use crate::scan::scan;
use crate::shape::Match;
use crate::{dockerfile, manifest, readers, report, store};

/// The linter for secrets.
#[derive(Clone, Copy, Debug)]
pub struct SecretsLinter;

impl Linter for SecretsLinter {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, moment: &Moment, findings: &mut Findings) {
        let text = file.source.text();
        // A file that Ansible encrypted as a whole.
        if text.starts_with("$ANSIBLE_VAULT;") {
            return;
        }
        let context = Context::of(file, moment.now);
        let mut hits = Vec::new();
        scan(text, context, &mut hits);
        if !file.objects.is_empty() {
            manifest::refine(file, context, &mut hits);
        }
        if let Some(dockerfile) = &file.dockerfile {
            dockerfile::refine(dockerfile, context, &mut hits);
        }
        manifest::add_keys(file, &mut hits);
        if !hits.is_empty() {
            report::report(file, hits, findings);
        }
    }

    fn check_binary(
        &self,
        source: &Arc<Source>,
        start: &[u8],
        whole: bool,
        _: &Moment,
        findings: &mut Findings,
    ) {
        let nowhere = Match { start: 0, end: 0 };
        let found = store::read(start, whole);
        if let Some(hit) = found.and_then(|found| readers::key_store(found, nowhere, "")) {
            let mut sink = findings.sink(hit.rule, source);
            let finding = sink.report(hit.span, hit.message);
            finding.severity(hit.severity).confidence(hit.confidence).evidence(hit.evidence);
        }
    }
}
