//! What the rules make of Ingresses, Services and ports, beyond their examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

#[track_caller]
fn assert_finds(documents: &[&str], rule: &str, expected: bool) {
    let text = documents.join("\n---\n");
    let report = check_files(&KubernetesLinter, &[("app.yaml", &text)]);
    let found: Vec<String> = report
        .findings
        .iter()
        .map(|found| format!("{}: {}", found.rule.id, found.message))
        .collect();
    let is_found = report.findings.iter().any(|found| found.rule.id == rule);
    assert_eq!(is_found, expected, "{rule} in {text}: {found:#?}");
}

fn ingress(metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: shop, {metadata}}}\n\
         spec: {{{spec}}}\n"
    )
}

fn service(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{{spec}}}\n")
}

const BACKEND: &str = "defaultBackend: {service: {name: web, port: {number: 80}}}";

#[test]
fn paths_are_those_of_the_api_server() {
    for (path, refused) in [
        ("path: /, pathType: Prefix", false),
        ("path: /a, pathType: Exact", false),
        ("path: '/a(/|$)(.*)', pathType: ImplementationSpecific", false),
        ("pathType: ImplementationSpecific", false),
        ("path: '/*', pathType: ImplementationSpecific", false),
        ("path: '${PATH_PREFIX}', pathType: Prefix", false),
        ("pathType: Prefix", true),
        ("path: a, pathType: ImplementationSpecific", true),
        ("path: /a/../b, pathType: Prefix", true),
        ("path: /a%2Fb, pathType: Exact", true),
        ("path: /a", true),
    ] {
        let text =
            ingress("", &format!("rules: [{{host: a.example, http: {{paths: [{{{path}}}]}}}}]"));
        assert_finds(&[&text], "ingress-path-invalid", refused);
    }
}

#[test]
fn backends_name_one_port() {
    for (backend, refused) in [
        ("service: {name: web, port: {number: 80}}", false),
        ("service: {name: web, port: {name: http}}", false),
        ("resource: {kind: Bucket, name: a}", false),
        ("service: {name: web, port: {name: http, number: 80}}", true),
        ("service: {name: web, port: {number: 0}}", true),
        ("service: {name: web, port: {number: 70000}}", true),
        ("service: {name: '', port: {number: 80}}", true),
        ("service: {name: web}", true),
        ("service: {name: web, port: {number: 80}}, resource: {kind: A, name: a}", true),
        ("serviceName: web, servicePort: 80", true),
    ] {
        let text = ingress("", &format!("defaultBackend: {{{backend}}}"));
        assert_finds(&[&text], "ingress-backend-invalid", refused);
    }
    let old = "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n\
               spec: {backend: {serviceName: web, servicePort: 80}}\n";
    assert_finds(&[old], "ingress-backend-invalid", false);
}

#[test]
fn classes_have_several_places() {
    let class = |default: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: edge, \
             annotations: {{ingressclass.kubernetes.io/is-default-class: '{default}'}}}}\n"
        )
    };
    let bare = ingress("", BACKEND);
    assert_finds(&[&bare], "ingress-class-missing", true);
    assert_finds(&[&bare, &class("true")], "ingress-class-missing", false);
    assert_finds(&[&bare, &class("false")], "ingress-class-missing", true);
    let named = ingress("", &format!("ingressClassName: other, {BACKEND}"));
    assert_finds(&[&named], "ingress-class-missing", false);
    assert_finds(&[&named], "ingress-class-not-found", false);
    assert_finds(&[&named, &class("false")], "ingress-class-not-found", true);
    let annotated = ingress("annotations: {kubernetes.io/ingress.class: edge}", BACKEND);
    assert_finds(&[&annotated, &class("false")], "ingress-class-missing", false);
    assert_finds(&[&annotated, &class("false")], "ingress-class-not-found", false);
    // The overlay gives the class to the base.
    assert_finds(&[&bare, &ingress("", "ingressClassName: edge")], "ingress-class-missing", false);
}

