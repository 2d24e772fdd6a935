use std::collections::BTreeSet;

use careen_kube_model::{Secret, Volume, field};
use careen_model::{Context, Holder, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::names::Shown;
use crate::site::TLS_SECRET;

rule! {
    /// A volume of a Secret gives all its files one mode. With a mode wider than 0440 every user in
    /// the container reads the private key: a worker that gave up its rights, a shell that an
    /// intruder got through another program. A server that runs as its own user needs no more
    /// than 0400 or, with `fsGroup`, 0440.
    ///
    /// Only modes that are written out are told. Where none is, Kubernetes takes 0644, which many
    /// images count on. It is fine in containers with a single user.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers: [{name: web, image: shop/web}]
    ///   volumes:
    ///     - name: tls
    ///       secret:
    ///         secretName: web-tls
    ///         defaultMode: 0644
    /// #                    ^^^^ private key of Secret `web-tls` is mounted in Pod `shop/web` with mode 0644, wider than 0440
    ///     - name: both
    ///       projected:
    ///         sources:
    ///           - secret:
    ///               name: web-tls
    ///               items:
    ///                 - {key: tls.key, path: key, mode: 511}
    /// #                                                 ^^^ private key of Secret `web-tls` is mounted in Pod `shop/web` with mode 0777
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec: {secretName: web-tls, dnsNames: [shop.example.com], issuerRef: {name: ca}}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers: [{name: web, image: shop/web}]
    ///   volumes:
    ///     - {name: tls, secret: {secretName: web-tls, defaultMode: 0440}}
    ///     - {name: default, secret: {secretName: web-tls}}
    ///     - name: ca
    ///       secret: {secretName: web-tls, defaultMode: 0444, items: [{key: ca.crt, path: ca.crt}]}
    ///     - {name: other, secret: {secretName: web-settings, defaultMode: 0444}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-mount-mode-open",
        summary: "private key is mounted for all users of the container to read",
        remedy: "Set `defaultMode: 0400`, or 0440 together with `fsGroup` of the pod.",
        severity: Low,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[732],
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#secret-files-permissions"],
    }
}

/// What others than the owner may do beyond reading as its group.
const WIDER: i64 = 0o037;

/// What tells which Secrets hold private keys.
struct Known<'s> {
    snapshot: &'s Snapshot,
    /// Names and namespaces of Secrets that cert-manager makes.
    issued: BTreeSet<(&'s str, Option<&'s str>)>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let of_manager = |object: &ObjectRef<'_>| object.view.group() == "cert-manager.io";
    let issued = snapshot.of_kind("Certificate").filter(of_manager).filter_map(|object| {
        let name = object.view.at(&["spec", "secretName"])?.text()?;
        Some((name, object.view.namespace()))
    });
    let known = Known { snapshot, issued: issued.collect() };
    for object in snapshot.workloads() {
        for pod in object.view.pod_templates() {
            for volume in pod.volumes() {
                check_volume(&known, object, volume, out);
            }
        }
    }
}

fn check_volume(
    known: &Known<'_>,
    object: ObjectRef<'_>,
    volume: Volume<'_>,
    out: &mut SnapshotSink<'_>,
) {
    if let Some(secret) = volume.source_of("secret") {
        let mode = field(secret, "defaultMode");
        check_secret(known, object, secret, "secretName", mode, out);
    }
    let Some(projected) = volume.source_of("projected") else { return };
    let mode = field(projected, "defaultMode");
    for source in field(projected, "sources").into_iter().flat_map(|list| list.items()) {
        if let Some(secret) = field(source, "secret") {
            check_secret(known, object, secret, "name", mode, out);
        }
    }
}

/// Judges one mount of a Secret; `name` is the field that names it.
fn check_secret(
    known: &Known<'_>,
    object: ObjectRef<'_>,
    secret: Node<'_>,
    name: &str,
    default: Option<Node<'_>>,
    out: &mut SnapshotSink<'_>,
) {
    let items = || field(secret, "items").into_iter().flat_map(|items| items.items());
    let modes = default.into_iter().chain(items().filter_map(|item| field(item, "mode")));
    if !modes.clone().any(is_wide) {
        return;
    }
    let Some(name) = field(secret, name).and_then(|name| name.text()) else { return };
    let keys = known.private_keys(object.view.namespace(), name);
    if keys.is_empty() {
        return;
    }
    let mode = if items().next().is_some() {
        let holds_key = |item: &Node<'_>| {
            let key = field(*item, "key").and_then(|key| key.text());
            key.is_some_and(|key| keys.contains(&key))
        };
        items()
            .filter(holds_key)
            .find_map(|item| field(item, "mode").or(default).filter(is_wide_ref))
    } else {
        default.filter(is_wide_ref)
    };
    let Some((node, mode)) = mode.and_then(|node| Some((node, node.as_i64()?))) else { return };
    let message = format!(
        "private key of Secret `{}` is mounted in {} with mode {mode:04o}, wider than 0440",
        Shown(name),
        object.view.display()
    );
    out.report(object.source(), node.span(), message).object(object.path());
}

fn is_wide(mode: Node<'_>) -> bool {
    mode.as_i64().is_some_and(|mode| (0..=0o777).contains(&mode) && mode & WIDER != 0)
}

fn is_wide_ref(mode: &Node<'_>) -> bool {
    is_wide(*mode)
}

impl<'s> Known<'s> {
    /// The keys of a Secret that hold private keys, as far as the repository tells.
    fn private_keys(&self, namespace: Option<&str>, name: &str) -> Vec<&'s str> {
        let mut keys = Vec::new();
        for secret in self.snapshot.named("Secret", namespace, name) {
            if Secret::of(secret.view).is_some_and(|secret| secret.secret_type() == TLS_SECRET) {
                keys.push("tls.key");
            }
            for bundle in &secret.file.bundles {
                if let Holder::Secret { object, key } = &bundle.holder
                    && *object == secret.index
                    && bundle.private_keys().next().is_some()
                {
                    keys.push(key.as_str());
                }
            }
        }
        if keys.is_empty() {
            let issued = self.issued.range((name, None)..).take_while(|(each, _)| *each == name);
            if issued.into_iter().any(|(_, of)| namespaces_agree(*of, namespace)) {
                keys.extend(["tls.key", "keystore.jks", "keystore.p12"]);
            }
        }
        keys
    }
}
