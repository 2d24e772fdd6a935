//! What a decoded value of a Secret is.

use careen_rule::Confidence;

use crate::assign::{classify, judge};
use crate::context::Context;
use crate::filler;

/// Values longer than this are no stand-ins, in bytes.
const LONGEST_STAND_IN: usize = 200;

/// What a value of a Secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// Nothing that was ever secret: empty, a stand-in, a template, a reference, ciphertext.
    Nothing,
    /// A certificate or a public key.
    Public,
    /// A value that a Secret holds beside its secrets: a user, a host, a switch.
    Harmless,
    /// A secret, and how sure we are.
    Secret(Confidence),
}

/// Values that stand for others, lower case.
const STAND_INS: &[&str] = &[
    "password", "passwd", "secret", "token", "value", "string", "none", "null", "nil", "true",
    "false", "yes", "no", "test", "tbd", "todo", "n/a", "na", "empty", "foo", "bar", "baz",
    "username", "user", "key", "api-key", "apikey", "base64", "xxx", "...",
];
/// Last words of keys whose values are rarely secret.
const HARMLESS_KEYS: &[&str] = &[
    "user",
    "username",
    "login",
    "email",
    "mail",
    "host",
    "hostname",
    "server",
    "port",
    "endpoint",
    "url",
    "uri",
    "address",
    "addr",
    "database",
    "db",
    "dbname",
    "name",
    "namespace",
    "region",
    "zone",
    "bucket",
    "realm",
    "issuer",
    "audience",
    "expiration",
    "description",
    "type",
    "enabled",
    "tenant",
    "subscription",
    "project",
    "org",
    "organization",
    "version",
    "path",
    "scope",
    "scopes",
    "domain",
    "engine",
    "protocol",
    "scheme",
    "mode",
    "level",
    "id",
    "authentication",
    "groups",
    "environment",
    "env",
    "account",
    "owner",
    "schema",
    "table",
];
/// Ends of keys under which certificates and public keys stand.
const PUBLIC_ENDS: &[&str] =
    &[".crt", ".cer", ".cert", ".csr", ".crl", ".pub", "ca.pem", "cert.pem", "chain.pem"];
/// Beginnings of ciphertext, which is made to be committed.
const CIPHERTEXT: &[&str] = &[
    "ENC[",
    "ENC(",
    "{cipher}",
    "$ANSIBLE_VAULT",
    "vault:v",
    "sops:",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "-----BEGIN PGP MESSAGE-----",
    "pk_live_",
    "pk_test_",
    "sb_publishable_",
];
/// Beginnings of public keys in OpenSSH's form (RFC 4253 §6.6).
const OPENSSH: &[&str] = &["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-"];

/// Tells what the value `text` of `key` is.
pub(super) fn nature(key: &str, text: &str, secret_type: &str, context: Context) -> Nature {
    let text = text.trim();
    // A packed release may be short and hold a run of zeros.
    if secret_type != super::HELM_RELEASE && is_nothing(key, text) {
        return Nature::Nothing;
    }
    if is_public(key, text) {
        return Nature::Public;
    }
    let account = secret_type == "kubernetes.io/service-account-token" && key == "namespace";
    if account || is_harmless(key, text) {
        return Nature::Harmless;
    }
    let typed = matches!(
        (secret_type, key),
        ("kubernetes.io/basic-auth", "password")
            | ("kubernetes.io/dockerconfigjson", ".dockerconfigjson")
            | ("kubernetes.io/dockercfg", ".dockercfg")
            | ("bootstrap.kubernetes.io/token", "token-secret")
            | (super::HELM_RELEASE, "release")
    );
    let class = classify(key.trim_matches(['-', '.']));
    let judged = class.and_then(|class| judge(text, class, true, context));
    Nature::Secret(match judged {
        _ if filler::is_sealed(text) => Confidence::Low,
        _ if typed => Confidence::High,
        Some(confidence) => confidence.max(Confidence::Medium),
        // A file that holds no secret as far as its text tells.
        None if text.contains('\n') => Confidence::Low,
        None => Confidence::Medium,
    })
}

