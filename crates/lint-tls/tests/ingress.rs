//! What controllers are told about TLS: edges that single examples do not show, and hostile input.

use std::fmt::Write;

use careen_lint_tls::TlsLinter;
use careen_testkit::check_files;

fn rules(path: &str, text: &str) -> Vec<String> {
    let report = check_files(&TlsLinter, &[(path, text)]);
    report.findings.iter().map(|each| each.rule.id.to_owned()).collect()
}

#[test]
fn chart_values_are_read_where_they_are_for_a_controller() {
    for (path, text, found) in [
        ("values.yaml", "controller:\n  config:\n    hsts: \"false\"\n", "ingress-hsts-weak"),
        ("values.yaml", "app:\n  hsts: false\n", ""),
        (
            "values.yaml",
            "controller:\n  config:\n    ssl-protocols: TLSv1.1\n",
            "ingress-weak-protocol",
        ),
        ("README.md", "    ssl-protocols: TLSv1.1\n", ""),
        ("main.go", "ssl-protocols: TLSv1.1\n", ""),
        ("a.tf", "\"ssl-protocols\" = \"TLSv1.1\"\n", "ingress-weak-protocol"),
        (
            "a.yaml",
            "config:\n  ssl-ciphers: \"ECDHE+AESGCM:\n    RC4-SHA\"\n",
            "ingress-weak-ciphers",
        ),
        (
            "tls.yaml",
            "tls:\n  options:\n    default:\n      minVersion: VersionTLS10\n",
            "traefik-min-version",
        ),
        ("tls.yaml", "minVersion: 1.0\n", ""),
        (
            "compose.yaml",
            "command:\n- --serversTransport.insecureSkipVerify\n",
            "traefik-insecure-skip-verify",
        ),
        ("compose.yaml", "command:\n- --serversTransport.insecureSkipVerify=false\n", ""),
        (
            "a.yaml",
            "scrape:\n  tlsConfig:\n    insecureSkipVerify: true\n",
            "config-tls-verification-disabled",
        ),
        ("cloudfront.yaml", "minimumProtocolVersion: TLSv1\n", ""),
    ] {
        assert_eq!(rules(path, text).concat(), found, "{path}: {text}");
    }
}

#[test]
fn long_lines_full_of_settings_end_soon() {
    for (name, value) in [
        ("ssl-ciphers", "HIGH:!aNULL:-RC4:"),
        ("ssl-protocols", "TLSv1 -TLSv1.1 "),
        ("cipherSuites", "[TLS_RSA_WITH_AES_128_CBC_SHA,"),
        ("cipher-suites", "[contour,"),
        ("insecureSkipVerify", "true --serversTransport.insecureSkipVerify "),
        ("hsts-max-age", "1"),
    ] {
        let one_line = format!("{name}: {value} ").repeat(5_000);
        let long = format!("{name}: {}", value.repeat(10_000));
        let mut lines = String::new();
        for number in 0..5_000 {
            let _ = writeln!(lines, "{}{name}: {value}", " ".repeat(number % 40));
        }
        for text in [one_line, long, lines] {
            rules("values.yaml", &text);
        }
    }
}

#[test]
fn many_delegations_and_ingresses_end_soon() {
    let mut text = String::new();
    for number in 0..700 {
        let _ = write!(
            text,
            "apiVersion: projectcontour.io/v1\nkind: HTTPProxy\n\
             metadata: {{name: p{number}, namespace: shop}}\n\
             spec: {{virtualhost: {{fqdn: a{number}.example, tls: {{secretName: other/tls}}}}}}\n---\n\
             apiVersion: projectcontour.io/v1\nkind: TLSCertificateDelegation\n\
             metadata: {{name: d{number}, namespace: other}}\n\
             spec: {{delegations: [{{secretName: tls, targetNamespaces: [x{number}]}}]}}\n---\n\
             apiVersion: networking.k8s.io/v1\nkind: Ingress\n\
             metadata: {{name: i{number}, namespace: shop}}\n\
             spec: {{tls: [{{hosts: [one.example], secretName: s{number}}}], rules: [{{host: one.example}}]}}\n---\n"
        );
    }
    let found = rules("all.yaml", &text);
    assert!(found.iter().any(|rule| rule == "contour-delegation-missing"));
    assert!(found.iter().any(|rule| rule == "ingress-duplicate-host-secret"));
}
