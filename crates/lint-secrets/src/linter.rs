use careen_model::{Context as Moment, File, Linter};
use careen_rule::{Findings, Meta};

use crate::context::Context;
use crate::rules::ALL;
use crate::scan::scan;
use crate::{dockerfile, manifest, report};

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
        let text = file.source.text();
        // A file that Ansible encrypted as a whole.
        if text.starts_with("$ANSIBLE_VAULT;") {
            return;
        }
        let context = Context::of(file);
        let mut hits = Vec::new();
        scan(text, context, &mut hits);
        if !file.objects.is_empty() {
            manifest::refine(file, context, &mut hits);
        }
        if let Some(dockerfile) = &file.dockerfile {
            dockerfile::refine(dockerfile, context, &mut hits);
        }
        manifest::add_keys(file, &mut hits);
        if file.source.path().ends_with(".secrets.baseline") {
            // detect-secrets keeps the SHA-1 of what it found, under `hashed_secret`.
            hits.retain(|hit| !is_sha1(file.source.slice(hit.secret)));
        }
        if !hits.is_empty() {
            report::report(file, hits, findings);
        }
    }
}

fn is_sha1(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
