//! The controls that the restricted standard adds to the baseline or puts in a control's place.
//! Those about Linux alone spare pods on Windows since 1.25.

use careen_kube_model::PodTemplate;

use super::baseline::{everywhere, text};
use super::{Policy, allowed, has_user_namespace, is_windows};

fn is_spared(pod: PodTemplate<'_>, policy: Policy) -> bool {
    policy.version.is_at_least(25) && is_windows(pod)
}

pub(super) fn capabilities(pod: PodTemplate<'_>, policy: Policy) -> bool {
    if !policy.version.is_at_least(22) {
        return super::baseline::capabilities(pod);
    }
    !is_spared(pod, policy)
        && pod.containers().any(|container| {
            !container.capabilities("drop").any(|(name, _)| name == "ALL")
                || container.capabilities("add").any(|(name, _)| name != "NET_BIND_SERVICE")
        })
}

pub(super) fn volume_types(pod: PodTemplate<'_>, policy: Policy) -> bool {
    pod.volumes().any(|volume| {
        // A volume without a source is an `emptyDir` by the time it is admitted.
        volume.source.is_some_and(|(source, _)| !allowed::is_volume_source(source, policy.cluster))
    })
}

pub(super) fn privilege_escalation(pod: PodTemplate<'_>, policy: Policy) -> bool {
    policy.version.is_at_least(8)
        && !is_spared(pod, policy)
        && pod.containers().any(|container| {
            let allows = container.security("allowPrivilegeEscalation");
            allows.and_then(|node| node.as_bool()) != Some(false)
        })
}

pub(super) fn non_root(pod: PodTemplate<'_>, policy: Policy) -> bool {
    if has_user_namespace(pod, policy.version) {
        return false;
    }
    let of_pod = pod.security("runAsNonRoot").and_then(|node| node.as_bool());
    of_pod == Some(false)
        || pod.containers().any(|container| {
            let own = container.security("runAsNonRoot").and_then(|node| node.as_bool());
            own.or(of_pod) != Some(true)
        })
}

pub(super) fn user(pod: PodTemplate<'_>, policy: Policy) -> bool {
    policy.version.is_at_least(23)
        && !has_user_namespace(pod, policy.version)
        && everywhere(pod, "runAsUser").any(|user| user.as_i64() == Some(0))
}

pub(super) fn seccomp(pod: PodTemplate<'_>, policy: Policy) -> bool {
    if !policy.version.is_at_least(19) {
        return super::baseline::seccomp(pod);
    }
    if is_spared(pod, policy) {
        return false;
    }
    let of_pod = pod.security("seccompProfile").map(|profile| text(profile, "type"));
    of_pod.is_some_and(|kind| !allowed::is_profile(kind))
        || pod.containers().any(|container| {
            let own = container.security("seccompProfile").map(|profile| text(profile, "type"));
            !own.or(of_pod).is_some_and(allowed::is_profile)
        })
}
