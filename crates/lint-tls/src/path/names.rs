//! Names against nameConstraints (RFC 5280 §4.2.1.10).

use std::net::IpAddr;

use careen_x509_model::{Certificate, NameConstraints, San, Subtree};

use crate::names::Shown;

/// Looks at a constraint for one path.
const MOST_COMPARISONS: usize = 50_000;

/// What is left to compare.
#[derive(Debug)]
pub(super) struct Budget(Option<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Some(MOST_COMPARISONS))
    }
}

impl Budget {
    pub(super) const fn is_spent(&self) -> bool {
        self.0.is_none()
    }

    fn spend(&mut self) -> bool {
        self.0 = self.0.and_then(|left| left.checked_sub(1));
        self.0.is_some()
    }
}

/// The first name of a certificate that does not conform, with why, before the name of the CA.
pub(super) fn violations(
    constraints: &NameConstraints,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Option<String> {
    let of_san = certificate.san.iter().find_map(|name| {
        let form = match name {
            San::Dns(_) => "dNSName",
            San::Ip(_) => "iPAddress",
            San::Uri(_) => "uniformResourceIdentifier",
            San::Email(_) => "rfc822Name",
            San::Other(kind) => kind.split(' ').next().unwrap_or_default(),
        };
        if form == "directoryName" {
            return None;
        }
        let matches = |subtree: &Subtree, wide| is_within(name, subtree, wide);
        let why = conform(constraints, form, &matches, budget)?;
        Some(match name {
            San::Dns(text) | San::Uri(text) | San::Email(text) => {
                format!("`{}`, {why}", Shown(text))
            }
            San::Ip(address) => format!("`{address}`, {why}"),
            San::Other(_) => format!("a {}, {why}", Shown(form)),
        })
    });
    of_san.or_else(|| of_directory(constraints, certificate, budget))
}

/// The subject, unless it is empty, and every directoryName.
fn of_directory(
    constraints: &NameConstraints,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Option<String> {
    if !constraints.concern("directoryName") {
        return None;
    }
    let subject = (!certificate.subject_is_empty).then(|| certificate.subject_names());
    let subjects = usize::from(subject.is_some());
    let names = subject.into_iter().chain(certificate.directory_names());
    names.enumerate().find_map(|(at, name)| {
        let matches = |subtree: &Subtree, _| match subtree {
            Subtree::Directory(start) => Some(name.starts_with(start)),
            _ => Some(false),
        };
        let why = conform(constraints, "directoryName", &matches, budget)?;
        Some(match at < subjects {
            true => format!("`{}`, {why}", Shown(&certificate.subject)),
            false => format!("a directoryName, {why}"),
        })
    })
}

/// Whether a name lies in a subtree; the flag asks whether any part of what it stands for does.
/// None where that cannot be said, which RFC 5280 wants refused.
type Matches<'m> = &'m dyn Fn(&Subtree, bool) -> Option<bool>;

/// Why a name does not conform: before the name of the CA.
fn conform(
    constraints: &NameConstraints,
    form: &str,
    matches: Matches<'_>,
    budget: &mut Budget,
) -> Option<&'static str> {
    const UNCLEAR: &str = "which cannot be compared with what is constrained by";
    for subtree in &constraints.excluded {
        if !budget.spend() {
            return None;
        }
        if subtree.form() != form {
            continue;
        }
        match matches(subtree, true) {
            Some(false) => {}
            Some(true) => return Some("which is excluded by"),
            None => return Some(UNCLEAR),
        }
    }
    let mut constrained = false;
    for subtree in &constraints.permitted {
        if !budget.spend() {
            return None;
        }
        if subtree.form() != form {
            continue;
        }
        match matches(subtree, false) {
            Some(false) => constrained = true,
            Some(true) => return None,
            None => return Some(UNCLEAR),
        }
    }
    constrained.then_some("which is not permitted by")
}

fn is_within(name: &San, subtree: &Subtree, wide: bool) -> Option<bool> {
    match (name, subtree) {
        (San::Dns(name), Subtree::Dns(base)) => dns(name, base, wide),
        (San::Ip(address), Subtree::Ip { network, prefix }) => {
            Some(is_in_network(*address, *network, *prefix))
        }
        (San::Uri(uri), Subtree::Uri(base)) => Some(host(host_of_uri(uri)?, base)),
        (San::Email(address), Subtree::Email(base)) => email(address, base),
        // Names of other forms are not kept, so nothing can be said of them.
        _ => None,
    }
}

/// A name is in the tree of its own and of every name that it ends with, label by label. The
/// leading period, which the standard has for other forms only, leaves out the name itself.
fn dns(name: &str, base: &str, wide: bool) -> Option<bool> {
    let sound = |text: &str| text.is_empty() || !text.split('.').any(str::is_empty);
    let bare = base.strip_prefix('.').unwrap_or(base);
    if !sound(name) || !sound(bare) || bare.contains('*') {
        return None;
    }
    if base.is_empty() {
        return Some(true);
    }
    // A wildcard stands for every name of one more label, of which one may be excluded.
    if let Some(parent) = name.strip_prefix("*.").filter(|_| wide)
        && let Some((_, rest)) = base.split_once('.').filter(|_| !base.starts_with('.'))
        && rest.eq_ignore_ascii_case(parent)
    {
        return Some(true);
    }
    Some(ends_below(name, bare) || (!base.starts_with('.') && name.eq_ignore_ascii_case(base)))
}

/// Whether a name has labels before `base`.
fn ends_below(name: &str, base: &str) -> bool {
    let Some(at) = name.len().checked_sub(base.len()) else { return false };
    let Some((before, end)) = name.split_at_checked(at) else { return false };
    before.len() > 1 && before.ends_with('.') && end.eq_ignore_ascii_case(base)
}

/// Hosts of mail addresses and URIs: exactly the one, or with a leading period those below.
fn host(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(parent) => ends_below(host, parent),
        None => base.is_empty() || host.eq_ignore_ascii_case(base),
    }
}

