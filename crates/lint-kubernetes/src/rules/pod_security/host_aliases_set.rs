use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// `hostAliases` writes names and addresses into the pod's `/etc/hosts`, past the DNS that
    /// everyone else asks. Such entries go stale without a trace, and who can change them can send
    /// traffic elsewhere. It is an inventory for a review, so it is off by default.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   hostAliases:
    /// # ^^^^^^^^^^^ Pod `shop/api` has host names of its own
    ///   - ip: 10.0.0.7
    ///     hostnames: [db.example.com]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   hostAliases: []
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-aliases-set",
        summary: "pod has host names of its own",
        remedy: "Put the name into DNS, or into an ExternalName Service.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubesec:HostAliases", "trivy:KSV-0007"],
        security: true,
        fragments: true,
        default: false,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(aliases) = pod.field("hostAliases") else { return };
    if aliases.items().next().is_some() {
        let entry = pod.spec.entry("hostAliases");
        let span = entry.map_or_else(|| aliases.span(), |entry| entry.key.span());
        let message = format!("{} has host names of its own", pod.object.display());
        out.report(span, message).field("spec.hostAliases");
    }
}
