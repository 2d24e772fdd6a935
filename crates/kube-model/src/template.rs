//! Where each kind keeps its pod templates.

use careen_yaml::{Kind, Node, NodeId, Tree};

use crate::node::{field, path, text};
use crate::object::Object;
use crate::view::ObjectView;
use crate::workload::Workload;

/// Templates of one object that are looked at; a training job has a handful of roles.
const TEMPLATES: usize = 1_000;
/// In a path: each item of a list, or each value of a mapping. A path has one at most.
const EACH: &str = "*";

/// The path from an object to a mapping that holds a pod's `metadata` and `spec`.
pub(crate) type Place = &'static [&'static str];

const SPEC_TEMPLATE: &[Place] = &[&["spec", "template"]];
const SPEC_POD_TEMPLATE: &[Place] = &[&["spec", "podTemplate"]];
/// The object is the pod.
const ITSELF: &[Place] = &[&[]];

/// What an object is that makes pods, and where their templates may stand.
pub(crate) fn of(object: &Object) -> Option<(Workload, &'static [Place])> {
    use Workload::{Custom, CustomJob, CustomServer, Overlay, Task, Workflow};
    let group = object.group();
    Some(match (&*object.kind, group) {
        ("Deployment", "apps" | "extensions") => (Workload::Deployment, SPEC_TEMPLATE),
        ("StatefulSet", "apps" | "apps.kruise.io") => (Workload::StatefulSet, SPEC_TEMPLATE),
        ("DaemonSet", "apps" | "extensions" | "apps.kruise.io") => {
            (Workload::DaemonSet, SPEC_TEMPLATE)
        }
        ("ReplicaSet", "apps" | "extensions") => (Workload::ReplicaSet, SPEC_TEMPLATE),
        ("Pod", "") => (Workload::Pod, ITSELF),
        ("PodTemplate", "") => (Workload::PodTemplate, &[&["template"]]),
        ("ReplicationController", "") => (Workload::ReplicationController, SPEC_TEMPLATE),
        ("Job", "batch") => (Workload::Job, SPEC_TEMPLATE),
        ("CronJob", "batch") => {
            (Workload::CronJob, &[&["spec", "jobTemplate", "spec", "template"]])
        }
        // The group was empty before OpenShift 3.6.
        ("DeploymentConfig", "apps.openshift.io" | "") => {
            (Workload::DeploymentConfig, SPEC_TEMPLATE)
        }
        ("Rollout", "argoproj.io") => (Workload::Rollout, SPEC_TEMPLATE),
        ("Service" | "Configuration", "serving.knative.dev") => {
            (Workload::KnativeService, SPEC_TEMPLATE)
        }
        ("Revision", "serving.knative.dev") => (Workload::KnativeService, ITSELF),
        ("ScaledJob", "keda.sh") => (Workload::ScaledJob, &[&["spec", "jobTargetRef", "template"]]),
        ("CloneSet", "apps.kruise.io") => (Workload::CloneSet, SPEC_TEMPLATE),
        ("BroadcastJob", "apps.kruise.io") => (CustomJob, SPEC_TEMPLATE),
        ("AdvancedCronJob", "apps.kruise.io") => (
            CustomJob,
            &[
                &["spec", "template", "jobTemplate", "spec", "template"],
                &["spec", "template", "broadcastJobTemplate", "spec", "template"],
            ],
        ),
        ("UnitedDeployment", "apps.kruise.io") => (
            CustomServer,
            &[
                &["spec", "template", "statefulSetTemplate", "spec", "template"],
                &["spec", "template", "advancedStatefulSetTemplate", "spec", "template"],
                &["spec", "template", "cloneSetTemplate", "spec", "template"],
                &["spec", "template", "deploymentTemplate", "spec", "template"],
            ],
        ),
        ("JobSet", "jobset.x-k8s.io") => {
            (CustomJob, &[&["spec", "replicatedJobs", EACH, "template", "spec", "template"]])
        }
        ("LeaderWorkerSet", "leaderworkerset.x-k8s.io") => (
            CustomServer,
            &[
                &["spec", "leaderWorkerTemplate", "leaderTemplate"],
                &["spec", "leaderWorkerTemplate", "workerTemplate"],
            ],
        ),
        ("Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate", "argoproj.io") => {
            (Workflow, &[&["spec", "templates", EACH]])
        }
        ("CronWorkflow", "argoproj.io") => {
            (Workflow, &[&["spec", "workflowSpec", "templates", EACH]])
        }
        ("Task" | "ClusterTask", "tekton.dev") => (Task, &[&["spec"]]),
        ("TaskRun", "tekton.dev") => (Task, &[&["spec", "taskSpec"]]),
        ("Pipeline", "tekton.dev") => {
            (Task, &[&["spec", "tasks", EACH, "taskSpec"], &["spec", "finally", EACH, "taskSpec"]])
        }
        ("PipelineRun", "tekton.dev") => {
            (Task, &[&["spec", "pipelineSpec", "tasks", EACH, "taskSpec"]])
        }
        (kind, "kubeflow.org") => (CustomJob, training(kind)?),
        ("TrainingRuntime" | "ClusterTrainingRuntime", "trainer.kubeflow.org") => (
            Overlay,
            &[&[
                "spec",
                "template",
                "spec",
                "replicatedJobs",
                EACH,
                "template",
                "spec",
                "template",
            ]],
        ),
        ("RayCluster", "ray.io") => (
            Custom,
            &[
                &["spec", "headGroupSpec", "template"],
                &["spec", "workerGroupSpecs", EACH, "template"],
            ],
        ),
        ("RayJob", "ray.io") => (
            CustomJob,
            &[
                &["spec", "rayClusterSpec", "headGroupSpec", "template"],
                &["spec", "rayClusterSpec", "workerGroupSpecs", EACH, "template"],
                &["spec", "submitterPodTemplate"],
            ],
        ),
        ("RayService", "ray.io") => (
            Custom,
            &[
                &["spec", "rayClusterConfig", "headGroupSpec", "template"],
                &["spec", "rayClusterConfig", "workerGroupSpecs", EACH, "template"],
            ],
        ),
        ("Job", "batch.volcano.sh") => (CustomJob, &[&["spec", "tasks", EACH, "template"]]),
        ("Sandbox" | "SandboxTemplate", group) if group.ends_with("agents.x-k8s.io") => {
            (Custom, SPEC_POD_TEMPLATE)
        }
        ("Fleet" | "GameServerSet", "agones.dev") => {
            (Custom, &[&["spec", "template", "spec", "template"]])
        }
        _ => (Overlay, overlays(&object.kind, group)?),
    })
}

