//! Names for messages.

use std::fmt;
use std::net::IpAddr;

use careen_x509_model::{Certificate, San};

/// Longer names are cut in messages; the longest host name has 253 characters.
const LONGEST: usize = 253;
/// Most names of a certificate that a message lists.
const LISTED: usize = 5;

/// The name people know a certificate by: its first DNS name, else its common name, else its
/// first IP address, else its whole subject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a>(pub(crate) &'a Certificate);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificate = self.0;
        let dns = certificate.san.iter().find_map(|name| match name {
            San::Dns(name) => Some(name.as_str()),
            _ => None,
        });
        let common = certificate.common_names.first().map(String::as_str);
        let common = common.filter(|name| !name.is_empty());
        let address = certificate.san.iter().find_map(|name| match name {
            San::Ip(address) => Some(address),
            _ => None,
        });
        match (dns.or(common), address) {
            (Some(name), _) => write!(f, "{}", Shown(name)),
            (None, Some(address)) => write!(f, "{address}"),
            (None, None) if certificate.subject.is_empty() => f.write_str("nobody"),
            (None, None) => write!(f, "{}", Shown(&certificate.subject)),
        }
    }
}

/// A certificate for a message: "certificate for `shop.example.com`", "CA certificate `Shop CA`".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Called<'a>(pub(crate) &'a Certificate);

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what =
            if self.0.is_ca() && !has_host(self.0) { "CA certificate" } else { "certificate for" };
        write!(f, "{what} `{}`", Name(self.0))
    }
}

/// What a certificate stands for: "`shop.example.com`, `10.0.0.1`", "no host".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hosts<'a>(pub(crate) &'a Certificate);

impl fmt::Display for Hosts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = 0_usize;
        for name in &self.0.san {
            if !matches!(name, San::Dns(_) | San::Ip(_)) {
                continue;
            }
            count += 1;
            if count > LISTED {
                continue;
            }
            if count > 1 {
                f.write_str(", ")?;
            }
            match name {
                San::Dns(name) => write!(f, "`{}`", Shown(name))?,
                San::Ip(address) => write!(f, "`{address}`")?,
                _ => {}
            }
        }
        match count.checked_sub(LISTED) {
            _ if count == 0 => f.write_str("no host"),
            Some(more) if more > 0 => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

/// Text of a certificate or manifest as it may stand between backticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(LONGEST) {
            fmt::Write::write_char(f, if character == '`' { '\'' } else { character })?;
        }
        Ok(())
    }
}

/// Whether subjectAltName names a host.
pub(crate) fn has_host(certificate: &Certificate) -> bool {
    certificate.san.iter().any(|name| matches!(name, San::Dns(_) | San::Ip(_)))
}

/// Whether text is a host name or address, as against a person's or a CA's name.
pub(crate) fn is_host(text: &str) -> bool {
    if text == "localhost" || text.parse::<IpAddr>().is_ok() {
        return true;
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    let labels = name.split('.').count();
    labels >= 2 && name.len() <= LONGEST && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = label.as_bytes();
    bytes.len() <= 63
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// What tells findings about certificates apart: whose they are. A certificate that was renewed has
/// another serial number, other dates and perhaps another key, and what is wrong with it is what was
/// wrong with the old one.
pub(crate) fn evidence(certificate: &Certificate) -> String {
    if !certificate.subject_is_empty {
        return certificate.subject.clone();
    }
    let host = |name: &San| match name {
        San::Dns(name) => Some(name.to_ascii_lowercase()),
        San::Ip(address) => Some(address.to_string()),
        San::Uri(name) | San::Email(name) => Some(name.clone()),
        San::Other(_) => None,
    };
    certificate.san.iter().filter_map(host).min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Shown, is_host};

    #[test]
    fn hosts_are_told_from_other_names() {
        for host in ["shop.example.com", "*.example.com", "localhost", "10.0.0.1", "::1", "a.b"] {
            assert!(is_host(host), "{host}");
        }
        for name in ["Shop CA", "shop", "", ".", "a..b", "Example Inc.", "-a.b", "a_b.c"] {
            assert!(!is_host(name), "{name}");
        }
    }

    #[test]
    fn shown_text_cannot_leave_its_backticks() {
        assert_eq!(Shown("a`b").to_string(), "a'b");
        assert_eq!(Shown(&"ü".repeat(300)).to_string().chars().count(), 253);
    }
}
