//! Closer looks at tokens whose form says too little.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

pub(crate) use crate::checksum::{
    atlassian, azure, bech32, cloudflare, crc32_hex, github, gitlab, grafana, nats,
};
use crate::shape::Verdict;
use crate::{web_token, words};

/// No closer look.
pub(crate) fn plain(_: &str) -> Verdict {
    Verdict::Plain
}

/// The closer look that a detector names.
pub(crate) fn named(name: &str) -> Option<fn(&str) -> Verdict> {
    Some(match name {
        "atlassian" => atlassian,
        "azure" => azure,
        "base64-json" => base64_json,
        "bech32" => bech32,
        "both-cases" => both_cases,
        "cloudflare" => cloudflare,
        "crc32-hex" => crc32_hex,
        "github" => github,
        "gitlab" => gitlab,
        "grafana" => grafana,
        "jwt" => jwt,
        "letters" => letters,
        "mixed" => mixed,
        "nats" => nats,
        "random" => random,
        "uuid" => uuid,
        _ => return None,
    })
}

/// A token of letters of both cases.
pub(crate) fn letters(token: &str) -> Verdict {
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(&test);
    let both = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    if both { Verdict::Plain } else { Verdict::No }
}

/// A signed JSON Web Token that is no sample and that somebody signed.
pub(crate) fn jwt(token: &str) -> Verdict {
    let whole = web_token::read(token, 0).is_some_and(|found| found.place.end == token.len());
    if whole { Verdict::Plain } else { Verdict::No }
}

/// Few words, and both digits and letters.
pub(crate) fn random(token: &str) -> Verdict {
    if mixed(token) == Verdict::No || words::coverage(token) >= 40 {
        return Verdict::No;
    }
    Verdict::Plain
}

/// The longest text that is decoded, in characters.
const LONGEST_JSON: usize = 16_384;

/// A token that holds an object of JSON in base64: from `eyJ` on or, where that is not written,
/// behind its last `_` or `-`. What follows a `.` or a last `_` may be a signature.
pub(crate) fn base64_json(token: &str) -> Verdict {
    let start = token.find("eyJ").or_else(|| token.rfind(['_', '-']).map(|at| at + 1));
    let Some(text) = token.get(start.unwrap_or(0)..).filter(|text| text.len() <= LONGEST_JSON)
    else {
        return Verdict::Unfit;
    };
    let head = text.split('.').next().unwrap_or(text);
    let unsigned = head.rsplit_once('_').map_or(head, |(payload, _)| payload);
    if is_json(head) || is_json(unsigned) { Verdict::Proven } else { Verdict::Unfit }
}

fn is_json(base64: &str) -> bool {
    let bytes = base64.trim_end_matches('=').as_bytes();
    let decoded =
        BASE64_NOPAD.decode(bytes).or_else(|_| BASE64URL_NOPAD.decode(bytes)).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&decoded).is_ok_and(|value| value.is_object())
}

/// Hexadecimal digests stand everywhere: a token mixes digits and letters.
pub(crate) fn mixed(token: &str) -> Verdict {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    if digits >= 2 && letters >= 2 { Verdict::Plain } else { Verdict::No }
}

/// A token of letters of both cases and digits, as a random one of thirty characters and more is.
pub(crate) fn both_cases(token: &str) -> Verdict {
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(&test);
    let random =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    if random && words::coverage(token) < 40 { Verdict::Plain } else { Verdict::No }
}

/// A random UUID (version 4).
pub(crate) fn uuid(token: &str) -> Verdict {
    let bytes = token.as_bytes();
    let dashes = [8, 13, 18, 23].iter().all(|&at| bytes.get(at) == Some(&b'-'));
    let version = bytes.get(14) == Some(&b'4');
    let lengths = token.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if dashes && version && lengths { Verdict::Plain } else { Verdict::No }
}

#[cfg(test)]
mod tests {
    use super::{base64_json, named, random};
    use crate::shape::Verdict;
    use data_encoding::{BASE64, BASE64URL_NOPAD};

    #[test]
    fn every_name_has_a_judge() {
        for name in [
            "mixed",
            "both-cases",
            "random",
            "uuid",
            "jwt",
            "base64-json",
            "github",
            "grafana",
            "atlassian",
            "cloudflare",
            "gitlab",
            "bech32",
            "azure",
            "nats",
            "crc32-hex",
        ] {
            let judge = named(name).unwrap();
            for hostile in ["", "-", "_", ".", "é", "eyJ", "eyJé.", "\u{1F511}_eyJ", "=.=.="] {
                assert_ne!(judge(hostile), Verdict::Proven, "{name}: {hostile}");
            }
        }
        assert!(named("else").is_none());
    }

    #[test]
    fn objects_of_json_are_read_through_base64() {
        let payload = "{\"iat\":1,\"org\":\"shop\",\"url\":\"https://x\"}";
        for token in [
            format!("glc_{}", BASE64.encode(payload.as_bytes())),
            format!("sntrys_{}_abcDEF123", BASE64.encode(payload.as_bytes())),
            format!("ops_{}", BASE64URL_NOPAD.encode(payload.as_bytes())),
            format!("x-{}.sig", BASE64URL_NOPAD.encode(b" {\"a\": 1}")),
        ] {
            assert_eq!(base64_json(&token), Verdict::Proven, "{token}");
        }
        assert_eq!(base64_json("glc_eyJub3QganNvbg"), Verdict::Unfit);
    }

    #[test]
    fn words_are_not_random() {
        assert_eq!(random("q8Rk2Lm5Tn7Vw9Xb3Cd4"), Verdict::Plain);
        assert_eq!(random("main-database-password1"), Verdict::No);
        assert_eq!(random("qzRkxLmyTn"), Verdict::No);
    }
}
