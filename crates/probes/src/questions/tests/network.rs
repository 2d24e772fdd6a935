use super::*;

const PROBE: Probe = Probe::NetworkReachable;

#[test]
fn services_have_ready_endpoints() {
    let api = service("api", json!({"selector": {"app": "api"}}));
    let there = json!([{"addresses": ["10.0.0.1"], "conditions": {"ready": true}}]);
    let answer = ask(PROBE, &[api.clone(), slice("api", there.clone())]);
    assert_eq!((answer.seen, answer.what.as_str()), (1, "1 Service with a selector"));
    assert!(answer.problems.is_empty() && answer.missing.is_empty());
    // Nothing said means ready.
    let unsaid = json!([{"addresses": ["10.0.0.1"], "conditions": {}}]);
    assert!(ask(PROBE, &[api.clone(), slice("api", unsaid)]).problems.is_empty());
    for gone in [
        json!([]),
        Value::Null,
        json!([{"addresses": [], "conditions": {"ready": true}}]),
        json!([{"addresses": ["10.0.0.1"], "conditions": {"ready": false}}]),
    ] {
        let told = only(PROBE, &[api.clone(), slice("api", gone)]);
        assert_eq!(told, "Service `shop/api` has no ready endpoint");
    }
    assert!(only(PROBE, &[api.clone(), slice("other", there)]).contains("shop/api"));
    assert_eq!(ask(PROBE, &[api]).missing, ["EndpointSlice"]);
}

#[test]
fn services_that_select_nothing_are_left_alone() {
    let items = [
        service(
            "out",
            json!({"type": "ExternalName", "externalName": "example.com", "selector": {"a": "b"}}),
        ),
        service("by-hand", json!({"clusterIP": "10.0.0.9"})),
        slice("x", json!([{"addresses": ["10.0.0.1"]}])),
    ];
    let answer = ask(PROBE, &items);
    assert_eq!((answer.seen, answer.problems.len()), (0, 0));
}

#[test]
fn slices_alone_know_their_services() {
    let good = slice("a", json!([{"addresses": ["10.0.0.1"]}]));
    let answer = ask(PROBE, &[good, slice("b", json!([]))]);
    assert_eq!(messages(&answer), ["Service `shop/b` has no ready endpoint"]);
    assert_eq!(answer.what, "2 Services known by EndpointSlices");
    assert!(answer.missing.is_empty());
}

#[test]
fn a_balancer_needs_an_address() {
    let endpoint = slice("web", json!([{"addresses": ["10.0.0.1"]}]));
    let web = service("web", json!({"selector": {"app": "web"}, "type": "LoadBalancer"}));
    assert!(only(PROBE, &[web.clone(), endpoint.clone()]).contains("no address"));
    let mut web = web;
    web["status"] = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}});
    assert!(ask(PROBE, &[web, endpoint]).problems.is_empty());
}

#[test]
fn endpoints_of_old_clusters_count_too() {
    let api = service("api", json!({"selector": {"app": "api"}}));
    let subset = json!({"subsets": [{"addresses": [{"ip": "10.0.0.1"}]}]});
    let endpoints = object("v1", "Endpoints", "api", subset);
    let answer = ask(PROBE, &[api, endpoints]);
    assert!(answer.problems.is_empty() && answer.missing.is_empty());
}
