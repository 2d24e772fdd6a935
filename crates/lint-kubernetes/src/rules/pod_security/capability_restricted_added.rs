use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::capabilities::{Reach, added, name, reach};

rule! {
    /// The restricted Pod Security Standard allows a container to add `NET_BIND_SERVICE` and
    /// nothing else. `CHOWN`, `SETUID` or `DAC_OVERRIDE` stay within the container, but let a
    /// program in it become root and take over all of its files.
    ///
    /// Programs that start as root and then give it up need a few of them, which is why this rule
    /// is off by default. Capabilities outside the default set are reported by other rules.
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
    ///         add: [NET_BIND_SERVICE, CHOWN]
    /// #                               ^^^^^ container `web` in Pod `shop/api` adds the capability `CHOWN`, which the restricted standard does not allow
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
    ///         add: [NET_BIND_SERVICE]
    /// ```
    pub(crate) static RULE: Check = {
        id: "capability-restricted-added",
        summary: "container adds a capability other than NET_BIND_SERVICE",
        remedy: "Run as an unprivileged user from the start and remove the capability.",
        severity: Low,
        check: Check::Container(check),
        peers: &["trivy:KSV-0106", "pss:capabilities_restricted"],
        security: true,
        fragments: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.pod.is_windows() {
        return;
    }
    for (written, node) in added(container) {
        if written != "NET_BIND_SERVICE" && reach(written) == Reach::Container {
            let message = format!(
                "{} adds the capability `{written}`, which the restricted standard does not allow",
                container.display()
            );
            out.report(node.span(), message)
                .field("securityContext.capabilities.add")
                .evidence(name(written));
        }
    }
}
