//! Signed and encrypted JSON Web Tokens: what they are for, and when they are over.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::charset::URL64_PADDED;
use crate::shape::{Match, starts_fresh};

/// Bytes of each part that are read at most.
const LONGEST_HEAD: usize = 4_000;
const LONGEST_PART: usize = 16_000;
/// Bytes of a part that is taken for real at least.
const LEAST_PART: usize = 12;
const LEAST_SIGNATURE: usize = 20;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebToken {
    /// Where it stands.
    pub(crate) place: Match,
    /// What it is.
    pub(crate) kind: Kind,
    /// When it is over, in Unix seconds.
    pub(crate) expires: Option<i64>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of a Kubernetes service account.
    ServiceAccount {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// Signed, by somebody whose tokens have a name.
    Signed(&'static str),
    /// Encrypted: what it says is not known.
    Encrypted,
}

/// Reads the token whose header starts at `at`. Samples, tokens that nobody signed and those meant
/// for everybody are none.
pub(crate) fn read(text: &str, at: usize) -> Option<WebToken> {
    let bytes = text.as_bytes();
    if !starts_fresh(bytes, at) {
        return None;
    }
    let (head, next) = part(text, at, LONGEST_HEAD)?;
    if head.len() < LEAST_PART {
        return None;
    }
    let (second, third) = part(text, next, LONGEST_PART)?;
    let header = object(head)?;
    let algorithm = header.get("alg")?.as_str()?;
    if header.get("enc").is_some_and(Value::is_string) {
        return encrypted(text, at, third);
    }
    // A NATS token is worth nothing without the seed it belongs to.
    if algorithm.eq_ignore_ascii_case("none") || algorithm.starts_with("ed25519") {
        return None;
    }
    let payload = object(second)?;
    if second.len() < LEAST_PART || is_sample(&payload) {
        return None;
    }
    let length = URL64_PADDED.run(bytes.get(third..)?, LONGEST_PART);
    // Padding belongs to the signature, an `=` of what follows does not matter.
    if length < LEAST_SIGNATURE || length == LONGEST_PART {
        return None;
    }
    Some(WebToken {
        place: Match { start: at, end: third + length },
        kind: service_account(&payload).unwrap_or_else(|| Kind::Signed(label(&payload))),
        expires: payload.get("exp").and_then(seconds),
    })
}

/// A part of the token that a dot ends, and where the next one starts.
fn part(text: &str, from: usize, most: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let length = URL64_PADDED.run(bytes.get(from..)?, most);
    let end = from + length;
    (bytes.get(end) == Some(&b'.')).then_some((text.get(from..end)?, end + 1))
}

/// The rest of an encrypted token: initial vector, ciphertext and tag.
fn encrypted(text: &str, at: usize, third: usize) -> Option<WebToken> {
    let (vector, fourth) = part(text, third, LONGEST_HEAD)?;
    let (ciphertext, fifth) = part(text, fourth, LONGEST_PART)?;
    let tag = URL64_PADDED.run(text.as_bytes().get(fifth..)?, LONGEST_HEAD);
    let real = vector.len() >= LEAST_PART && !ciphertext.is_empty() && tag >= LEAST_SIGNATURE;
    let place = Match { start: at, end: fifth + tag };
    real.then_some(WebToken { place, kind: Kind::Encrypted, expires: None })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = BASE64URL_NOPAD.decode(part.trim_end_matches('=').as_bytes()).ok()?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn text_of<'p>(payload: &'p Map<String, Value>, key: &str) -> &'p str {
    payload.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The samples of jwt.io and of RFC 7519, and keys that are meant for browsers or for every
/// developer's machine.
fn is_sample(payload: &Map<String, Value>) -> bool {
    let name = text_of(payload, "name");
    matches!(name, "John Doe" | "Jane Doe")
        || text_of(payload, "sub") == "1234567890"
        || text_of(payload, "role") == "anon"
        || text_of(payload, "iss") == "supabase-demo"
        || payload.contains_key("http://example.com/is_root")
        // The sample of many libraries: `{"some": "payload"}`, `{"foo": "bar"}`.
        || (payload.len() == 1 && ["payload", "bar", "world"].iter().any(|word| {
            payload.values().any(|value| value.as_str() == Some(*word))
        }))
}

/// Who made the token, where that says what it opens.
fn label(payload: &Map<String, Value>) -> &'static str {
    let issuer = text_of(payload, "iss");
    let has = |key: &str| payload.contains_key(key);
    if text_of(payload, "role") == "service_role" {
        "Supabase service role key"
    } else if issuer == "https://token.actions.githubusercontent.com" {
        "GitHub Actions identity token"
    } else if has("job_id") && has("pipeline_id") {
        "GitLab CI job token"
    } else if issuer.starts_with("https://sts.windows.net/")
        || issuer.starts_with("https://login.microsoftonline.com/")
    {
        "Microsoft Entra token"
    } else if issuer == "https://accounts.google.com" {
        "Google identity token"
    } else if issuer.contains("/realms/") {
        "Keycloak token"
    } else if issuer == "argocd" {
        "Argo CD token"
    } else {
        "JSON Web Token"
    }
}

/// `system:serviceaccount:shop:builder`.
fn service_account(payload: &Map<String, Value>) -> Option<Kind> {
    let mut parts = text_of(payload, "sub").strip_prefix("system:serviceaccount:")?.split(':');
    let is_name = |name: &&str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        (1..=253).contains(&name.len())
            && name.bytes().all(|byte| plain(byte) || byte == b'-' || byte == b'.')
    };
    let namespace = parts.next().filter(is_name)?.to_owned();
    let name = parts.next().filter(is_name)?.to_owned();
    Some(Kind::ServiceAccount { namespace, name })
}

