//! What several rules ask of a container.

use careen_kube_model::{Container, Effective, ProbeKind, Role, field, path};

use crate::relations::is_complete;

/// Whether the manifest says all there is about the container. What a patch of an overlay does not
/// say is said elsewhere.
pub(crate) fn is_whole(container: Container<'_>) -> bool {
    container.image().is_some() && is_complete(container.pod)
}

/// Whether the container does the pod's work, in a pod that stays as well as in a job. Init
/// containers end before it starts, and ephemeral ones cannot have resources or probes.
pub(crate) fn does_work(container: Container<'_>) -> bool {
    matches!(container.role, Role::Main | Role::Sidecar) && is_whole(container)
}

/// Whether the container runs as long as its pod, in a pod that is meant to stay.
pub(crate) fn stays(container: Container<'_>) -> bool {
    container.is_long_running() && is_whole(container)
}

/// Whether the pod as a whole has a limit of the resource, which covers its containers.
pub(crate) fn pod_has_limit(container: Container<'_>, resource: &str) -> bool {
    path(container.pod.spec, &["resources", "limits", resource]).is_some()
}

/// Whether the pod as a whole requests the resource, by a request or a limit of its own.
pub(crate) fn pod_has_request(container: Container<'_>, resource: &str) -> bool {
    path(container.pod.spec, &["resources", "requests", resource]).is_some()
        || pod_has_limit(container, resource)
}

/// What a message adds where the pod decides for the container.
pub(crate) fn origin<T>(effective: &Effective<'_, T>) -> &'static str {
    if effective.own { "" } else { ", as its pod says" }
}

/// Whether the container adds the capability that is as good as being privileged.
pub(crate) fn adds_sys_admin(container: Container<'_>) -> bool {
    container
        .capabilities("add")
        .any(|(written, _)| matches!(&*crate::capabilities::name(written), "SYS_ADMIN" | "ALL"))
}

/// The Windows user the container runs as, of the container over that of the pod.
pub(crate) fn windows_user(container: Container<'_>) -> Option<&str> {
    let own = container.security("windowsOptions").and_then(|node| field(node, "runAsUserName"));
    let user = own.or_else(|| {
        container.pod.security("windowsOptions").and_then(|node| field(node, "runAsUserName"))
    });
    user?.text()
}

/// What a message calls a probe.
pub(crate) const fn probe_noun(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
        ProbeKind::Startup => "startup",
    }
}
