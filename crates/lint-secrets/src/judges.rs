//! Closer looks at tokens whose form says too little.

pub(crate) use crate::checksum::{atlassian, bech32, cloudflare, github, gitlab, grafana};
use crate::shape::Verdict;

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

pub(crate) fn azure(_: &str) -> Verdict {
    Verdict::Plain
}
pub(crate) fn nats(_: &str) -> Verdict {
    Verdict::Plain
}
pub(crate) fn base64_json(_: &str) -> Verdict {
    Verdict::Plain
}
pub(crate) fn crc32_hex(_: &str) -> Verdict {
    Verdict::Plain
}
/// A token with digits and letters that few words of a dictionary cover.
pub(crate) fn random(token: &str) -> Verdict {
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(&test);
    let random = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    if random && crate::words::coverage(token) < 50 { Verdict::Plain } else { Verdict::No }
}

/// A token of letters of both cases.
pub(crate) fn letters(token: &str) -> Verdict {
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(&test);
    let both = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    if both { Verdict::Plain } else { Verdict::No }
}

/// A JSON Web Token: three parts, the first two of them base64 of JSON, the header with `alg`.
pub(crate) fn jwt(token: &str) -> Verdict {
    let mut parts = token.split('.');
    let decoded = |part: Option<&str>| {
        let bytes = part?.trim_end_matches('=').as_bytes();
        data_encoding::BASE64URL_NOPAD
            .decode(bytes)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
    };
    let (Some(header), Some(payload)) = (decoded(parts.next()), decoded(parts.next())) else {
        return Verdict::No;
    };
    let json = |text: &str| text.starts_with('{') && text.trim_end().ends_with('}');
    if !json(&header) || !json(&payload) || !header.contains("\"alg\"") {
        return Verdict::No;
    }
    // The sample of jwt.io, keys meant for browsers, and tokens that nobody signed.
    let sample = ["John Doe", "\"sub\":\"1234567890\"", "\"role\":\"anon\""];
    if sample.iter().any(|text| payload.contains(text)) || header.contains("\"none\"") {
        return Verdict::No;
    }
    Verdict::Plain
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
    if random && crate::words::coverage(token) < 40 { Verdict::Plain } else { Verdict::No }
}

/// A random UUID (version 4).
pub(crate) fn uuid(token: &str) -> Verdict {
    let bytes = token.as_bytes();
    let dashes = [8, 13, 18, 23].iter().all(|&at| bytes.get(at) == Some(&b'-'));
    let version = bytes.get(14) == Some(&b'4');
    let lengths = token.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if dashes && version && lengths { Verdict::Plain } else { Verdict::No }
}
