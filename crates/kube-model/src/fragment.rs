//! Objects that are parts of objects: patches, told by their shape.
//!
//! An object counts as a part only if the API server would refuse it as a whole and its author
//! could hardly have meant it to be one. A Deployment with labels and images that lacks its
//! selector is whole and wrong.

use careen_yaml::{Node, Tree};

use crate::node::{field, text};
use crate::object::Object;
use crate::pod::PodTemplate;
use crate::template;
use crate::view::ObjectView;
use crate::workload::Workload;

/// Directives of a strategic merge patch; the first stands alone, the others before a slash or
/// alone.
const DIRECTIVES: [&str; 4] =
    ["$patch", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/"];
/// Nodes of one file that are searched for directives.
const NODES: usize = 1_000_000;

/// Marks the objects of a tree that are parts of objects.
pub(crate) fn mark(tree: &Tree, objects: &mut [Object]) {
    let written = tree.source().text();
    let has_directives = DIRECTIVES.iter().any(|directive| written.contains(directive));
    let mut budget = NODES;
    for object in objects {
        let view = ObjectView::new(object, tree);
        object.fragment = !object.is_kustomize()
            && (is_part(view) || (has_directives && has_directive(view.root(), &mut budget)));
    }
}

fn has_directive(root: Node<'_>, budget: &mut usize) -> bool {
    for visit in root.walk() {
        let Some(left) = budget.checked_sub(1) else { return false };
        *budget = left;
        let key = visit.key.and_then(|key| key.text());
        if key.is_some_and(|key| DIRECTIVES.iter().any(|directive| key.starts_with(directive))) {
            return true;
        }
    }
    false
}

/// Whether an object lacks what its kind cannot do without.
fn is_part(view: ObjectView<'_>) -> bool {
    let spec = view.spec();
    let lacks =
        |keys: &[&str]| keys.iter().all(|key| spec.and_then(|spec| field(spec, key)).is_none());
    match (view.group(), view.kind()) {
        ("", "Service") => {
            let is = |key, value| spec.and_then(|spec| text(spec, key)) == Some(value);
            lacks(&["ports", "selector", "externalName"])
                && !is("type", "ExternalName")
                && !is("clusterIP", "None")
        }
        ("networking.k8s.io" | "extensions", "Ingress") => {
            lacks(&["rules", "defaultBackend", "backend"])
        }
        ("autoscaling", "HorizontalPodAutoscaler") => lacks(&["scaleTargetRef"]),
        ("", "PersistentVolumeClaim") => lacks(&["accessModes", "resources"]),
        _ => view.workload().is_some_and(|workload| is_part_of(view, workload)),
    }
}

fn is_part_of(view: ObjectView<'_>, workload: Workload) -> bool {
    let lacks = |key| view.spec().and_then(|spec| field(spec, key)).is_none();
    let Some(pod) = view.pod_template() else {
        // What an operator makes of a custom resource without a template is its own affair.
        return !workload.is_custom() && !template::is_elsewhere(view);
    };
    match workload {
        Workload::Deployment
        | Workload::StatefulSet
        | Workload::DaemonSet
        | Workload::ReplicaSet
        | Workload::Rollout
        | Workload::CloneSet => {
            lacks("selector") && (pod.labels().is_empty() || some_lack_images(pod))
                || all_lack_images(pod)
        }
        // A trigger may fill in the image, and the selector is made of the labels.
        Workload::DeploymentConfig => pod.labels().is_empty() && all_lack_images(pod),
        Workload::Job => pod.field("restartPolicy").is_none() || all_lack_images(pod),
        Workload::CronJob => {
            lacks("schedule") || pod.field("restartPolicy").is_none() || all_lack_images(pod)
        }
        workload if workload.is_custom() => view.pod_templates().all(all_lack_images),
        _ => all_lack_images(pod),
    }
}

fn all_lack_images(pod: PodTemplate<'_>) -> bool {
    !pod.containers().any(|container| container.image().is_some())
}

fn some_lack_images(pod: PodTemplate<'_>) -> bool {
    pod.containers().any(|container| container.image().is_none())
}

#[cfg(test)]
mod tests {
    use crate::testing::File;

    #[test]
    fn patches_are_told_by_their_shape() {
        let pod =
            "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}";
        let bare = "template: {spec: {containers: [{name: a, image: b}]}}";
        let selector = "selector: {matchLabels: {a: b}}";
        let job = "template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}";
        for (head, spec, fragment) in [
            ("apps/v1, kind: Deployment", format!("{selector}, {pod}"), false),
            ("apps/v1, kind: Deployment", pod.to_owned(), false),
            ("apps/v1, kind: Deployment", bare.to_owned(), true),
            ("apps/v1, kind: Deployment", "replicas: 3".to_owned(), true),
            (
                "apps/v1, kind: Deployment",
                format!("{selector}, {pod}").replace(", image: b", ""),
                true,
            ),
            ("apps/v1, kind: Deployment", format!("{selector}, {pod}, '$patch': replace"), true),
            ("argoproj.io/v1alpha1, kind: Rollout", "workloadRef: {name: a}".to_owned(), false),
            ("argoproj.io/v1alpha1, kind: Rollout", "replicas: 3".to_owned(), true),
            ("batch/v1, kind: Job", job.to_owned(), false),
            ("batch/v1, kind: Job", bare.to_owned(), true),
            ("batch/v1, kind: CronJob", format!("jobTemplate: {{spec: {{{job}}}}}"), true),
            (
                "batch/v1, kind: CronJob",
                format!("schedule: '@daily', jobTemplate: {{spec: {{{job}}}}}"),
                false,
            ),
            ("v1, kind: Pod", "containers: [{name: a, image: b}]".to_owned(), false),
            ("v1, kind: Pod", "containers: [{name: a}]".to_owned(), true),
            ("v1, kind: Pod", "containers: [{name: a, image: b, $patch: delete}]".to_owned(), true),
            ("v1, kind: Service", "type: LoadBalancer".to_owned(), true),
            ("v1, kind: Service", "selector: {a: b}".to_owned(), false),
            ("v1, kind: Service", "type: ExternalName, externalName: a.b".to_owned(), false),
            ("v1, kind: Service", "clusterIP: None".to_owned(), false),
            ("autoscaling/v2, kind: HorizontalPodAutoscaler", "maxReplicas: 3".to_owned(), true),
            ("v1, kind: PersistentVolumeClaim", "storageClassName: a".to_owned(), true),
            ("v1, kind: PersistentVolumeClaim", "resources: {}".to_owned(), false),
            ("networking.k8s.io/v1, kind: Ingress", "ingressClassName: a".to_owned(), true),
            ("example.com/v1, kind: Deployment", "replicas: 3".to_owned(), false),
            ("serving.knative.dev/v1, kind: Service", pod.to_owned(), false),
            ("flink.apache.org/v1beta1, kind: FlinkDeployment", "image: a".to_owned(), false),
        ] {
            let text = format!("{{apiVersion: {head}, metadata: {{name: a}}, spec: {{{spec}}}}}");
            assert_eq!(File::new(&text).first().is_fragment(), fragment, "{text}");
        }
    }

    #[test]
    fn directives_in_texts_are_none() {
        for text in [
            "{apiVersion: v1, kind: ConfigMap, data: {patch: '$patch: delete'}}",
            "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, $patch: delete}",
        ] {
            assert!(!File::new(text).first().is_fragment(), "{text}");
        }
    }
}
