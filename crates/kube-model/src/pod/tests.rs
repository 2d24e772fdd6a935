//! Tests of pods.

use crate::testing::{File, SHOP};
use crate::{Role, Workload};

#[test]
fn every_kind_has_its_path() {
    let pod = "{metadata: {labels: {a: b}}, spec: {containers: [{name: web, image: a}]}}";
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
        (
            "apps.kruise.io/v1beta1, kind: StatefulSet",
            "spec: {template: POD}",
            Workload::StatefulSet,
        ),
        (
            "jobset.x-k8s.io/v1alpha2, kind: JobSet",
            "spec: {replicatedJobs: [{template: {spec: {template: POD}}}]}",
            Workload::CustomJob,
        ),
        (
            "kubeflow.org/v1, kind: PyTorchJob",
            "spec: {pytorchReplicaSpecs: {Master: {template: POD}}}",
            Workload::CustomJob,
        ),
        (
            "flink.apache.org/v1beta1, kind: FlinkDeployment",
            "spec: {jobManager: {podTemplate: POD}}",
            Workload::Overlay,
        ),
        ("example.com/v1, kind: Runner", "spec: {template: POD}", Workload::Custom),
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
fn an_object_may_have_several_templates() {
    let file = File::new(
        "
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: a}
spec:
  headGroupSpec: {template: {spec: {containers: [{name: head, image: a}]}}}
  workerGroupSpecs:
  - {groupName: none}
  - {template: {spec: {containers: [{name: worker, image: a}]}}}
---
apiVersion: kubeflow.org/v1
kind: TFJob
spec:
  tfReplicaSpecs:
    PS: {template: {spec: {containers: [{name: ps, image: a}]}}}
    Worker: {template: {spec: {containers: [{name: worker, image: a}]}}}
",
    );
    let paths = |index: usize| {
        let view = crate::ObjectView::new(&file.objects[index], &file.tree);
        let paths = view.pod_templates().map(|pod| {
            assert!(!pod.is_long_running() && pod.workload.is_custom());
            assert_eq!(file.slice(pod.spec_span()), "spec");
            pod.containers().next().unwrap().path()
        });
        paths.collect::<Vec<_>>()
    };
    assert_eq!(
        paths(0),
        [
            "spec.headGroupSpec.template.spec.containers[0]",
            "spec.workerGroupSpecs[1].template.spec.containers[0]",
        ]
    );
    assert_eq!(
        paths(1),
        [
            "spec.tfReplicaSpecs.PS.template.spec.containers[0]",
            "spec.tfReplicaSpecs.Worker.template.spec.containers[0]",
        ]
    );
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

#[test]
fn steps_are_containers() {
    let file = File::new(
        "
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: a}
spec:
  workflowSpec:
    templates:
    - {name: all, dag: {tasks: [{name: b, template: b}]}}
    - name: b
      container: {image: a}
      sidecars: [{name: c, image: a}]
    - {name: d, script: {image: a, source: ls}}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: a}
spec:
  tasks:
  - {name: a, taskRef: {name: b}}
  - {name: b, taskSpec: {steps: [{name: c, image: a}]}}
",
    );
    let paths = |index: usize| {
        let view = crate::ObjectView::new(&file.objects[index], &file.tree);
        assert!(!view.is_fragment());
        let containers = view.pod_templates().flat_map(|pod| {
            assert!(pod.is_partial() && !pod.is_long_running());
            pod.containers()
        });
        containers.map(crate::Container::path).collect::<Vec<_>>()
    };
    assert_eq!(
        paths(0),
        [
            "spec.workflowSpec.templates[1].container",
            "spec.workflowSpec.templates[1].sidecars[0]",
            "spec.workflowSpec.templates[2].script",
        ]
    );
    assert_eq!(paths(1), ["spec.tasks[1].taskSpec.steps[0]"]);
}
