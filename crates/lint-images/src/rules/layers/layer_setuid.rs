use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A setuid program runs with the rights of its owner, whoever starts it: one defect in it
    /// makes a process without rights root. Containers that run as a plain user hardly ever need
    /// one; with `allowPrivilegeEscalation: false` they do nothing anyway. What the base image
    /// brings is allowed by the option `allowed`, or taken away in the Dockerfile.
    ///
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/sudo: `usr/bin/sudo` of image `app` is setuid of uid 0
    /// # finds layer-2/app/run: `app/run` of image `app` is setgid of gid 10
    /// layers:
    ///   - usr/bin/sudo: {mode: "4755", size: 8}
    ///     usr/bin/su: {mode: "4755", size: 8}
    ///   - app/run: {mode: "2755", size: 8, gid: 10}
    ///     usr/bin/.wh.su: {}
    /// ```
    /// ```config
    /// rules: {layer-setuid: {allowed: [/usr/bin/passwd]}}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - usr/bin/passwd: {mode: "4755", size: 8}
    ///     var/mail/: {mode: "2775"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-setuid",
        summary: "image ships a setuid or setgid program",
        remedy: "Take the bit away with `RUN chmod a-s FILE`, or leave the program out.",
        severity: Medium,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0008", "cis:4.8"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://man7.org/linux/man-pages/man2/execve.2.html"],
        options: &[RuleOption {
            name: "allowed",
            kind: OptionKind::Words,
            summary: "Absolute paths of programs that may be setuid or setgid; without it, none.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "allowed");
    for (layer, entry) in built.merged.entries() {
        // On folders, setgid hands the group down, which is harmless.
        let executable = entry.mode & 0o111 != 0;
        if entry.kind != EntryKind::File || entry.mode & 0o6000 == 0 || !executable {
            continue;
        }
        if allowed.iter().any(|path| path.trim_start_matches('/') == &*entry.path) {
            continue;
        }
        let whose = if entry.mode & 0o4000 != 0 {
            format!("setuid of uid {}", entry.uid)
        } else {
            format!("setgid of gid {}", entry.gid)
        };
        let message = format!("`{}` of image `{}` is {whose}", entry.path, built.name());
        built.report_entry(out, layer, entry, message);
    }
}
