//! What single examples do not show: bundles of every kind, pairs, and hostile input.

use careen_lint_tls::TlsLinter;
use careen_testkit::{Blobs, Xorshift, check_files, make, mutate};

/// Ids of the rules on by default that find something, with the paths, in order.
fn found(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let report = check_files(&TlsLinter, files);
    assert!(report.is_complete(), "{:?}", report.notes);
    let default = report.findings.iter().filter(|each| each.rule.default);
    default.map(|each| (each.path.to_string(), each.rule.id.to_owned())).collect()
}

fn rules(path: &str, text: &str) -> Vec<String> {
    found(&[(path, text)]).into_iter().map(|(_, rule)| rule).collect()
}

fn pki() -> Blobs {
    make(
        "root: {ca: true, common_name: Shop Root, not_after: 5y}\n\
         other: {ca: true, common_name: Other Root, not_after: 5y}\n\
         ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}\n\
         leaf: {names: [shop.example.com], issuer: ca, not_after: 300d}\n\
         second: {names: [two.example.com], issuer: ca, not_after: 300d}\n",
    )
}

fn join(blobs: &Blobs, names: &[&str]) -> String {
    names.iter().map(|name| blobs[*name].as_str()).collect()
}

#[test]
fn chains_in_every_order() {
    let blobs = pki();
    for (names, expected) in [
        (&["leaf.crt", "ca.crt"][..], &[][..]),
        (&["leaf.crt"], &[]),
        (&["leaf.crt", "ca.crt", "root.crt"], &["chain-includes-root"]),
        (&["leaf.crt", "root.crt", "ca.crt"], &["chain-includes-root", "chain-misordered"]),
        (&["ca.crt", "leaf.crt"], &["chain-leaf-not-first"]),
        (&["root.crt", "ca.crt", "leaf.crt"], &["chain-includes-root", "chain-leaf-not-first"]),
        (&["leaf.crt", "ca.crt", "other.crt"], &["chain-unrelated-certificate"]),
        (&["leaf.crt", "other.crt"], &["chain-unrelated-certificate"]),
        (&["leaf.crt", "second.crt", "ca.crt"], &["chain-unrelated-certificate"]),
        (&["leaf.crt", "ca.crt", "ca.crt"], &["chain-unrelated-certificate"]),
    ] {
        let mut found = rules("server.pem", &join(&blobs, names));
        found.sort();
        assert_eq!(found, expected, "{names:?}");
    }
}

#[test]
fn chains_with_twins_take_the_better_way() {
    let blobs = make(
        "root: {ca: true, common_name: Root, not_after: 5y}\n\
         old: {ca: true, common_name: CA, issuer: root, not_before: -9d, not_after: -1d}\n\
         new: {ca: true, common_name: CA, key_of: old, issuer: root, not_after: 4y, serial: 0b1234567890abcdef}\n\
         leaf: {names: [shop.example.com], issuer: old, not_after: 200d}\n\
         next: {ca: true, common_name: CA, issuer: new, not_after: 3y}\n\
         late: {names: [late.example.com], issuer: next, not_after: 200d}\n",
    );
    for (names, expected) in [
        (&["leaf.crt", "new.crt"][..], &[][..]),
        (&["leaf.crt", "old.crt"], &["chain-member-expired"]),
        // The old one is ballast, and still told.
        (&["leaf.crt", "old.crt", "new.crt"], &["chain-member-expired"]),
        // A CA that issued its own next key.
        (&["late.crt", "next.crt", "new.crt"], &[]),
        (&["late.crt", "next.crt", "new.crt", "root.crt"], &["chain-includes-root"]),
    ] {
        let mut found = rules("server.pem", &join(&blobs, names));
        found.sort();
        assert_eq!(found, expected, "{names:?}");
    }
}

