//! Gateways of the Gateway API and of Istio: what single examples do not show.

use std::fmt::Write as _;

use careen_lint_tls::TlsLinter;
use careen_testkit::{Blobs, Xorshift, check_files, make, mutate};

/// Ids of the rules of these two groups that find something, in order.
fn found(files: &[(&str, &str)]) -> Vec<&'static str> {
    let report = check_files(&TlsLinter, files);
    assert!(report.is_complete(), "{:?}", report.notes);
    let ids = report.findings.iter().map(|each| each.rule.id);
    ids.filter(|id| id.starts_with("gateway-") || id.starts_with("mesh-")).collect()
}

fn rules(text: &str) -> Vec<&'static str> {
    found(&[("a.yaml", text)])
}

fn pki() -> Blobs {
    make(
        "ca: {ca: true, common_name: Shop CA, not_after: 5y}\n\
         one: {names: [one.example.com], issuer: ca}\n\
         wild: {names: [\"*.example.com\"], issuer: ca}\n",
    )
}

fn secret(name: &str, namespace: &str, certificate: &str, blobs: &Blobs) -> String {
    let mut text = format!(
        "---\napiVersion: v1\nkind: Secret\n\
         metadata: {{name: {name}, namespace: {namespace}}}\nstringData:\n  tls.key: |\n"
    );
    for (key, blob) in [("key", None), ("crt", Some("  tls.crt: |\n"))] {
        text.push_str(blob.unwrap_or_default());
        for line in blobs[&format!("{certificate}.{key}")].lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

fn gateway(name: &str, namespace: &str, listeners: &[&str]) -> String {
    let mut text = format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n\
         metadata: {{name: {name}, namespace: {namespace}}}\nspec:\n  listeners:\n"
    );
    for listener in listeners {
        let _ = writeln!(text, "  - {{{listener}}}");
    }
    text
}

fn route(kind: &str, namespace: &str, parent: &str, host: &str) -> String {
    format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\n\
         metadata: {{name: r, namespace: {namespace}}}\n\
         spec: {{parentRefs: [{{{parent}}}], hostnames: [\"{host}\"]}}\n"
    )
}

const ONE: &str = "name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: one}]}";
const WILD: &str = "name: b, protocol: HTTPS, port: 8443, tls: {certificateRefs: [{name: wild}]}";

#[test]
fn routes_are_judged_by_the_listeners_that_take_them() {
    let blobs = pki();
    let secrets = secret("one", "infra", "one", &blobs) + &secret("wild", "infra", "wild", &blobs);
    let both = gateway("edge", "infra", &[ONE, WILD]);
    let not_covered = &["gateway-route-hostname-not-covered"][..];
    for (kind, namespace, parent, host, expected) in [
        ("HTTPRoute", "infra", "name: edge, sectionName: a", "one.example.com", &[][..]),
        ("HTTPRoute", "infra", "name: edge, sectionName: a", "two.example.com", not_covered),
        ("GRPCRoute", "infra", "name: edge, port: 443", "two.example.com", not_covered),
        ("HTTPRoute", "infra", "name: edge, sectionName: b", "two.example.com", &[]),
        ("HTTPRoute", "infra", "name: edge, port: 8443", "two.example.com", &[]),
        // Of both listeners, one is wrong.
        ("HTTPRoute", "infra", "name: edge", "two.example.com", not_covered),
        // A listener takes routes of its own namespace only.
        ("HTTPRoute", "shop", "name: edge, namespace: infra", "two.example.com", &[]),
        ("HTTPRoute", "shop", "name: edge", "two.example.com", &[]),
        // Something below the wildcard is covered.
        ("HTTPRoute", "infra", "name: edge, sectionName: a", "*.example.com", &[]),
        ("HTTPRoute", "infra", "name: edge, sectionName: a", "*.example.org", not_covered),
        ("HTTPRoute", "infra", "name: edge, sectionName: a", "${HOST}", &[]),
        ("HTTPRoute", "infra", "name: edge, kind: Service, group: ''", "two.example.com", &[]),
        ("TCPRoute", "infra", "name: edge", "two.example.com", &[]),
    ] {
        let text = both.clone() + &route(kind, namespace, parent, host) + &secrets;
        assert_eq!(rules(&text), expected, "{kind} {namespace} {parent} {host}");
    }
}

#[test]
fn what_is_not_known_is_not_judged() {
    let blobs = pki();
    let route = route("HTTPRoute", "infra", "name: edge", "two.example.com");
    let one = secret("one", "infra", "one", &blobs);
    for (listener, expected) in [
        (ONE, 1),
        (
            "name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: one}, {name: x}]}",
            0,
        ),
        ("name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: '${X}'}]}", 0),
        ("name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: one, kind: X}]}", 0),
        ("name: a, protocol: HTTPS, port: 443", 0),
        ("name: a, protocol: HTTP, port: 80, tls: {certificateRefs: [{name: one}]}", 0),
        // Connections for the host go to the closer one.
        (
            "name: a, hostname: one.example.com, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: one}]}",
            0,
        ),
    ] {
        let text = gateway("edge", "infra", &[listener]) + &route + &one;
        assert_eq!(rules(&text).len(), expected, "{listener}");
    }
    // Of an overlay, one is right.
    let wild = ONE.replace("name: one", "name: wild");
    let base = gateway("edge", "infra", &[ONE]) + &route + &one;
    let overlay = gateway("edge", "infra", &[&wild]) + &secret("wild", "infra", "wild", &blobs);
    assert_eq!(found(&[("base.yaml", &base), ("overlay.yaml", &overlay)]), [""; 0]);
}

#[test]
fn one_certificate_for_hosts_of_several_listeners() {
    let blobs = pki();
    let secrets = secret("one", "infra", "one", &blobs) + &secret("wild", "infra", "wild", &blobs);
    let of = |name: &str, host: &str, port: u16, secret: &str| {
        format!(
            "name: {name}, hostname: '{host}', protocol: HTTPS, port: {port}, tls: {{certificateRefs: [{{name: {secret}}}]}}"
        )
    };
    let overlap = &["gateway-overlapping-certificates"][..];
    for (one, other, expected) in [
        (of("a", "one.example.com", 443, "one"), of("b", "*.example.com", 443, "wild"), overlap),
        (of("a", "two.example.com", 443, "wild"), of("b", "one.example.com", 443, "one"), overlap),
        (of("a", "one.example.com", 443, "one"), of("b", "*.example.com", 8443, "wild"), &[]),
        (of("a", "one.example.com", 443, "one"), of("b", "One.example.com", 443, "wild"), &[]),
        (of("a", "a.example.org", 443, "x"), of("b", "b.example.org", 443, "y"), &[]),
        (of("a", "a.example.org", 443, "x"), of("b", "b.example.org", 443, "x"), overlap),
    ] {
        let text = gateway("edge", "infra", &[&one, &other]) + &secrets;
        assert_eq!(rules(&text), expected, "{one} {other}");
    }
}

fn istio(name: &str, servers: &[&str]) -> String {
    let mut text = format!(
        "---\napiVersion: networking.istio.io/v1\nkind: Gateway\n\
         metadata: {{name: {name}, namespace: shop}}\n\
         spec:\n  selector: {{istio: gateway}}\n  servers:\n"
    );
    for server in servers {
        let _ = writeln!(text, "  - {{{server}}}");
    }
    text
}

fn pods(namespace: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: gateway{namespace}}}\n\
         spec: {{template: {{metadata: {{labels: {{istio: gateway}}}}, spec: {{containers: []}}}}}}\n"
    )
}

