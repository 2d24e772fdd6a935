//! The pod of a workload.

use careen_text::Span;
use careen_yaml::{Kind, Node};

use crate::container::{Container, Role};
use crate::labels::Labels;
use crate::node::{field, items, path, present, text};
use crate::view::ObjectView;
use crate::workload::Workload;

/// Containers of one list that are looked at; a pod has a handful.
const CONTAINERS: usize = 1_000;

/// A pod, or the template a workload makes pods from.
#[derive(Clone, Copy, Debug)]
pub struct PodTemplate<'a> {
    /// The object that holds it.
    pub object: ObjectView<'a>,
    /// What the object is.
    pub workload: Workload,
    /// The pod's `spec`, a mapping.
    pub spec: Node<'a>,
    /// The pod's own `metadata`; for a Pod that of the object.
    pub metadata: Option<Node<'a>>,
}

/// One entry of `spec.volumes`.
#[derive(Clone, Copy, Debug)]
pub struct Volume<'a> {
    /// The entry.
    pub node: Node<'a>,
    /// Its name; empty where it has none.
    pub name: &'a str,
    /// The source's field, such as `hostPath`, with its value (`null` counts as empty: the API
    /// server takes a volume without a source for an `emptyDir`).
    pub source: Option<(&'a str, Node<'a>)>,
}

impl<'a> Volume<'a> {
    fn of(node: Node<'a>) -> Self {
        let source = node.entries().find_map(|entry| {
            let key = entry.key.text()?;
            (key != "name" && present(entry.value).is_some()).then_some((key, entry.value))
        });
        Self { node, name: text(node, "name").unwrap_or_default(), source }
    }

    /// The source's value, where it is of this type.
    #[must_use]
    pub fn source_of(self, key: &str) -> Option<Node<'a>> {
        self.source.filter(|(found, _)| *found == key).map(|(_, value)| value)
    }
}

impl<'a> PodTemplate<'a> {
    pub(crate) fn of(object: ObjectView<'a>) -> Option<Self> {
        let workload = object.workload()?;
        let holder = path(object.root(), workload.template_path())?;
        let spec = field(holder, "spec").filter(|spec| spec.kind() == Kind::Mapping)?;
        Some(Self { object, workload, spec, metadata: field(holder, "metadata") })
    }