#[test]
fn hostile_chains_end_soon() {
    let mut recipe = "c0: {ca: true, common_name: CA}\n".to_owned();
    for at in 1..30 {
        recipe += &format!("c{at}: {{ca: true, common_name: CA, issuer: c{}}}\n", at - 1);
    }
    recipe += "leaf: {names: [a.example], issuer: c29}";
    let blobs = make(&recipe);
    let names: Vec<String> = (0..30).map(|at| format!("c{at}.crt")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.insert(0, "leaf.crt");
    // What is said of it matters less than that it is.
    assert!(!rules("server.pem", &join(&blobs, &names)).is_empty());
}

#[test]
fn quoted_certificates_are_no_chain() {
    let blobs = pki();
    let text = format!("const A = `{}`", join(&blobs, &["root.crt", "other.crt", "leaf.crt"]));
    assert!(rules("main.go", &text).is_empty());
    assert!(rules("bundle.pem", &join(&blobs, &["root.crt", "other.crt", "ca.crt"])).is_empty());
    let cut = "-----BEGIN CERTIFICATE-----\n\
               MIIBCgIBATANBgkqhkiG9w0BAQsFADAVMRMwEQYDVQQDDApUZXN0IENBIENBAAAA\n";
    assert_eq!(rules("a.pem", cut), ["pem-malformed"]);
    assert!(rules("README.md", cut).is_empty());
}

#[test]
fn keys_find_their_certificates() {
    let blobs = pki();
    let (leaf, ca) = (blobs["leaf.crt"].as_str(), blobs["ca.crt"].as_str());
    let (own, alien) = (blobs["leaf.key"].as_str(), blobs["second.key"].as_str());
    let live = |path: &str| vec![(path.to_owned(), "key-committed-live-certificate".to_owned())];
    let mismatch = |path: &str| vec![(path.to_owned(), "key-certificate-mismatch".to_owned())];
    assert_eq!(found(&[("a/tls.crt", leaf), ("a/tls.key", own)]), live("a/tls.key"));
    assert_eq!(found(&[("a/tls.crt", leaf), ("a/tls.key", alien)]), mismatch("a/tls.key"));
    assert_eq!(found(&[("a/tls.crt", leaf), ("b/tls.key", own)]), live("b/tls.key"));
    assert!(found(&[("a/tls.crt", leaf), ("b/tls.key", alien)]).is_empty());
    assert!(found(&[("a/shop.crt", leaf), ("a/other.key", alien)]).is_empty());
    let pem = join(&blobs, &["second.key", "leaf.crt", "ca.crt"]);
    assert_eq!(found(&[("a.pem", &pem)]), mismatch("a.pem"));
    let pem = join(&blobs, &["second.key", "ca.crt"]);
    assert!(found(&[("a.pem", &pem)]).is_empty(), "a CA beside a key is not its certificate");
    assert_eq!(found(&[("ca-cert.pem", ca), ("ca-key.pem", alien)]), mismatch("ca-key.pem"));
    let authority = found(&[("ca.pem", ca), ("x.key", blobs["ca.key"].as_str())]);
    assert_eq!(authority, [("x.key".to_owned(), "key-ca-private-key-committed".to_owned())]);
}

const INGRESS: &str = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  tls: [{hosts: [shop.example.com, '${HOST}', 10.0.0.1], secretName: web-tls}]
  rules: [{host: shop.example.com}, {host: '${HOST}'}, {host: 10.0.0.1}]
";

#[test]
fn an_ingress_and_its_secrets() {
    let blobs = pki();
    let secret = |namespace: &str, certificate: &str| {
        let indented = blobs[certificate].trim_end().replace('\n', "\n    ");
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: web-tls{namespace}}}\n\
             stringData:\n  tls.crt: |\n    {indented}\n"
        )
    };
    let ids = |other: &str| {
        let files = [("ingress.yaml", INGRESS), ("other.yaml", other)];
        found(&files).into_iter().map(|(_, rule)| rule).collect::<Vec<_>>()
    };
    // The address is covered by no certificate; both hosts fold into the one line.
    let uncovered = ["ingress-certificate-does-not-cover-host"];
    assert_eq!(ids(&secret(", namespace: shop", "leaf.crt")), uncovered);
    assert_eq!(ids(&secret("", "second.crt")), uncovered);
    let elsewhere = secret(", namespace: dev", "leaf.crt");
    assert_eq!(ids(&elsewhere), ["ingress-tls-secret-wrong-namespace"]);
    assert_eq!(ids("a: 1\n"), ["ingress-tls-secret-missing"]);
    for made in [
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\n\
         spec: {target: {name: web-tls}}\n",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: web-tls}\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\
         secretGenerator: [{name: web-tls, files: [tls.crt]}]\n",
    ] {
        assert!(ids(made).is_empty(), "{made}");
    }
}

