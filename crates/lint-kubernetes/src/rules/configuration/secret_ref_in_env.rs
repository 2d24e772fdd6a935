use careen_kube_model::{Container, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// What a container gets through its environment, every child process gets, and every crash
    /// report and debug page that prints the environment shows. A Secret that is mounted as a file
    /// can be read when it is needed and changes without a restart. Many programs can read nothing
    /// but the environment, so the rule must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     env:
    ///     - name: DB_PASSWORD
    ///       valueFrom:
    ///         secretKeyRef: {name: db, key: password}
    /// #                            ^^ variable `DB_PASSWORD` of container `web` in Pod `web` holds a value of Secret `db`
    ///     envFrom:
    ///     - secretRef: {name: mail}
    /// #                       ^^^^ the environment of container `web` in Pod `web` holds all of Secret `mail`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     volumeMounts:
    ///     - {name: db, mountPath: /run/secrets/db, readOnly: true}
    ///   volumes:
    ///   - name: db
    ///     secret: {secretName: db}
    /// ```
    pub(crate) static RULE: Check = {
        id: "secret-ref-in-env",
        summary: "secret reaches a container through its environment",
        remedy: "Mount the Secret as a file and let the program read it there.",
        severity: Low,
        check: Check::Container(check),
        security: true,
        cwe: &[526],
        peers: &[
            "kube-linter:read-secret-from-env-var",
            "kubesec:SecretsAsEnvironmentVariables",
            "checkov:CKV_K8S_35",
            "kubescape:C-0207",
            "kics:secrets_as_environment_variables",
        ],
        controls: &[control::SECRETS_IN_VAULT],
        references: &["https://kubernetes.io/docs/concepts/security/secrets-good-practices/"],
        default: false,
        fragments: true,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for env in container.env() {
        let source = env.value_from.and_then(|source| field(source, "secretKeyRef"));
        let Some(node) = source.and_then(|source| field(source, "name")) else { continue };
        let (name, secret) = (env.name, node.text().unwrap_or_default());
        let message = format!(
            "variable `{name}` of {} holds a value of Secret `{secret}`",
            container.display()
        );
        out.report(node.span(), message).evidence(format!("{secret}/{name}")).field("env");
    }
    for source in container.env_from() {
        let Some(node) = path(source, &["secretRef", "name"]) else { continue };
        let secret = node.text().unwrap_or_default();
        let message =
            format!("the environment of {} holds all of Secret `{secret}`", container.display());
        out.report(node.span(), message).evidence(secret).field("envFrom");
    }
}
