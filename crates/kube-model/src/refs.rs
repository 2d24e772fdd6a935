//! What a pod needs by name: ConfigMaps, Secrets, claims, its service account.

use careen_text::Span;
use careen_yaml::Node;

use crate::container::Container;
use crate::node::{field, items, path, text};
use crate::pod::{PodTemplate, Volume};

/// Names one pod refers to that are read; the rest of an absurd pod is left out.
const REFERENCES: usize = 20_000;

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// A ConfigMap in the pod's namespace.
    ConfigMap,
    /// A Secret in the pod's namespace.
    Secret,
    /// A PersistentVolumeClaim in the pod's namespace.
    PersistentVolumeClaim,
    /// A ServiceAccount in the pod's namespace.
    ServiceAccount,
    /// A PriorityClass, which has no namespace.
    PriorityClass,
    /// A RuntimeClass, which has no namespace.
    RuntimeClass,
}

impl ReferenceKind {
    /// The kind as written in a manifest.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::ServiceAccount => "ServiceAccount",
            Self::PriorityClass => "PriorityClass",
            Self::RuntimeClass => "RuntimeClass",
        }
    }
}

/// Where in the pod a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// A field of the pod itself.
    Pod,
    /// `imagePullSecrets`. A missing one is passed over by the kubelet, and the pull fails later.
    ImagePull,
    /// A volume, or a source of a projected one.
    Volume,
    /// One variable of a container's `env`.
    Env,
    /// A container's `envFrom`.
    EnvFrom,
}

/// A name a pod refers to.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// What it leads to.
    pub kind: ReferenceKind,
    /// The name, not empty.
    pub name: &'a str,
    /// Where the name stands.
    pub span: Span,
    /// The name's node.
    pub node: Node<'a>,
    /// Whether the pod starts without it.
    pub optional: bool,
    /// Where in the pod it stands.
    pub via: Via,
    /// The key of a ConfigMap or Secret that is asked for, where it is a single one.
    pub key: Option<Node<'a>>,
    /// The container, where it stands in one.
    pub container: Option<Container<'a>>,
}

impl<'a> Reference<'a> {
    /// Reads `name_field` of `holder`; none where it is empty or missing.
    fn of(kind: ReferenceKind, via: Via, holder: Node<'a>, name_field: &str) -> Option<Self> {
        let node = field(holder, name_field)?;
        let name = node.text().filter(|name| !name.is_empty())?;
        let optional = field(holder, "optional").and_then(|node| node.as_bool()) == Some(true);
        Some(Self {
            kind,
            name,
            span: node.span(),
            node,
            optional,
            via,
            key: None,
            container: None,
        })
    }
}

/// All names a pod refers to: of the pod, its volumes, then its containers.
#[must_use]
pub fn references(pod: PodTemplate<'_>) -> std::vec::IntoIter<Reference<'_>> {
    let containers = pod.containers().flat_map(of_container);
    let all = of_pod(pod).chain(pod.volumes().flat_map(of_volume)).chain(containers);
    all.take(REFERENCES).collect::<Vec<_>>().into_iter()
}

fn of_pod<'a>(pod: PodTemplate<'a>) -> impl Iterator<Item = Reference<'a>> + use<'a> {
    let account = if field(pod.spec, "serviceAccountName").is_some() {
        "serviceAccountName"
    } else {
        "serviceAccount"
    };
    let own = [
        (ReferenceKind::ServiceAccount, account),
        (ReferenceKind::PriorityClass, "priorityClassName"),
        (ReferenceKind::RuntimeClass, "runtimeClassName"),
    ];
    let own = own.into_iter().filter_map(move |(kind, key)| {
        // `optional` is no field of a pod.
        let reference = Reference::of(kind, Via::Pod, pod.spec, key)?;
        Some(Reference { optional: false, ..reference })
    });
    own.chain(
        items(pod.spec, "imagePullSecrets")
            .filter_map(|item| Reference::of(ReferenceKind::Secret, Via::ImagePull, item, "name")),
    )
}

/// Fields of a volume source that hold a reference to a Secret, for drivers with credentials.
const CREDENTIALS: [&str; 3] = ["secretRef", "nodePublishSecretRef", "controllerPublishSecretRef"];

