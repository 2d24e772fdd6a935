use careen_kube_model::{ObjectView, PodTemplate, schema};
use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::control_plane::Component;
use crate::place::path_of;
use crate::rules::ALL;
use crate::schedule::{EVERYTHING, Schedule};

/// The Kubernetes linter.
#[derive(Clone, Copy, Debug)]
pub struct KubernetesLinter;

/// The Kubernetes linter with some of its rules.
#[derive(Debug)]
struct Narrowed(Schedule);

const NAME: &str = "kubernetes";

impl Linter for KubernetesLinter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        EVERYTHING.check(file, context, findings);
    }

    fn only(&self, wanted: &dyn Fn(&Meta) -> bool) -> Option<Box<dyn Linter>> {
        Some(Box::new(Narrowed(Schedule::of(wanted))))
    }

    fn needs_whole(&self, rule: &Meta) -> bool {
        needs_whole(rule)
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        EVERYTHING.snapshot.clone()
    }
}

impl Linter for Narrowed {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        KubernetesLinter.rules()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        self.0.check(file, context, findings);
    }

    fn needs_whole(&self, rule: &Meta) -> bool {
        needs_whole(rule)
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        self.0.snapshot.clone()
    }
}

impl Schedule {
    fn check(&self, file: &File, context: &Context, findings: &mut Findings) {
        // The tree of a Compose file, of values or of a document is none of manifests.
        let is_manifest = file.images.is_none() && file.document.is_none();
        let Some(tree) = file.tree.as_ref().filter(|_| is_manifest) else { return };
        for &(rule, check) in &self.file {
            check(file, context, &mut findings.sink(rule, &file.source));
        }
        for view in file.views() {
            // Of a broken document only the beginning is known: what it seems to lack may follow.
            let document = tree.document(view.object.document as usize);
            if document.is_none_or(|document| document.is_complete()) {
                self.check_object(view, file, context, findings);
            }
        }
    }

    fn check_object(
        &self,
        view: ObjectView<'_>,
        file: &File,
        context: &Context,
        findings: &mut Findings,
    ) {
        let part = view.is_fragment();
        let path = || path_of(view, None);
        for &(rule, check) in self.object.iter().chain(self.of_kind(view.kind())) {
            if runs(rule, part) {
                check(view, context, &mut findings.sink(rule, &file.source).about_lazily(&path));
            }
        }
        if !self.schema.is_empty() {
            let report = schema::check(view, context.kubernetes);
            for &(rule, check) in self.schema.iter().filter(|(rule, _)| runs(rule, part)) {
                let mut sink = findings.sink(rule, &file.source).about_lazily(&path);
                check(view, &report, context, &mut sink);
            }
        }
        if !self.component.is_empty() {
            for component in Component::configured_by(view, file) {
                self.check_component(&component, part, file, context, findings);
            }
        }
        for pod in view.pod_templates() {
            self.check_pod(pod, file, context, findings);
        }
    }

    fn check_pod(
        &self,
        pod: PodTemplate<'_>,
        file: &File,
        context: &Context,
        findings: &mut Findings,
    ) {
        let part = pod.is_partial();
        let path = || path_of(pod.object, None);
        for &(rule, check) in self.pod.iter().filter(|(rule, _)| runs(rule, part)) {
            check(pod, context, &mut findings.sink(rule, &file.source).about_lazily(&path));
        }
        for container in pod.containers() {
            let path = || path_of(pod.object, Some(container));
            for &(rule, check) in self.container.iter().filter(|(rule, _)| runs(rule, part)) {
                let mut sink = findings.sink(rule, &file.source).about_lazily(&path);
                check(container, context, &mut sink);
            }
            if let Some(component) = Component::of(container) {
                self.check_component(&component, part, file, context, findings);
            }
        }
    }

    fn check_component(
        &self,
        component: &Component<'_>,
        part: bool,
        file: &File,
        context: &Context,
        findings: &mut Findings,
    ) {
        let path = || path_of(component.object, component.container);
        for &(rule, check) in self.component.iter().filter(|(rule, _)| runs(rule, part)) {
            let mut sink = findings.sink(rule, &file.source).about_lazily(&path);
            check(component, context, &mut sink);
        }
    }
}

/// Whether a rule looks at an object or pod, which may be a part only.
const fn runs(rule: &Meta, part: bool) -> bool {
    rule.fragments || !part
}

/// Whether what a rule says of an object holds for whole ones only. Rules that read files say
/// nothing about objects.
fn needs_whole(rule: &Meta) -> bool {
    let reads_files = || EVERYTHING.file.iter().any(|(own, _)| std::ptr::eq(*own, rule));
    !rule.fragments && rule.linter() == NAME && !reads_files()
}
