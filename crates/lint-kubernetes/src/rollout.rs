//! How a workload replaces its pods.

use careen_kube_model::{IntOrString, ObjectView, PodTemplate, Workload, field};
use careen_model::Snapshot;
use careen_yaml::Node;

/// The field with the strategy: `strategy`, or `updateStrategy` of sets.
pub(crate) fn strategy_of(pod: PodTemplate<'_>) -> Option<Node<'_>> {
    field(pod.object.spec()?, strategy_field(pod.workload)?)
}

/// The name of that field, for the kinds that Kubernetes itself rolls out.
pub(crate) const fn strategy_field(workload: Workload) -> Option<&'static str> {
    match workload {
        Workload::Deployment | Workload::DeploymentConfig => Some("strategy"),
        Workload::StatefulSet | Workload::DaemonSet => Some("updateStrategy"),
        _ => None,
    }
}

/// The strategy's type, where one is written.
pub(crate) fn type_of(strategy: Node<'_>) -> Option<(&str, Node<'_>)> {
    let node = field(strategy, "type")?;
    Some((node.text()?, node))
}

/// How many pods a rolling update takes away and adds, as written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rolling<'a> {
    /// `maxUnavailable`.
    pub(crate) unavailable: Option<Amount<'a>>,
    /// `maxSurge`.
    pub(crate) surge: Option<Amount<'a>>,
}

/// A number of pods or a share of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount<'a> {
    /// The value.
    pub(crate) value: IntOrString<'a>,
    /// Where it stands.
    pub(crate) node: Node<'a>,
}

impl Amount<'_> {
    /// Whether it is no pod at all, whatever the number of replicas.
    pub(crate) fn is_zero(self) -> bool {
        self.value.int() == Some(0) || self.value.percent() == Some(0)
    }
}

impl<'a> Rolling<'a> {
    /// Reads the settings of a strategy; values that are neither number nor text are absent.
    pub(crate) fn of(strategy: Option<Node<'a>>) -> Self {
        let own = strategy.and_then(|strategy| field(strategy, "rollingUpdate"));
        let amount = |key| {
            let node = field(own?, key)?;
            Some(Amount { value: IntOrString::of(node)?, node })
        };
        Self { unavailable: amount("maxUnavailable"), surge: amount("maxSurge") }
    }
}

/// Whether some workload has such a strategy. Most repositories have none that is worth a look, and
/// so need not relate their workloads to anything.
pub(crate) fn any_strategy(snapshot: &Snapshot, wanted: impl Fn(Node<'_>) -> bool) -> bool {
    [
        ("Deployment", "strategy"),
        ("DeploymentConfig", "strategy"),
        ("StatefulSet", "updateStrategy"),
        ("DaemonSet", "updateStrategy"),
    ]
    .iter()
    .flat_map(|(kind, key)| {
        let specs = snapshot.of_kind(kind).filter_map(|object| object.view.spec());
        specs.filter_map(|spec| field(spec, key))
    })
    .any(wanted)
}

/// Whether the object mounts a volume claim by name, which often has one writer at a time.
pub(crate) fn mounts_claim(pod: PodTemplate<'_>) -> bool {
    pod.volumes().any(|volume| volume.source_of("persistentVolumeClaim").is_some())
}

/// A whole number in the object's `spec`.
pub(crate) fn number<'a>(object: ObjectView<'a>, key: &str) -> Option<(i64, Node<'a>)> {
    let node = field(object.spec()?, key)?;
    Some((node.as_i64()?, node))
}
