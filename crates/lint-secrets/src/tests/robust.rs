use super::{CONFIG, DOCS, SOURCE, hits, joined};
use proptest::prelude::*;

/// Pieces that lead into every reader.
const PIECES: &[&str] = &[
    "password",
    "=",
    ":",
    "\"",
    "'",
    "\\\"",
    " ",
    "\n",
    "token",
    "://",
    "@",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----END RSA PRIVATE KEY-----",
    "-----",
    "ghp_",
    "AKIA",
    "eyJ",
    ".",
    "hf_",
    "Bearer ",
    "Basic ",
    "T3BlbkFJ",
    "PuTTY-User-Key-File-2: x\n",
    "Private-Lines: 9\n",
    "twilio",
    "é",
    "\u{1F511}",
    "\r\n",
    "9f3kWq7Lz2Vx8Rt5Bn1M",
    "MIIEpAIBAAKCAQEA",
    "name: ",
    "value: ",
    "{",
    "}",
    "<",
    ">",
    ",",
    "(",
    ")",
    "\\",
    "\\n",
    "%",
    "$",
    "8Q~",
    "kty\"",
    "\"d\":\"",
    "PrivateKey = ",
    "RWRCSw",
    "ED25519-V3:",
    "\"cipherparams\"",
    "LS0tLS1CRUdJTi",
    "---- BEGIN SSH2 ",
    "-----BEGIN USER NKEY SEED-----",
    "/u3+7QAAAA",
    "IBAzCC",
    "MII",
    ":thin:",
    "jdbc:oracle",
    "/",
    "[",
    "Authorization: ",
    "Token ",
    "X-Api-Key: ",
    "&sig=",
    "?sv=2022-11-02",
    "X-Amz-Signature=",
    "/hooks/",
    "curl -u ",
    "docker login -p ",
    "net use \\\\a\\b ",
    "ConvertTo-SecureString ",
    "-AsPlainText",
    "LTAI",
    "EXO",
    "clientSecret",
    ":AA",
    "curl -u a:",
    "mysql -p",
    " login -p ",
    "echo ",
    " | chpasswd",
    "machine a login b password ",
    "%3D",
    "\\u0022",
    "<add key=",
    " value=",
    "- ",
    "  ",
    "[\"--password\", ",
    "apiVersion: v1\nkind: Secret\ndata:\n  a: ",
    "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.env: |\n    ",
    "kind: Config\nusers:\n- name: a\n  user:\n    token: ",
    "{\"auths\": {\"a\": {\"auth\": \"",
    "c2hvcDprUjd2VHEyd1o=",
    "Z2hwXzI2YXVDSnA4Y0h6bFFFV2h0OE5DMVdkM041Mk9XdDNXZ2NzOQ==",
    "H4sIAAAAAAACAystTi2yLc7IL7BOzs/JLy2yTcopTQUAJcBXDBUAAAA=",
];

/// Names of files that are read in their own ways.
const PATHS: &[&str] = &[
    "a.yaml",
    "a.json",
    "Dockerfile",
    ".env",
    ".npmrc",
    ".pgpass",
    "nuget.config",
    ".dockercfg",
    "a.kubeconfig",
    "terraform.tfstate",
    "a.sh",
    "main.go",
];

proptest! {
    #[test]
    fn hits_are_ordered_and_stand_on_characters(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
        noise in any::<String>(),
    ) {
        let text = format!("{}{noise}{}", pieces.concat(), pieces.join("a"));
        for context in [SOURCE, CONFIG, DOCS] {
            let mut end = 0;
            for hit in hits(&text, context) {
                prop_assert!(text.get(hit.span.range()).is_some());
                prop_assert!(text.get(hit.secret.range()).is_some_and(|secret| !secret.is_empty()));
                prop_assert!(hit.secret.start >= end);
                end = hit.secret.end;
            }
        }
    }

    #[test]
    fn files_of_all_kinds_are_survived(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
        path in proptest::sample::select(PATHS),
    ) {
        let text = pieces.concat();
        let file = careen_model::parse(careen_text::Source::new(path, text.as_str()), path);
        let mut end = 0;
        for hit in crate::inside::read(&file, CONFIG, &mut crate::decode::Budget::of_file(crate::anchors::Anchors::get())) {
            for span in [Some(hit.span), Some(hit.secret), hit.value].into_iter().flatten() {
                prop_assert!(text.get(span.range()).is_some(), "{span:?}");
            }
            prop_assert!(hit.secret.start >= end);
            end = hit.secret.end;
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _ = hits(&text, CONFIG);
    }
}

/// Work that grows with the square of the size would take minutes here.
#[test]
fn long_repetitions_take_linear_time() {
    for unit in [
        "password=password=",
        "password",
        "\"password\":",
        "-----BEGIN RSA PRIVATE KEY-----",
        "://a:b",
        "T3BlbkFJ",
        "eyJ",
        "eyJa.",
        "ghp_",
        "AKIA",
        "AKIA·Z7QK4M2XW5RT3NVB ",
        "PuTTY-User-Key-File-",
        "Bearer ",
        "twilio=",
        "a.b.password",
        "eyJhbGciOiJIUzI1NiJ9.",
        "\"kty\":",
        "{\"kty\":",
        "{\"kty\":\"oct\",",
        "\"cipherparams\"",
        "{\"cipherparams\":}",
        "PrivateKey = ",
        "LS0tLS1CRUdJTi",
        "LS0tLS1CRUdJTi ",
        "LS0tLS1CRUdJTi0tLS0tLS0t",
        "---- BEGIN SSH2 ",
        "-----BEGIN A NKEY SEED-----",
        "/u3+7QAAAA ",
        "MIIAAAIBAzCC ",
        "x://a@[",
        "jdbc:oracle:thin:a/b",
        "Authorization: ",
        "X-Api-Key: ",
        "a?sv=2022-11-02&sig=",
        "&sig=q8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sTz",
        "x://a.b/hooks/",
        "/hooks/",
        "curl -u a:b ",
        "curl",
        " login ",
        "docker login -p ",
        "net use ",
        "SecureString",
        "EXO3c1d9be27fa04586d2e1bb70 ",
        "clientSecret: q8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sTz tenantId ",
        "curl -u a:b ",
        "mysql",
        "mysql -p",
        "machine a login b ",
        "echo a:b | chpasswd ",
        "| chpasswd",
        "%3D",
        "a%3Db ",
        "\\u00",
        "<add key=\"password\" value=\"x\"/>",
        "value=\"x\" key=\"password\"",
        "sh '--token",
    ] {
        let unit = joined(unit);
        let text = unit.repeat(300_000 / unit.len());
        let _ = hits(&text, CONFIG);
        let _ = hits(&text, SOURCE);
    }
}
