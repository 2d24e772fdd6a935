//! Cipher suites and versions of TLS that no server should offer.

use careen_text::Span;

use super::Component;

/// A setting that allows weak TLS.
#[derive(Debug)]
pub(crate) struct Weakness {
    /// Where it is set.
    pub(crate) span: Span,
    /// The flag.
    pub(crate) flag: &'static str,
    /// What is wrong, after the name of the component.
    pub(crate) what: String,
}

/// The weak suites and versions that are asked for. Where none are named, the defaults of Go
/// apply, which leave them out.
pub(crate) fn weak_tls(component: &Component<'_>) -> Vec<Weakness> {
    let mut found = Vec::new();
    let min = component.flag("tls-min-version");
    let version = min.and_then(|flag| flag.text()).unwrap_or_default();
    if let Some(flag) = min
        && matches!(version, "VersionTLS10" | "VersionTLS11")
    {
        let what = format!("accepts TLS 1.{}", if version.ends_with("10") { 0 } else { 1 });
        found.push(Weakness { span: flag.value_span, flag: "tls-min-version", what });
    }
    // The suites of TLS 1.3 cannot be chosen.
    if version != "VersionTLS13" {
        for suite in component.list("tls-cipher-suites") {
            if let Some(why) = weakness(suite.text) {
                let what = format!("offers `{}`, {why}", suite.text);
                found.push(Weakness { span: suite.span, flag: "tls-cipher-suites", what });
            }
        }
    }
    found
}

/// What is wrong with a cipher suite.
fn weakness(suite: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    if suite.len() > LONGEST || !suite.starts_with("TLS_") {
        return None;
    }
    if suite.contains("_RC4_") {
        Some("whose cipher RC4 is broken")
    } else if suite.contains("_3DES_") {
        Some("whose blocks of 64 bits are too short")
    } else if suite.starts_with("TLS_RSA_") {
        Some("which has no forward secrecy")
    } else if suite.contains("_CBC_") {
        Some("whose CBC mode has been attacked by its padding")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::weakness;

    #[test]
    fn suites_are_told_by_their_parts() {
        assert!(weakness("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").is_none());
        assert!(weakness("TLS_CHACHA20_POLY1305_SHA256").is_none());
        assert!(weakness("TLS_RSA_WITH_AES_128_GCM_SHA256").is_some());
        assert!(weakness("TLS_ECDHE_RSA_WITH_RC4_128_SHA").is_some());
        assert!(weakness("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256").is_some());
    }
}
