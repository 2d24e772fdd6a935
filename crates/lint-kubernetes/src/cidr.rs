//! Blocks of addresses as NetworkPolicies write them.

use std::net::IpAddr;

/// A block of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Reads `address/prefix`; none where it is anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u8 = prefix.parse().ok().filter(|_| is_number)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= most).then_some(Self { address, prefix })
    }

    /// Whether it holds every address of its family.
    pub(crate) const fn is_everything(self) -> bool {
        self.prefix == 0
    }

    /// Whether all addresses of `other` are in it, and more than those.
    pub(crate) fn strictly_contains(self, other: Self) -> bool {
        self.prefix < other.prefix
            && match (self.address, other.address) {
                (IpAddr::V4(own), IpAddr::V4(other)) => {
                    let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                    u32::from(own) & mask == u32::from(other) & mask
                }
                (IpAddr::V6(own), IpAddr::V6(other)) => {
                    let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                    u128::from(own) & mask == u128::from(other) & mask
                }
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn blocks_contain_narrower_blocks() {
        for (one, other, expected) in [
            ("10.0.0.0/8", "10.1.0.0/16", true),
            ("10.0.0.0/8", "10.0.0.0/8", false),
            ("10.0.0.0/8", "11.0.0.0/16", false),
            ("10.1.0.0/16", "10.0.0.0/8", false),
            ("0.0.0.0/0", "169.254.169.254/32", true),
            ("0.0.0.0/0", "::/1", false),
            ("::/0", "fd00::/8", true),
            ("fd00::/8", "fe00::/16", false),
        ] {
            let contains = Cidr::parse(one).unwrap().strictly_contains(Cidr::parse(other).unwrap());
            assert_eq!(contains, expected, "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_block_is_not_read() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/+8", "::/129", "a/8", "10.0.0/8", "/"]
        {
            assert!(Cidr::parse(text).is_none(), "{text}");
        }
        assert!(Cidr::parse("0.0.0.0/0").unwrap().is_everything());
        assert!(!Cidr::parse("0.0.0.0/1").unwrap().is_everything());
    }
}
