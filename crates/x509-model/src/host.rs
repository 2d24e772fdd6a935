//! Which host names a certificate stands for (RFC 9525).

use std::net::{IpAddr, Ipv6Addr};

use crate::certificate::{Certificate, San};

impl Certificate {
    /// Whether a client that asks for `host` accepts this certificate by name (RFC 9525 §6).
    ///
    /// Only dNSName and iPAddress entries count, never the common name. A wildcard is the whole
    /// left-most label and stands for exactly one label. An IP literal (also `[::1]`) is covered
    /// only by iPAddress. Letters compare without case and one trailing dot is passed over. A
    /// host that is a wildcard itself, as an Ingress may have, is covered by the same wildcard
    /// only. Names outside ASCII never match: certificates carry them as `xn--` labels.
    #[must_use]
    pub fn covers_host(&self, host: &str) -> bool {
        if let Some(address) = literal(host) {
            return self.san.iter().any(|name| matches!(name, San::Ip(ip) if *ip == address));
        }
        let Some(host) = normal(host) else { return false };
        self.san.iter().any(|name| match name {
            San::Dns(pattern) => normal(pattern).is_some_and(|pattern| matches(pattern, host)),
            _ => false,
        })
    }
}

fn literal(host: &str) -> Option<IpAddr> {
    let inner = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse().ok(),
    }
}

/// The name without its trailing dot; none where it is no name at all.
fn normal(name: &str) -> Option<&str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let sound = !name.is_empty() && name.len() <= 253 && name.is_ascii();
    (sound && name.split('.').all(|label| !label.is_empty())).then_some(name)
}

fn matches(pattern: &str, host: &str) -> bool {
    let Some(base) = pattern.strip_prefix("*.") else {
        return !pattern.contains('*') && pattern.eq_ignore_ascii_case(host);
    };
    if base.contains('*') {
        return false;
    }
    let Some((label, rest)) = host.split_once('.') else { return false };
    let one_label = label == "*" || !label.contains('*');
    one_label && rest.eq_ignore_ascii_case(base)
}

#[cfg(test)]
mod tests {
    use super::{literal, matches, normal};

    fn covers(pattern: &str, host: &str) -> bool {
        match (normal(pattern), normal(host)) {
            (Some(pattern), Some(host)) => literal(host).is_none() && matches(pattern, host),
            _ => false,
        }
    }

    #[test]
    fn names_and_wildcards() {
        let table = [
            ("example.com", "example.com", true),
            ("example.com", "EXAMPLE.com.", true),
            ("Example.COM.", "example.com", true),
            ("example.com", "www.example.com", false),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "WWW.Example.Com", true),
            ("*.example.com", "xn--mnchen-3ya.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.b.example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "*.a.example.com", false),
            ("*.example.com", "a*.example.com", false),
            ("www.example.com", "*.example.com", false),
            ("w*.example.com", "www.example.com", false),
            ("www.*.com", "www.example.com", false),
            ("*.*.com", "www.example.com", false),
            ("*", "localhost", false),
            ("localhost", "localhost", true),
            ("", "", false),
            ("example.com", "example.com..", false),
            ("127.0.0.1", "127.0.0.1", false),
            ("*.0.0.1", "127.0.0.1", false),
            ("münchen.de", "münchen.de", false),
        ];
        for (pattern, host, expected) in table {
            assert_eq!(covers(pattern, host), expected, "{pattern} for {host}");
        }
    }

    #[test]
    fn literals() {
        assert!(literal("[::1]").is_some());
        assert!(literal("10.0.0.1").is_some());
        assert!(literal("[10.0.0.1]").is_none());
        assert!(literal("10.0.0").is_none());
    }
}
