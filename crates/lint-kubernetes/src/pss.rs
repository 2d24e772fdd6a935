//! The Pod Security Standards, by version: what admission refuses, no more and no less.
//!
//! The rules about pods judge what is bad in production, which is milder here and stricter there;
//! they take from here the lists of what is allowed. Which of them make up a standard is said by
//! the profiles of the same name.

pub(crate) mod allowed;
mod baseline;
pub(crate) mod defaults;
pub(crate) mod labels;
pub(crate) mod namespaces;
mod restricted;

use std::fmt;

use careen_kube_model::{PodTemplate, path};
use careen_model::KubernetesVersion;

/// How much a standard asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing.
    Privileged,
    /// No known way out of the container.
    Baseline,
    /// What a hardened pod looks like.
    Restricted,
}

impl Level {
    /// As a namespace's label writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// A standard as one cluster applies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// How much it asks for.
    pub(crate) level: Level,
    /// The version of the standard, never above that of the cluster.
    pub(crate) version: KubernetesVersion,
    /// The version of the cluster. It decides which fields there are.
    pub(crate) cluster: KubernetesVersion,
}

/// One thing that a standard asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    HostProcess,
    HostNamespaces,
    Privileged,
    Capabilities,
    HostPath,
    HostPorts,
    AppArmor,
    SeLinux,
    ProcMount,
    Seccomp,
    Sysctls,
    ProbeHosts,
    VolumeTypes,
    PrivilegeEscalation,
    NonRoot,
    User,
}

impl Control {
    const ALL: [Self; 16] = [
        Self::HostProcess,
        Self::HostNamespaces,
        Self::Privileged,
        Self::Capabilities,
        Self::HostPath,
        Self::HostPorts,
        Self::AppArmor,
        Self::SeLinux,
        Self::ProcMount,
        Self::Seccomp,
        Self::Sysctls,
        Self::ProbeHosts,
        Self::VolumeTypes,
        Self::PrivilegeEscalation,
        Self::NonRoot,
        Self::User,
    ];

    fn is_violated(self, pod: PodTemplate<'_>, policy: Policy) -> bool {
        let restricted = policy.level == Level::Restricted;
        match self {
            Self::HostProcess => baseline::host_process(pod),
            Self::HostNamespaces => baseline::host_namespaces(pod),
            Self::Privileged => baseline::privileged(pod),
            Self::Capabilities if restricted => restricted::capabilities(pod, policy),
            Self::Capabilities => baseline::capabilities(pod),
            // The restricted types leave it out, too.
            Self::HostPath => !restricted && baseline::host_path(pod),
            Self::HostPorts => baseline::host_ports(pod),
            Self::AppArmor => baseline::app_armor(pod, policy),
            Self::SeLinux => baseline::se_linux(pod, policy),
            Self::ProcMount => baseline::proc_mount(pod, policy),
            Self::Seccomp if restricted => restricted::seccomp(pod, policy),
            Self::Seccomp => baseline::seccomp(pod),
            Self::Sysctls => baseline::sysctls(pod, policy),
            Self::ProbeHosts => baseline::probe_hosts(pod, policy),
            Self::VolumeTypes => restricted && restricted::volume_types(pod, policy),
            Self::PrivilegeEscalation => {
                restricted && restricted::privilege_escalation(pod, policy)
            }
            Self::NonRoot => restricted && restricted::non_root(pod, policy),
            Self::User => restricted && restricted::user(pod, policy),
        }
    }
}

/// The field a reader looks for.
impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HostProcess => "hostProcess",
            Self::HostNamespaces => "host namespaces",
            Self::Privileged => "privileged",
            Self::Capabilities => "capabilities",
            Self::HostPath => "hostPath",
            Self::HostPorts => "hostPort",
            Self::AppArmor => "appArmorProfile",
            Self::SeLinux => "seLinuxOptions",
            Self::ProcMount => "procMount",
            Self::Seccomp => "seccompProfile",
            Self::Sysctls => "sysctls",
            Self::ProbeHosts => "host of probes and hooks",
            Self::VolumeTypes => "volume types",
            Self::PrivilegeEscalation => "allowPrivilegeEscalation",
            Self::NonRoot => "runAsNonRoot",
            Self::User => "runAsUser",
        })
    }
}

impl Policy {
    /// The standard of the cluster's own version.
    pub(crate) const fn latest(level: Level, cluster: KubernetesVersion) -> Self {
        Self { level, version: cluster, cluster }
    }

    /// What of the standard a pod does not keep.
    pub(crate) fn violations(self, pod: PodTemplate<'_>) -> Vec<Control> {
        if self.level == Level::Privileged {
            return Vec::new();
        }
        Control::ALL.into_iter().filter(|control| control.is_violated(pod, self)).collect()
    }
}

/// Whether the pod says that it runs on Windows, the only way that admission reads.
pub(crate) fn is_windows(pod: PodTemplate<'_>) -> bool {
    path(pod.spec, &["os", "name"]).and_then(|name| name.text()) == Some("windows")
}

/// Whether the pod has users of its own, and the version counts that in its favour.
pub(crate) fn has_user_namespace(pod: PodTemplate<'_>, version: KubernetesVersion) -> bool {
    version.is_at_least(35) && pod.field("hostUsers").and_then(|node| node.as_bool()) == Some(false)
}
