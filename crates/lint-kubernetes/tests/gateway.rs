//! What the rules make of gateways, routes and network policies, beyond their examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

/// The messages of the rules of a group.
fn messages(files: &[(&str, &str)], prefix: &str) -> Vec<String> {
    let report = check_files(&KubernetesLinter, files);
    let of_group = report.findings.iter().filter(|found| found.rule.id.starts_with(prefix));
    of_group.map(|found| format!("{}: {}", found.rule.id, found.message)).collect()
}

fn gateway(listeners: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: edge, namespace: infra}}
spec: {{gatewayClassName: edge, listeners: [{listeners}]}}
"
    )
}

fn route(kind: &str, namespace: &str, spec: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: shop, namespace: {namespace}}}
spec: {{parentRefs: [{{name: edge, namespace: infra}}], {spec}}}
"
    )
}

#[track_caller]
fn assert_told(documents: &[&str], prefix: &str, expected: &[&str]) {
    let text = documents.join("---\n");
    let told = messages(&[("app.yaml", &text)], prefix);
    let ids: Vec<&str> =
        told.iter().map(|told| told.split(':').next().unwrap_or_default()).collect();
    assert_eq!(ids, expected, "{told:#?}\n{text}");
}

#[test]
fn one_listener_that_takes_the_route_is_enough() {
    let closed = "{name: http, protocol: HTTP, port: 80}";
    let open = "{name: all, protocol: HTTP, port: 81, allowedRoutes: {namespaces: {from: All}}}";
    let route = route("HTTPRoute", "shop", "rules: []");
    let both = format!("{closed}, {open}");
    assert_told(&[&gateway(closed), &route], "gateway-", &["gateway-route-not-allowed"]);
    assert_told(&[&gateway(&both), &route], "gateway-", &[]);
}

#[test]
fn protocols_take_kinds_of_routes() {
    for (protocol, kind, expected) in [
        ("HTTP", "GRPCRoute", true),
        ("HTTP", "TLSRoute", false),
        ("TCP", "TCPRoute", true),
        ("TCP", "UDPRoute", false),
        ("UDP", "UDPRoute", true),
        ("example.com/quic", "UDPRoute", true),
    ] {
        let listener = format!(
            "{{name: a, protocol: {protocol}, port: 80, allowedRoutes: {{namespaces: {{from: All}}}}}}"
        );
        let expected: &[&str] = if expected { &[] } else { &["gateway-route-not-allowed"] };
        assert_told(
            &[&gateway(&listener), &route(kind, "shop", "rules: []")],
            "gateway-",
            expected,
        );
    }
    let named = "{name: a, protocol: TLS, port: 443, tls: {mode: Passthrough}, allowedRoutes: \
                 {kinds: [{kind: TLSRoute}], namespaces: {from: All}}}";
    assert_told(&[&gateway(named), &route("TLSRoute", "shop", "rules: []")], "gateway-", &[]);
    assert_told(
        &[&gateway(named), &route("TCPRoute", "shop", "rules: []")],
        "gateway-",
        &["gateway-route-not-allowed"],
    );
}

#[test]
fn selectors_of_namespaces_are_held_against_what_is_declared() {
    let listener = |labels: &str| {
        gateway(&format!(
            "{{name: a, protocol: HTTP, port: 80, allowedRoutes: {{namespaces: {{from: Selector, \
             selector: {{matchLabels: {labels}}}}}}}}}"
        ))
    };
    let route = route("HTTPRoute", "shop", "rules: []");
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n";
    let refused: &[&str] = &["gateway-route-not-allowed"];
    assert_told(&[&listener("{a: b}"), &route, namespace], "gateway-", &[]);
    assert_told(&[&listener("{a: c}"), &route, namespace], "gateway-", refused);
    assert_told(&[&listener("{a: c}"), &route], "gateway-", &[]);
    let name = |name: &str| listener(&format!("{{kubernetes.io/metadata.name: {name}}}"));
    assert_told(&[&name("shop"), &route, namespace], "gateway-", &[]);
    assert_told(&[&name("other"), &route], "gateway-", refused);
}

#[test]
fn hostnames_are_served_by_any_listener() {
    let listeners = "{name: a, protocol: HTTP, port: 80, hostname: a.example.com, allowedRoutes: \
                     {namespaces: {from: All}}}, {name: b, protocol: HTTP, port: 80, hostname: \
                     '*.b.example.com', allowedRoutes: {namespaces: {from: All}}}";
    let gateway = gateway(listeners);
    for (host, served) in [
        ("a.example.com", true),
        ("'*.example.com'", true),
        ("x.y.b.example.com", true),
        ("b.example.com", false),
        ("'${HOST}'", true),
    ] {
        let route = route("HTTPRoute", "shop", &format!("hostnames: [{host}], rules: []"));
        let expected: &[&str] = if served { &[] } else { &["gateway-hostname-mismatch"] };
        assert_told(&[&gateway, &route], "gateway-", expected);
    }
}