#[test]
fn tls_may_end_before_the_cluster() {
    let ingress = |annotation: &str, value: &str| {
        let text = format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  \
             annotations: {{{annotation}: '{value}'}}\nspec:\n  rules: [{{host: a.example}}]\n"
        );
        let mut found = rules("ingress.yaml", &text);
        // Others have their say about the annotations themselves.
        found.retain(|rule| rule == "ingress-tls-missing");
        found
    };
    let missing = ["ingress-tls-missing"];
    assert_eq!(ingress("example.com/a", "b"), missing);
    assert_eq!(ingress("alb.ingress.kubernetes.io/listen-ports", r#"[{"HTTP": 80}]"#), missing);
    assert!(ingress("alb.ingress.kubernetes.io/listen-ports", r#"[{"HTTPS": 443}]"#).is_empty());
    assert!(ingress("networking.gke.io/managed-certificates", "web").is_empty());
    assert_eq!(ingress("nginx.ingress.kubernetes.io/ssl-passthrough", "false"), missing);
    assert!(ingress("nginx.ingress.kubernetes.io/ssl-passthrough", "true").is_empty());
}

#[test]
fn messages_never_hold_keys_and_snippets_are_masked() {
    let blobs = pki();
    let key = blobs["leaf.key"].as_str();
    let body: Vec<&str> = key.lines().skip(1).take(1).collect();
    let encoded = data(key);
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ntype: kubernetes.io/tls\n\
         data: {{tls.crt: {}, tls.key: {encoded}}}\n",
        data(&blobs["leaf.crt"])
    );
    for (path, text) in [("tls.key", format!("{key}{}", blobs["leaf.crt"])), ("a.yaml", manifest)] {
        let report = check_files(&TlsLinter, &[(path, &text)]);
        assert!(!report.findings.is_empty());
        for finding in &report.findings {
            let shown = format!("{finding:?}");
            assert!(!shown.contains(body[0]) && !shown.contains(&encoded[40..]), "{path}");
        }
    }
}

/// Base64, written out here so that the test stands on its own.
fn data(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let mut bits = 0_u32;
        for at in 0..3 {
            bits = bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let used = at <= chunk.len();
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if used { char::from(letter) } else { '=' });
        }
    }
    out
}

#[test]
fn damaged_input_never_fails() {
    let blobs = pki();
    let chain = join(&blobs, &["leaf.crt", "ca.crt", "root.crt", "leaf.key"]);
    let manifest = format!(
        "{INGRESS}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: web-tls}}\n\
         type: kubernetes.io/tls\ndata: {{tls.crt: {}, tls.key: {}}}\n",
        data(&chain),
        data(&blobs["leaf.key"])
    );
    let mut random = Xorshift::new(7);
    for _ in 0..300 {
        for (path, seed) in [("server.pem", &chain), ("a.yaml", &manifest)] {
            let mut bytes = seed.clone().into_bytes();
            mutate(&mut random, &mut bytes);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let report = check_files(&TlsLinter, &[(path, &text)]);
            let failed = |note: &&careen_rule::Note| note.kind == careen_rule::NoteKind::Failure;
            assert!(!report.notes.iter().any(|note| failed(&note)), "{:?}", report.notes);
        }
    }
}
