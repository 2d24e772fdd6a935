use careen_image_model::oci::{Entry, EntryKind};
use careen_model::Context;
use careen_rule::{Confidence, OptionKind, RuleOption, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::credential_file::kind_of;
use crate::entries::is_of_others;
use crate::subject::Built;

rule! {
    /// Whoever may pull an image has every file of every layer, also those that a later layer
    /// deletes: `RUN rm` hides a file from containers, and takes nothing out of the image. Files
    /// that are known for holding credentials have no place in one; secrets that only the build
    /// needs go into `RUN --mount=type=secret`, those that the service needs are mounted when it
    /// starts. What the file holds is not looked at here: a test key and an empty `.npmrc` are
    /// harmless, which the option `allowed` says.
    ///
    /// ```image bad file=app
    /// # finds layer-1/root/.aws/credentials: `root/.aws/credentials` (credentials of AWS) is deleted by layer 2 of image `app` but still ships in layer 1
    /// # finds layer-1/app/.env: `app/.env` of image `app` by its name holds the environment of a service
    /// # finds layer-2/etc/ssh/ssh_host_rsa_key: `etc/ssh/ssh_host_rsa_key` of image `app` by its name holds an SSH host key
    /// layers:
    ///   - root/.aws/credentials: {size: 8}
    ///     app/.env: {size: 8}
    ///   - root/.aws/.wh.credentials: {}
    ///     etc/ssh/ssh_host_rsa_key: {size: 8}
    ///     etc/ssh/ssh_host_rsa_key.pub: {size: 8}
    /// ```
    /// ```config
    /// rules: {layer-credential-file: {allowed: [/app/certs/*.pfx]}}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - app/.env.example: {size: 8}
    ///     app/.env: {}
    ///     app/settings.py: {size: 8}
    ///     app/certs/dev.pfx: {size: 8}
    ///     usr/lib/python3/test/keys.pfx: {size: 8}
    ///     app/node_modules/tool/.npmrc: {size: 8}
    ///     root/.kube/config: {link: /run/secrets/kubeconfig}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-credential-file",
        summary: "image ships a file that holds credentials by its name",
        remedy: "Leave the file out with `.dockerignore`, hand build secrets over with `RUN --mount=type=secret`, and replace what it held.",
        severity: High,
        check: Check::Image(check),
        confidence: Confidence::Medium,
        peers: &["dockle:CIS-DI-0010", "cis:4.10"],
        security: true,
        cwe: &[538],
        controls: &[control::SECRETS_IN_VAULT],
        references: &["https://docs.docker.com/build/building/secrets/"],
        options: &[RuleOption {
            name: "allowed",
            kind: OptionKind::Words,
            summary: "Absolute paths that may be shipped; `*` stands for any text.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "allowed");
    let name = built.name();
    let kind_of = |entry: &Entry| {
        let has_content = match entry.kind {
            EntryKind::File => entry.size > 0,
            EntryKind::Hardlink => true,
            _ => false,
        };
        let kind = kind_of(&entry.path).filter(|_| has_content && !is_of_others(&entry.path))?;
        let fits =
            |pattern: &String| careen_rule::fits(pattern.trim_start_matches('/'), &entry.path);
        (!allowed.iter().any(fits)).then_some(kind)
    };
    for (layer, entry) in built.merged.entries() {
        let Some(kind) = kind_of(entry) else { continue };
        let message = format!("`{}` of image `{name}` by its name holds {}", entry.path, kind.what);
        let finding = built.report_entry(out, layer, entry, message);
        if !kind.is_certain {
            finding.severity(Severity::Medium).confidence(Confidence::Low);
        }
    }
    for &(layer, entry, by) in built.merged.hidden() {
        let Some(kind) = kind_of(entry) else { continue };
        // What was replaced by its like is reported where it is now.
        if built.merged.get(&entry.path).is_some() {
            continue;
        }
        let message = format!(
            "`{}` ({}) is deleted by layer {} of image `{name}` but still ships in layer {}",
            entry.path,
            kind.what,
            by + 1,
            layer + 1
        );
        let finding = built.report_entry(out, layer, entry, message);
        if !kind.is_certain {
            finding.severity(Severity::Medium).confidence(Confidence::Low);
        }
    }
}
