//! The linter over whole files: places, objects, masks and bounds.

use std::sync::Arc;

use super::joined;
use crate::SecretsLinter;
use careen_model::{Context, Linter, parse};
use careen_rule::{Confidence, Finding, Findings, Severity};
use careen_text::Source;

fn findings(path: &str, text: &str) -> Vec<Finding> {
    let file = parse(Source::new(path, joined(text)), path);
    let mut findings = Findings::of_file();
    SecretsLinter::new().check_file(&file, &Context::at(0), &mut findings);
    let findings = findings.into_vec();
    for finding in &findings {
        // Whatever is pointed at is masked, but for the head of a private key, which is within.
        let covers = |span| finding.secrets.iter().any(|secret| secret.encloses(span));
        assert!(covers(finding.location.span), "{finding:?}");
    }
    findings
}

/// Rule, marked text, and start of the message of each finding.
fn shown(path: &str, text: &str) -> Vec<(&'static str, String, String)> {
    findings(path, text)
        .into_iter()
        .map(|finding| {
            let marked = finding.location.source.slice(finding.location.span).to_owned();
            (finding.rule.id, marked, finding.message)
        })
        .collect()
}

fn marked(path: &str, text: &str) -> Vec<(&'static str, String)> {
    shown(path, text).into_iter().map(|(rule, marked, _)| (rule, marked)).collect()
}

/// A token with a right checksum.
const TOKEN: &str = "ghp_26auCJp8c·HzlQEWht8NC1Wd3N52OWt3Wgcs9";

fn secret(lines: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: shop, namespace: shop}}\n{lines}")
}

#[test]
fn entries_are_pointed_at_however_they_are_written() {
    // `kR7vTq2wZ\n` in base64.
    let value = "a1I3dlRx·MndaCg==";
    let plain = joined(value);
    for (lines, expected) in [
        (format!("data:\n  a: {value}\n"), plain.clone()),
        (format!("data:\n  a: \"{value}\"\n"), plain.clone()),
        (format!("data: {{a: '{value}', b: }}\n"), plain.clone()),
        (
            "data:\n  a: |\n    a1I3dlRx\n    MndaCg==\n".to_owned(),
            "a1I3dlRx\n    MndaCg==".to_owned(),
        ),
        (
            "data:\r\n  a: |-\r\n    a1I3dlRx\r\n    MndaCg==\r\n".to_owned(),
            "a1I3dlRx\r\n    MndaCg==".to_owned(),
        ),
        (
            "data:\n  a: \"a1I3\\\n    dlRxMndaCg==\"\n".to_owned(),
            "a1I3\\\n    dlRxMndaCg==".to_owned(),
        ),
        ("stringData:\n  a: kR7·vTq2wZ\n".to_owned(), joined("kR7·vTq2wZ")),
        ("stringData:\n  a: \"kR7·v\\u0054q2wZ\"\n".to_owned(), joined("kR7·v\\u0054q2wZ")),
        ("stringData:\n  a: >-\n    kR7·vTq2wZ\n".to_owned(), joined("kR7·vTq2wZ")),
    ] {
        let found = shown("secret.yaml", &secret(&lines));
        let [(rule, marked, message)] = found.as_slice() else { panic!("{lines}: {found:?}") };
        assert_eq!((*rule, marked), ("kubernetes-secret-committed", &expected), "{lines}");
        assert!(message.starts_with("value of `a` in Secret `shop/shop` is committed in"));
    }
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"a1I3dlRxMndaCg==\"}}";
    assert_eq!(marked("secret.json", json), [("kubernetes-secret-committed", plain)]);
}

