//! What single examples do not show of cert-manager: overlays, annotations, variables, hostile
//! input.

use std::fmt::Write;

use careen_lint_tls::TlsLinter;
use careen_testkit::{Xorshift, check_files, mutate};

/// Ids of cert-manager's rules that find something, in order, each once.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let report = check_files(&TlsLinter, files);
    assert!(report.is_complete(), "{:?}", report.notes);
    let ids = report.findings.iter().map(|each| each.rule.id);
    let mut ids: Vec<_> = ids.filter_map(|id| id.strip_prefix("certmanager-")).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(str::to_owned).collect()
}

fn certificate(name: &str, namespace: &str, more: &str) -> String {
    format!(
        "apiVersion: cert-manager.io/v1\nkind: Certificate\n\
         metadata: {{name: {name}, namespace: {namespace}}}\n\
         spec:\n  secretName: {name}-tls\n{more}"
    )
}

fn issuer(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {{name: {name}}}\n\
         spec: {spec}\n"
    )
}

fn acme(server: &str) -> String {
    format!(
        "{{acme: {{server: \"https://{server}/directory\", privateKeySecretRef: {{name: account}}, \
         solvers: [{{http01: {{ingress: {{ingressClassName: nginx}}}}}}]}}}}"
    )
}

const FROM_LETSENCRYPT: &str = "  dnsNames: [shop.example.com]\n  \
                                issuerRef: {kind: ClusterIssuer, name: letsencrypt}\n";
const STAGING: &str = "acme-staging-v02.api.letsencrypt.org";
const PRODUCTION: &str = "acme-v02.api.letsencrypt.org";

#[test]
fn an_issuer_of_overlays_is_what_all_of_them_are() {
    let web = certificate("web", "shop", FROM_LETSENCRYPT);
    let staging = issuer("letsencrypt", &acme(STAGING));
    let production = issuer("letsencrypt", &acme(PRODUCTION));
    assert_eq!(found(&[("a/web.yaml", &web), ("a/issuer.yaml", &staging)]), ["acme-staging"]);
    let both = [("a/web.yaml", &*web), ("a/issuer.yaml", &staging), ("b/issuer.yaml", &production)];
    assert!(found(&both).is_empty());
}

#[test]
fn certificates_alone_say_nothing_of_issuers() {
    let web = certificate("web", "shop", FROM_LETSENCRYPT);
    let api = certificate("api", "shop", "  dnsNames: [a.b.com]\n  issuerRef: {name: internal}\n");
    assert!(found(&[("web.yaml", &web), ("api.yaml", &api)]).is_empty());
}

#[test]
fn issuers_of_the_other_kind_do_not_make_one_missing() {
    // The platform's ClusterIssuers live elsewhere; a team has an Issuer of its own.
    let web = certificate("web", "shop", FROM_LETSENCRYPT);
    let own = "apiVersion: cert-manager.io/v1\nkind: Issuer\n\
               metadata: {name: selfsigned, namespace: shop}\nspec: {selfSigned: {}}\n";
    assert!(found(&[("web.yaml", &web), ("own.yaml", own)]).is_empty());
    let other = issuer("internal", "{ca: {secretName: ca}}");
    assert_eq!(found(&[("web.yaml", &web), ("other.yaml", &other)]), ["issuer-missing"]);
    // A name that is a variable may be any.
    let variable = issuer("${ISSUER}", "{ca: {secretName: ca}}");
    assert!(found(&[("web.yaml", &web), ("variable.yaml", &variable)]).is_empty());
}

#[test]
fn variables_are_not_judged() {
    let spec = "  duration: ${DURATION}\n  renewBefore: ${RENEW}\n  commonName: ${HOST}\n  \
                dnsNames: [\"${HOST}\", \"*.${ZONE}\"]\n  ipAddresses: [\"${IP}\"]\n  \
                privateKey: {algorithm: \"${ALGORITHM}\", size: \"${SIZE}\"}\n  \
                issuerRef: {kind: \"${KIND}\", name: \"${ISSUER}\"}\n";
    let web = certificate("web", "${NAMESPACE}", spec);
    let letsencrypt = issuer("letsencrypt", &acme(PRODUCTION));
    assert!(found(&[("web.yaml", &web), ("issuer.yaml", &letsencrypt)]).is_empty());
}

#[test]
fn foreign_objects_are_left_alone() {
    for api_version in ["networking.internal.knative.dev/v1alpha1", "cert.gardener.cloud/v1alpha1"]
    {
        let text = format!(
            "apiVersion: {api_version}\nkind: Certificate\nmetadata: {{name: web}}\n\
             spec: {{secretName: web, duration: 1m, privateKey: {{size: 1}}, keystores: \
             {{pkcs12: {{create: true}}}}, renewal: {{policy: Disabled}}}}\n"
        );
        assert!(found(&[("web.yaml", &text)]).is_empty(), "{api_version}");
    }
    let spec = "  dnsNames: [web.shop.svc]\n  \
                issuerRef: {group: cas-issuer.jetstack.io, kind: GoogleCASIssuer, name: letsencrypt}\n";
    let web = certificate("web", "shop", spec);
    let letsencrypt = issuer("letsencrypt", &acme(PRODUCTION));
    assert!(found(&[("web.yaml", &web), ("issuer.yaml", &letsencrypt)]).is_empty());
}

