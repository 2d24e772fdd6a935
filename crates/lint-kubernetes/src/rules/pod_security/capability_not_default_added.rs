use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::capabilities::{Reach, added, name, reach};
use crate::place::cut;

rule! {
    /// Runtimes leave out of their default set what a container seldom needs and an attacker
    /// likes: `NET_RAW` forges packets of neighbours, `SYSLOG` reads addresses of the kernel,
    /// `SYS_TIME` sets the node's clock. The baseline Pod Security Standard forbids to add them.
    ///
    /// Names in small letters or with `CAP_` before them are reported, too: some runtimes take
    /// them, admission does not. Capabilities that reach beyond the container are reported by
    /// `capability-dangerous-added` instead.
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
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    ///         add: [NET_RAW]
    /// #             ^^^^^^^ container `web` in Pod `shop/api` adds the capability `NET_RAW`, which is not in the default set
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
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    ///         add: [CHOWN, SETUID, SETGID]
    /// ```
    pub(crate) static RULE: Check = {
        id: "capability-not-default-added",
        summary: "container adds a capability outside the default set",
        remedy: "Remove the capability, or drop `ALL` and add only the one that is needed.",
        severity: Medium,
        check: Check::Container(check),
        aliases: &["capability-net-raw-added"],
        peers: &[
            "kube-linter:drop-net-raw-capability",
            "trivy:KSV-0119",
            "trivy:KSV-0106",
            "kubescape:C-0046",
            "pss:capabilities_baseline",
            "pss:capabilities_restricted",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (written, node) in added(container) {
        let why = match reach(written) {
            Reach::Beyond => "which is not in the default set",
            Reach::Misspelt => "which is not how the default set is written",
            Reach::Node | Reach::Dangerous | Reach::Container => continue,
        };
        let written = cut(written);
        let message = format!("{} adds the capability `{written}`, {why}", container.display());
        out.report(node.span(), message)
            .field("securityContext.capabilities.add")
            .evidence(name(written));
    }
}
