use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::entries::{listed, programs};
use crate::subject::Built;

rule! {
    /// Asked for where images are to hold the service and nothing else. Most ways into a container
    /// end in a shell; without one, a defect that runs commands runs none. `kubectl debug` brings
    /// its own shell when people need one.
    ///
    /// Plain Debian and Alpine images have one, distroless ones have none.
    ///
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/dash: image `app` ships a shell: `usr/bin/dash`
    /// layers:
    ///   - usr/bin/dash: {mode: "755", size: 4}
    ///     usr/bin/sh: {link: dash}
    ///     bin: {link: usr/bin}
    /// ```
    /// ```image bad file=app
    /// # finds layer-1/bin/busybox: image `app` ships a shell: `bin/busybox`, `bin/sh`
    /// layers:
    ///   - "bin/[": {mode: "755", size: 4}
    ///     bin/busybox: {hardlink: "bin/["}
    ///     bin/sh: {hardlink: "bin/["}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - usr/bin/dash: {mode: "644", size: 4}
    ///     usr/share/bash: {mode: "755", size: 4}
    ///     bin/sh: {link: missing}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-shell",
        summary: "image ships a shell",
        remedy: "Copy the service into a base image without a shell.",
        severity: Low,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0003", "cis:4.3"],
        security: true,
        cwe: &[1188],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/"],
        options: &[RuleOption {
            name: "programs",
            kind: OptionKind::Words,
            summary: "Names of the programs that count; without it, those of the known shells.",
        }],
        default: false,
    }
}

const SHELLS: &[&str] = &[
    "ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "oksh", "pwsh", "sh", "tcsh",
    "toybox", "zsh",
];

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let asked = context.options.words(RULE.meta.id, "programs");
    let is_meant = |name: &str| match asked {
        [] => SHELLS.contains(&name),
        asked => asked.iter().any(|one| one == name),
    };
    // A link is as good as what it leads to, which has a name of its own.
    let found: Vec<_> =
        programs(built, is_meant).filter(|(_, it)| it.kind != EntryKind::Symlink).collect();
    if let Some(&(layer, entry)) = found.first() {
        let message = format!("image `{}` ships a shell: {}", built.name(), listed(&found));
        built.report_entry(out, layer, entry, message);
    }
}