#[test]
fn tokens_are_found_behind_base64_at_their_own_characters() {
    // `token=AKIA·Z7QK4M2XW5RT3NVB;` (without the dot) in base64, in two lines.
    let text = secret("data:\n  a: |\n    dG9rZW49QUtJQVo3UUs0·TTJY\n    VzVSVDNOVkI7\n");
    let found = findings("secret.yaml", &text);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    let source = &finding.location.source;
    assert_eq!(finding.rule.id, "aws-access-key-id-committed");
    assert_eq!(source.slice(finding.location.span), "QUtJQVo3UUs0TTJY\n    VzVSVDNOVkI");
    assert!(finding.message.ends_with("is committed in `a` of Secret `shop/shop`"));
    let object = finding.object.as_ref().unwrap();
    assert_eq!((object.kind.as_str(), object.field.as_deref()), ("Secret", Some("data.a")));
    // The whole value is masked, not the token alone.
    let whole = joined("dG9rZW49QUtJQVo3UUs0·TTJY\n    VzVSVDNOVkI7");
    assert!(finding.secrets.iter().any(|&secret| source.slice(secret) == whole));
    let start = source.position(finding.location.span.start);
    assert_eq!((start.line, start.column), (6, 13));
}

#[test]
fn tokens_in_string_data_are_reported_once() {
    let found = marked("secret.yaml", &secret(&format!("stringData:\n  github-token: {TOKEN}\n")));
    assert_eq!(found, [("github-token-committed", joined(TOKEN))]);
    let lines = "stringData:\n  .env: |\n    USER=shop\n    DB_PASSWORD=kR7·vTq2wZ\n";
    let found = marked("secret.yaml", &secret(lines));
    assert_eq!(found, [("password-assigned", joined("kR7·vTq2wZ"))]);
    let lines = "stringData:\n  twilio-auth-token: 3c1d·9be27fa04586d2e1bb703c1d9be2\n";
    let found = marked("secret.yaml", &secret(lines));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_is_no_secret_is_left_alone() {
    for lines in [
        "data: {a: Y2hhbmdlbWU=, b: ''}\n",
        "data:\n  a: ENC[AES256_GCM,data:a1I3dlRxMndaCg==,type:str]\nsops: {mac: 'ENC[AES256_GCM,data:x]'}\n",
        "data:\n  a: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    6338\n",
        "stringData: {a: changeme, b: '${B}', c: '<token>', d: 'vault:kv/data/a#b', e: ''}\n",
        "stringData: {ca.crt: x y z, id_rsa.pub: ssh-rsa AAAAB3Nza}\n",
        "type: kubernetes.io/service-account-token\n",
        "data:\n",
    ] {
        let found = shown("secret.yaml", &secret(lines));
        assert!(found.is_empty(), "{lines}: {found:?}");
    }
    let head = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n";
    let sealed = format!("{head}    password: AgA9f3k·Wq7Lz2Vx8Rt5Bn1M\n");
    assert_eq!(marked("a.yaml", &sealed), []);
    let external = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec:\n  data:\n  - secretKey: 9f3k·Wq7Lz2Vx8Rt5Bn1M\n";
    assert_eq!(marked("a.yaml", external), []);
    assert_eq!(marked("vault.yml", "$ANSIBLE_VAULT;1.1;AES256\npassword: kR7·vTq2wZ\n"), []);
}

#[test]
fn milder_values_are_masked_all_the_same() {
    let lines = "stringData: {username: shop-owner, port: '5432'}\n";
    let found = findings("secret.yaml", &secret(lines));
    assert_eq!(found.len(), 2);
    for finding in &found {
        assert_eq!((finding.severity, finding.confidence), (Severity::Low, Confidence::Low));
    }
    // Neither base64 nor text.
    let found = findings("secret.yaml", &secret("data: {a: 'kR7 vTq2!', b: /////////////w==}\n"));
    let levels: Vec<_> = found.iter().map(|finding| finding.confidence).collect();
    assert_eq!(levels, [Confidence::Low, Confidence::Medium]);
}

#[test]
fn an_alias_is_read_once() {
    let lines = "data: {a: &a a1I3dlRx·MndaCg==, b: *a, c: *a}\n";
    assert_eq!(findings("secret.yaml", &secret(lines)).len(), 1);
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop}\nspec:\n  containers:\n  - name: web\n    env:\n";

#[test]
fn variables_are_reported_once_with_their_container() {
    for (lines, expected) in [
        ("    - name: DB_PASSWORD\n      value: kR7·vTq2wZ\n", "kR7·vTq2wZ"),
        ("    - value: kR7·vTq2wZ\n      name: DB_PASSWORD\n", "kR7·vTq2wZ"),
        ("    - {name: DB_PASSWORD, value: 'kR7·vTq2wZ'}\n", "kR7·vTq2wZ"),
        ("    - name: DB_PASSWORD\n      value: >-\n        kR7·vTq2wZ\n", "kR7·vTq2wZ"),
    ] {
        let found = findings("pod.yaml", &format!("{POD}{lines}"));
        let [finding] = found.as_slice() else { panic!("{lines}: {found:?}") };
        assert_eq!(finding.rule.id, "password-assigned");
        let source = &finding.location.source;
        assert_eq!(source.slice(finding.location.span), joined(expected), "{lines}");
        let message = "container `web` in Pod `shop/api` sets `DB_PASSWORD` to a literal password";
        assert_eq!(finding.message, message);
        let object = finding.object.as_ref().unwrap();
        assert_eq!(object.container.as_deref(), Some("web"));
        assert_eq!(object.field.as_deref(), Some("env.DB_PASSWORD"));
    }
    // What the value itself tells goes first.
    let lines = format!("    - name: GITHUB_TOKEN\n      value: {TOKEN}\n");
    let found = findings("pod.yaml", &format!("{POD}{lines}"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule.id, "github-token-committed");
    assert_eq!(found[0].object.as_ref().unwrap().container.as_deref(), Some("web"));
    for lines in [
        "    - name: DB_PASSWORD\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n",
        "    - name: DB_PASSWORD\n      value: $(OTHER)\n",
        "    - name: DB_PASSWORD_FILE\n      value: kR7·vTq2wZ\n",
    ] {
        assert_eq!(marked("pod.yaml", &format!("{POD}{lines}")), [], "{lines}");
    }
}

#[test]
fn keys_of_config_maps_are_names() {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n";
    let found = shown(
        "map.yaml",
        &format!("{head}data:\n  db-password: |\n    kR7·vTq2wZ\n  theme: kR7·vTq2wZ\n"),
    );
    let [(rule, marked, message)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((*rule, marked.as_str()), ("password-assigned", joined("kR7·vTq2wZ").as_str()));
    assert_eq!(message, "`db-password` of ConfigMap `shop` holds a literal password");
}

#[test]
fn dockerfiles_tell_only_what_values_prove() {
    let named = "FROM a\nENV API_PASSWORD=kR7·vTq2wZ\nARG DB_PASSWORD=kR7·vTq2wZ\n";
    assert_eq!(marked("Dockerfile", named), []);
    let run = "FROM a\nRUN mysql --password=kR7·vTq2wZ\n";
    assert_eq!(marked("Dockerfile", run), [("password-assigned", joined("kR7·vTq2wZ"))]);
    for line in [format!("ENV T={TOKEN}"), format!("ENV T {TOKEN}"), format!("ARG T=\"{TOKEN}\"")] {
        let found = marked("Dockerfile", &format!("FROM a\n{line}\n"));
        assert_eq!(found, [("github-token-committed", joined(TOKEN))], "{line}");
    }
    let near = "FROM a\nENV TWILIO_AUTH_TOKEN 3c1d·9be27fa04586d2e1bb703c1d9be2\n";
    let found = marked("Dockerfile", near);
    assert_eq!(found, [("twilio-token-committed", joined("3c1d·9be27fa04586d2e1bb703c1d9be2"))]);
}

#[test]
fn many_secrets_are_counted_and_all_masked() {
    let count = crate::report::MOST + 40;
    let lines: String = (0..count).map(|index| format!("password: kR7·vTq2wZ{index}\n")).collect();
    let found = findings("app.yaml", &lines);
    assert_eq!(found.len(), crate::report::MOST);
    assert!(found[199].message.ends_with(", and 40 more secrets stand in this file"));
    assert_eq!(found.iter().map(|finding| finding.secrets.len()).sum::<usize>(), count);
}

/// Work that grows with the square of the size would take minutes here.
#[test]
fn hostile_manifests_take_linear_time() {
    let entries: String = (0..20_000).map(|index| format!("  k{index}: *v\n")).collect();
    let value = "QUJD".repeat(100);
    let text = secret(&format!("data:\n  k: &v {value}\n{entries}"));
    assert_eq!(findings("a.yaml", &text).len(), 1);
    let one = "---\napiVersion: v1\nkind: Secret\ndata: {a: a1I3dlRxMndaCg==}\n";
    assert_eq!(findings("a.yaml", &one.repeat(5_000)).len(), crate::report::MOST);
}

#[test]
fn files_are_not_kept() {
    let source = Source::new("a.py", joined("password = \"kR7·vTq2wZ\"\n"));
    let file = parse(Arc::clone(&source), "a.py");
    let mut findings = Findings::of_file();
    SecretsLinter::new().check_file(&file, &Context::at(0), &mut findings);
    assert_eq!(findings.iter().count(), 1);
}

#[test]
fn files_that_are_no_text_are_known_by_their_start() {
    let judge = |path: &str, start: &[u8]| {
        let source = Source::new(path, "");
        let mut findings = Findings::of_file();
        SecretsLinter::new().check_binary(&source, start, true, &Context::at(0), &mut findings);
        findings.into_vec()
    };
    let mut store = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1];
    store.extend([7; 90]);
    let found = judge("shop.jks", &store);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.rule.id, "key-store-committed");
    let message = "Java keystore (JKS) is committed, protected by a passphrase only";
    assert_eq!(finding.message, message);
    // A key in DER without protection.
    let key = [&[0x30, 0x52, 0x02, 0x01, 0x01, 0x04, 0x20][..], &[7; 77]].concat();
    let found = judge("shop.der", &key);
    assert_eq!(found[0].rule.id, "private-key-committed");
    assert_eq!(found[0].severity, Severity::Critical);
    let picture = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[7; 90]].concat();
    assert!(judge("shop.png", &picture).is_empty());
    assert!(judge("empty", &[]).is_empty());
}