#[test]
fn credentials_lie_where_the_pods_are() {
    let blobs = pki();
    let gateway = istio(
        "edge",
        &["port: {number: 443, name: s, protocol: HTTPS}, hosts: [one.example.com], \
           tls: {mode: SIMPLE, credentialName: one}"],
    );
    let own = secret("one", "shop", "one", &blobs);
    let right = secret("one", "istio-ingress", "one", &blobs);
    let external = "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\n\
                    metadata: {name: one, namespace: x}\nspec: {target: {name: one}}\n";
    let wrong = &["mesh-gateway-credential-wrong-namespace"][..];
    for (text, expected) in [
        (own.clone(), &[][..]),
        (own.clone() + &pods(", namespace: istio-ingress"), wrong),
        (own.clone() + &right + &pods(", namespace: istio-ingress"), &[]),
        (right.clone() + &pods(", namespace: istio-ingress"), &[]),
        // The pods may be anywhere.
        (own.clone() + &pods(""), &[]),
        (own.clone() + &pods(", namespace: shop") + &pods(", namespace: istio-ingress"), &[]),
        (own + external + &pods(", namespace: istio-ingress"), &[]),
        (String::new(), &["mesh-gateway-credential-missing"]),
        (external.to_owned() + &pods(", namespace: istio-ingress"), &[]),
    ] {
        assert_eq!(rules(&(gateway.clone() + &text)), expected, "{text}");
    }
}

