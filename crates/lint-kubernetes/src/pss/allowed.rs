//! What the standards allow, by version.

use careen_kube_model::Container;
use careen_model::KubernetesVersion;

/// Capabilities that the baseline lets a container add: the default set of the usual runtimes,
/// without `NET_RAW`.
pub(crate) const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel parameters that are safe, with the minor version that says so first.
const SYSCTLS: &[(&str, u16)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_notsent_lowat", 37),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.tcp_wmem", 32),
];

/// The first minor version that takes a kernel parameter to be safe, if any does.
pub(crate) fn sysctl_since(name: &str) -> Option<u16> {
    SYSCTLS.iter().find(|(safe, _)| *safe == name).map(|&(_, since)| since)
}

/// Whether a kernel parameter is safe.
pub(crate) fn is_safe_sysctl(name: &str, version: KubernetesVersion) -> bool {
    sysctl_since(name).is_some_and(|since| version.is_at_least(since))
}

/// Whether SELinux may confine a container by that type.
pub(crate) fn is_selinux_type(name: &str, version: KubernetesVersion) -> bool {
    match name {
        "" | "container_t" | "container_init_t" | "container_kvm_t" => true,
        "container_engine_t" => version.is_at_least(31),
        _ => false,
    }
}

/// Whether a type of AppArmor or seccomp profile confines a container.
pub(crate) fn is_profile(kind: &str) -> bool {
    matches!(kind, "RuntimeDefault" | "Localhost")
}

/// What begins the annotation that names a container's AppArmor profile.
pub(crate) const APPARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Whether the annotation's value is a profile that confines.
pub(crate) fn is_apparmor_annotation(value: &str) -> bool {
    value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
}

/// Whether an annotation of the pod names a profile for the container.
pub(crate) fn has_apparmor_annotation(container: Container<'_>) -> bool {
    container
        .pod
        .annotations()
        .iter()
        .any(|annotation| annotation.key.strip_prefix(APPARMOR_ANNOTATION) == Some(container.name))
}

/// The minor version whose API first has the field `appArmorProfile`.
pub(crate) const APPARMOR_FIELD: u16 = 30;

/// Whether the restricted standard allows a volume of that source. The version is the cluster's:
/// images as volumes are allowed in all versions of the standard since Kubernetes 1.33.
pub(crate) fn is_volume_source(source: &str, cluster: KubernetesVersion) -> bool {
    match source {
        "configMap"
        | "csi"
        | "downwardAPI"
        | "emptyDir"
        | "ephemeral"
        | "persistentVolumeClaim"
        | "projected"
        | "secret" => true,
        "image" => cluster.is_at_least(33),
        _ => false,
    }
}