#[test]
fn the_moment_decides_what_a_token_is_worth() {
    let encode = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let token = format!(
        "{}.{}.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX",
        encode("{\"alg\":\"HS256\"}"),
        encode("{\"sub\":\"worker\",\"exp\":1682899200}"),
    );
    let file = parse(Source::new("a.yaml", format!("a: {token}\n")), "a.yaml");
    let judge = |now: i64| {
        let mut findings = Findings::of_file();
        SecretsLinter::new().check_file(&file, &Context::at(now), &mut findings);
        findings.into_vec().remove(0)
    };
    let (living, over) = (judge(1_682_899_199), judge(1_682_899_201));
    assert!(living.message.ends_with("is committed, valid until 2023-05-01"), "{}", living.message);
    assert!(over.message.ends_with("is committed, expired on 2023-05-01"), "{}", over.message);
    assert_eq!((living.severity, over.severity), (Severity::Medium, Severity::Low));
}

#[test]
fn tokens_of_service_accounts_are_named() {
    let encode = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let claims =
        "{\"iss\":\"kubernetes/serviceaccount\",\"sub\":\"system:serviceaccount:shop:web\"}";
    let token = format!(
        "{}.{}.V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX",
        encode("{\"alg\":\"RS256\",\"kid\":\"a\"}"),
        encode(claims),
    );
    let found = findings("secret.yaml", &secret(&format!("stringData: {{token: {token}}}\n")));
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.rule.id, "kubernetes-service-account-token-committed");
    assert_eq!(
        finding.message,
        "token of service account `shop/web` is committed in `token` of Secret `shop/shop`, without expiry"
    );
}

