use careen_kube_model::field;
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::cert_manager::{ISSUERS, Issuer};

rule! {
    /// An ACME issuer needs a Secret for the key of its account, and solvers to answer the CA's
    /// challenges. Without the first the API server refuses the issuer. Without the second it is
    /// `Ready` and never issues anything: orders fail with `no configured challenge solvers can be
    /// used for this challenge`.
    ///
    /// It is fine for a CA that has validated all names beforehand and asks no challenge.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    /// # ^^^^ ACME account of ClusterIssuer `letsencrypt` has no `solvers` and no `privateKeySecretRef`
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     email: ops@example.com
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: letsencrypt, namespace: shop}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - selector: {dnsZones: [example.com]}
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ solver of Issuer `shop/letsencrypt` is neither `http01` nor `dns01`
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     email: ops@example.com
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - http01: {ingress: {ingressClassName: nginx}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-issuer-account-incomplete",
        summary: "ACME issuer cannot register or answer challenges",
        remedy: "Give the issuer a `privateKeySecretRef`, and a solver with `http01` or `dns01`.",
        severity: High,
        check: Check::Kind(ISSUERS, check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/acme/"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(issuer) = Issuer::of(object) else { return };
    let entry = object.view.spec().and_then(|spec| spec.entry("acme"));
    let (Some(entry), Some(acme)) = (entry, issuer.acme()) else { return };
    // Solvers that are a variable of some tool are there.
    let listed = field(acme.node, "solvers");
    let solvers = listed.is_some_and(|node| node.text().is_some() || node.items().next().is_some());
    let account = field(acme.node, "privateKeySecretRef").is_some();
    let by = object.view.display();
    let lacks = match (solvers, account) {
        (true, true) => None,
        (true, false) => Some("no `privateKeySecretRef`"),
        (false, true) => Some("no `solvers`"),
        (false, false) => Some("no `solvers` and no `privateKeySecretRef`"),
    };
    if let Some(lacks) = lacks {
        let message = format!("ACME account of {by} has {lacks}");
        out.report(entry.key.span(), message).field("spec.acme");
    }
    for solver in acme.solvers().filter(|solver| !solver.is_dns01() && !solver.is_http01()) {
        if solver.node.entries().next().is_some() {
            let message = format!("solver of {by} is neither `http01` nor `dns01`");
            out.report(solver.node.span(), message).field("spec.acme.solvers");
        }
    }
}
