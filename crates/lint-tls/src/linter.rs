use careen_model::{Context, File, Linter, ObjectRef, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::Check;
use crate::rules::ALL;
use crate::site::BundleSite;

/// The kinds of objects that rules look at; all others are passed over without preparing anything.
const KINDS: &[&str] = &["Ingress", "Secret"];

/// The TLS linter.
#[derive(Clone, Copy, Debug)]
pub struct TlsLinter;

impl Linter for TlsLinter {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        for bundle in &file.bundles {
            check_bundle(&BundleSite::new(file, bundle), context, findings);
        }
        for (index, view) in file.views().enumerate() {
            if !KINDS.contains(&view.kind()) {
                continue;
            }
            let path = ObjectRef { file, index, view }.path();
            for rule in ALL {
                if let Check::Object(check) = rule.check {
                    let mut sink = findings.sink(&rule.meta, &file.source).about(path.clone());
                    check(view, context, &mut sink);
                }
            }
        }
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        ALL.iter()
            .filter_map(|rule| match rule.check {
                Check::Snapshot(run) => Some(SnapshotCheck { rule: &rule.meta, run }),
                _ => None,
            })
            .collect()
    }
}

fn check_bundle(site: &BundleSite<'_>, context: &Context, findings: &mut Findings) {
    let object = site.object().map(|object| object.path());
    for rule in ALL {
        let mut sink = findings.sink(&rule.meta, &site.file.source);
        sink.set_object(object.clone());
        match rule.check {
            Check::Certificate(check) => {
                for certificate in site.sites() {
                    check(&certificate, context, &mut sink);
                }
            }
            Check::Bundle(check) => check(site, context, &mut sink),
            Check::PrivateKey(check) => {
                for key in site.keys() {
                    check(&key, context, &mut sink);
                }
            }
            Check::Problem(check) => {
                for problem in site.problems() {
                    check(&problem, context, &mut sink);
                }
            }
            Check::Object(_) | Check::Snapshot(_) => {}
        }
    }
}