#[test]
fn what_is_not_in_the_repository_is_not_judged() {
    let route = route(
        "HTTPRoute",
        "shop",
        "hostnames: [a.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]",
    );
    assert_told(&[&route], "gateway-", &[]);
    let other = "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: other}\n\
                 spec: {ports: [{port: 80}]}\n";
    assert_told(&[&route, other], "gateway-", &[]);
    let own = "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\n\
               spec: {ports: [{port: 80}]}\n";
    assert_told(&[&route, own], "gateway-", &["gateway-backend-not-found"]);
}

#[test]
fn grants_are_of_the_other_namespace() {
    let route = route(
        "HTTPRoute",
        "shop",
        "rules: [{backendRefs: [{name: web, namespace: stock, port: 80}]}]",
    );
    let grant = |namespace: &str, to: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {{name: a, namespace: {namespace}}}
spec:
  from: [{{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}}]
  to: [{to}]
"
        )
    };
    let missing: &[&str] = &["gateway-reference-grant-missing"];
    assert_told(&[&route], "gateway-", missing);
    for (namespace, to, granted) in [
        ("stock", "{group: '', kind: Service}", true),
        ("stock", "{group: '', kind: Service, name: web}", true),
        ("stock", "{group: '', kind: Service, name: other}", false),
        ("stock", "{group: '', kind: Secret}", false),
        ("shop", "{group: '', kind: Service}", false),
    ] {
        let expected = if granted { &[] } else { missing };
        assert_told(&[&route, &grant(namespace, to)], "gateway-", expected);
    }
}

#[test]
fn copies_in_overlays_are_one_route() {
    let text = route(
        "HTTPRoute",
        "shop",
        "hostnames: [a.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]",
    );
    let files = [("staging/route.yaml", text.as_str()), ("live/route.yaml", text.as_str())];
    assert_eq!(messages(&files, "gateway-"), Vec::<String>::new());
    let twice = route(
        "HTTPRoute",
        "shop",
        "rules: [{matches: [{path: {value: /a}}, {path: {type: PathPrefix, value: /a}}], \
         backendRefs: [{name: web, port: 80}]}]",
    );
    assert_told(&[&twice], "gateway-", &["gateway-match-duplicate"]);
}

#[test]
fn headers_tell_matches_apart() {
    let rule = |headers: &str| {
        format!("{{matches: [{{headers: [{headers}]}}], backendRefs: [{{name: web, port: 80}}]}}")
    };
    let (a, b) = ("{name: X-A, value: '1'}", "{name: x-b, value: '1'}");
    for (one, other, expected) in [
        (a.to_owned(), b.to_owned(), &[][..]),
        (format!("{a}, {b}"), format!("{b}, {}", a.to_lowercase()), &["gateway-match-duplicate"]),
    ] {
        let rules = format!("rules: [{}, {}]", rule(&one), rule(&other));
        assert_told(&[&route("HTTPRoute", "shop", &rules)], "gateway-", expected);
    }
}

fn policy(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: web}}}}, {spec}}}
"
    )
}

const WEB: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: 'registry.example.com/web:1.4.0'}]}
";

#[test]
fn dns_is_allowed_in_many_ways() {
    for (egress, blocked) in [
        ("[{to: [{podSelector: {}}]}]", true),
        ("[{to: [{namespaceSelector: {}}]}]", false),
        ("[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", false),
        ("[{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 443}]}]", true),
        ("[{ports: [{port: 443}]}]", true),
        ("[{ports: [{port: 53, protocol: UDP}]}]", false),
        ("[{ports: [{port: 1, endPort: 1024}]}]", false),
        ("[{ports: [{port: dns}]}]", false),
        ("[{}]", false),
        ("[]", false),
    ] {
        let text = policy("web", &format!("policyTypes: [Egress], egress: {egress}"));
        let expected: &[&str] = if blocked { &["network-policy-blocks-dns"] } else { &[] };
        assert_told(&[&text, WEB], "network-policy-blocks", expected);
    }
    let closed = policy("web", "policyTypes: [Egress], egress: [{ports: [{port: 443}]}]");
    let cilium = "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\n\
                  metadata: {name: dns}\nspec: {endpointSelector: {}, egress: [{}]}\n";
    assert_told(&[&closed, cilium, WEB], "network-policy-blocks", &[]);
}