/// What the base64 forms of anchors lead to: any text, not a Secret alone.
#[test]
fn tokens_in_base64_of_any_text_are_found_where_they_stand() {
    let token = joined(TOKEN);
    for padding in 0..3 {
        let inner = format!("{}token={token};", " ".repeat(padding));
        let packed = data_encoding::BASE64.encode(inner.as_bytes());
        let text = format!("payload = {packed}\n");
        let at = 10 + (padding + 6) * 4 / 3;
        let derived = crate::decode::around(&text, at).unwrap();
        let mut found = super::hits(derived.text().unwrap(), super::CONFIG);
        assert_eq!(found.len(), 1, "{padding}");
        crate::inside::bring_back(&mut found[0], &derived);
        let start = u32::try_from(at).unwrap();
        let end = 10 + u32::try_from((padding + 6 + token.len()) * 4).unwrap().div_ceil(3);
        assert_eq!(found[0].secret, careen_text::Span::new(start, end), "{padding}");
    }
}

/// Texts within texts within texts, each of them as large as the file allows.
#[test]
fn hostile_nesting_takes_bounded_time() {
    // Escapes double with each level.
    let mut nested = "{\"password\": \"x\"}".to_owned();
    for _ in 0..8 {
        let escaped = nested.replace('\\', "\\\\").replace('"', "\\\"");
        nested = format!("{{\"a\": \"{escaped}\"}}");
    }
    let _ = findings("a.json", &nested);
    let mut packed = joined(TOKEN);
    for _ in 0..20 {
        packed = data_encoding::BASE64.encode(packed.as_bytes());
    }
    let _ = findings("a.yaml", &secret(&format!("data: {{a: {packed}}}\n")));
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n";
    let lines = "    a: b\n    password: x\n".repeat(20_000);
    let _ = findings("a.yaml", &format!("{map}  a.yaml: |\n{lines}"));
    let many: String = (0..20_000).map(|index| format!("  k{index}.yaml: \"a\\nb\"\n")).collect();
    let _ = findings("a.yaml", &format!("{map}{many}"));
    let list = "- {name: PASSWORD, value: x}\n- [--password, x]\n".repeat(20_000);
    let _ = findings("a.yaml", &list);
}

