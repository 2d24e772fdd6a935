//! The types of `k8s-openapi` say the same of objects as the table of schemas.
//!
//! Both come from the published API, on different ways. Objects are those of the fixtures and of
//! the rules' examples, good and bad.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use std::fs;
use std::path::Path;

use careen_kube_model::schema::{Defect, check};
use careen_kube_model::{KubernetesVersion, ObjectView, QuantityProblem, objects};
use careen_text::Source;
use careen_yaml::de::from_node;
use careen_yaml::{Limits, Node, parse};
use k8s_openapi::api::{
    apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core,
    networking::v1 as networking, policy::v1 as policy, rbac::v1 as rbac,
};
use serde::de::DeserializeOwned;

/// Whether the type takes the object, or none for a kind that is not compared.
fn oracle(view: ObjectView<'_>) -> Option<bool> {
    let root = view.root();
    Some(match (view.api_version(), view.kind()) {
        ("v1", "Pod") => reads::<core::Pod>(root),
        ("v1", "Service") => reads::<core::Service>(root),
        ("v1", "Namespace") => reads::<core::Namespace>(root),
        ("v1", "ServiceAccount") => reads::<core::ServiceAccount>(root),
        ("v1", "PersistentVolumeClaim") => reads::<core::PersistentVolumeClaim>(root),
        ("v1", "ResourceQuota") => reads::<core::ResourceQuota>(root),
        ("v1", "LimitRange") => reads::<core::LimitRange>(root),
        ("apps/v1", "Deployment") => reads::<apps::Deployment>(root),
        ("apps/v1", "StatefulSet") => reads::<apps::StatefulSet>(root),
        ("apps/v1", "DaemonSet") => reads::<apps::DaemonSet>(root),
        ("batch/v1", "Job") => reads::<batch::Job>(root),
        ("batch/v1", "CronJob") => reads::<batch::CronJob>(root),
        ("networking.k8s.io/v1", "Ingress") => reads::<networking::Ingress>(root),
        ("networking.k8s.io/v1", "NetworkPolicy") => reads::<networking::NetworkPolicy>(root),
        ("policy/v1", "PodDisruptionBudget") => reads::<policy::PodDisruptionBudget>(root),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => {
            reads::<autoscaling::HorizontalPodAutoscaler>(root)
        }
        ("rbac.authorization.k8s.io/v1", "Role") => reads::<rbac::Role>(root),
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => reads::<rbac::RoleBinding>(root),
        ("rbac.authorization.k8s.io/v1", "ClusterRole") => reads::<rbac::ClusterRole>(root),
        _ => return None,
    })
}

fn reads<T: DeserializeOwned>(root: Node<'_>) -> bool {
    let typed = from_node::<T>(root);
    typed.unknown.is_empty() && typed.errors.iter().all(|error| error.1.ends_with("found null"))
}

const SHAPE: Defect = Defect::Quantity(QuantityProblem::Shape);

/// Whether the table takes it, as far as types without validation can say.
fn takes(view: ObjectView<'_>) -> bool {
    let problems = check(view, KubernetesVersion::NEWEST).problems;
    !problems.iter().map(|problem| &problem.defect).any(|defect| {
        matches!(defect, Defect::Unknown { .. } | Defect::Type { .. }) || *defect == SHAPE
    })
}

fn compare(name: &str, text: &str, counts: &mut [u32; 2]) {
    let tree = parse(&Source::new(name, text), &Limits::default());
    for object in objects(&tree) {
        let view = ObjectView::new(&object, &tree);
        if let Some(expected) = oracle(view) {
            assert_eq!(takes(view), expected, "{} of {name}:\n{text}", view.display());
            counts[usize::from(expected)] += 1;
        }
    }
}

/// The YAML examples in the documentation of a rule.
fn examples(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("///")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match &mut open {
            Some(_) if line.starts_with("```") => found.extend(open.take()),
            Some(example) => *example += &format!("{line}\n"),
            None if line.starts_with("```yaml") => open = Some(String::new()),
            None => {}
        }
    }
    found
}

fn each_file(folder: &Path, run: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, run);
        } else if let Ok(text) = fs::read_to_string(&path) {
            run(&path, &text);
        }
    }
}

#[test]
fn types_and_table_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut counts = [0; 2];
    each_file(&root.join("crates/lint-kubernetes/src/rules"), &mut |path, text| {
        for example in examples(text) {
            compare(&path.display().to_string(), &example, &mut counts);
        }
    });
    each_file(&root.join("fixtures/repos"), &mut |path, text| {
        if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            compare(&path.display().to_string(), text, &mut counts);
        }
    });
    let good = include_str!("../src/schema/good.yaml");
    compare("good.yaml", good, &mut counts);
    // A field of every scalar turned wrong, one after the other.
    for (from, to) in [
        ("replicas: 3", "replicas: three"),
        ("maxSkew: 1", "maxSkew: ~"),
        ("port: 80,", "port: '80',"),
        ("readOnly: true", "readOnly: 'true'"),
        ("containerPort: 53", "containerPort: 53.5"),
        ("maxReplicas: 5", "maxReplicas: 5000000000"),
        ("path: /,", "path: 1,"),
        ("[ReadWriteOnce]", "ReadWriteOnce"),
        ("verbs: [get]", "verbs: {get: get}"),
        ("sizeLimit: 1Gi", "sizeLimit: [1Gi]"),
        ("cpu: 100m", "cpu: {a: 1}"),
        ("defaultMode: 0440", "defaultmode: 0440"),
        ("targetPort: 53,", "targetPort: 53.5,"),
        ("hosts: [a.example.com]", "hosts: [1]"),
    ] {
        assert!(good.contains(from), "{from}");
        compare("changed.yaml", &good.replace(from, to), &mut counts);
    }
    assert!(counts[0] >= 10 && counts[1] > 300, "{counts:?}");
}
