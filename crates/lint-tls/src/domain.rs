//! What is known of a host name or an address besides its spelling: the list of public suffixes,
//! and the blocks of addresses that nobody on the internet answers at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use psl::Type;

/// Whether the last label is a top-level domain of the internet, so that the name may be somebody's
/// there. `name` may begin with `*.`.
pub(crate) fn is_on_internet(name: &str) -> bool {
    with_suffix(name, |_, kind| kind.is_some())
}

/// Whether the whole name is one under which registries hand out domains to everybody, such as
/// `com` and `co.uk`. Suffixes that a company runs for its customers (`github.io`) are not meant:
/// the company may well have a certificate for all of them.
pub(crate) fn is_registry_suffix(name: &str) -> bool {
    with_suffix(name, |whole, kind| whole && kind == Some(Type::Icann))
}

fn with_suffix(name: &str, judge: impl Fn(bool, Option<Type>) -> bool) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    psl::suffix(name.as_bytes()).is_some_and(|suffix| {
        let whole = suffix.as_bytes().len() == name.len();
        judge(whole, suffix.typ())
    })
}

/// Whether the name lies under `.arpa`, which is for the network itself.
pub(crate) fn is_arpa(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("arpa")
}

/// Whether an address is one that the registries of special-purpose addresses (RFC 6890) set
/// aside: nobody can prove to a public CA that it is theirs.
pub(crate) fn is_reserved(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_reserved_v4(address),
        IpAddr::V6(address) => is_reserved_v6(address),
    }
}

const fn is_reserved_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        // This network, private use, shared by carriers, loopback, link-local, private use.
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            // Protocols, documentation, 6to4 relays, private use, benchmarks, documentation.
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            // Multicast and reserved.
            | (224..=255, _, _)
    )
}

fn is_reserved_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = address.to_ipv4_mapped() {
        return is_reserved_v4(address);
    }
    let [a, b, ..] = address.segments();
    // Global unicast is 2000::/3; within it lie protocols, documentation and 6to4.
    let unicast = a & 0xe000 == 0x2000;
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || a == 0x3fff;
    !unicast || special
}

#[cfg(test)]
mod tests {
    use super::{is_arpa, is_on_internet, is_registry_suffix, is_reserved};

    #[test]
    fn suffixes_and_names() {
        for name in ["com", "co.uk", "CO.UK", "dev", "com."] {
            assert!(is_registry_suffix(name) && is_on_internet(name), "{name}");
        }
        for name in ["example.com", "github.io", "localhost", "svc.cluster.local", "", "."] {
            assert!(!is_registry_suffix(name), "{name}");
        }
        for name in ["shop.example.com", "*.example.com", "a.github.io", "x.onion"] {
            assert!(is_on_internet(name), "{name}");
        }
        for name in ["redis", "web.internal", "web.shop.svc", "a.corp", "localhost"] {
            assert!(!is_on_internet(name), "{name}");
        }
        assert!(is_arpa("1.0.10.in-addr.arpa") && !is_arpa("arpa.example.com"));
    }

    #[test]
    fn addresses_set_aside() {
        for address in [
            "10.1.2.3",
            "192.168.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "203.0.113.9",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_reserved(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860::1"] {
            assert!(!is_reserved(address.parse().unwrap()), "{address}");
        }
    }
}
