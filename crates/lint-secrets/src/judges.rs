//! Closer looks at tokens whose form says too little.

use crate::shape::Verdict;

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

/// OpenAI's keys carry a fixed text inside and start with `sk-`.
pub(crate) fn openai(token: &str) -> Verdict {
    if token.starts_with("sk-") { Verdict::Proven } else { Verdict::No }
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
