use super::*;

const PROBE: Probe = Probe::ExternalServices;

fn out(target: &str) -> Value {
    service("out", json!({"type": "ExternalName", "externalName": target}))
}

#[test]
fn names_need_dns() {
    let answer = ask(PROBE, &[out("api.example.com")]);
    assert_eq!((answer.missing.as_slice(), answer.problems.len()), (&["DNS"][..], 0));
    assert!(only(PROBE, &[out("192.0.2.1")]).contains("192.0.2.1"));
    assert!(only(PROBE, &[out("")]).contains("names nothing"));
    assert!(only(PROBE, &[out("db.other.svc.cluster.local")]).contains("`other/db`"));
    let inside = out("api.shop.svc.cluster.local");
    let api = service("api", json!({"selector": {"app": "api"}}));
    assert!(ask(PROBE, &[inside, api]).problems.is_empty());
}

#[test]
fn services_without_selectors_need_addresses() {
    let by_hand = service("legacy", json!({"clusterIP": "10.0.0.9"}));
    assert_eq!(ask(PROBE, std::slice::from_ref(&by_hand)).missing, ["EndpointSlice"]);
    let told = only(PROBE, &[by_hand.clone(), slice("other", json!([]))]);
    assert_eq!(told, "Service `shop/legacy` has no selector and no address");
    let there = slice("legacy", json!([{"addresses": ["192.0.2.7"]}]));
    let answer = ask(PROBE, &[by_hand, there]);
    assert!(answer.problems.is_empty() && answer.missing.is_empty() && answer.seen == 1);
}

#[test]
fn nothing_leads_out() {
    let mut api = service("kubernetes", json!({"clusterIP": "10.0.0.1"}));
    api["metadata"]["namespace"] = json!("default");
    let answer = ask(PROBE, &[api]);
    assert_eq!((answer.seen, answer.missing.len()), (0, 0));
    assert_eq!(ask(PROBE, &[]).missing, ["Service"]);
}
