use super::*;

const PROBE: Probe = Probe::DatabaseReachable;

fn database() -> Value {
    let spec = json!({"containers": [{"name": "c", "image": "postgres:16", "env": [
        {"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}},
        {"name": "Q", "valueFrom": {"secretKeyRef": {"name": "maybe", "key": "q", "optional": true}}}],
        "envFrom": [{"secretRef": {"name": "db-env"}}]}],
        "volumes": [{"name": "tls", "secret": {"secretName": "db-tls"}}]});
    pod("db-0", "Running", json!({}), json!({"metadata": {"labels": {"app": "db"}}, "spec": spec}))
}

fn secret(name: &str) -> Value {
    object("v1", "Secret", name, json!({}))
}

fn there() -> Value {
    json!([{"addresses": ["10.0.0.1"], "targetRef": {"kind": "Pod", "name": "db-0"}}])
}

#[test]
fn databases_are_served() {
    let db = service("store", json!({"selector": {"app": "db"}, "ports": [{"port": 9999}]}));
    let answer = ask(PROBE, &[database(), db.clone(), slice("store", there())]);
    assert!(answer.problems.is_empty() && answer.missing.is_empty(), "{answer:?}");
    assert_eq!(
        answer.what,
        "1 Service of a database, 1 pod of a database, Secrets are not in the dump"
    );
    let told = only(PROBE, &[database(), db.clone(), slice("store", json!([]))]);
    assert_eq!(told, "Service `shop/store` leads to a database and has no ready endpoint");
    assert_eq!(ask(PROBE, &[database(), db]).missing, ["EndpointSlice"]);
}

#[test]
fn databases_are_known_by_port() {
    for port in [json!({"port": 5432}), json!({"port": 1, "targetPort": 3306})] {
        let db = service("db", json!({"selector": {"app": "x"}, "ports": [port]}));
        assert!(only(PROBE, &[db, slice("db", json!([]))]).contains("shop/db"));
    }
    let cache = service("cache", json!({"selector": {"app": "x"}, "ports": [{"port": 6379}]}));
    let answer = ask(PROBE, &[cache, slice("cache", json!([]))]);
    assert_eq!((answer.seen, answer.what.as_str()), (0, "no database is in the dump"));
    let out = service(
        "db",
        json!({"type": "ExternalName", "externalName": "db.example.com", "ports": [{"port": 5432}]}),
    );
    assert_eq!(ask(PROBE, &[out, slice("x", json!([]))]).missing, ["DNS"]);
}

#[test]
fn slices_alone_lead_to_databases() {
    let answer = ask(PROBE, &[database(), slice("store", there())]);
    assert!(answer.problems.is_empty() && answer.missing.is_empty() && answer.seen == 2);
    let mut by_port = slice("db", json!([]));
    by_port["ports"] = json!([{"port": 5432}]);
    assert!(only(PROBE, &[database(), by_port]).contains("shop/db"));
}

#[test]
fn secrets_are_there() {
    let items =
        [database(), slice("store", there()), secret("db"), secret("db-env"), secret("db-tls")];
    assert!(ask(PROBE, &items).problems.is_empty());
    let told = only(PROBE, &items[..4]);
    assert_eq!(told, "Pod `shop/db-0` needs Secret `shop/db-tls`, which is not there");
}

#[test]
fn sets_and_pods_are_ready() {
    let set = object(
        "apps/v1",
        "StatefulSet",
        "db",
        json!({"spec": {"selector": {}, "serviceName": "db",
        "template": {"spec": {"containers": [{"name": "c", "image": "mysql:8"}]}}},
        "status": {"replicas": 1}}),
    );
    let told = only(PROBE, &[set, service("x", json!({})), slice("x", json!([]))]);
    assert!(told.contains("without a ready replica"));
    let mut down = database();
    down["status"]["conditions"] = json!([]);
    assert!(only(PROBE, &[down, slice("x", json!([]))]).contains("not ready"));
}
