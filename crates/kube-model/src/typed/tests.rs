use k8s_openapi::api::apps::v1::Deployment;

use super::{check, is_known};
use crate::testing::{File, SHOP};

fn unknown(text: &str) -> Vec<(String, String)> {
    let file = File::new(text);
    let report = check(file.first()).unwrap();
    assert_eq!(report.errors, [], "{text}");
    let slice = |span| file.slice(span).to_owned();
    report.unknown.into_iter().map(|field| (field.path, slice(field.span))).collect()
}

#[test]
fn unknown_fields_have_their_place() {
    let text = "
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: web
      image: a
      imagePullpolicy: Always
      securityContext: {privledged: true}
label: {}
";
    let found = unknown(text);
    let found: Vec<_> = found.iter().map(|(path, key)| (path.as_str(), key.as_str())).collect();
    assert_eq!(
        found,
        [
            ("spec.containers[0].imagePullpolicy", "imagePullpolicy"),
            ("spec.containers[0].securityContext.privledged", "privledged"),
            ("label", "label")
        ]
    );
    let file = File::new(text);
    let report = check(file.first()).unwrap();
    let known: Vec<_> = report.unknown.iter().map(|field| field.known).collect();
    assert!(known[0].contains(&"imagePullPolicy"), "{known:?}");
    assert!(known[1].contains(&"privileged"), "{known:?}");
    assert_eq!(known[2], ["apiVersion", "kind", "metadata", "spec", "status"]);
}

#[test]
fn wrong_types_have_their_place() {
    for (text, value, message) in [
        ("{apiVersion: apps/v1, kind: Deployment, spec: {replicas: '3'}}", "'3'", "expected i32"),
        ("{apiVersion: v1, kind: Pod, spec: {containers: {name: a}}}", "{name: a}", "expected "),
        ("{apiVersion: v1, kind: ConfigMap, data: {on: yes}}", "yes", "expected "),
        ("{apiVersion: v1, kind: ConfigMap, data: {port: 80}}", "80", "expected "),
        (
            "{apiVersion: v1, kind: Pod, spec: {hostNetwork: 'true'}}",
            "'true'",
            "expected a boolean",
        ),
        (
            "{apiVersion: v1, kind: Namespace, metadata: {creationTimestamp: secret}}",
            "secret",
            "the value does not have",
        ),
    ] {
        let file = File::new(text);
        let report = check(file.first()).unwrap();
        let [(span, found)] = &*report.errors else { panic!("{text}: {report:?}") };
        assert_eq!(file.slice(*span), value, "{text}");
        assert!(found.starts_with(message), "{text}: {found}");
    }
}

#[test]
fn what_the_api_server_takes_is_no_error() {
    for text in [
        "{apiVersion: v1, kind: Pod, metadata: {labels: {a: ~}, creationTimestamp: null}, \
         spec: {containers: [{resources: {limits: {cpu: 2, memory: 1.5}}, args: [~]}]}}",
        "{apiVersion: v1, kind: Pod, spec: {hostNetwork: on, volumes: [{name: a, emptyDir: }]}}",
        "{apiVersion: v1, kind: Pod, spec: {volumes: [{secret: {defaultMode: 0644}}]}}",
        "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80, targetPort: http}]}}",
        "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80, targetPort: 0x50}]}}",
        "{apiVersion: v1, kind: Secret, data: {a: \"aGVs\\nbG8=\", b: 'not base64'}}",
        "{apiVersion: v1, kind: Secret, data: ~, stringData: {}}",
        SHOP_WITHOUT_ERRORS,
    ] {
        assert_eq!(unknown(text), [], "{text}");
    }
}

const SHOP_WITHOUT_ERRORS: &str =
    "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: []}}}}";

#[test]
fn every_kind_reads_an_empty_object() {
    for (version, kinds) in [
        (
            "v1",
            "Pod PodTemplate ReplicationController Service ConfigMap Secret Namespace \
             ServiceAccount PersistentVolumeClaim PersistentVolume ResourceQuota LimitRange",
        ),
        ("apps/v1", "Deployment StatefulSet DaemonSet ReplicaSet"),
        ("batch/v1", "Job CronJob"),
        ("networking.k8s.io/v1", "Ingress IngressClass NetworkPolicy"),
        ("policy/v1", "PodDisruptionBudget"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("rbac.authorization.k8s.io/v1", "Role RoleBinding ClusterRole ClusterRoleBinding"),
    ] {
        for kind in kinds.split(' ') {
            let text = format!("{{apiVersion: {version}, kind: {kind}, metdata: {{}}}}");
            let file = File::new(&text);
            assert!(is_known(&file.objects[0]), "{text}");
            let report = check(file.first()).unwrap();
            assert_eq!(report.unknown.len(), 1, "{text}");
            assert!(report.unknown[0].known.contains(&"metadata"), "{text}");
            assert_eq!(report.errors, [], "{text}");
        }
    }
    let file = File::new("{apiVersion: apps/v1beta1, kind: Deployment}");
    assert!(check(file.first()).is_none());
}

#[test]
fn reads_what_k8s_openapi_writes() {
    let text = SHOP.replace("8080]", "'8080']").replace("value: on", "value: 'on'");
    let file = File::new(&text);
    let first = careen_yaml::de::from_node::<Deployment>(file.first().root());
    assert_eq!((first.unknown.as_slice(), first.errors.as_slice()), (&[][..], &[][..]));
    let first = first.value.unwrap();
    let json = serde_json::to_string_pretty(&first).unwrap();
    let again = File::new(&json);
    let second = careen_yaml::de::from_node::<Deployment>(again.first().root());
    assert_eq!(second.value.as_ref(), Some(&first));
    let oracle: Deployment = serde_json::from_str(&json).unwrap();
    assert_eq!(oracle, first);
    let pod = again.first().pod_template().unwrap();
    assert_eq!(pod.containers().count(), 2);
}