fn of_volume<'a>(volume: Volume<'a>) -> Vec<Reference<'a>> {
    let Some((source, node)) = volume.source else { return Vec::new() };
    let one = |kind, key| Reference::of(kind, Via::Volume, node, key).into_iter().collect();
    match source {
        "configMap" => one(ReferenceKind::ConfigMap, "name"),
        "secret" | "azureFile" => one(ReferenceKind::Secret, "secretName"),
        "persistentVolumeClaim" => one(ReferenceKind::PersistentVolumeClaim, "claimName"),
        "projected" => items(node, "sources")
            .flat_map(|source| {
                [("configMap", ReferenceKind::ConfigMap), ("secret", ReferenceKind::Secret)]
                    .into_iter()
                    .filter_map(move |(key, kind)| {
                        Reference::of(kind, Via::Volume, field(source, key)?, "name")
                    })
            })
            .take(REFERENCES)
            .collect(),
        _ => CREDENTIALS
            .into_iter()
            .filter_map(|key| {
                Reference::of(ReferenceKind::Secret, Via::Volume, field(node, key)?, "name")
            })
            .collect(),
    }
}

fn of_container<'a>(container: Container<'a>) -> impl Iterator<Item = Reference<'a>> + use<'a> {
    let from = container.env_from().flat_map(|source| {
        [("configMapRef", ReferenceKind::ConfigMap), ("secretRef", ReferenceKind::Secret)]
            .into_iter()
            .filter_map(move |(key, kind)| {
                Reference::of(kind, Via::EnvFrom, field(source, key)?, "name")
            })
    });
    let env = container.env().flat_map(|variable| {
        [("configMapKeyRef", ReferenceKind::ConfigMap), ("secretKeyRef", ReferenceKind::Secret)]
            .into_iter()
            .filter_map(move |(key, kind)| {
                let holder = path(variable.node, &["valueFrom", key])?;
                let reference = Reference::of(kind, Via::Env, holder, "name")?;
                Some(Reference { key: field(holder, "key"), ..reference })
            })
    });
    from.chain(env).map(move |reference| Reference { container: Some(container), ..reference })
}

/// The keys of a ConfigMap or Secret that a volume asks for by `items`; none where it takes all.
#[must_use]
pub fn volume_keys(volume: Volume<'_>) -> Option<Vec<(&str, Node<'_>)>> {
    let (_, node) = volume.source?;
    field(node, "items")?;
    let key = |item| Some((text(item, "key")?, field(item, "key")?));
    Some(items(node, "items").take(REFERENCES).filter_map(key).collect())
}

#[cfg(test)]
mod tests {
    use super::{ReferenceKind, Via, references};
    use crate::testing::{File, SHOP};

    #[test]
    fn finds_every_name() {
        use ReferenceKind::{ConfigMap, PersistentVolumeClaim, Secret, ServiceAccount};
        let file = File::new(SHOP);
        let pod = file.first().pod_template().unwrap();
        let found: Vec<_> = references(pod)
            .map(|found| {
                assert_eq!(file.slice(found.span), found.name);
                let container = found.container.map_or("", |container| container.name);
                (found.kind, found.name, found.via, found.optional, container)
            })
            .collect();
        assert_eq!(
            found,
            [
                (ServiceAccount, "shop", Via::Pod, false, ""),
                (Secret, "pull", Via::ImagePull, false, ""),
                (PersistentVolumeClaim, "data", Via::Volume, false, ""),
                (Secret, "projected", Via::Volume, true, ""),
                (ConfigMap, "projected", Via::Volume, false, ""),
                (ConfigMap, "settings", Via::EnvFrom, false, "web"),
                (Secret, "token", Via::Env, true, "web"),
            ]
        );
        let token = references(pod).find(|found| found.via == Via::Env).unwrap();
        assert_eq!(token.key.and_then(|key| key.text()), Some("value"));
    }

    #[test]
    fn volumes_of_all_types() {
        let file = File::new(
            "
apiVersion: v1
kind: Pod
spec:
  serviceAccount: old
  priorityClassName: high
  runtimeClassName: gvisor
  volumes:
    - {name: a, configMap: {name: a, optional: true, items: [{key: k, path: p}]}}
    - {name: b, secret: {secretName: b}}
    - {name: c, csi: {driver: d, nodePublishSecretRef: {name: c}}}
    - {name: d, azureFile: {secretName: d}}
    - {name: e, configMap: {name: ''}}
    - {name: f, hostPath: {path: /}}
",
        );
        let pod = file.first().pod_template().unwrap();
        let found: Vec<_> = references(pod).map(|found| (found.kind.kind(), found.name)).collect();
        assert_eq!(
            found,
            [
                ("ServiceAccount", "old"),
                ("PriorityClass", "high"),
                ("RuntimeClass", "gvisor"),
                ("ConfigMap", "a"),
                ("Secret", "b"),
                ("Secret", "c"),
                ("Secret", "d"),
            ]
        );
        let keys = super::volume_keys(pod.volumes().next().unwrap()).unwrap();
        assert_eq!(keys[0].0, "k");
    }
}