fn peer(name: &str, namespace: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n\
         metadata: {{name: {name}, namespace: {namespace}}}\nspec: {{{rest}}}\n"
    )
}

#[test]
fn the_closest_policy_counts() {
    let rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n\
                metadata: {name: web, namespace: shop}\n\
                spec: {host: web.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}\n";
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n\
                   spec: {selector: {app: web}}\n";
    let strict = "mtls: {mode: STRICT}";
    let mesh = peer("default", "istio-system", strict);
    let open = peer("default", "shop", "mtls: {mode: PERMISSIVE}");
    let unset = peer("default", "shop", "mtls: {mode: UNSET}");
    let of = |app: &str, rest: &str| {
        peer("w", "shop", &format!("selector: {{matchLabels: {{app: {app}}}}}, {rest}"))
    };
    let conflicts =
        |text: String| rules(&(rule.to_owned() + &text)).contains(&"mesh-mtls-conflict");
    assert!(!conflicts(service.to_owned()));
    assert!(!conflicts(mesh.clone()));
    assert!(conflicts(mesh.clone() + service));
    assert!(conflicts(mesh.clone() + service + &unset));
    assert!(!conflicts(mesh.clone() + service + &open));
    assert!(conflicts(peer("default", "shop", strict)));
    assert!(conflicts(open.clone() + service + &of("web", strict)));
    assert!(!conflicts(open + &of("web", strict)));
    assert!(!conflicts(mesh.clone() + service + &of("web", "mtls: {mode: DISABLE}")));
    assert!(conflicts(mesh.clone() + service + &of("other", "mtls: {mode: DISABLE}")));
    let ports = "mtls: {mode: STRICT}, portLevelMtls: {80: {mode: DISABLE}}";
    assert!(!conflicts(mesh.clone() + service + &of("web", ports)));
    let outside = "---\napiVersion: v1\nkind: Namespace\n\
                   metadata: {name: shop, labels: {istio-injection: disabled}}\n";
    assert!(!conflicts(mesh + service + outside));
}

#[test]
fn several_gateways_with_one_certificate() {
    let of = |host: &str, port: u16| {
        format!("port: {{number: {port}, name: s, protocol: HTTPS}}, hosts: [{host}], tls: {{mode: SIMPLE, credentialName: '${{X}}'}}")
            .replace("${X}", "wild")
    };
    let count = |text: String| {
        rules(&text).into_iter().filter(|id| *id == "mesh-duplicate-certificate").count()
    };
    let (a, b) = (of("a.example.com", 443), of("b.example.com", 443));
    assert_eq!(count(istio("a", &[&a]) + &istio("b", &[&b])), 1);
    assert_eq!(count(istio("a", &[&a, &b])), 0);
    assert_eq!(count(istio("a", &[&a]) + &istio("a", &[&b])), 0);
    assert_eq!(count(istio("a", &[&a]) + &istio("b", &[&a])), 0);
    assert_eq!(count(istio("a", &[&a]) + &istio("b", &[&of("b.example.com", 8443)])), 0);
}

#[test]
fn many_routes_end_in_time() {
    let listeners: Vec<String> = (0..200)
        .map(|at| format!("name: l{at}, hostname: '*.h{at}.example.com', protocol: HTTPS, port: 443, tls: {{certificateRefs: [{{name: one}}]}}"))
        .collect();
    let listeners: Vec<&str> = listeners.iter().map(String::as_str).collect();
    let mut text = gateway("edge", "infra", &listeners);
    for at in 0..1000 {
        text.push_str(&route("HTTPRoute", "infra", "name: edge", &format!("a.h{at}.example.com")));
    }
    text.push_str(&secret("one", "infra", "one", &pki()));
    let all = rules(&text);
    assert!(all.contains(&"gateway-certificate-does-not-cover-listener"));
}

