//! Names of hosts that Ingresses and routes serve.

use std::net::IpAddr;

use crate::placeholder::is_placeholder;

/// Whether another tool replaces the host: `HOST_NAME`, `YOUR_NAME.example.com`, `$HOST`.
pub(crate) fn is_variable(host: &str) -> bool {
    let has_upper = host.bytes().any(|byte| byte.is_ascii_uppercase());
    let has_lower = host.bytes().any(|byte| byte.is_ascii_lowercase());
    host.is_empty()
        || is_placeholder(host)
        || host.contains(['$', '%'])
        || (has_upper && (!has_lower || host.contains('_')))
}

/// What is wrong with a host, in words that follow it.
pub(crate) fn problem(host: &str) -> Option<&'static str> {
    let name = host.strip_prefix("*.").unwrap_or(host);
    if host.contains("://") {
        Some("has a scheme")
    } else if host.contains('/') {
        Some("has a path")
    } else if host.parse::<IpAddr>().is_ok() {
        Some("is an IP address")
    } else if host.contains(':') {
        Some("has a port")
    } else if name.contains('*') {
        Some("has a `*` that is not the first of several labels")
    } else if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Some("has upper-case letters")
    } else if !name.split('.').all(is_label) {
        Some("has a label that is none of DNS")
    } else {
        None
    }
}

/// Whether this has the characters of a label of DNS (RFC 1123), in lower case as Kubernetes names
/// are. How long it may be is for the caller to say.
pub(crate) fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty()
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::{is_variable, problem};

    #[test]
    fn hosts_are_names_of_dns() {
        for host in ["a", "shop.example.com", "*.example.com", "xn--bcher-kva.example", "1.example"]
        {
            assert_eq!(problem(host), None, "{host}");
        }
        for host in [
            "https://a.example",
            "a.example/b",
            "a.example:80",
            "192.0.2.1",
            "::1",
            "*",
            "a.*.example",
            "*a.example",
            "A.example",
            "a..example",
            "a.example.",
            "-a.example",
            "a-.example",
            "a_b.c",
        ] {
            assert!(problem(host).is_some(), "{host}");
        }
        assert!(is_variable("HOST_NAME") && is_variable("") && is_variable("${HOST}.example.com"));
        assert!(is_variable("YOUR_NAME.example.com") && is_variable("$HOST"));
        assert!(!is_variable("shop.example.com") && !is_variable("Shop.example.com"));
    }
}
