//! Certificates, chains, keys and key stores as files of their own.

use careen_testkit::make;

use crate::harness::{folder, run};

const RECIPE: &str = "\
ca: {ca: true, common_name: Shop CA, not_after: 5y}
bare: {common_name: shop.example.com, issuer: ca}
long: {names: [shop.example.com], issuer: ca, usages: [server_auth], not_after: 400d}
store: {store: {pkcs12: [long, ca], password: changeit}}
javas: {store: {jks: [long, ca], password: changeit}}
";

#[test]
fn single_files_are_judged_by_the_rules_of_browsers() {
    let blobs = make(RECIPE);
    let text = |name: &str| blobs[name].clone().into_bytes();
    let bytes = |name: &str| decode(&blobs[name]);
    for (path, content, rule) in [
        ("bare.pem", text("bare.crt"), "cert-san-missing"),
        ("bare.der", bytes("bare.der"), "cert-san-missing"),
        ("chain.pem", [text("long.crt"), text("ca.crt")].concat(), "cert-validity-too-long-public"),
        ("store.p12", bytes("store.p12"), "keystore-default-password"),
        ("store.p12", bytes("store.p12"), "cert-validity-too-long-public"),
        ("keystore.jks", bytes("javas.jks"), "keystore-default-password"),
        ("keystore.jks", bytes("javas.jks"), "cert-validity-too-long-public"),
    ] {
        let folder = folder(&[(path, &content)]);
        let arguments = ["check", path, "--profile", "public-pki", "--format", "json"];
        let told = run(folder.path(), &arguments);
        let report = told.json();
        let rules: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["rule"].as_str().unwrap())
            .collect();
        assert!(rules.contains(&rule), "{path}: {rules:?}");
        assert_eq!(report["summary"]["binary"], 0, "{path} was looked at");
    }
}

#[test]
fn what_will_expire_is_listed_on_request() {
    let blobs = make(RECIPE);
    let folder = folder(&[("server.pem", blobs["long.crt"].as_bytes())]);
    let listed = |arguments: &[&str]| {
        let arguments = [&["check", "--select", "cert-expires-soon"], arguments].concat();
        run(folder.path(), &arguments).stdout.contains("in 400 days")
    };
    assert!(!listed(&[]) && !listed(&["--forecast", "90d"]));
    assert!(listed(&["--forecast", "2y"]));
}

fn decode(base64: &str) -> Vec<u8> {
    let source = careen_text::Source::new("x", base64);
    let span = careen_text::Span::of(0..base64.len());
    careen_text::decode_base64(&careen_text::Derived::verbatim(&source, span)).unwrap().bytes
}
