use super::{Cluster, MOST_BYTES, Name};

fn refused(json: &str) -> String {
    let mut cluster = Cluster::default();
    let trouble = cluster.add(json).unwrap_err();
    assert_eq!(cluster.objects(), 0);
    trouble.message
}

#[test]
fn lists_and_single_objects_are_added() {
    let mut cluster = Cluster::default();
    cluster
        .add(
            r#"{"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "creationTimestamp": "2026-11-26T10:00:00Z"}},
            {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "s"}},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}]}"#,
        )
        .unwrap();
    cluster
        .add(r#"{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "p", "namespace": "shop"}}]}"#)
        .unwrap();
    cluster
        .add(r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "q", "namespace": "shop"}}"#)
        .unwrap();
    assert_eq!(cluster.objects(), 5);
    let pods: Vec<_> = cluster.pods.keys().map(Name::to_string).collect();
    assert_eq!(pods, ["shop/p", "shop/q"]);
    assert!(cluster.has("Node") && cluster.has("Pod") && !cluster.has("Service"));
    assert_eq!(cluster.newest(), Some(1_795_687_200));
}

#[test]
fn an_empty_list_proves_nothing_unless_it_is_of_a_kind() {
    let mut cluster = Cluster::default();
    cluster.add(r#"{"apiVersion": "v1", "kind": "List", "items": []}"#).unwrap();
    assert!(!cluster.has("Pod"));
    cluster.add(r#"{"apiVersion": "v1", "kind": "PodList", "items": []}"#).unwrap();
    assert!(cluster.has("Pod") && !cluster.has("Node"));
    assert!(cluster.was_asked_for("no") && cluster.has("Node"));
    assert!(cluster.was_asked_for("endpointslices.discovery.k8s.io"));
    assert!(cluster.was_asked_for("PersistentVolumeClaim"));
    assert!(!cluster.was_asked_for("widgets"));
}

#[test]
fn one_bad_object_loses_nothing_but_itself() {
    let mut cluster = Cluster::default();
    cluster
        .add(
            r#"{"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bad"}, "spec": {"containers": "hunter2"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {}},
            7, null,
            {"kind": "Pod", "metadata": {"name": "none"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "good"}}]}"#,
        )
        .unwrap();
    assert_eq!(cluster.pods.len(), 1);
    let told: Vec<_> = cluster.troubles().iter().map(|each| each.message.as_str()).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert_eq!(told[0], "item 1: Pod `bad` is not as the API writes it, and is left out");
    assert_eq!(told[1], "item 2: a Pod has no name, and is left out");
    assert!(told[2].starts_with("item 3: "));
    let many =
        format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{}0]}}"#, "0,".repeat(149));
    let mut cluster = Cluster::default();
    cluster.add(&many).unwrap();
    assert_eq!((cluster.troubles().len(), cluster.more_troubles()), (100, 50));
}

#[test]
fn secrets_are_names_alone() {
    let mut cluster = Cluster::default();
    cluster
        .add(
            r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}, "data": {"p": "aHVudGVyMg=="}}"#,
        )
        .unwrap();
    assert!(cluster.secrets.contains(&Name::new("shop", "db")));
    assert!(!format!("{cluster:?}").contains("aHVudGVy"));
}

#[test]
fn what_is_no_dump_is_refused() {
    for (json, word) in [
        ("", "empty"),
        ("apiVersion: v1", "-o json"),
        ("{}{}", "several documents"),
        ("{\"kind\": ", "too early"),
        ("{}", "no object"),
        ("[]", "no object"),
        ("7", "no object"),
        (r#"{"apiVersion": "v1", "kind": "List"}"#, "without `items`"),
        (r#"{"apiVersion": "v1", "kind": "List", "items": {}}"#, "are none"),
        (r#"{"apiVersion": "meta.k8s.io/v1", "kind": "Table", "rows": []}"#, "table"),
        (r#"{"apiVersion": "v1", "kind": "Status", "reason": "Forbidden"}"#, "Forbidden"),
        (r#"{"node": {"nodeName": 7}}"#, "kubelet"),
    ] {
        assert!(refused(json).contains(word), "{json}: {}", refused(json));
    }
    assert!(refused(&"[".repeat(100_000)).contains("deeply"));
    assert!(refused(&" ".repeat(MOST_BYTES + 1)).contains("MiB"));
    assert!(refused(&format!("[{}0]", "0,".repeat(8_000_001))).contains("8000000"));
    let many = r#"{"apiVersion": "v1", "kind": "List", "items": ["#.to_owned()
        + &"0,".repeat(200_000)
        + "0]}";
    assert!(refused(&many).contains("200000"));
}

#[test]
fn names_move_no_cursor() {
    let name = Name::new("shop", &format!("a\u{1b}[31m{}", "x".repeat(400)));
    assert!(!name.to_string().contains('\u{1b}') && name.name.chars().count() == 253);
}
