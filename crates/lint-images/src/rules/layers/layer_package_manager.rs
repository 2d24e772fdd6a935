use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::entries::{listed, programs};
use crate::subject::Built;

rule! {
    /// Asked for where images are to hold the service and nothing else. A package manager lets
    /// whoever gets into a container fetch the tools that the image left out, and where packages
    /// are installed at run time, nobody scanned them. Images without one are built in two stages,
    /// the second from a distroless or an empty base.
    ///
    /// Plain Debian and Alpine images have one.
    ///
    /// ```image bad file=app
    /// # finds layer-1/sbin/apk: image `app` ships package managers: `sbin/apk`, `usr/local/bin/pip3`
    /// layers:
    ///   - sbin/apk: {mode: "755", size: 4}
    ///     usr/local/bin/pip3: {mode: "755", size: 4}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - sbin/apk: {mode: "755", size: 4}
    ///     usr/share/doc/apk: {mode: "755", size: 4}
    ///   - sbin/.wh.apk: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-package-manager",
        summary: "image ships a package manager",
        remedy: "Copy the service into a base image without one.",
        severity: Low,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0003", "cis:4.3"],
        security: true,
        cwe: &[1188],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://github.com/GoogleContainerTools/distroless"],
        options: &[RuleOption {
            name: "programs",
            kind: OptionKind::Words,
            summary: "Names of the programs that count; without it, those of the known managers.",
        }],
        default: false,
    }
}

const MANAGERS: &[&str] = &[
    "apk", "apt", "apt-get", "cargo", "composer", "conda", "dnf", "dnf5", "dpkg", "emerge", "gem",
    "microdnf", "npm", "opkg", "pacman", "pip", "pip3", "pnpm", "rpm", "tdnf", "uv", "yarn", "yum",
    "zypper",
];

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let asked = context.options.words(RULE.meta.id, "programs");
    let is_meant = |name: &str| match asked {
        [] => MANAGERS.contains(&name),
        asked => asked.iter().any(|one| one == name),
    };
    let found: Vec<_> = programs(built, is_meant).collect();
    if let Some(&(layer, entry)) = found.first() {
        let message =
            format!("image `{}` ships package managers: {}", built.name(), listed(&found));
        built.report_entry(out, layer, entry, message);
    }
}
