//! Checksums that providers build into their tokens, so that a made-up token can be told from an
//! issued one without asking anybody.

mod azure;
mod nats;

pub(crate) use azure::azure;
pub(crate) use nats::nats;

use crate::shape::Verdict;

/// Digits of number systems.
mod radix {
    /// Digits, upper-case and lower-case letters.
    pub(super) const BASE62: &[u8; 62] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /// Digits and lower-case letters.
    pub(super) const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
}

/// `number` in the radix of `digits`, at least `width` digits long.
pub(crate) fn in_radix(mut number: u32, digits: &[u8], width: usize) -> String {
    let radix = u32::try_from(digits.len()).unwrap_or(u32::MAX).max(2);
    let mut text = Vec::new();
    while number > 0 || text.len() < width {
        text.push(digits.get((number % radix) as usize).copied().unwrap_or(b'0'));
        number /= radix;
    }
    text.iter().rev().map(|&byte| char::from(byte)).collect()
}

/// The six base62 digits of the CRC-32 of `body`.
pub(crate) fn crc_base62(body: &str) -> String {
    in_radix(crc32fast::hash(body.as_bytes()), radix::BASE62, 6)
}

fn verdict(fits: bool) -> Verdict {
    if fits { Verdict::Proven } else { Verdict::Unfit }
}

/// GitHub's and npm's scheme: after the first `_`, the last six of 36 characters are the base62
/// CRC-32 of the thirty before.
pub(crate) fn github(token: &str) -> Verdict {
    let body = token.split_once('_').map_or("", |(_, body)| body);
    let (Some(random), Some(sum)) = (body.get(..30), body.get(30..)) else {
        return Verdict::Unfit;
    };
    verdict(crc_base62(random) == sum)
}

/// Grafana's service account tokens: eight hexadecimal digits, the CRC-32 in little-endian order
/// of everything before the last `_`.
pub(crate) fn grafana(token: &str) -> Verdict {
    let Some((before, sum)) = token.rsplit_once('_') else { return Verdict::Unfit };
    let crc = crc32fast::hash(before.as_bytes()).swap_bytes();
    verdict(format!("{crc:08x}").eq_ignore_ascii_case(sum))
}

/// Atlassian's and Bitbucket's scheme: eight upper-case hexadecimal digits, the CRC-32 of
/// everything before, with or without the `=` that separates them.
pub(crate) fn atlassian(token: &str) -> Verdict {
    let at = token.len().saturating_sub(8);
    let (Some(before), Some(sum)) = (token.get(..at), token.get(at..)) else {
        return Verdict::Unfit;
    };
    let fits = |text: &str| format!("{:08X}", crc32fast::hash(text.as_bytes())) == sum;
    verdict(fits(before) || fits(before.trim_end_matches('=')))
}

/// Cloudflare's prefixed tokens: eight lower-case hexadecimal digits, the CRC-32 of the body.
pub(crate) fn cloudflare(token: &str) -> Verdict {
    let at = token.len().saturating_sub(8);
    let (Some(before), Some(sum)) = (token.get(..at), token.get(at..)) else {
        return Verdict::Unfit;
    };
    let body = before.split_once('_').map_or(before, |(_, body)| body);
    let fits = |text: &str| format!("{:08x}", crc32fast::hash(text.as_bytes())) == sum;
    verdict(fits(body) || fits(before))
}

/// GitLab's routable tokens: the last seven characters are the base36 CRC-32 of what precedes.
/// The classic form has no checksum.
pub(crate) fn gitlab(token: &str) -> Verdict {
    if token.matches('.').count() < 2 {
        return Verdict::Plain;
    }
    let at = token.len().saturating_sub(7);
    let (Some(before), Some(sum)) = (token.get(..at), token.get(at..)) else {
        return Verdict::Unfit;
    };
    verdict(in_radix(crc32fast::hash(before.as_bytes()), radix::BASE36, 7) == sum)
}

/// Eight lower-case hexadecimal digits, the CRC-32 of the body before: with or without the prefix
/// and the `_` that separate them.
pub(crate) fn crc32_hex(token: &str) -> Verdict {
    let at = token.len().saturating_sub(8);
    let (Some(before), Some(sum)) = (token.get(..at), token.get(at..)) else {
        return Verdict::Unfit;
    };
    let bare = before.trim_end_matches(['_', '-']);
    let body = |text: &'_ str| text.find(['_', '-']).map_or(0, |border| border + 1);
    let fits =
        |text: &str| !text.is_empty() && format!("{:08x}", crc32fast::hash(text.as_bytes())) == sum;
    let bodies = [before, bare].map(|text| text.get(body(text)..).unwrap_or(text));
    verdict(fits(before) || fits(bare) || bodies.into_iter().any(fits))
}