#[test]
fn what_annotations_ask_for_is_judged_as_certificates_are() {
    let gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n\
        metadata:\n  name: web\n  namespace: shop\n  annotations:\n    \
        cert-manager.io/cluster-issuer: letsencrypt\n    cert-manager.io/duration: 30m\n    \
        cert-manager.io/usages: server auth, client auth\n\
        spec:\n  gatewayClassName: envoy\n  listeners:\n  - {name: a, port: 443, protocol: HTTPS, \
        hostname: \"*.shop.local\", tls: {certificateRefs: [{name: web-tls}]}}\n";
    let letsencrypt = issuer("letsencrypt", &acme(PRODUCTION));
    assert_eq!(
        found(&[("gateway.yaml", gateway), ("issuer.yaml", &letsencrypt)]),
        [
            "client-auth-public",
            "duration-ignored",
            "public-issuer-internal-name",
            "renew-before-invalid",
            "wildcard-without-dns01",
        ]
    );
}

#[test]
fn of_two_writers_in_two_folders_nobody_is_sure() {
    let spec = "  dnsNames: [shop.example.com]\n  issuerRef: {name: internal}\n";
    let first = certificate("web", "shop", spec);
    let second = first.replace("name: web,", "name: web-eu,");
    let report = check_files(&TlsLinter, &[("eu/web.yaml", &second), ("us/web.yaml", &first)]);
    let told: Vec<_> = report.findings.iter().map(|each| each.rule.id).collect();
    assert_eq!(told, ["certmanager-duplicate-secret-name"]);
    assert!(report.findings.iter().all(|each| each.confidence == careen_rule::Confidence::Low));
}

#[test]
fn hostile_repositories_come_to_an_end() {
    let mut text = issuer("letsencrypt", &acme(PRODUCTION));
    let mut solvers = String::from("{acme: {server: \"https://ca.example.com/\", ");
    solvers.push_str("privateKeySecretRef: {name: account}, solvers: [");
    for n in 0..2_000 {
        let _ = write!(solvers, "{{http01: {{}}, selector: {{dnsZones: [z{n}.com, y{n}.com]}}}}, ");
    }
    solvers.push_str("]}}");
    text.push_str("---\n");
    text.push_str(&issuer("many", &solvers));
    for n in 0..500 {
        let mut names = String::new();
        for host in 0..50 {
            let _ = write!(names, "\"*.h{host}.c{n}.com\", ");
        }
        let spec = format!(
            "  dnsNames: [{names}]\n  issuerRef: {{kind: ClusterIssuer, name: many}}\n  \
             renewal: {{policy: RenewBefore, windows: [{{cron: 0 0 29 2 *, windowDuration: 1h}}]}}\n"
        );
        text.push_str("---\n");
        text.push_str(&certificate("same", "shop", &spec));
    }
    assert!(!found(&[("all.yaml", &text)]).is_empty());
}

#[test]
fn no_damage_makes_a_rule_fail() {
    let spec = "  duration: 2160h\n  renewBefore: 1440h\n  commonName: shop.example.com\n  \
        dnsNames: [shop.example.com, \"*.example.com\"]\n  usages: [client auth]\n  \
        privateKey: {algorithm: RSA, size: 2048}\n  keystores: {pkcs12: {create: true}}\n  \
        renewal: {policy: RenewBefore, windows: [{cron: \"*/5 1-3 * jan mon\", windowDuration: 1h}]}\n  \
        issuerRef: {kind: ClusterIssuer, name: letsencrypt}\n";
    let mut text = certificate("web", "shop", spec);
    text.push_str("---\n");
    text.push_str(&issuer("letsencrypt", &acme(PRODUCTION)));
    text.push_str(
        "---\napiVersion: policy.cert-manager.io/v1alpha1\nkind: CertificateRequestPolicy\n\
         metadata: {name: p}\nspec:\n  allowed: {dnsNames: {values: [\"*.com\"]}, usages: [\"*\"]}\n  \
         constraints: {maxDuration: 1h, privateKey: {minSize: 4096}}\n  selector: {issuerRef: {}}\n",
    );
    let mut random = Xorshift::new(29);
    for _ in 0..300 {
        let mut damaged = text.clone().into_bytes();
        mutate(&mut random, &mut damaged);
        let damaged = String::from_utf8_lossy(&damaged);
        let _ = check_files(&TlsLinter, &[("all.yaml", &damaged)]);
    }
}