    /// Where the template stands in the object, such as `spec.template`; empty for a Pod.
    #[must_use]
    pub const fn path_prefix(self) -> &'static [&'static str] {
        self.workload.template_path()
    }

    /// The path of `spec` in the object, such as `spec.template.spec`.
    #[must_use]
    pub fn spec_path(self) -> String {
        let mut joined = self.path_prefix().join(".");
        if !joined.is_empty() {
            joined.push('.');
        }
        joined + "spec"
    }

    /// The value of a field of `spec` that is there and not `null`.
    #[must_use]
    pub fn field(self, key: &str) -> Option<Node<'a>> {
        field(self.spec, key)
    }

    /// The pod's labels, which selectors are held against.
    #[must_use]
    pub fn labels(self) -> Labels<'a> {
        Labels::of(self.metadata, "labels")
    }

    /// The pod's annotations.
    #[must_use]
    pub fn annotations(self) -> Labels<'a> {
        Labels::of(self.metadata, "annotations")
    }

    /// All containers: init containers and native sidecars, then main, then ephemeral ones, each
    /// list in the order of the file.
    pub fn containers(self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        [Role::Init, Role::Main, Role::Ephemeral].into_iter().flat_map(move |role| {
            let list = field(self.spec, role.list());
            list.into_iter()
                .flat_map(|list| list.items())
                .enumerate()
                .filter(|(_, node)| node.kind() == Kind::Mapping)
                .take(CONTAINERS)
                .map(move |(index, node)| Container::of(self, role, index, node))
        })
    }

    /// The containers of `spec.containers`.
    pub fn main_containers(self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        self.containers().filter(|container| container.role == Role::Main)
    }

    /// `spec.volumes`.
    pub fn volumes(self) -> impl Iterator<Item = Volume<'a>> + use<'a> {
        items(self.spec, "volumes").filter(|node| node.kind() == Kind::Mapping).map(Volume::of)
    }

    /// `spec.securityContext`; an empty mapping counts as there.
    #[must_use]
    pub fn security_context(self) -> Option<Node<'a>> {
        self.field("securityContext")
    }

    /// A field of `spec.securityContext`.
    #[must_use]
    pub fn security(self, key: &str) -> Option<Node<'a>> {
        field(self.security_context()?, key)
    }

    /// `spec.serviceAccountName`, else the deprecated `spec.serviceAccount`, where it names one.
    #[must_use]
    pub fn service_account_name(self) -> Option<Node<'a>> {
        let named =
            |key| self.field(key).filter(|name| name.text().is_some_and(|name| !name.is_empty()));
        named("serviceAccountName").or_else(|| named("serviceAccount"))
    }

    /// `spec.automountServiceAccountToken`.
    #[must_use]
    pub fn automount_service_account_token(self) -> Option<Node<'a>> {
        self.field("automountServiceAccountToken")
    }

    /// `spec.hostNetwork`, where it is true.
    #[must_use]
    pub fn host_network(self) -> Option<Node<'a>> {
        self.true_field("hostNetwork")
    }

    /// `spec.hostPID`, where it is true.
    #[must_use]
    pub fn host_pid(self) -> Option<Node<'a>> {
        self.true_field("hostPID")
    }

    /// `spec.hostIPC`, where it is true.
    #[must_use]
    pub fn host_ipc(self) -> Option<Node<'a>> {
        self.true_field("hostIPC")
    }

    /// A field of `spec` that is true.
    #[must_use]
    pub fn true_field(self, key: &str) -> Option<Node<'a>> {
        self.field(key).filter(|node| node.as_bool() == Some(true))
    }

    /// The restart policy in effect: `Always` where none is written.
    #[must_use]
    pub fn restart_policy(self) -> &'a str {
        text(self.spec, "restartPolicy").unwrap_or("Always")
    }

    /// `spec.terminationGracePeriodSeconds` in effect: 30 where none is written.
    #[must_use]
    pub fn termination_grace_period(self) -> i64 {
        self.field("terminationGracePeriodSeconds").and_then(|node| node.as_i64()).unwrap_or(30)
    }

    /// Whether the pod is meant to run until it is replaced: a Job's is not, and neither is a bare
    /// Pod that is not restarted after it has ended.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        match self.workload {
            Workload::Pod | Workload::PodTemplate => self.restart_policy() == "Always",
            workload => workload.is_long_running(),
        }
    }

    /// Whether the pod says that it runs on Windows, by `spec.os.name` or the node selector.
    #[must_use]
    pub fn is_windows(self) -> bool {
        let os = path(self.spec, &["os", "name"]).and_then(|node| node.text());
        let node = Labels::of(Some(self.spec), "nodeSelector").get("kubernetes.io/os");
        os.or(node) == Some("windows")
    }

    /// The object's `spec.replicas`; none where the field is missing or the kind has none.
    #[must_use]
    pub fn replicas(self) -> Option<Node<'a>> {
        if !self.workload.has_replicas() {
            return None;
        }
        field(self.object.spec()?, "replicas")
    }

    /// Where to point when a field of the pod's `spec` is missing: the key `spec`, which is short
    /// and on one line.
    #[must_use]
    pub fn spec_span(self) -> Span {
        let holder = path(self.object.root(), self.path_prefix());
        holder
            .and_then(|holder| holder.entry("spec"))
            .map_or_else(|| self.spec.span(), |entry| entry.key.span())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{File, SHOP};
    use crate::{Role, Workload};

    #[test]
    fn every_kind_has_its_path() {
        let pod = "{metadata: {labels: {a: b}}, spec: {containers: [{name: web}]}}";
        for (head, holder, workload) in [
            ("apps/v1, kind: Deployment", "spec: {template: POD}", Workload::Deployment),
            ("extensions/v1beta1, kind: Deployment", "spec: {template: POD}", Workload::Deployment),
            ("apps/v1, kind: StatefulSet", "spec: {template: POD}", Workload::StatefulSet),
            ("apps/v1, kind: DaemonSet", "spec: {template: POD}", Workload::DaemonSet),
            ("apps/v1, kind: ReplicaSet", "spec: {template: POD}", Workload::ReplicaSet),
            (
                "v1, kind: ReplicationController",
                "spec: {template: POD}",
                Workload::ReplicationController,
            ),
            ("batch/v1, kind: Job", "spec: {template: POD}", Workload::Job),
            (
                "batch/v1, kind: CronJob",
                "spec: {jobTemplate: {spec: {template: POD}}}",
                Workload::CronJob,
            ),
            ("v1, kind: PodTemplate", "template: POD", Workload::PodTemplate),
            (
                "apps.openshift.io/v1, kind: DeploymentConfig",
                "spec: {template: POD}",
                Workload::DeploymentConfig,
            ),
            ("argoproj.io/v1alpha1, kind: Rollout", "spec: {template: POD}", Workload::Rollout),
            (
                "serving.knative.dev/v1, kind: Service",
                "spec: {template: POD}",
                Workload::KnativeService,
            ),
            (
                "keda.sh/v1alpha1, kind: ScaledJob",
                "spec: {jobTargetRef: {template: POD}}",
                Workload::ScaledJob,
            ),
        ] {
            let text = format!("{{apiVersion: {head}, {}}}", holder.replace("POD", pod));
            let file = File::new(&text);
            let pod = file.first().pod_template().unwrap_or_else(|| panic!("{text}"));
            assert_eq!(pod.workload, workload, "{text}");
            assert_eq!(pod.labels().get("a"), Some("b"), "{text}");
            assert_eq!(pod.containers().next().unwrap().name, "web", "{text}");
        }
    }

    #[test]
    fn other_kinds_have_no_pod() {
        for text in [
            "{apiVersion: v1, kind: Service, spec: {template: {spec: {}}}}",
            "{apiVersion: example.com/v1, kind: Deployment, spec: {template: {spec: {}}}}",
            "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {workloadRef: {name: a}}}",
            "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: ~}}}",
            "{apiVersion: apps/v1, kind: Deployment, spec: [template]}",
        ] {
            assert!(File::new(text).first().pod_template().is_none(), "{text}");
        }
    }

    #[test]
    fn roles() {
        let file = File::new(
            "
apiVersion: v1
kind: Pod
spec:
  containers: [{name: main}, not a mapping, {name: second}]
  initContainers:
    - {name: first}
    - {name: proxy, restartPolicy: Always}
  ephemeralContainers:
    - {name: debug}
",
        );
        let pod = file.first().pod_template().unwrap();
        let found: Vec<_> = pod.containers().map(|c| (c.name, c.role, c.index)).collect();
        assert_eq!(
            found,
            [
                ("first", Role::Init, 0),
                ("proxy", Role::Sidecar, 1),
                ("main", Role::Main, 0),
                ("second", Role::Main, 2),
                ("debug", Role::Ephemeral, 0)
            ]
        );
        assert_eq!(pod.spec_path(), "spec");
    }

    #[test]
    fn fields_and_defaults() {
        let file = File::new(SHOP);
        let pod = file.first().pod_template().unwrap();
        assert_eq!(pod.spec_path(), "spec.template.spec");
        assert_eq!(pod.restart_policy(), "Always");
        assert_eq!(pod.termination_grace_period(), 30);
        assert_eq!(pod.service_account_name().and_then(|node| node.text()), Some("shop"));
        assert!(pod.host_network().is_some() && pod.host_pid().is_none());
        assert_eq!(pod.replicas().and_then(|node| node.as_i64()), Some(3));
        assert!(pod.is_long_running() && !pod.is_windows());
        let volumes: Vec<_> = pod.volumes().map(|volume| (volume.name, volume.source)).collect();
        assert_eq!(volumes[0].0, "data");
        assert_eq!(volumes[0].1.unwrap().0, "persistentVolumeClaim");
        assert!(volumes.iter().any(|(name, source)| *name == "empty" && source.is_none()));
        assert_eq!(file.slice(pod.spec_span()), "spec");
    }

    #[test]
    fn a_pod_that_ends_is_not_long_running() {
        let file = File::new("{apiVersion: v1, kind: Pod, spec: {restartPolicy: Never}}");
        assert!(!file.first().pod_template().unwrap().is_long_running());
    }
}
