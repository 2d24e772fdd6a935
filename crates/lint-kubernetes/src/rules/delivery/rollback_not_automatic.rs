use careen_kube_model::{ObjectView, Workload, field};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::keepers::Keepers;
use crate::progressive::{Guide, guide_of, guides};
use crate::relations::Workloads;

rule! {
    /// When new pods do not become ready, a Deployment stops half-way and stays there;
    /// `progressDeadlineSeconds` only reports it. Users that the new pods do reach see its errors
    /// until somebody undoes the release by hand.
    ///
    /// What undoes it by itself: a Rollout of Argo with an analysis or with
    /// `progressDeadlineAbort`, a Canary of Flagger, a HelmRelease of Flux with remediation of
    /// upgrades, `helm upgrade --atomic` (`--rollback-on-failure` since Helm 4) or
    /// `kubectl rollout undo` in a pipeline of the repository. Argo CD's self-healing does not: it
    /// brings back what Git says, which is the release that fails.
    ///
    /// Deployments and HelmReleases are looked at, but no databases and their kin. Must be asked
    /// for.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// #       ^^^ nothing undoes a release of Deployment `shop/web` that fails
    ///   namespace: shop
    /// spec:
    ///   progressDeadlineSeconds: 300
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   interval: 10m
    ///   chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: shop}}}
    ///   upgrade:
    ///     remediation: {retries: 2}
    /// ```
    pub(crate) static RULE: Check = {
        id: "rollback-not-automatic",
        summary: "nothing undoes a release that fails",
        remedy: "Use a Rollout with an analysis, a Canary, or a HelmRelease with `upgrade.remediation`.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::AUTOMATIC_ROLLBACK],
        references: &[
            "https://argo-rollouts.readthedocs.io/en/stable/features/analysis/",
            "https://fluxcd.io/flux/components/helm/helmreleases/#upgrade-remediation",
        ],
    }
}

/// What pipelines say that undo a release.
const UNDOES: [&str; 3] = ["--atomic", "--rollback-on-failure", "rollout undo"];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if is_undone_by_pipeline(snapshot) {
        return;
    }
    let mut report = |object: ObjectRef<'_>| {
        let message = format!("nothing undoes a release of {} that fails", object.view.display());
        out.report(object.source(), object.view.name_span(), message).object(object.path());
    };
    let stores = Keepers::of(snapshot);
    let guides: Vec<Guide<'_>> = guides(snapshot).collect();
    for workload in Workloads::of(snapshot).iter() {
        let object = workload.object;
        if workload.pod.workload == Workload::Deployment
            && guide_of(&guides, object.view).is_none()
            && !stores.has(object.view)
        {
            report(object);
        }
    }
    for guide in guides.iter().filter(|guide| !guide.undoes()) {
        report(guide.object);
    }
    for release in snapshot.of_kind("HelmRelease") {
        let view = release.view;
        if view.group() == "helm.toolkit.fluxcd.io" && !view.is_fragment() && !is_remedied(view) {
            report(release);
        }
    }
}

/// Whether Flux undoes an upgrade: it does if it may try again or is told to.
fn is_remedied(view: ObjectView<'_>) -> bool {
    let Some(remediation) = view.at(&["spec", "upgrade", "remediation"]) else { return false };
    let retries = field(remediation, "retries").and_then(|node| node.as_i64()).unwrap_or(0);
    let last = field(remediation, "remediateLastFailure").and_then(|node| node.as_bool());
    retries != 0 || last == Some(true)
}

/// Whether a pipeline of the repository undoes releases. What documents tell people to do does not
/// count.
fn is_undone_by_pipeline(snapshot: &Snapshot) -> bool {
    snapshot.files().iter().filter(|file| file.document.is_none()).any(|file| {
        let text = file.source.text();
        UNDOES.iter().any(|words| text.contains(words))
    })
}
