use careen_kube_model::{ObjectView, typed};
use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::Check;
use crate::place::path_of;
use crate::rules::ALL;
use crate::schedule::SCHEDULE;

/// The Kubernetes linter.
#[derive(Clone, Copy, Debug)]
pub struct KubernetesLinter;

impl Linter for KubernetesLinter {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        let Some(tree) = &file.tree else { return };
        for &(rule, check) in &SCHEDULE.file {
            check(file, context, &mut findings.sink(rule, &file.source));
        }
        for view in file.views() {
            // Of a broken document only the beginning is known: what it seems to lack may follow.
            let document = tree.document(view.object.document as usize);
            if document.is_none_or(|document| document.is_complete()) {
                check_object(view, file, context, findings);
            }
        }
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        let rules = ALL.iter();
        rules
            .filter_map(|rule| match rule.check {
                Check::Snapshot(run) => Some(SnapshotCheck { rule: &rule.meta, run }),
                _ => None,
            })
            .collect()
    }
}

fn check_object(view: ObjectView<'_>, file: &File, context: &Context, findings: &mut Findings) {
    let path = || path_of(view, None);
    for &(rule, check) in &SCHEDULE.object {
        check(view, context, &mut findings.sink(rule, &file.source).about_lazily(&path));
    }
    if let Some(report) = typed::check(view) {
        for &(rule, check) in &SCHEDULE.typed {
            let mut sink = findings.sink(rule, &file.source).about_lazily(&path);
            check(view, &report, context, &mut sink);
        }
    }
    let Some(pod) = view.pod_template() else { return };
    for &(rule, check) in &SCHEDULE.pod {
        check(pod, context, &mut findings.sink(rule, &file.source).about_lazily(&path));
    }
    for container in pod.containers() {
        let path = || path_of(view, Some(container));
        for &(rule, check) in &SCHEDULE.container {
            check(container, context, &mut findings.sink(rule, &file.source).about_lazily(&path));
        }
    }
}
