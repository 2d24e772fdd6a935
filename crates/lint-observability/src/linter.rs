use careen_kube_model::{ObjectView, PodTemplate};
use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::Check;
use crate::alerts::rule_set;
use crate::body::bodies;
use crate::dashboards::dashboard;
use crate::place::path_of;
use crate::rules::ALL;

/// The linter.
#[derive(Clone, Copy, Debug)]
pub struct ObservabilityLinter;

impl Linter for ObservabilityLinter {
    fn name(&self) -> &'static str {
        "observability"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        if file.tree.is_none() {
            return;
        }
        for body in bodies(file) {
            let (rules, dashboard) = (rule_set(&body), dashboard(&body));
            for rule in ALL {
                let mut sink = findings.sink(&rule.meta, &file.source);
                sink.set_object(body.path());
                match (rule.check, &rules, &dashboard) {
                    (Check::Rules(check), Some(rules), _) => check(rules, context, &mut sink),
                    (Check::Dashboard(check), _, Some(found)) => check(found, context, &mut sink),
                    _ => {}
                }
            }
        }
        for pod in file.views().flat_map(ObjectView::pod_templates) {
            check_pod(pod, file, context, findings);
        }
    }

    fn needs_whole(&self, rule: &Meta) -> bool {
        !rule.fragments && rule.linter() == self.name()
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        let checks = ALL.iter().filter_map(|rule| match rule.check {
            Check::Snapshot(run) => Some(SnapshotCheck { rule: &rule.meta, run }),
            _ => None,
        });
        checks.collect()
    }
}

fn check_pod(pod: PodTemplate<'_>, file: &File, context: &Context, findings: &mut Findings) {
    for rule in ALL.iter().filter(|rule| rule.meta.fragments || !pod.is_partial()) {
        match rule.check {
            Check::Pod(check) => {
                let path = || path_of(pod, None);
                let mut sink = findings.sink(&rule.meta, &file.source).about_lazily(&path);
                check(pod, context, &mut sink);
            }
            Check::Container(check) => {
                for container in pod.containers() {
                    let path = || path_of(pod, Some(container));
                    let mut sink = findings.sink(&rule.meta, &file.source).about_lazily(&path);
                    check(container, context, &mut sink);
                }
            }
            _ => {}
        }
    }
}