#[test]
fn damaged_manifests_are_read() {
    let blobs = pki();
    let seed = gateway("edge", "infra", &[ONE, WILD])
        + &route("HTTPRoute", "infra", "name: edge, sectionName: a", "two.example.com")
        + &route("TLSRoute", "infra", "name: edge, port: 8443", "*.example.com")
        + &istio(
            "edge",
            &[
                "port: {number: 443, name: s, protocol: HTTPS}, hosts: [x/a.example.com], \
                 tls: {mode: MUTUAL, credentialName: one, minProtocolVersion: TLSV1_0}",
                "port: {number: 80, name: h, protocol: HTTP}, hosts: ['*']",
            ],
        )
        + &peer("default", "shop", "mtls: {mode: STRICT}, portLevelMtls: {80: {mode: DISABLE}}")
        + &pods(", namespace: istio-ingress")
        + "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\n\
           metadata: {name: web, namespace: shop}\n\
           spec: {host: web.shop.svc, trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: \
           [{port: {number: 1}, tls: {mode: DISABLE}}]}}\n\
           ---\napiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\n\
           metadata: {name: web, namespace: shop}\n\
           spec: {targetRefs: [{kind: Service, name: web}], validation: {hostname: a.b, \
           caCertificateRefs: [{kind: ConfigMap, name: c}]}}\n"
        + &secret("one", "shop", "one", &blobs)
        + &secret("cacerts", "istio-system", "ca", &blobs);
    let mut random = Xorshift::new(11);
    for _ in 0..500 {
        let mut bytes = seed.clone().into_bytes();
        mutate(&mut random, &mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let report = check_files(&TlsLinter, &[("a.yaml", &text)]);
        let failed = report.notes.iter().any(|note| note.kind == careen_rule::NoteKind::Failure);
        assert!(!failed, "{:?}", report.notes);
    }
}

#[test]
fn meshes_have_their_cas_in_many_places() {
    let blobs = make(
        "root: {ca: true, common_name: Root, not_after: 5y}\n\
         other: {ca: true, common_name: Root, not_after: 5y}\n\
         issuer: {ca: true, common_name: Issuer, issuer: root, not_after: 4y}\n",
    );
    let pem = |name: &str, indent: &str| {
        let lines = blobs[&format!("{name}.crt")].lines();
        lines.map(|line| format!("{indent}{line}\n")).collect::<String>()
    };
    let values = |indent: &str, anchor: &str| {
        format!(
            "{indent}identityTrustAnchorsPEM: |\n{}{indent}identity:\n{indent}  issuer:\n\
             {indent}    tls:\n{indent}      crtPEM: |\n{}",
            pem(anchor, &format!("{indent}  ")),
            pem("issuer", &format!("{indent}        "))
        )
    };
    let release = |anchor: &str| {
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: linkerd}\n\
         spec:\n  values:\n"
            .to_owned()
            + &values("    ", anchor)
    };
    let roots = |anchor: &str| {
        let anchor = pem(anchor, "    ");
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: linkerd-identity-trust-roots}}\n\
             data:\n  ca-bundle.crt: |\n{anchor}"
        )
    };
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: linkerd-identity-issuer}\n\
                  stringData:\n  crt.pem: |\n"
        .to_owned()
        + &pem("issuer", "    ");
    let inconsistent = &["mesh-ca-chain-inconsistent"][..];
    for (anchor, expected) in [("root", &[][..]), ("other", inconsistent)] {
        assert_eq!(found(&[("values.yaml", &values("", anchor))]), expected, "{anchor}");
        assert_eq!(rules(&release(anchor)), expected, "{anchor}");
        let files = [("mesh/roots.yaml", roots(anchor)), ("mesh/issuer.yaml", secret.clone())];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(found(&files), expected, "{anchor}");
    }
    assert_eq!(found(&[("a/roots.yaml", &roots("other")), ("b/issuer.yaml", &secret)]), [""; 0]);
}
