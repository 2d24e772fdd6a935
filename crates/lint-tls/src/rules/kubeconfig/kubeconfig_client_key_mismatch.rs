use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::held::body;
use crate::kubeconfig::{kubeconfigs, users};
use crate::names::{Shown, evidence};

rule! {
    /// kubectl and every Go client refuse a key that is not its certificate's before they say a word
    /// to the API server: `tls: private key does not match public key`. Mostly one of the two was
    /// renewed or copied from another cluster's file.
    ///
    /// Data inside the kubeconfig counts before files it names, as it does for kubectl. It is fine as
    /// a test of exactly this.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: kubernetes, not_after: 5y}
    /// old: {common_name: admin, usages: [client_auth], issuer: ca}
    /// new: {common_name: admin, usages: [client_auth], issuer: ca}
    /// ```
    /// ```yaml bad file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user:
    ///     client-certificate-data: ${new.crt|base64}
    ///     client-key-data: ${old.key|base64}
    /// #                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key of user `admin` does not belong to the user's client certificate
    /// ```
    /// ```yaml bad file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user:
    ///     client-certificate-data: ${new.crt|base64}
    ///     client-key: admin.key
    /// #               ^^^^^^^^^ private key of user `admin` does not belong to the user's client certificate
    /// ```
    /// ```pem bad file=ci/admin.key
    /// ${old.key}
    /// ```
    /// ```yaml good file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user:
    ///     client-certificate-data: ${new.crt|base64}
    ///     client-key-data: ${new.key|base64}
    /// - name: other
    ///   user: {client-key: /etc/kubernetes/pki/other.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubeconfig-client-key-mismatch",
        summary: "private key of a kubeconfig does not belong to its client certificate",
        remedy: "Put the key and the certificate of one issuance together.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for object in kubeconfigs(snapshot) {
        for user in users(object) {
            let leaf = user.credential(snapshot, "client-certificate-data", "client-certificate");
            let key = user.credential(snapshot, "client-key-data", "client-key");
            let (Some(leaf), Some(key)) = (leaf, key) else { continue };
            let Some((leaf_item, certificate)) = leaf.bundle.certificates().next() else {
                continue;
            };
            let Some((key_item, private)) = key.bundle.private_keys().next() else { continue };
            let Some(facts) = &private.key else { continue };
            if facts.spki_sha256 == certificate.key.spki_sha256 {
                continue;
            }
            let inline = std::ptr::eq(key.file, object.file);
            let place = if inline { key_item.place } else { key.node.span() };
            let message = format!(
                "private key of user `{}` does not belong to the user's client certificate",
                Shown(user.name)
            );
            let finding = out.report(object.source(), place, message);
            finding.field(key.field).evidence(evidence(certificate)).object(object.path());
            finding.related(&leaf.file.source, leaf_item.place, "the client certificate");
            if inline {
                finding.secret(body(key_item));
            }
        }
    }
}
