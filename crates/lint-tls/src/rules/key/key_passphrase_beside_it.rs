use std::collections::{BTreeMap, BTreeSet};

use careen_kube_model::Secret;
use careen_model::{
    Bundle, Context, File, FileKind, Holder, ObjectRef, Snapshot, namespaces_agree,
};
use careen_rule::{SnapshotSink, control, rule};
use careen_text::Span;
use careen_x509_model::is_binary_material;

use crate::Check;
use crate::names::Shown;
use crate::passphrase::{is_given, is_passphrase, lines};

rule! {
    /// Encryption protects a key from those who have the file and not the password. Where both
    /// stand in one Secret, one file of values, or the environment of the container that mounts
    /// the key, whoever has the one has the other, and the encryption is for nothing.
    ///
    /// Looked at are encrypted private keys and key stores, and names such as `keyPassphrase`,
    /// `keystore-password` or plain `password`. Text files that lie beside a key, such as
    /// `passphrase.txt`, are not seen. It is fine where the Secret is encrypted as a whole, as
    /// with SOPS: then neither can be read.
    ///
    /// ```recipe
    /// pair: {prepared: encrypted}
    /// ```
    /// ```yaml bad file=secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData:
    ///   passphrase: cha·ngeit
    /// #             ^^^^^^^^ passphrase of the private key in `server.key` of Secret `shop/web-tls` stands beside it in `passphrase`
    ///   server.key: |
    ///     ${pair.key}
    /// ```
    /// ```yaml bad file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: shop/web
    ///       env:
    ///         - name: SSL_KEY_PASSWORD
    ///           value: cha·ngeit
    /// #                ^^^^^^^^ passphrase of the private key in `server.key` of Secret `shop/web-tls` stands in `SSL_KEY_PASSWORD` of container `web` in Pod `shop/web`
    ///   volumes:
    ///     - {name: tls, secret: {secretName: web-tls}}
    /// ```
    /// ```yaml bad file=values.yaml
    /// tls:
    ///   keyPassphrase: "cha·ngeit"
    /// #                 ^^^^^^^^ passphrase of the private key in `values.yaml` stands beside it in `keyPassphrase`
    ///   key: |
    ///     ${pair.key}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData:
    ///   databasePassword: cha·ngeit
    ///   passphrase: ${PASSPHRASE}
    ///   server.key: |
    ///     ${pair.key}
    /// ```
    /// ```yaml good
    /// tls:
    ///   keyPassphrase: ""
    ///   databasePassword: cha·ngeit
    ///   key: |
    ///     ${pair.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-passphrase-beside-it",
        summary: "passphrase of a private key stands beside it",
        remedy: "Keep the passphrase in a secret store and hand it over when the program starts, and replace key and passphrase.",
        severity: High,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[312, 522],
        controls: &[control::SECRETS_IN_VAULT, control::SECRETS_NOT_IN_REPO],
        references: &["https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html"],
    }
}

/// What a passphrase opens, for a message.
struct Locked<'a> {
    what: &'static str,
    place: String,
    secret: Option<ObjectRef<'a>>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut locked = Vec::new();
    for object in snapshot.of_kind("Secret") {
        if let Some(found) = locked_in(object) {
            within(object, &found, out);
            locked.push(found);
        }
    }
    if !locked.is_empty() {
        in_environments(snapshot, &locked, out);
    }
    for file in snapshot.files().iter().filter(|file| file.objects.is_empty()) {
        if let Some(bundle) = file.bundles.iter().find(|bundle| has_encrypted_key(bundle)) {
            in_text(file, bundle, out);
        }
    }
}

fn has_encrypted_key(bundle: &Bundle) -> bool {
    bundle.private_keys().any(|(_, key)| key.encrypted)
}