/// A release as Helm keeps it: JSON in gzip in base64 in the base64 of a Secret.
#[test]
fn a_packed_helm_release_tells_its_token_and_where_it_stands() {
    let release = |config: &str| {
        let manifest = "---\\napiVersion: v1\\nkind: Service\\nmetadata: {name: shop}\\n";
        let json = format!(
            "{{\"name\":\"shop\",\"chart\":{{\"metadata\":{{\"name\":\"shop\"}},\"values\":{{\"replicas\":2}}}},\"config\":{config},\"manifest\":\"{manifest}\",\"version\":1}}"
        );
        let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];
        let mut deflate = zlib_rs::Deflate::new(9, false, 15);
        let mut output = vec![0; json.len() + 64];
        deflate.compress(json.as_bytes(), &mut output, zlib_rs::DeflateFlush::Finish).unwrap();
        packed.extend(&output[..usize::try_from(deflate.total_out()).unwrap()]);
        packed.extend(crc32fast::hash(json.as_bytes()).to_le_bytes());
        packed.extend(u32::try_from(json.len()).unwrap().to_le_bytes());
        let inner = data_encoding::BASE64.encode(&packed);
        data_encoding::BASE64.encode(inner.as_bytes())
    };
    let of = |config: &str| {
        let payload = release(config);
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: sh.helm.release.v1.shop.v1, namespace: shop}}\ntype: helm.sh/release.v1\ndata:\n  release: {payload}\n"
        );
        let mut found = shown("release.yaml", &text);
        assert_eq!(found.len(), 1, "{found:?}");
        let (rule, marked, message) = found.remove(0);
        assert_eq!(marked, payload);
        (rule, message)
    };
    let token = joined(TOKEN);
    let (rule, message) = of(&format!("{{\"git\":{{\"auth\":{{\"token\":\"{token}\"}}}}}}"));
    assert_eq!(rule, "github-token-committed");
    let place = "is committed in the packed Helm release `shop` (values: `git.auth.token`) in `release` of Secret";
    assert!(message.contains(place), "{message}");
    let password = joined("kR7·vTq2wZaa");
    let (rule, message) = of(&format!(
        "{{\"db\":{{\"password\":\"{password}\"}},\"x\":{{\"password\":\"{password}\"}}}}"
    ));
    assert_eq!(rule, "password-assigned");
    assert!(message.contains("`shop` (values: `db.password`)"), "{message}");
    assert!(message.contains(", and 1 more secret in it"), "{message}");
    let (rule, message) = of("{\"colour\":\"blue\"}");
    assert_eq!(rule, "helm-release-committed");
    assert!(message.ends_with("holds a packed Helm release with all its values"), "{message}");
}
