use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A setuid program runs with the rights of its owner, whoever starts it: one defect in it
    /// makes a process without rights root. Containers that run as a plain user hardly ever need
    /// one; with `allowPrivilegeEscalation: false` they do nothing anyway. What every distribution
    /// brings, such as `su` and `passwd`, is told once, and as less severe.
    ///
    /// ```image bad file=app
    /// # finds layer-1/usr/bin/sudo: `usr/bin/sudo` of image `app` is setuid of uid 0
    /// # finds layer-1/bin/mount: image `app` ships 2 setuid or setgid programs of its distribution: `bin/mount`, `usr/bin/passwd`
    /// # finds layer-2/app/run: `app/run` of image `app` is setgid of gid 10
    /// layers:
    ///   - usr/bin/sudo: {mode: "4755", size: 8}
    ///     usr/bin/su: {mode: "4755", size: 8}
    ///     bin/mount: {mode: "4755", size: 8}
    ///     usr/bin/passwd: {mode: "4755", size: 8}
    ///   - app/run: {mode: "2755", size: 8, gid: 10}
    ///     usr/bin/.wh.su: {}
    /// ```
    /// ```config
    /// rules: {layer-setuid: {allowed: [/usr/bin/passwd]}}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - usr/bin/passwd: {mode: "4755", size: 8}
    ///     usr/bin/data: {mode: "4644", size: 8}
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

/// What Debian, Alpine, Fedora and their kin bring.
const OF_DISTRIBUTIONS: &[&str] = &[
    "at",
    "bbsuid",
    "chage",
    "chfn",
    "chsh",
    "crontab",
    "dotlockfile",
    "expiry",
    "fusermount",
    "fusermount3",
    "gpasswd",
    "mount",
    "mount.nfs",
    "newgidmap",
    "newgrp",
    "newuidmap",
    "ntfs-3g",
    "pam_extrausers_chkpwd",
    "pam_timestamp_check",
    "passwd",
    "ping",
    "ping6",
    "pkexec",
    "polkit-agent-helper-1",
    "ssh-agent",
    "ssh-keysign",
    "su",
    "umount",
    "unix_chkpwd",
    "userhelper",
    "utempter",
    "wall",
    "write",
    "write.ul",
];
/// Where they lie.
const FOLDERS: &[&str] = &["bin/", "sbin/", "usr/bin/", "usr/sbin/", "usr/lib/", "usr/libexec/"];
/// Programs that are named.
const NAMED_MAX: usize = 12;

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "allowed");
    let mut usual = Vec::new();
    for (layer, entry) in built.merged.entries() {
        // On folders, setgid hands the group down, which is harmless.
        let executable = entry.mode & 0o111 != 0;
        if entry.kind != EntryKind::File || entry.mode & 0o6000 == 0 || !executable {
            continue;
        }
        if allowed.iter().any(|path| path.trim_start_matches('/') == &*entry.path) {
            continue;
        }
        if OF_DISTRIBUTIONS.contains(&entry.name())
            && FOLDERS.iter().any(|folder| entry.path.starts_with(folder))
        {
            usual.push((layer, entry));
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
    if let Some((layer, first)) = usual.first() {
        let names: Vec<_> =
            usual.iter().take(NAMED_MAX).map(|(_, entry)| format!("`{}`", entry.path)).collect();
        let more = if usual.len() > NAMED_MAX { ", …" } else { "" };
        let message = format!(
            "image `{}` ships {} setuid or setgid {} of its distribution: {}{more}",
            built.name(),
            usual.len(),
            if usual.len() == 1 { "program" } else { "programs" },
            names.join(", ")
        );
        built.report_entry(out, *layer, first, message).severity(Severity::Low);
    }
}