/// The first encrypted key or key store of a Secret.
fn locked_in(object: ObjectRef<'_>) -> Option<Locked<'_>> {
    let key = object.file.bundles.iter().find_map(|bundle| match &bundle.holder {
        Holder::Secret { object: index, key }
            if *index == object.index && has_encrypted_key(bundle) =>
        {
            Some(key.as_str())
        }
        _ => None,
    });
    let (what, key) = key.map(|key| ("private key", key)).or_else(|| {
        let is_store = |key: &str| {
            let name = key.to_ascii_lowercase();
            [".p12", ".pfx", ".jks", ".jceks", ".keystore"].iter().any(|end| name.ends_with(end))
        };
        let mut entries = Secret::of(object.view)?.distinct_entries();
        let store = entries.find(|entry| {
            is_store(entry.key)
                && entry.decoded().is_ok_and(|bytes| is_binary_material(&bytes.bytes))
        })?;
        Some(("key store", store.key))
    })?;
    let place = format!("`{}` of {}", Shown(key), object.view.display());
    Some(Locked { what, place, secret: Some(object) })
}

impl Locked<'_> {
    fn message(&self, rest: &str) -> String {
        format!("passphrase of the {} in {} stands {rest}", self.what, self.place)
    }
}

/// Entries of the Secret itself.
fn within(object: ObjectRef<'_>, locked: &Locked<'_>, out: &mut SnapshotSink<'_>) {
    let Some(secret) = Secret::of(object.view) else { return };
    for entry in secret.distinct_entries().filter(|entry| is_passphrase(entry.key, true)) {
        if entry.decoded().is_ok_and(|value| is_given(&value.bytes)) {
            let message = locked.message(&format!("beside it in `{}`", Shown(entry.key)));
            let span = entry.value.span();
            out.report(object.source(), span, message).object(object.path()).secret(span);
        }
    }
}

/// Variables of containers whose pod mounts or reads such a Secret.
fn in_environments(snapshot: &Snapshot, locked: &[Locked<'_>], out: &mut SnapshotSink<'_>) {
    let mut by_name: BTreeMap<&str, Vec<(Option<&str>, &Locked<'_>)>> = BTreeMap::new();
    for each in locked {
        if let Some(secret) = each.secret {
            let place = (secret.view.namespace(), each);
            by_name.entry(secret.view.name()).or_default().push(place);
        }
    }
    for object in snapshot.workloads() {
        for pod in object.view.pod_templates() {
            let names: BTreeSet<&str> = pod
                .volumes()
                .filter_map(|volume| volume.source_of("secret")?.get("secretName")?.text())
                .collect();
            let namespace = object.view.namespace();
            let mut named = names.iter().filter_map(|name| by_name.get(name)).flatten();
            let mounted = named.find(|(of, _)| namespaces_agree(*of, namespace));
            let mounted = mounted.map(|(_, locked)| locked);
            let Some(mounted) = mounted else { continue };
            for container in pod.containers() {
                for variable in container.env().filter(|each| is_passphrase(each.name, false)) {
                    let Some(value) = variable.value else { continue };
                    if !value.text().is_some_and(|text| is_given(text.as_bytes())) {
                        continue;
                    }
                    let place = format!("in `{}` of {}", Shown(variable.name), container.display());
                    out.report(object.source(), value.span(), mounted.message(&place))
                        .object(object.path())
                        .secret(value.span());
                }
            }
        }
    }
}

/// Lines of a file of settings that holds an encrypted key.
fn in_text(file: &File, bundle: &Bundle, out: &mut SnapshotSink<'_>) {
    let settings = matches!(
        file.kind,
        FileKind::Yaml | FileKind::Json | FileKind::Toml | FileKind::Ini | FileKind::Env
    );
    if !settings {
        return;
    }
    let place = format!("`{}`", Shown(file.source.path()));
    let locked = Locked { what: "private key", place, secret: None };
    for line in lines(file.source.text()) {
        let span: Span = line.span;
        if !bundle.span.overlaps(span) || bundle.holder == Holder::File {
            let message = locked.message(&format!("beside it in `{}`", Shown(line.name)));
            out.report(&file.source, span, message).secret(span);
        }
    }
}
