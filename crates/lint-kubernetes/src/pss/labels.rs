//! The labels by which a namespace asks for a standard.

use careen_kube_model::{ObjectView, field};
use careen_model::KubernetesVersion;
use careen_yaml::Node;

use super::{Level, Policy};

/// What begins every such label.
pub(crate) const PREFIX: &str = "pod-security.kubernetes.io/";
/// The level that pods are refused by.
pub(crate) const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The level of a label's value.
pub(crate) fn level(text: &str) -> Option<Level> {
    [Level::Privileged, Level::Baseline, Level::Restricted]
        .into_iter()
        .find(|level| level.name() == text)
}

/// A version of the standards, as a label pins it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pin {
    /// That of the cluster.
    Latest,
    /// A minor version.
    Minor(u16),
}

/// The version of a label's value: `latest` or `v1.` with a number.
pub(crate) fn pin(text: &str) -> Option<Pin> {
    if text == "latest" {
        return Some(Pin::Latest);
    }
    let digits = text.strip_prefix("v1.")?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some(Pin::Minor(digits.parse().unwrap_or(u16::MAX)))
}

/// Whether a namespace belongs to Kubernetes or a distribution of it.
pub(crate) fn is_system(name: &str) -> bool {
    matches!(name, "kube-system" | "kube-public" | "kube-node-lease")
        || name.starts_with("openshift-")
}

/// Whether an object is a sign of another engine that judges pods before they are admitted, or
/// sets what namespaces enforce by default.
pub(crate) fn watches_pods(object: ObjectView<'_>) -> bool {
    const ENGINES: &[&str] = &[
        "constraints.gatekeeper.sh",
        "kyverno.io",
        "pod-security.admission.config.k8s.io",
        "policies.kubewarden.io",
        "policies.kyverno.io",
        "templates.gatekeeper.sh",
    ];
    match (object.group(), object.kind()) {
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy") => true,
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => {
            let rules = list(object.root(), "webhooks").flat_map(|hook| list(hook, "rules"));
            rules
                .flat_map(|rule| list(rule, "resources"))
                .any(|resource| matches!(resource.text(), Some("pods" | "pods/*" | "*" | "*/*")))
        }
        (group, _) => ENGINES.contains(&group),
    }
}

fn list<'a>(node: Node<'a>, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    field(node, key).into_iter().flat_map(|list| list.items())
}

/// What becomes of pods that break what a namespace asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are refused.
    Enforce,
    /// Whoever makes them is warned.
    Warn,
    /// The audit log says so.
    Audit,
}

impl Mode {
    const fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Enforce => (ENFORCE, "pod-security.kubernetes.io/enforce-version"),
            Self::Warn => {
                ("pod-security.kubernetes.io/warn", "pod-security.kubernetes.io/warn-version")
            }
            Self::Audit => {
                ("pod-security.kubernetes.io/audit", "pod-security.kubernetes.io/audit-version")
            }
        }
    }
}

/// What a namespace asks for in a mode, with the label's value. None where it does not say so, or
/// says it wrongly: the API server refuses such a namespace.
pub(crate) fn asked(
    namespace: ObjectView<'_>,
    mode: Mode,
    cluster: KubernetesVersion,
) -> Option<(Policy, Node<'_>)> {
    let (key, version_key) = mode.keys();
    let labels = namespace.labels();
    let node = labels.get_node(key)?;
    let level = level(labels.get(key)?)?;
    let version = match labels.get(version_key).map(pin) {
        None | Some(Some(Pin::Latest)) => cluster,
        Some(Some(Pin::Minor(minor))) => KubernetesVersion::minor(minor).min(cluster),
        Some(None) => return None,
    };
    Some((Policy { level, version, cluster }, node))
}

#[cfg(test)]
mod tests {
    use super::{Pin, level, pin};
    use crate::pss::Level;

    #[test]
    fn labels_are_read_as_admission_reads_them() {
        assert_eq!(level("baseline"), Some(Level::Baseline));
        for wrong in ["", "Baseline", "baseline ", "strict"] {
            assert_eq!(level(wrong), None, "{wrong}");
        }
        for (text, expected) in [
            ("latest", Some(Pin::Latest)),
            ("v1.0", Some(Pin::Minor(0))),
            ("v1.33", Some(Pin::Minor(33))),
            ("v1.99999999", Some(Pin::Minor(u16::MAX))),
            ("1.33", None),
            ("v1.033", None),
            ("v1.33.1", None),
            ("v1.", None),
            ("v1.+3", None),
            ("v2.1", None),
            ("", None),
        ] {
            assert_eq!(pin(text), expected, "{text}");
        }
    }
}