fn email(address: &str, base: &str) -> Option<bool> {
    let (local, domain) = address.split_once('@')?;
    if domain.contains('@') || base.matches('@').nth(1).is_some() {
        return None;
    }
    Some(match base.split_once('@') {
        Some((base_local, base_domain)) => {
            local == base_local && domain.eq_ignore_ascii_case(base_domain)
        }
        None => host(domain, base),
    })
}

/// The host of a URI; none where it has none or an address, which cannot be compared.
fn host_of_uri(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?;
    (!host.is_empty() && host.parse::<IpAddr>().is_err()).then_some(host)
}

fn is_in_network(address: IpAddr, network: IpAddr, prefix: u32) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u128::from(address.to_bits()), u128::from(network.to_bits()), 32)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits(), network.to_bits(), 128),
        _ => return false,
    };
    let differ = (address ^ network) << (128 - width);
    differ.leading_zeros() >= prefix.min(width)
}

#[cfg(test)]
mod tests {
    use super::{dns, email, host, host_of_uri, is_in_network};

    #[test]
    fn names_lie_in_trees() {
        for (name, base, wide, expected) in [
            ("example.com", "example.com", false, Some(true)),
            ("Shop.Example.COM", "example.com", false, Some(true)),
            ("badexample.com", "example.com", false, Some(false)),
            ("example.com", "shop.example.com", false, Some(false)),
            ("example.com", ".example.com", false, Some(false)),
            ("shop.example.com", ".example.com", false, Some(true)),
            ("anything.test", "", false, Some(true)),
            ("*.example.com", "example.com", false, Some(true)),
            ("*.example.com", "shop.example.com", false, Some(false)),
            ("*.example.com", "shop.example.com", true, Some(true)),
            ("*.example.com", "a.shop.example.com", true, Some(false)),
            ("*.shop.example.com", "example.com", true, Some(true)),
            ("example..com", "example.com", false, None),
            ("example.com", "*.example.com", false, None),
            ("example.com", "..example.com", false, None),
        ] {
            assert_eq!(dns(name, base, wide), expected, "{name} in {base}, {wide}");
        }
    }

    #[test]
    fn addresses_lie_in_networks() {
        for (address, network, prefix, expected) in [
            ("10.1.2.3", "10.0.0.0", 8, true),
            ("11.1.2.3", "10.0.0.0", 8, false),
            ("10.0.0.1", "10.0.0.1", 32, true),
            ("10.0.0.2", "10.0.0.1", 32, false),
            ("1.2.3.4", "0.0.0.0", 0, true),
            ("::1", "0.0.0.0", 0, false),
            ("fd00::1", "fd00::", 8, true),
            ("fe00::1", "fd00::", 8, false),
            ("::1", "::", 0, true),
        ] {
            let parsed = (address.parse().unwrap(), network.parse().unwrap());
            assert_eq!(is_in_network(parsed.0, parsed.1, prefix), expected, "{address} {network}");
        }
    }

    #[test]
    fn hosts_of_mail_and_uris() {
        assert_eq!(email("a@example.com", "example.com"), Some(true));
        assert_eq!(email("a@mail.example.com", "example.com"), Some(false));
        assert_eq!(email("a@mail.example.com", ".example.com"), Some(true));
        assert_eq!(email("a@example.com", "a@Example.com"), Some(true));
        assert_eq!(email("A@example.com", "a@example.com"), Some(false));
        assert_eq!(email("nobody", "example.com"), None);
        assert_eq!(email("a@b@example.com", "example.com"), None);
        assert_eq!(email("a@example.com", "a@b@example.com"), None);
        assert_eq!(host_of_uri("spiffe://cluster.local/ns/a/sa/b"), Some("cluster.local"));
        assert_eq!(host_of_uri("https://user@shop.example.com:8443?a=/"), Some("shop.example.com"));
        for uri in ["urn:uuid:1", "https://10.0.0.1/", "https://[::1]/", "https:///a"] {
            assert_eq!(host_of_uri(uri), None, "{uri}");
        }
        assert!(host("a.example.com", ".example.com") && !host("example.com", ".example.com"));
    }
}
