//! The controls of the baseline.

use careen_kube_model::{PodTemplate, field, path};
use careen_yaml::Node;

use super::{Level, Policy, allowed, has_user_namespace};

/// A field of `securityContext` in the pod and in its containers, wherever it stands.
pub(super) fn everywhere<'a>(
    pod: PodTemplate<'a>,
    key: &'static str,
) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let own = pod.containers().filter_map(move |container| container.security(key));
    pod.security(key).into_iter().chain(own)
}

/// The text of a field; empty where there is none.
pub(super) fn text<'a>(node: Node<'a>, key: &str) -> &'a str {
    field(node, key).and_then(|value| value.text()).unwrap_or_default()
}

pub(super) fn host_process(pod: PodTemplate<'_>) -> bool {
    everywhere(pod, "windowsOptions")
        .any(|options| field(options, "hostProcess").and_then(|node| node.as_bool()) == Some(true))
}

pub(super) fn host_namespaces(pod: PodTemplate<'_>) -> bool {
    pod.host_network().or_else(|| pod.host_pid()).or_else(|| pod.host_ipc()).is_some()
}

pub(super) fn privileged(pod: PodTemplate<'_>) -> bool {
    pod.containers().any(|container| container.privileged().is_some())
}

pub(super) fn capabilities(pod: PodTemplate<'_>) -> bool {
    pod.containers().any(|container| {
        container.capabilities("add").any(|(name, _)| !allowed::CAPABILITIES.contains(&name))
    })
}

pub(super) fn host_path(pod: PodTemplate<'_>) -> bool {
    pod.volumes().any(|volume| field(volume.node, "hostPath").is_some())
}

pub(super) fn host_ports(pod: PodTemplate<'_>) -> bool {
    pod.containers().any(|container| {
        let ports = container.ports().filter_map(|port| field(port, "hostPort")?.as_i64());
        ports.into_iter().any(|port| port != 0)
    })
}

pub(super) fn app_armor(pod: PodTemplate<'_>, policy: Policy) -> bool {
    let by_annotation = pod.annotations().iter().any(|annotation| {
        annotation.key.starts_with(allowed::APPARMOR_ANNOTATION)
            && !allowed::is_apparmor_annotation(annotation.value)
    });
    by_annotation
        || (policy.cluster.is_at_least(allowed::APPARMOR_FIELD)
            && everywhere(pod, "appArmorProfile")
                .any(|profile| !allowed::is_profile(text(profile, "type"))))
}

pub(super) fn se_linux(pod: PodTemplate<'_>, policy: Policy) -> bool {
    everywhere(pod, "seLinuxOptions").any(|options| {
        !allowed::is_selinux_type(text(options, "type"), policy.version)
            || !text(options, "user").is_empty()
            || !text(options, "role").is_empty()
    })
}

pub(super) fn proc_mount(pod: PodTemplate<'_>, policy: Policy) -> bool {
    let is_relaxed = policy.level == Level::Baseline && has_user_namespace(pod, policy.version);
    !is_relaxed
        && pod.containers().any(|container| {
            let mount = container.security("procMount");
            mount.is_some_and(|mount| mount.text() != Some("Default"))
        })
}

pub(super) fn seccomp(pod: PodTemplate<'_>) -> bool {
    everywhere(pod, "seccompProfile").any(|profile| !allowed::is_profile(text(profile, "type")))
}

pub(super) fn sysctls(pod: PodTemplate<'_>, policy: Policy) -> bool {
    let list = pod.security("sysctls");
    list.iter()
        .flat_map(Node::items)
        .any(|item| !allowed::is_safe_sysctl(text(item, "name"), policy.version))
}

pub(super) fn probe_hosts(pod: PodTemplate<'_>, policy: Policy) -> bool {
    policy.version.is_at_least(34)
        && pod.containers().any(|container| {
            let hooks = ["postStart", "preStop"];
            let hooks = hooks.into_iter().filter_map(|hook| container.at(&["lifecycle", hook]));
            container.probes().map(|probe| probe.node).chain(hooks).any(|handler| {
                ["httpGet", "tcpSocket"].into_iter().any(|action| {
                    path(handler, &[action]).is_some_and(|call| !text(call, "host").is_empty())
                })
            })
        })
}
