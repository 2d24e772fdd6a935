//! Flags that kubeadm is told to add, in its own files and in those of Cluster API.
//!
//! kubeadm sets flags of its own beside them, so that nothing is ever missing here.

use std::borrow::Cow;

use careen_kube_model::{ObjectView, field, path};
use careen_yaml::{Kind, Node};

use super::command::inner_span;
use super::{Component, Flag, Program, Written, normal};

/// Of a `ClusterConfiguration`.
const CLUSTER: &[(Program, &[&str])] = &[
    (Program::ApiServer, &["apiServer", "extraArgs"]),
    (Program::ControllerManager, &["controllerManager", "extraArgs"]),
    (Program::Scheduler, &["scheduler", "extraArgs"]),
    (Program::Etcd, &["etcd", "local", "extraArgs"]),
];
/// Of an `InitConfiguration` and a `JoinConfiguration`.
const NODE: &[(Program, &[&str])] =
    &[(Program::Kubelet, &["nodeRegistration", "kubeletExtraArgs"])];

pub(super) fn components<'a>(view: ObjectView<'a>) -> Vec<Component<'a>> {
    let base: &[&str] = match (view.group(), view.kind()) {
        ("kubeadm.k8s.io", "ClusterConfiguration") => return of(view, view.root(), CLUSTER),
        ("kubeadm.k8s.io", "InitConfiguration" | "JoinConfiguration") => {
            return of(view, view.root(), NODE);
        }
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => &["spec", "kubeadmConfigSpec"],
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate") => {
            &["spec", "template", "spec", "kubeadmConfigSpec"]
        }
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfig") => &["spec"],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate") => &["spec", "template", "spec"],
        _ => return Vec::new(),
    };
    let Some(spec) = path(view.root(), base) else { return Vec::new() };
    let parts = [
        ("clusterConfiguration", CLUSTER),
        ("initConfiguration", NODE),
        ("joinConfiguration", NODE),
    ];
    let found = parts.iter().filter_map(|(key, paths)| Some(of(view, field(spec, key)?, paths)));
    found.flatten().collect()
}

fn of<'a>(
    view: ObjectView<'a>,
    node: Node<'a>,
    paths: &[(Program, &[&str])],
) -> Vec<Component<'a>> {
    let component = |(program, keys): &(Program, &[&str])| {
        let arguments = path(node, keys)?;
        Some(Component {
            program: *program,
            object: view,
            container: None,
            written: Written::Extra,
            span: view.kind_span(),
            flags: flags(arguments),
            complete: false,
        })
    };
    paths.iter().filter_map(component).collect()
}

/// A mapping up to `v1beta3`, a list of names and values since.
fn flags(arguments: Node<'_>) -> Vec<Flag<'_>> {
    let flag = |name: Option<&str>, value: Node<'_>| {
        let (name, text) = (name?, value.text()?);
        let span = inner_span(text, value);
        let name = normal(Cow::Owned(name.to_owned()));
        Some(Flag { name, value: Some(Cow::Owned(text.to_owned())), span, value_span: span })
    };
    match arguments.kind() {
        Kind::Mapping => {
            arguments.entries().filter_map(|entry| flag(entry.name(), entry.value)).collect()
        }
        Kind::Sequence => arguments
            .items()
            .filter_map(|item| flag(field(item, "name")?.text(), field(item, "value")?))
            .collect(),
        Kind::Scalar => Vec::new(),
    }
}
