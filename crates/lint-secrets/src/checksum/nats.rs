//! The checksum of NATS nkeys: base32 that ends in the CRC-16 of what precedes.

use data_encoding::BASE32_NOPAD;

use crate::checksum::verdict;
use crate::shape::Verdict;

/// The longest key that is decoded, in characters; a seed has 58.
const LONGEST: usize = 128;

/// Whether a seed or key holds the CRC-16 (XMODEM), in little-endian order, that ends it.
pub(crate) fn nats(token: &str) -> Verdict {
    if token.len() > LONGEST {
        return Verdict::Unfit;
    }
    let Ok(bytes) = BASE32_NOPAD.decode(token.as_bytes()) else { return Verdict::Unfit };
    let Some((data, sum)) = bytes.split_last_chunk::<2>() else { return Verdict::Unfit };
    verdict(!data.is_empty() && crc16(data) == u16::from_le_bytes(*sum))
}

/// CRC-16 with the polynomial 0x1021 that starts at zero.
fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ (u16::from(byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{crc16, nats};
    use crate::shape::Verdict;

    #[test]
    fn the_check_value_of_xmodem() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    #[test]
    fn keys_of_the_documentation_fit() {
        // A seed and its public key that the documentation of NATS prints.
        let seed = concat!("SUACSSL3UAHUDXKFSNVUZRF5UHP", "MWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY");
        assert_eq!(nats(seed), Verdict::Proven);
        let public = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
        assert_eq!(nats(public), Verdict::Proven);
        assert_eq!(nats(&seed.replace("SUAC", "SUAD")), Verdict::Unfit);
        for hostile in ["", "A", "é", "AAAAAAAA1", &"A".repeat(9_999)] {
            assert_eq!(nats(hostile), Verdict::Unfit, "{hostile}");
        }
    }
}