fn is_nothing(key: &str, text: &str) -> bool {
    if CIPHERTEXT.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    if text.len() > LONGEST_STAND_IN || text.contains('\n') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let json = text.starts_with(['{', '[']) && !text.starts_with("{{");
    if json {
        return !holds_values(text);
    }
    lower.chars().count() < 2
        || STAND_INS.contains(&lower.as_str())
        || lower == key.to_ascii_lowercase()
        || filler::holds_stand_in(text)
        || filler::is_template(text)
        || filler::is_reference(text)
        || (text.len() >= 6 && filler::is_filler(text))
}

/// Whether a JSON text gives anything to a name.
fn holds_values(json: &str) -> bool {
    json.split(':').skip(1).any(|rest| {
        let rest = rest.trim_start();
        !(rest.starts_with(['{', '[', '}', ',']) || rest.starts_with("\"\"") || rest.is_empty())
    })
}

fn is_public(key: &str, text: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    PUBLIC_ENDS.iter().any(|end| lower.ends_with(end))
        || lower == "known_hosts"
        || OPENSSH.iter().any(|start| text.starts_with(start))
        || (text.starts_with("-----BEGIN ") && text.ends_with("-----") && !text.contains("PRIVATE"))
}

fn is_harmless(key: &str, text: &str) -> bool {
    let number = text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let word = key.rsplit(|each: char| !each.is_ascii_alphanumeric()).next().unwrap_or(key);
    let hump = word.rfind(|each: char| each.is_ascii_uppercase()).unwrap_or(0);
    let one_case = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    let last = if one_case { word } else { word.get(hump..).unwrap_or(word) };
    let last = last.to_ascii_lowercase();
    number || (HARMLESS_KEYS.contains(&last.as_str()) && !text.contains("://"))
}

#[cfg(test)]
mod tests {
    use super::{Nature, nature};
    use crate::context::{Context, FileClass};
    use careen_rule::Confidence;

    #[test]
    fn values_of_all_natures() {
        let context = Context { class: FileClass::Config, fixture: false, now: 0 };
        let medium = Nature::Secret(Confidence::Medium);
        let low = Nature::Secret(Confidence::Low);
        for (key, text, expected) in [
            ("password", "", Nature::Nothing),
            ("password", "changeme", Nature::Nothing),
            ("password", "password", Nature::Nothing),
            ("password", "${DB_PASSWORD}", Nature::Nothing),
            ("password", "<path:kv/data/shop#password>", Nature::Nothing),
            ("password", "vault:kv/data/shop#password", Nature::Nothing),
            ("password", "ENC[AES256_GCM,data:x]", Nature::Nothing),
            ("token", "xxxxxxxxxxxx", Nature::Nothing),
            (".dockerconfigjson", "{\"auths\":{}}", Nature::Nothing),
            ("ca.crt", "anything", Nature::Public),
            ("id.pub", "anything", Nature::Public),
            ("host-key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", Nature::Public),
            (
                "anchor",
                "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
                Nature::Public,
            ),
            ("username", "shop-owner", Nature::Harmless),
            ("DB_PORT", "5432", Nature::Harmless),
            ("redisHost", "redis.shop", Nature::Harmless),
            ("url", "https://hooks.shop.internal/T0/B1", medium),
            ("pepper", "winter is long", medium),
            ("password", "admin", medium),
            ("auth", "shop:$2y$05$q8Rk2Lm5Tn", low),
            ("settings.ini", "[a]\nb=c", low),
        ] {
            assert_eq!(nature(key, text, "Opaque", context), expected, "{key}: {text}");
        }
        let basic = nature("password", "admin", "kubernetes.io/basic-auth", context);
        assert_eq!(basic, Nature::Secret(Confidence::High));
    }
}