/// The training jobs of Kubeflow's first operator.
fn training(kind: &str) -> Option<&'static [Place]> {
    Some(match kind {
        "PyTorchJob" => &[&["spec", "pytorchReplicaSpecs", EACH, "template"]],
        "TFJob" => &[&["spec", "tfReplicaSpecs", EACH, "template"]],
        "MPIJob" => &[&["spec", "mpiReplicaSpecs", EACH, "template"]],
        "XGBoostJob" => &[&["spec", "xgbReplicaSpecs", EACH, "template"]],
        "PaddleJob" => &[&["spec", "paddleReplicaSpecs", EACH, "template"]],
        "JAXJob" => &[&["spec", "jaxReplicaSpecs", EACH, "template"]],
        _ => return None,
    })
}

/// Templates that an operator lays over the pods that it makes by itself.
fn overlays(kind: &str, group: &str) -> Option<&'static [Place]> {
    Some(match (kind, group) {
        ("FlinkDeployment" | "FlinkSessionCluster", "flink.apache.org") => &[
            &["spec", "podTemplate"],
            &["spec", "jobManager", "podTemplate"],
            &["spec", "taskManager", "podTemplate"],
        ],
        ("SparkApplication", "sparkoperator.k8s.io") => {
            &[&["spec", "driver", "template"], &["spec", "executor", "template"]]
        }
        ("Elasticsearch", "elasticsearch.k8s.elastic.co") => {
            &[&["spec", "nodeSets", EACH, "podTemplate"]]
        }
        ("Kibana", "kibana.k8s.elastic.co") => SPEC_POD_TEMPLATE,
        ("Beat", "beat.k8s.elastic.co") | ("Agent", "agent.k8s.elastic.co") => {
            &[&["spec", "daemonSet", "podTemplate"], &["spec", "deployment", "podTemplate"]]
        }
        _ => return None,
    })
}

/// The templates of any other custom resource that has one where most kinds have it, with a
/// container that could run.
pub(crate) fn of_unknown(view: ObjectView<'_>) -> Option<(Workload, &'static [Place])> {
    let group = view.group();
    if !group.contains('.') || group.ends_with(".k8s.io") {
        return None;
    }
    let containers = view.at(&["spec", "template", "spec", "containers"])?;
    let first = containers.items().next().filter(|first| first.kind() == Kind::Mapping)?;
    (text(first, "name").is_some() && text(first, "image").is_some())
        .then_some((Workload::Custom, SPEC_TEMPLATE))
}

/// Which of several templates of one path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// There is one only.
    Only,
    /// That of an item of a list.
    Item(usize),
    /// That of a mapping's value with this key.
    Value(NodeId),
}

/// The mappings at the end of a path.
pub(crate) fn holders<'a>(
    root: Node<'a>,
    place: Place,
) -> impl Iterator<Item = (Node<'a>, Which)> + use<'a> {
    let (before, after) = match place.iter().position(|&key| key == EACH) {
        Some(at) => (place.get(..at).unwrap_or(place), place.get(at + 1..)),
        None => (place, None),
    };
    let start = path(root, before);
    let only = start.filter(|_| after.is_none()).map(|holder| (holder, Which::Only));
    let several = start.zip(after);
    let items = several.into_iter().flat_map(|(start, after)| {
        let below = move |(at, item)| Some((path(item, after)?, Which::Item(at)));
        start.items().enumerate().filter_map(below)
    });
    let values = several.into_iter().flat_map(|(start, after)| {
        start.entries().filter_map(move |entry| {
            Some((path(entry.value, after)?, Which::Value(entry.key.id())))
        })
    });
    only.into_iter().chain(items.chain(values).take(TEMPLATES))
}

/// A path for people: `spec.tasks[0].template`.
pub(crate) fn written(tree: &Tree, place: Place, which: Which) -> String {
    let mut written = String::new();
    for &key in place {
        let key = match which {
            Which::Item(index) if key == EACH => {
                written.push_str(&format!("[{index}]"));
                continue;
            }
            Which::Value(name) if key == EACH => tree.node(name).text().unwrap_or_default(),
            _ => key,
        };
        if !written.is_empty() {
            written.push('.');
        }
        written.push_str(key);
    }
    written
}

/// Whether the object refers to another one for its template, as an Argo Rollout may.
pub(crate) fn is_elsewhere(view: ObjectView<'_>) -> bool {
    view.spec().is_some_and(|spec| field(spec, "workloadRef").is_some())
}
