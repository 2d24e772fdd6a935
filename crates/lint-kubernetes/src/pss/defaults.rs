//! What a pod says for its containers and each of them says otherwise. Admission refuses the pod
//! for it all the same, because a container may be added to a pod that runs.

use careen_kube_model::{Container, PodTemplate, field};
use careen_model::KubernetesVersion;
use careen_yaml::Node;

use super::{Level, allowed, has_user_namespace};

/// A value of the pod that no container takes over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overridden<'a> {
    /// The field of the pod's `securityContext`.
    pub(crate) field: &'static str,
    /// Where the value stands.
    pub(crate) node: Node<'a>,
    /// The value.
    pub(crate) value: &'a str,
}

/// A field of a pod's `securityContext` that a standard looks at.
struct Default {
    level: Level,
    /// The path of the value, and the path a container must have to take nothing over.
    path: &'static [&'static str],
    own: &'static [&'static str],
    name: &'static str,
    is_bad: fn(Node<'_>, KubernetesVersion) -> bool,
}

const DEFAULTS: &[Default] = &[
    Default {
        level: Level::Baseline,
        path: &["windowsOptions", "hostProcess"],
        own: &["windowsOptions", "hostProcess"],
        name: "windowsOptions.hostProcess",
        is_bad: |node, _| node.as_bool() == Some(true),
    },
    Default {
        level: Level::Baseline,
        path: &["appArmorProfile", "type"],
        own: &["appArmorProfile"],
        name: "appArmorProfile.type",
        is_bad: |node, version| {
            version.is_at_least(allowed::APPARMOR_FIELD)
                && !node.text().is_some_and(allowed::is_profile)
        },
    },
    Default {
        level: Level::Baseline,
        path: &["seccompProfile", "type"],
        own: &["seccompProfile"],
        name: "seccompProfile.type",
        is_bad: |node, _| !node.text().is_some_and(allowed::is_profile),
    },
    Default {
        level: Level::Baseline,
        path: &["seLinuxOptions", "type"],
        own: &["seLinuxOptions"],
        name: "seLinuxOptions.type",
        is_bad: |node, version| {
            !node.text().is_some_and(|name| allowed::is_selinux_type(name, version))
        },
    },
    Default {
        level: Level::Baseline,
        path: &["seLinuxOptions", "user"],
        own: &["seLinuxOptions"],
        name: "seLinuxOptions.user",
        is_bad: |node, _| node.text() != Some(""),
    },
    Default {
        level: Level::Baseline,
        path: &["seLinuxOptions", "role"],
        own: &["seLinuxOptions"],
        name: "seLinuxOptions.role",
        is_bad: |node, _| node.text() != Some(""),
    },
    Default {
        level: Level::Restricted,
        path: &["runAsNonRoot"],
        own: &["runAsNonRoot"],
        name: "runAsNonRoot",
        is_bad: |node, _| node.as_bool() == Some(false),
    },
    Default {
        level: Level::Restricted,
        path: &["runAsUser"],
        own: &["runAsUser"],
        name: "runAsUser",
        is_bad: |node, _| node.as_i64() == Some(0),
    },
];

/// The values of a pod that a level adds to the levels below it, that its standard does not allow,
/// and that no container takes over: those that one does are told of the container.
pub(crate) fn overridden(
    pod: PodTemplate<'_>,
    level: Level,
    version: KubernetesVersion,
) -> impl Iterator<Item = Overridden<'_>> {
    let is_relaxed = level == Level::Restricted && has_user_namespace(pod, version);
    let context = pod.security_context().filter(|_| !is_relaxed);
    context.into_iter().flat_map(move |context| {
        DEFAULTS.iter().filter(move |default| default.level == level).filter_map(move |default| {
            let node = careen_kube_model::path(context, default.path)?;
            if !(default.is_bad)(node, version) || !pod.containers().all(|own| says(own, default)) {
                return None;
            }
            Some(Overridden { field: default.name, node, value: node.text().unwrap_or_default() })
        })
    })
}

fn says(container: Container<'_>, default: &Default) -> bool {
    let Some(mut node) = container.security_context() else { return false };
    for key in default.own {
        let Some(value) = field(node, key) else { return false };
        node = value;
    }
    true
}
