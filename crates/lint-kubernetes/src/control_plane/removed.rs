//! Flags and admission plugins that Kubernetes has removed. A program does not start with them.

use super::{Component, Flag, Item, Program};

/// A flag or plugin that is gone.
#[derive(Debug)]
pub(crate) struct Removed {
    pub(crate) name: &'static str,
    /// The minor version that is the first without it.
    pub(crate) gone: u16,
}

const fn row(name: &'static str, gone: u16) -> Removed {
    Removed { name, gone }
}

/// Of all programs of Kubernetes: those of the logging library.
const EVERYWHERE: &[Removed] = &[
    row("add-dir-header", 26),
    row("alsologtostderr", 26),
    row("log-backtrace-at", 26),
    row("log-dir", 26),
    row("log-file", 26),
    row("log-file-max-size", 26),
    row("logtostderr", 26),
    row("one-output", 26),
    row("skip-headers", 26),
    row("skip-log-headers", 26),
    row("stderrthreshold", 26),
];
/// Those that other rules report are left out.
const API_SERVER: &[Removed] = &[row("address", 24), row("port", 24)];
const CONTROLLER_MANAGER: &[Removed] = &[
    row("address", 24),
    row("enable-taint-manager", 27),
    row("pod-eviction-timeout", 27),
    row("port", 24),
];
const SCHEDULER: &[Removed] = &[
    row("address", 24),
    row("algorithm-provider", 23),
    row("policy-config-file", 23),
    row("policy-configmap", 23),
    row("port", 24),
];
const KUBELET: &[Removed] = &[
    row("cni-bin-dir", 24),
    row("cni-cache-dir", 24),
    row("cni-conf-dir", 24),
    row("container-runtime", 27),
    row("docker-endpoint", 24),
    row("dynamic-config-dir", 24),
    row("image-pull-progress-deadline", 24),
    row("keep-terminated-pod-volumes", 31),
    row("network-plugin", 24),
    row("network-plugin-mtu", 24),
    row("pod-infra-container-image", 35),
];
/// `PodSecurityPolicy` has a rule of its own.
const PLUGINS: &[Removed] = &[row("PodPreset", 20), row("SecurityContextDeny", 30)];

/// The flags of a component that some version has removed.
pub(crate) fn removed_flags<'s, 'a>(
    component: &'s Component<'a>,
) -> impl Iterator<Item = (&'s Flag<'a>, &'static Removed)> {
    let (everywhere, own): (&[Removed], &[Removed]) = match component.program {
        _ if component.is_configuration() => (&[], &[]),
        Program::ApiServer => (EVERYWHERE, API_SERVER),
        Program::ControllerManager => (EVERYWHERE, CONTROLLER_MANAGER),
        Program::Scheduler => (EVERYWHERE, SCHEDULER),
        Program::Kubelet => (EVERYWHERE, KUBELET),
        Program::Proxy => (EVERYWHERE, &[]),
        Program::Etcd | Program::Admission => (&[], &[]),
    };
    component.flags.iter().filter_map(move |flag| {
        let mut rows = everywhere.iter().chain(own);
        rows.find(|row| row.name == flag.name).map(|row| (flag, row))
    })
}

/// The admission plugins that a component enables and some version has removed.
pub(crate) fn removed_plugins<'s>(
    component: &'s Component<'_>,
) -> impl Iterator<Item = (Item<'s>, &'static Removed)> {
    let lists = ["enable-admission-plugins", "disable-admission-plugins", "admission-control"];
    lists.into_iter().flat_map(|name| component.list(name)).filter_map(|item| {
        let row = PLUGINS.iter().find(|row| row.name == item.text)?;
        Some((item, row))
    })
}
