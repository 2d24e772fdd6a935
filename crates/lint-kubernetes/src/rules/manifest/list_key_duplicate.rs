use careen_kube_model::ObjectView;
use careen_kube_model::schema::{Defect, Report};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

rule! {
    /// Containers, ports, constraints and the like are lists whose items go by a key: the name, or
    /// the port with its protocol. Two items with one key are refused, or merged by the
    /// next apply, so that one of them is lost.
    ///
    /// There is no case in which this is right. Environment variables, volumes and mounts have
    /// rules of their own: `duplicate-env-var`, `volume-name-duplicate` and
    /// `volume-mount-path-duplicate`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///   - name: web
    /// #         ^^^ Pod `shop/api` has a second item with the same `name` in `spec.containers[1]`
    ///     image: registry.example.com/helper:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///   - name: helper
    ///     image: registry.example.com/helper:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "list-key-duplicate",
        summary: "two items of a list have the same key",
        remedy: "Remove one of the items, or give it another name.",
        severity: High,
        check: Check::Schema(check),
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy"],
        fragments: true,
    }
}

/// Lists with rules of their own: `duplicate-env-var`, `volume-name-duplicate` and
/// `volume-mount-path-duplicate`.
const OWN_RULE: [&str; 3] = ["env", "volumeMounts", "volumes"];

/// Lists that the API server takes with a warning, if at all.
const TOLERATED: [&str; 4] = ["hostAliases", "imagePullSecrets", "ownerReferences", "secrets"];

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    for problem in &report.problems {
        let Defect::Twice { first, .. } = problem.defect else { continue };
        let list = problem.path.rsplit_once('[').map_or("", |(list, _)| list);
        let (holder, list) = list.rsplit_once('.').unwrap_or(("", list));
        let written = out.source().slice(problem.span);
        if OWN_RULE.contains(&list) || is_placeholder(written) || view.is_fragment() {
            continue;
        }
        let source = std::sync::Arc::clone(out.source());
        let finding = out.report(problem.span, format!("{} {problem}", view.display()));
        finding.field(problem.path.as_str());
        finding.related(&source, first, "the first one is here");
        // Of a container's ports, `ports[0]` of `containers[0]`, the API server takes two.
        if TOLERATED.contains(&list) || (list == "ports" && holder.ends_with(']')) {
            finding.severity(Severity::Low);
        }
    }
}
