//! Annotations and labels of other linters.

use std::borrow::Cow;

use careen_kube_model::{Label, Labels, ObjectView, PodTemplate};
use careen_model::File;
use careen_rule::SuppressionKind;
use careen_text::Span;

use super::super::Found;
use super::super::directive::Directive;

/// Words without which a file holds none of this.
const MARKS: [&str; 7] = [
    "kube-linter.io/",
    "kube-score/ignore",
    "polaris.fairwinds.com/",
    "checkov.io/skip",
    "bridgecrew.io/skip",
    "cortex.io/skip",
    "kubeaudit.io/",
];

pub(super) fn read(file: &File, take: &mut dyn FnMut(Found<'_>)) {
    let text = file.source.text().as_bytes();
    if !MARKS.iter().any(|mark| memchr::memmem::find(text, mark.as_bytes()).is_some()) {
        return;
    }
    for view in file.views() {
        let object = view.root().span();
        let template = view.pod_template().filter(|pod| !pod.path_prefix().is_empty());
        let of_pods = template.map(PodTemplate::annotations);
        for label in
            [Some(view.annotations()), of_pods].into_iter().flatten().flat_map(Labels::iter)
        {
            if let Some((names, reason)) = annotation(label.key, label.value) {
                give(label, names, reason, object, take);
            }
        }
        let of_pods = template.map(PodTemplate::labels);
        for label in [Some(view.labels()), of_pods].into_iter().flatten().flat_map(Labels::iter) {
            if let Some((names, container)) = kubeaudit(label.key) {
                let covers = match container {
                    Some(name) => container_of(view, name),
                    None => Some(object),
                };
                if let Some(covers) = covers {
                    give(label, names, label.value, covers, take);
                }
            }
        }
    }
}

fn give(
    label: Label<'_>,
    names: Vec<Cow<'_, str>>,
    reason: &str,
    covers: Span,
    take: &mut dyn FnMut(Found<'_>),
) {
    take(Found {
        kind: SuppressionKind::Annotation,
        said: label.key_node.span().cover(label.value_node.definition_span()),
        directive: Ok(Directive { whole_file: false, names, reason, dated: false }),
        covers,
        source: None,
        foreign: true,
        needed: false,
        removal: None,
    });
}

fn container_of(view: ObjectView<'_>, name: &str) -> Option<Span> {
    let mut containers = view.pod_template()?.containers();
    containers.find(|container| container.name == name).map(|container| container.node.span())
}

type Names<'t> = Vec<Cow<'t, str>>;

/// The checks that an annotation ignores, and the reason.
fn annotation<'t>(key: &'t str, value: &'t str) -> Option<(Names<'t>, &'t str)> {
    if let Some(check) = key.strip_prefix("ignore-check.kube-linter.io/") {
        return Some((vec![format!("kube-linter:{check}").into()], value));
    }
    if key == "kube-linter.io/ignore-all" {
        return Some((vec!["kube-linter:*".into()], value));
    }
    if key == "kube-score/ignore" {
        let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names = names.map(|name| match name {
            "*" => "kube-score:*".into(),
            name => format!("kube-score:{name}").into(),
        });
        return Some((names.collect(), ""));
    }
    if let Some(word) = key.strip_prefix("polaris.fairwinds.com/") {
        if value != "true" {
            return None;
        }
        let name = match word.strip_suffix("exempt")?.strip_suffix('-') {
            Some(check) => format!("polaris:{check}").into(),
            None if word == "exempt" => "polaris:*".into(),
            None => return None,
        };
        return Some((vec![name], ""));
    }
    let (domain, word) = key.split_once('/')?;
    if matches!(domain, "checkov.io" | "bridgecrew.io" | "cortex.io") && word.starts_with("skip") {
        let (check, reason) = value.split_once('=').unwrap_or((value, ""));
        let name = format!("checkov:{}", check.trim());
        return Some((vec![name.into()], reason.trim()));
    }
    None
}

/// The checks that a label of kubeaudit overrides, and the container it is about.
fn kubeaudit(key: &str) -> Option<(Names<'static>, Option<&str>)> {
    let (domain, word) = key.split_once('/')?;
    let (container, word) = match domain {
        "kubeaudit.io" => (None, word),
        "container.kubeaudit.io" => {
            let (container, word) = word.rsplit_once('.')?;
            (Some(container), word)
        }
        _ => return None,
    };
    let word = word.to_ascii_lowercase();
    let names: &[&'static str] = match word.as_str() {
        "allow-privileged" => &["PrivilegedTrue", "PrivilegedNil"],
        "allow-privilege-escalation" => {
            &["AllowPrivilegeEscalationTrue", "AllowPrivilegeEscalationNil"]
        }
        "allow-run-as-root" => &[
            "RunAsNonRootCSCFalse",
            "RunAsNonRootPSCNilCSCNil",
            "RunAsNonRootPSCFalseCSCNil",
            "RunAsUserCSCRoot",
            "RunAsUserPSCRoot",
        ],
        "allow-read-only-root-filesystem-false" => {
            &["ReadOnlyRootFilesystemFalse", "ReadOnlyRootFilesystemNil"]
        }
        "allow-automount-service-account-token" => {
            &["AutomountServiceAccountTokenTrueAndDefaultSA"]
        }
        "allow-disabled-apparmor" => {
            &["AppArmorDisabled", "AppArmorBadValue", "AppArmorAnnotationMissing"]
        }
        "allow-disabled-seccomp" => {
            &["SeccompDisabledPod", "SeccompDisabledContainer", "SeccompProfileMissing"]
        }
        "allow-namespace-host-network" => &["NamespaceHostNetworkTrue"],
        "allow-namespace-host-pid" => &["NamespaceHostPIDTrue"],
        "allow-namespace-host-ipc" => &["NamespaceHostIPCTrue"],
        "allow-non-default-deny-ingress-network-policy" => &[
            "AllowAllIngressNetworkPolicyExists",
            "MissingDefaultDenyIngressNetworkPolicy",
            "MissingDefaultDenyIngressAndEgressNetworkPolicy",
        ],
        "allow-non-default-deny-egress-network-policy" => &[
            "AllowAllEgressNetworkPolicyExists",
            "MissingDefaultDenyEgressNetworkPolicy",
            "MissingDefaultDenyIngressAndEgressNetworkPolicy",
        ],
        word if word.starts_with("allow-capability-") => {
            &["CapabilityAdded", "CapabilityShouldDropAll", "CapabilityOrSecurityContextMissing"]
        }
        _ => return None,
    };
    let names = names.iter().map(|name| Cow::Owned(format!("kubeaudit:{name}")));
    Some((names.collect(), container))
}

#[cfg(test)]
mod tests {
    use super::{annotation, kubeaudit};

    #[test]
    fn annotations_name_checks() {
        for (key, value, expected) in [
            ("ignore-check.kube-linter.io/host-pid", "agent", "kube-linter:host-pid"),
            ("kube-linter.io/ignore-all", "", "kube-linter:*"),
            ("kube-score/ignore", "pod-probes", "kube-score:pod-probes"),
            ("polaris.fairwinds.com/hostPIDSet-exempt", "true", "polaris:hostPIDSet"),
            ("polaris.fairwinds.com/exempt", "true", "polaris:*"),
            ("checkov.io/skip1", "CKV_K8S_17=agent", "checkov:CKV_K8S_17"),
        ] {
            assert_eq!(annotation(key, value).unwrap().0, [expected], "{key}");
        }
        for (key, value) in [
            ("polaris.fairwinds.com/exempt", "false"),
            ("polaris.fairwinds.com/other", "true"),
            ("kube-score/enable", "x"),
            ("checkov.io/other", "CKV_K8S_17"),
        ] {
            assert!(annotation(key, value).is_none(), "{key}");
        }
    }

    #[test]
    fn labels_of_kubeaudit_are_of_pods_or_containers() {
        let (names, container) = kubeaudit("container.kubeaudit.io/web.allow-privileged").unwrap();
        assert_eq!((names[0].as_ref(), container), ("kubeaudit:PrivilegedTrue", Some("web")));
        assert_eq!(kubeaudit("kubeaudit.io/allow-namespace-host-PID").unwrap().1, None);
        assert!(kubeaudit("kubeaudit.io/other").is_none());
    }
}