/// A date of a claim: seconds, or milliseconds where somebody mistook them.
fn seconds(claim: &Value) -> Option<i64> {
    let number = match claim {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|n| n as i64))?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let number = if number > 100_000_000_000 { number / 1_000 } else { number };
    (1..=LAST_SECOND).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};
    use data_encoding::BASE64URL_NOPAD;

    const SIGNATURE: &str = "V3PDgNVL2S8A9N4U0L1pvj6EaNhg9zW893QEVM75nBX";

    fn token(header: &str, payload: &str) -> String {
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        format!("{}.{}.{SIGNATURE}", encode(header), encode(payload))
    }

    fn hs256(payload: &str) -> String {
        token("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload)
    }

    #[test]
    fn what_a_token_is_and_when_it_ends() {
        for (payload, kind, expires) in [
            ("{\"sub\":\"worker\",\"exp\":1700000000}", "JSON Web Token", Some(1_700_000_000)),
            ("{\"sub\":\"worker\",\"exp\":1700000000123}", "JSON Web Token", Some(1_700_000_000)),
            ("{\"sub\":\"worker\",\"exp\":1.7e9}", "JSON Web Token", Some(1_700_000_000)),
            ("{\"sub\":\"worker\",\"exp\":\"x\"}", "JSON Web Token", None),
            ("{\"iss\":\"supabase\",\"role\":\"service_role\"}", "Supabase service role key", None),
            ("{\"job_id\":\"1\",\"pipeline_id\":\"2\"}", "GitLab CI job token", None),
        ] {
            let text = format!("x=\"{}\"", hs256(payload));
            let found = read(&text, 3).unwrap();
            assert_eq!((found.kind, found.expires), (Kind::Signed(kind), expires), "{payload}");
            assert_eq!(&text[found.place.end..], "\"");
        }
        let account =
            "{\"iss\":\"kubernetes/serviceaccount\",\"sub\":\"system:serviceaccount:shop:web\"}";
        let found = read(&hs256(account), 0).unwrap();
        let kind = Kind::ServiceAccount { namespace: "shop".to_owned(), name: "web".to_owned() };
        assert_eq!(found.kind, kind);
        let strange = "{\"sub\":\"system:serviceaccount:sh\\u0007op:web\"}";
        assert_eq!(read(&hs256(strange), 0).unwrap().kind, Kind::Signed("JSON Web Token"));
    }

    #[test]
    fn encrypted_tokens_have_five_parts() {
        let header = BASE64URL_NOPAD.encode(b"{\"alg\":\"dir\",\"enc\":\"A256GCM\"}");
        let text = format!("{header}..Zq8Rk2Lm5Tn7Vw9X.Zq8Rk2Lm5Tn7.Zq8Rk2Lm5Tn7Vw9Xb3Cd4F");
        let found = read(&text, 0).unwrap();
        assert_eq!((found.kind, found.place.end), (Kind::Encrypted, text.len()));
    }

    #[test]
    fn samples_and_unsigned_tokens_are_left_alone() {
        for text in [
            hs256("{\"sub\":\"1234567890\",\"name\":\"John Doe\"}"),
            hs256("{\"iss\":\"supabase\",\"role\":\"anon\"}"),
            hs256("{\"iss\":\"supabase-demo\",\"role\":\"service_role\"}"),
            hs256("{\"some\":\"payload\"}"),
            hs256("[1,2,3,4,5,6,7,8]"),
            token("{\"alg\":\"none\",\"typ\":\"JWT\"}", "{\"sub\":\"worker\"}"),
            token("{\"typ\":\"JWT\",\"x\":1}", "{\"sub\":\"worker\"}"),
            "eyJ".to_owned(),
            "eyJhbGciOiJIUzI1NiJ9..".to_owned(),
            "eyJé.é.é".to_owned(),
            format!("{}.{}.{SIGNATURE}", "eyJ".repeat(2_000), "eyJ".repeat(9)),
        ] {
            assert_eq!(read(&text, 0), None, "{text}");
        }
    }
}
