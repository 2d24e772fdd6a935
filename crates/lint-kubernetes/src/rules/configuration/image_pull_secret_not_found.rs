use careen_kube_model::{ReferenceKind, field, references, refs::Via};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;
use careen_yaml::Node;

use crate::Check;
use crate::relations::{Providers, Workloads, text};

rule! {
    /// An image from a private registry is not pulled if the Secret with the credentials is not
    /// there: the pod waits in `ImagePullBackOff`. Pull secrets are often put into namespaces by
    /// whoever runs the cluster, so this is said only where the repository supplies another pull
    /// secret for the same namespace: then the name is probably a slip.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   imagePullSecrets:
    ///   - name: registy
    /// #         ^^^^^^^ Pod `shop/web` pulls with Secret `registy`, which nothing in the repository supplies
    ///   containers:
    ///   - {name: web, image: "registry.example.com/web:1.4.0"}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: registry
    ///   namespace: shop
    /// type: kubernetes.io/dockerconfigjson
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   imagePullSecrets:
    ///   - name: registry
    ///   containers:
    ///   - {name: web, image: "registry.example.com/web:1.4.0"}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: registry
    ///   namespace: shop
    /// type: kubernetes.io/dockerconfigjson
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-pull-secret-not-found",
        summary: "image pull secret is supplied by nothing",
        remedy: "Correct the name, or supply the Secret.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        peers: &["popeye:305"],
        controls: &[control::ENV_CONFIGURED],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let pull = PullSecrets::of(snapshot);
    if pull.is_empty() {
        return;
    }
    let secrets = Providers::of_secrets(snapshot);
    let mut judge = |object: ObjectRef<'_>, name: &str, span: Span| {
        let namespace = object.view.namespace();
        if pull.knows(namespace) && !secrets.has(namespace, name) {
            let message = format!(
                "{} pulls with Secret `{name}`, which nothing in the repository supplies",
                object.view.display()
            );
            out.report(object.source(), span, message).object(object.path()).evidence(name);
        }
    };
    for workload in Workloads::of(snapshot).iter() {
        for found in references(workload.pod) {
            if found.kind == ReferenceKind::Secret && found.via == Via::ImagePull {
                judge(workload.object, found.name, found.span);
            }
        }
    }
    for object in snapshot.of_kind("ServiceAccount").filter(|it| it.view.group().is_empty()) {
        let list = object.view.at(&["imagePullSecrets"]);
        for item in list.iter().flat_map(Node::items) {
            if let (Some(name), Some(node)) = (text(item, "name"), field(item, "name")) {
                judge(object, name, node.span());
            }
        }
    }
}

/// The namespaces for which the repository supplies a pull secret.
struct PullSecrets<'a>(Vec<Option<&'a str>>);

impl<'a> PullSecrets<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let mut namespaces: Vec<_> = snapshot
            .of_kind("Secret")
            .filter(|object| {
                let kind = object.view.at(&["type"]).and_then(|node| node.text());
                kind.is_some_and(|kind| kind.starts_with("kubernetes.io/dockerc"))
            })
            .map(|object| object.view.namespace())
            .collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        Self(namespaces)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn knows(&self, namespace: Option<&str>) -> bool {
        self.0.binary_search(&namespace).is_ok()
    }
}
