use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::capability::{FileCapabilities, names};
use crate::subject::Built;

rule! {
    /// A program with a file capability has rights that the user who runs it has not: a setuid
    /// bit in small, which no listing of modes shows. With `allowPrivilegeEscalation: false` it
    /// grants nothing; and where its effective bit is set and the container may not have the
    /// capability, as under `drop: [ALL]`, the program does not start at all. Binding to a port
    /// below 1024, the most common reason, needs none in Docker since 20.10 and in containerd with
    /// its defaults.
    ///
    /// A plain Debian or Alpine image has none.
    ///
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/ping: `usr/bin/ping` of image `app` grants CAP_NET_RAW to who runs it, and does not start without
    /// # finds layer-1/app/web: `app/web` of image `app` grants CAP_NET_BIND_SERVICE to who runs it
    /// # finds layer-1/app/old: `app/old` of image `app` grants CAP_SETUID, CAP_SYS_ADMIN to who runs it
    /// # finds layer-1/app/kept: `app/kept` of image `app` keeps CAP_NET_ADMIN for who has it
    /// layers:
    ///   - usr/bin/ping: {mode: "755", size: 8, capability: AQAAAgAgAAAAAAAAAAAAAAAAAAA=}
    ///     app/web: {mode: "755", size: 8, capability: AAAAAwAEAAAAAAAAAAAAAAAAAAAAAAAA}
    ///     app/old: {mode: "755", size: 8, capability: AQAAAYAAIAAAAAAA}
    ///     app/kept: {mode: "755", size: 8, capability: AAAAAgAAAAAAEAAAAAAAAAAAAAA=}
    /// ```
    /// ```config
    /// rules: {layer-file-capability: {allowed: [/usr/bin/ping]}}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - usr/bin/ping: {mode: "755", size: 8, capability: AQAAAgAgAAAAAAAAAAAAAAAAAAA=}
    ///     app/none: {mode: "755", size: 8, capability: AAAAAgAAAAAAAAAAAAAAAAAAAAA=}
    ///     app/broken: {mode: "755", size: 8, capability: AQAAAgAg}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-file-capability",
        summary: "image ships a program with a file capability",
        remedy: "Take the capability away with `RUN setcap -r FILE`, and grant it to the container that needs it.",
        severity: Medium,
        check: Check::Image(check),
        peers: &["cis:4.8"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://man7.org/linux/man-pages/man7/capabilities.7.html"],
        options: &[RuleOption {
            name: "allowed",
            kind: OptionKind::Words,
            summary: "Absolute paths of programs that may have capabilities; without it, none.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "allowed");
    for (layer, entry) in built.merged.entries() {
        let Some(bytes) = entry.capability.as_deref() else { continue };
        let Some(capabilities) = FileCapabilities::parse(bytes) else { continue };
        let granted = capabilities.permitted;
        if entry.kind != EntryKind::File || granted | capabilities.inheritable == 0 {
            continue;
        }
        if allowed.iter().any(|path| path.trim_start_matches('/') == &*entry.path) {
            continue;
        }
        let (path, name) = (&entry.path, built.name());
        let message = if granted == 0 {
            let kept = names(capabilities.inheritable).join(", ");
            format!("`{path}` of image `{name}` keeps {kept} for who has it")
        } else {
            let effective =
                if capabilities.effective { ", and does not start without" } else { "" };
            let granted = names(granted).join(", ");
            format!("`{path}` of image `{name}` grants {granted} to who runs it{effective}")
        };
        let finding = built.report_entry(out, layer, entry, message);
        if granted == 0 || capabilities.is_port_only() {
            finding.severity(Severity::Low);
        }
    }
}
