use careen_model::{Context as Moment, File, Linter};
use careen_rule::{Findings, Meta};

use crate::context::Context;
use crate::decode::Budget;
use crate::rules::ALL;
use crate::{inside, report};

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

    fn check_file(&self, file: &File, _: &Moment, findings: &mut Findings) {
        let hits = inside::read(file, Context::of(file), &mut Budget::of_file());
        if !hits.is_empty() {
            report::report(file, hits, findings);
        }
    }
}