#[test]
fn annotations_break_out_of_nginx() {
    for (key, value, expected) in [
        ("auth-url", "https://a.example/x?y=$request_uri", false),
        ("auth-url", "'https://a.example/#;load_module x;'", true),
        ("auth-tls-match-cn", "CN=(a|b)", false),
        ("auth-tls-match-cn", "\"CN=a #(\\n){}\\n }}\"", true),
        ("mirror-target", "https://a.example$request_uri", false),
        ("mirror-host", "'{{ host }}'", false),
        ("configuration-snippet", "'a; b;'", false),
    ] {
        let key = format!("annotations: {{nginx.ingress.kubernetes.io/{key}: {value}}}");
        assert_finds(&[&ingress(&key, BACKEND)], "ingress-nginx-annotation-injection", expected);
    }
}

#[test]
fn names_of_ports() {
    for (port, refused) in [
        ("targetPort: http", false),
        ("targetPort: 8080", false),
        ("targetPort: '8080'", true),
        ("targetPort: a-very-long-name", true),
        ("targetPort: '${PORT}'", false),
    ] {
        let text = service(&format!("ports: [{{port: 80, {port}}}]"));
        assert_finds(&[&text], "port-name-invalid", refused);
    }
    let probe = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, \
                 image: 'a:1', livenessProbe: {httpGet: {port: '8080'}}}]}\n";
    assert_finds(&[probe], "port-name-invalid", true);
}

#[test]
fn protocols_of_services_and_pods() {
    let pod = |ports: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, labels: {{a: b}}}}\nspec: \
             {{containers: [{{name: web, image: 'a:1', ports: [{ports}]}}]}}\n"
        )
    };
    let udp = pod("{containerPort: 53, protocol: UDP, name: dns}");
    let both = pod("{containerPort: 53, protocol: UDP}, {containerPort: 53}");
    for (port, pod, expected) in [
        ("port: 53, protocol: UDP", &udp, false),
        ("port: 53", &udp, true),
        ("port: 53", &both, false),
        ("port: 80, targetPort: dns", &udp, true),
        ("port: 80, targetPort: 8080", &udp, false),
    ] {
        let text = service(&format!("selector: {{a: b}}, ports: [{{{port}}}]"));
        assert_finds(&[&text, pod], "service-port-protocol-mismatch", expected);
    }
}

#[test]
fn services_without_a_selector() {
    let rule = "service-endpoints-missing";
    let bare = service("ports: [{port: 80}]");
    assert_finds(&[&bare], rule, true);
    assert_finds(&[&service("type: ExternalName, externalName: a.example")], rule, false);
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\n";
    assert_finds(&[&bare, endpoints], rule, false);
    // A patch of a Service has no selector of its own.
    assert_finds(&[&bare, &service("selector: {a: b}, ports: [{port: 80}]")], rule, false);
    assert_finds(&[&service("externalTrafficPolicy: Local")], rule, false);
    let policy = "service-external-traffic-policy";
    assert_finds(&[&service("externalTrafficPolicy: Local")], policy, false);
    assert_finds(&[&service("externalTrafficPolicy: Local, ports: [{port: 80}]")], policy, true);
    let external = "externalTrafficPolicy: Local, externalIPs: [192.0.2.1], ports: [{port: 80}]";
    assert_finds(&[&service(external)], policy, false);
}

#[test]
fn consoles_behind_closed_doors() {
    let rule = "sensitive-interface-exposed";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: b}}\nspec: {containers: \
               [{name: a, image: 'registry.example.com:5000/tools/phpmyadmin:5@sha256:0'}]}\n";
    let with = |spec: &str| service(&format!("{spec}, selector: {{a: b}}, ports: [{{port: 80}}]"));
    assert_finds(&[&with("type: NodePort"), pod], rule, true);
    assert_finds(&[&with("type: LoadBalancer"), pod], rule, true);
    assert_finds(&[&with("type: ClusterIP"), pod], rule, false);
    let narrow = "type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]";
    assert_finds(&[&with(narrow), pod], rule, false);
    let other = pod.replace("phpmyadmin", "phpmyadmin-exporter");
    assert_finds(&[&with("type: NodePort"), &other], rule, false);
}
