use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::entries::{listed, programs};
use crate::subject::Built;

rule! {
    /// Compilers, debuggers, servers for logging in and scanners of networks serve whoever breaks
    /// in more than the service: with them a container is a place to work from. Compilers belong
    /// into a build stage of their own; nobody logs in to a container; `kubectl debug` brings
    /// debuggers along. `curl`, `ssh` and shells are let be unless the option `programs` names
    /// them.
    ///
    /// Plain Debian and Alpine images have none; `python`, `node` and `golang` images that are not
    /// `slim` have compilers.
    ///
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/gcc: image `app` ships tools that its service hardly needs: `usr/bin/gcc`, `usr/sbin/sshd`
    /// layers:
    ///   - usr/bin/gcc: {link: gcc-12}
    ///     usr/bin/gcc-12: {mode: "755", size: 4}
    ///     usr/sbin/sshd: {mode: "755", size: 4}
    /// ```
    /// ```config
    /// rules: {layer-unneeded-tool: {programs: [curl]}}
    /// ```
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/curl: image `app` ships tools that its service hardly needs: `usr/bin/curl`
    /// layers:
    ///   - usr/bin/gcc: {mode: "755", size: 4}
    ///     usr/bin/curl: {mode: "755", size: 4}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - usr/bin/curl: {mode: "755", size: 4}
    ///     bin/busybox: {mode: "755", size: 4}
    ///     usr/bin/nc: {link: /bin/busybox}
    ///     usr/share/bash-completion/completions/gdb: {size: 4}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-unneeded-tool",
        summary: "image ships tools for building, debugging or logging in",
        remedy: "Build in another stage and copy the result, or install the tool with the packages that are removed again in the same `RUN`.",
        severity: Low,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0003", "dockle:DKL-DI-0001", "cis:4.3"],
        security: true,
        cwe: &[1188],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages"],
        options: &[RuleOption {
            name: "programs",
            kind: OptionKind::Words,
            summary: "Names of the programs that no image needs; without it, compilers, debuggers, servers for logging in, and scanners.",
        }],
    }
}

const TOOLS: &[&str] = &[
    // Compilers.
    "clang",
    "clang++",
    "g++",
    "gcc",
    "rustc",
    "tcc",
    // Debuggers.
    "dlv",
    "gdb",
    "gdbserver",
    "lldb",
    "ltrace",
    "strace",
    // Ways to log in, and to become root.
    "dropbear",
    "in.telnetd",
    "sshd",
    "sudo",
    "telnetd",
    "vncserver",
    "xrdp",
    // Networks.
    "hydra",
    "masscan",
    "nc.openbsd",
    "nc.traditional",
    "ncat",
    "nmap",
    "socat",
    "tcpdump",
    "tshark",
];

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let asked = context.options.words(RULE.meta.id, "programs");
    let is_meant = |name: &str| match asked {
        [] => TOOLS.contains(&name),
        asked => asked.iter().any(|one| one == name),
    };
    // A setuid program, as `sudo` is, is reported as that.
    let found: Vec<_> =
        programs(built, is_meant).filter(|(_, entry)| entry.mode & 0o4000 == 0).collect();
    if let Some(&(layer, entry)) = found.first() {
        let message = format!(
            "image `{}` ships tools that its service hardly needs: {}",
            built.name(),
            listed(&found)
        );
        built.report_entry(out, layer, entry, message);
    }
}