/// Bech32 (BIP 173), which age identities are written in.
pub(crate) fn bech32(token: &str) -> Verdict {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let lower = token.to_ascii_lowercase();
    let Some((human, data)) = lower.rsplit_once('1') else { return Verdict::Unfit };
    let step = |sum: u32, value: u32| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01ff_ffff) << 5) ^ value;
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| (top >> bit) & 1 == 1)
            .fold(shifted, |sum, (_, generator)| sum ^ generator)
    };
    let high = human.bytes().map(|byte| u32::from(byte >> 5));
    let low = human.bytes().map(|byte| u32::from(byte & 31));
    let mut sum = high.chain([0]).chain(low).fold(1, step);
    for letter in data.chars() {
        let Some(value) = ALPHABET.find(letter) else { return Verdict::Unfit };
        sum = step(sum, u32::try_from(value).unwrap_or(0));
    }
    verdict(sum == 1)
}

#[cfg(test)]
mod tests {
    use super::{
        atlassian, bech32, cloudflare, crc_base62, crc32_hex, github, gitlab, grafana, in_radix,
        radix,
    };
    use crate::shape::Verdict;

    #[test]
    fn checksums_tell_issued_from_made_up() {
        let body = "Zq8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0";
        let token = format!("ghp_{body}{}", crc_base62(body));
        assert_eq!(github(&token), Verdict::Proven);
        assert_eq!(github(&token.replace('Z', "Y")), Verdict::Unfit);

        let before = "glsa_Zq8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sT";
        let crc = crc32fast::hash(before.as_bytes()).swap_bytes();
        assert_eq!(grafana(&format!("{before}_{crc:08x}")), Verdict::Proven);
        assert_eq!(grafana(&format!("{before}_00000000")), Verdict::Unfit);

        let before = "ATATT3xFfGF0Zq8Rk2Lm5Tn7Vw9Xb3=";
        let crc = crc32fast::hash(before.as_bytes());
        assert_eq!(atlassian(&format!("{before}{crc:08X}")), Verdict::Proven);
        assert_eq!(gitlab(&["glpat-", "Zq8Rk2Lm5Tn7Vw9Xb3Cd"].concat()), Verdict::Plain);
    }

    #[test]
    fn hexadecimal_checksums_cover_the_body() {
        let body = "Zq8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sT";
        let sum = format!("{:08x}", crc32fast::hash(body.as_bytes()));
        for token in [format!("zp_{body}_{sum}"), format!("zp_{body}{sum}"), format!("{body}{sum}")]
        {
            assert_eq!(crc32_hex(&token), Verdict::Proven, "{token}");
            assert_eq!(crc32_hex(&token.replace('Z', "Y")), Verdict::Unfit);
        }
        assert_eq!(cloudflare(&format!("cfut_{body}{sum}")), Verdict::Proven);
        for hostile in ["", "_", "00000000", "é0000000", "a_é______"] {
            assert_eq!(crc32_hex(hostile), Verdict::Unfit, "{hostile}");
        }
    }

    #[test]
    fn routable_tokens_end_in_their_checksum() {
        let before = "glpat-Zq8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1.01.0y";
        let sum = in_radix(crc32fast::hash(before.as_bytes()), radix::BASE36, 7);
        assert_eq!(gitlab(&format!("{before}{sum}")), Verdict::Proven);
        assert_eq!(gitlab(&format!("{before}0000000")), Verdict::Unfit);
    }

    #[test]
    fn bech32_accepts_the_test_vectors_of_bip_173() {
        assert_eq!(bech32("A12UEL5L"), Verdict::Proven);
        assert_eq!(
            bech32("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"),
            Verdict::Proven
        );
        assert_eq!(bech32("A12UEL5M"), Verdict::Unfit);
    }

    #[test]
    fn radix_pads_to_the_width() {
        assert_eq!(in_radix(61, radix::BASE62, 6), "00000z");
        assert_eq!(in_radix(u32::MAX, radix::BASE62, 6), "4gfFC3");
    }
}