#[test]
fn directions_that_are_not_restricted_allow_nothing() {
    let text = policy("web", "policyTypes: [Ingress], egress: [{}]");
    assert_told(
        &[&text, WEB],
        "network-policy-",
        &["network-policy-type-missing", "network-policy-direction-missing"],
    );
}

#[test]
fn peers_that_are_not_in_the_repository() {
    for (peer, expected) in [
        ("{podSelector: {matchLabels: {app: web}}}", false),
        ("{podSelector: {matchLabels: {app: other}}}", true),
        ("{podSelector: {}}", false),
        ("{namespaceSelector: {matchLabels: {team: x}}}", false),
        ("{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}", false),
    ] {
        let text = policy("web", &format!("ingress: [{{from: [{peer}]}}]"));
        let expected: &[&str] = if expected { &["network-policy-peer-dangling"] } else { &[] };
        assert_told(&[&text, WEB], "network-policy-peer", expected);
    }
}

#[test]
fn monitors_see_labels_that_kustomize_adds() {
    let monitor = "apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}
";
    let service = "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
";
    let kustomization = "resources: [app.yaml]\nlabels: [{pairs: {app: web}}]\n";
    let told = |files: &[(&str, &str)]| messages(files, "service-monitor").len();
    let text = format!("{monitor}---\n{service}");
    assert_eq!(told(&[("app.yaml", &text)]), 1);
    assert_eq!(told(&[("app.yaml", &text), ("kustomization.yaml", kustomization)]), 0);
    assert_eq!(told(&[("app.yaml", monitor)]), 0);
}

#[test]
fn charts_bring_services() {
    let route = route("HTTPRoute", "shop", "rules: [{backendRefs: [{name: web, port: 80}]}]");
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\n\
                   spec: {ports: [{port: 80}]}\n";
    let chart = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n\
                 metadata: {name: web, namespace: shop}\n";
    for (documents, expected) in [
        (vec![route.as_str(), service], careen_rule::Severity::Medium),
        (vec![route.as_str(), service, chart], careen_rule::Severity::Low),
    ] {
        let text = documents.join("---\n");
        let report = check_files(&KubernetesLinter, &[("app.yaml", &text)]);
        let found = report.findings.iter();
        let found = found.filter(|found| found.rule.id == "gateway-backend-not-found");
        assert_eq!(found.map(|found| found.severity).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn secrets_may_be_copied_between_namespaces() {
    let gateway = gateway(
        "{name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: wildcard}]}}",
    );
    let certificate = |template: &str| {
        format!(
            "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {{name: a, namespace: \
             certificates}}\nspec: {{secretName: wildcard, {template}}}\n"
        )
    };
    let copied = "secretTemplate: {annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'}}";
    // What is copied is supplied.
    for (template, expected) in [("", vec![careen_rule::Severity::High]), (copied, Vec::new())] {
        let text = format!("{gateway}---\n{}", certificate(template));
        let report = check_files(&KubernetesLinter, &[("app.yaml", &text)]);
        let found = report.findings.iter();
        let found = found.filter(|found| found.rule.id == "gateway-certificate-not-found");
        assert_eq!(found.map(|found| found.severity).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn controllers_come_from_outside_the_namespace() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: \
                   {selector: {app: web}, ports: [{port: 80}]}\n";
    let route = route("HTTPRoute", "shop", "rules: [{backendRefs: [{name: web, port: 80}]}]");
    for (ingress, blocked) in [
        ("[]", true),
        ("[{from: [{podSelector: {matchLabels: {app: worker}}}]}]", true),
        ("[{from: [{podSelector: {matchLabels: {app: ingress-nginx}}}]}]", false),
        ("[{from: [{podSelector: {}}]}]", false),
        ("[{from: [{namespaceSelector: {matchLabels: {a: b}}}]}]", false),
        ("[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", false),
        ("[{ports: [{port: 8080}]}]", false),
    ] {
        let text = policy("web", &format!("policyTypes: [Ingress], ingress: {ingress}"));
        let expected: &[&str] = if blocked { &["network-policy-blocks-ingress"] } else { &[] };
        assert_told(&[&text, WEB, service, &route], "network-policy-blocks", expected);
        // Another policy that lets the controller in is enough.
        let open = policy("open", "ingress: [{}]");
        assert_told(&[&text, &open, WEB, service, &route], "network-policy-blocks", &[]);
    }
    let beside = route.replace("namespace: infra", "namespace: shop");
    let closed = policy("web", "policyTypes: [Ingress]");
    assert_told(&[&closed, WEB, service, &beside], "network-policy-blocks", &[]);
}
