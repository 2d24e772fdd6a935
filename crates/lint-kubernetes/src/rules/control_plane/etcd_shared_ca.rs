use std::collections::{BTreeMap, BTreeSet};

use careen_kube_model::PodTemplate;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, trusted};
use crate::place::path_of;

rule! {
    /// Whoever has a certificate of the authority that etcd trusts may read and write everything in
    /// it. Where that is also the authority for clients of the API server, every kubelet and every
    /// administrator has such a certificate, and the checks of the API server can be walked around.
    ///
    /// Two files are the same where they are mounted from the same place: the same path of the
    /// node, or the same key of a Secret or ConfigMap. An etcd is compared with the API servers in
    /// its own folder, or with all where there are none.
    ///
    /// ```yaml bad file=manifests/etcd.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: etcd
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: etcd
    ///     image: registry.k8s.io/etcd:3.6.5-0
    ///     command:
    ///     - etcd
    ///     - --trusted-ca-file=/etc/kubernetes/pki/ca.crt
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ etcd of Pod `kube-system/etcd` trusts everybody that the API server trusts
    ///     volumeMounts:
    ///     - {name: pki, mountPath: /etc/kubernetes/pki}
    ///   volumes:
    ///   - name: pki
    ///     hostPath: {path: /etc/kubernetes/pki}
    /// ```
    /// ```yaml bad file=manifests/kube-apiserver.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --client-ca-file=/pki/ca.crt
    ///     volumeMounts:
    ///     - {name: pki, mountPath: /pki}
    ///   volumes:
    ///   - name: pki
    ///     hostPath: {path: /etc/kubernetes/pki}
    /// ```
    /// ```yaml good file=manifests/etcd.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: etcd
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: etcd
    ///     image: registry.k8s.io/etcd:3.6.5-0
    ///     command:
    ///     - etcd
    ///     - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    ///     volumeMounts:
    ///     - {name: pki, mountPath: /etc/kubernetes/pki}
    ///   volumes:
    ///   - name: pki
    ///     hostPath: {path: /etc/kubernetes/pki}
    /// ```
    /// ```yaml good file=manifests/kube-apiserver.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --client-ca-file=/etc/kubernetes/pki/ca.crt
    ///     volumeMounts:
    ///     - {name: pki, mountPath: /etc/kubernetes/pki}
    ///   volumes:
    ///   - name: pki
    ///     hostPath: {path: /etc/kubernetes/pki}
    /// ```
    pub(crate) static RULE: Check = {
        id: "etcd-shared-ca",
        summary: "etcd trusts the authority for clients of the API server",
        remedy: "Give etcd a certificate authority of its own.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0159", "kics:not_unique_certificate_authority"],
        security: true,
        cwe: &[284],
        controls: &[control::TLS_ENABLED],
        references: &["https://etcd.io/docs/latest/op-guide/security/"],
    }
}

/// What API servers trust: the files outside their containers.
type Files = BTreeSet<String>;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut members = Vec::new();
    let mut everywhere = Files::new();
    let mut folders: BTreeMap<&str, Files> = BTreeMap::new();
    for (object, component) in components(snapshot) {
        match component.program {
            Program::Etcd => members.push((object, component)),
            Program::ApiServer => {
                let Some(trusted) = trusted(&component, "client-ca-file") else { continue };
                folders.entry(folder(&object)).or_default().insert(trusted.file.clone());
                everywhere.insert(trusted.file);
            }
            _ => {}
        }
    }
    for (object, component) in members {
        let Some(trusted) = trusted(&component, "trusted-ca-file") else { continue };
        let servers = folders.get(folder(&object)).unwrap_or(&everywhere);
        if servers.contains(&trusted.file) {
            let message = format!("{component} trusts everybody that the API server trusts");
            let path = path_of(component.object, component.container);
            out.report(object.source(), trusted.span, message)
                .object(path)
                .field("--trusted-ca-file");
        }
    }
}

fn components(snapshot: &Snapshot) -> impl Iterator<Item = (ObjectRef<'_>, Component<'_>)> {
    snapshot.workloads().flat_map(|object| {
        let containers = object.view.pod_template().into_iter().flat_map(PodTemplate::containers);
        containers.filter_map(Component::of).map(move |component| (object, component))
    })
}

fn folder<'a>(object: &ObjectRef<'a>) -> &'a str {
    object.source().path().rsplit_once('/').map_or("", |(folder, _)| folder)
}
