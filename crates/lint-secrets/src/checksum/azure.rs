//! The checksum of Azure's identifiable keys: Marvin32 over the decoded key, with a seed that
//! names the kind of key, in the last four bytes. The text before it is a fixed signature.

use data_encoding::{BASE64, BASE64URL};

use crate::checksum::{in_radix, radix, verdict};
use crate::shape::Verdict;

/// The longest key that is decoded, in characters.
const LONGEST: usize = 400;
/// Characters of base64 that hold the checksum.
const SUM: usize = 6;
/// Characters of the signature.
const SIGNATURE: usize = 4;

/// Signatures with the seeds they are used with: eight characters of ASCII, most significant
/// byte first.
struct Kind {
    signature: &'static str,
    seeds: &'static [&'static str],
    /// Whether no other seed is in use, so that a misfit says something.
    complete: bool,
}

const fn kind(signature: &'static str, seeds: &'static [&'static str], complete: bool) -> Kind {
    Kind { signature, seeds, complete }
}

const MESSAGING: &[&str] = &["Send0000", "Manage00", "Listen00", "System00", "Unknown0"];
const KINDS: &[Kind] = &[
    kind("+ASt", &["Default0"], true),
    kind("+ABa", &["AbAcct00"], true),
    kind("+ACR", &["ACRDflt0"], true),
    kind(
        "ACDb",
        &["MastRW00", "MastRO00", "SystRW00", "SystRO00", "SysAll00", "Resour00", "Encryp00"],
        false,
    ),
    kind("AzFu", &["Functi00", "System00", "Master00"], true),
    kind("AzSe", &["Query000", "PAdmin00"], false),
    kind("AzCa", &["Access00"], false),
    kind("AIoT", &["IoTHub00", "DpsKey00", "Device00"], false),
    kind("APIM", &["Tenant00", "IoTHub00", "Gatewy00", "GitKey00"], false),
    kind("+ASb", MESSAGING, false),
    kind("+AEh", MESSAGING, false),
    kind("+ARm", MESSAGING, false),
    kind("+AMC", &["Classic0"], false),
    kind("+SQL", &["UsrPwd00"], false),
];

/// Whether an identifiable key holds the checksum of its kind.
pub(crate) fn azure(token: &str) -> Verdict {
    // Shapes may take the name of the key in: `AccountKey=…`.
    let body = token.trim_end_matches('=');
    let body = body.rsplit_once('=').map_or(body, |(_, key)| key);
    if body.len() > LONGEST {
        return Verdict::Plain;
    }
    if body.get(ANNOTATED_AT..).is_some_and(|rest| rest.starts_with(ANNOTATED)) {
        return annotated(body);
    }
    let at = body.len().saturating_sub(SUM + SIGNATURE);
    let signature = body.get(at..at + SIGNATURE).unwrap_or_default();
    let Some(kind) = KINDS.iter().find(|kind| kind.signature == signature) else {
        return Verdict::Plain;
    };
    let fits = decode(body).is_some_and(|bytes| {
        let Some((data, sum)) = bytes.split_last_chunk::<4>() else { return false };
        kind.seeds.iter().any(|seed| marvin32(data, seed_of(seed)) == u32::from_le_bytes(*sum))
    });
    match (fits, kind.complete) {
        (true, _) => Verdict::Proven,
        (false, true) => Verdict::Unfit,
        (false, false) => Verdict::Plain,
    }
}

/// Where the newer form, which is annotated with the provider and the date, says what it is.
const ANNOTATED_AT: usize = 52;
const ANNOTATED: &str = "JQQJ9";
/// Where its checksum stands.
const ANNOTATED_SUM: usize = 80;

/// The annotated form: four or six characters, the base62 of the Marvin32 of what precedes, or
/// its plain base64.
fn annotated(body: &str) -> Verdict {
    let (Some(head), Some(sum)) = (body.get(..ANNOTATED_SUM), body.get(ANNOTATED_SUM..)) else {
        return Verdict::Plain;
    };
    let Some(data) = decode(head) else { return Verdict::Unfit };
    let hash = marvin32(&data, seed_of("Default0"));
    let mut digits = in_radix(hash.swap_bytes(), radix::BASE62, 1);
    while digits.len() < SUM {
        digits.push('0');
    }
    let plain = BASE64.encode(&hash.to_le_bytes());
    // The last character of six may have lost bits that belong to no byte.
    let most = sum.len().min(5);
    let same = |whole: &str| most >= 4 && whole.get(..most) == sum.get(..most);
    verdict(same(&digits) || same(&plain))
}

fn decode(body: &str) -> Option<Vec<u8>> {
    let mut padded = body.to_owned();
    while !padded.len().is_multiple_of(4) {
        padded.push('=');
    }
    let url = body.contains(['-', '_']);
    if url { BASE64URL.decode(padded.as_bytes()) } else { BASE64.decode(padded.as_bytes()) }.ok()
}

fn seed_of(name: &str) -> u64 {
    name.bytes().fold(0, |seed, byte| (seed << 8) | u64::from(byte))
}

/// Marvin32, folded to 32 bits.
fn marvin32(data: &[u8], seed: u64) -> u32 {
    let [a, b, c, d, e, f, g, h] = seed.to_le_bytes();
    let mut low = u32::from_le_bytes([a, b, c, d]);
    let mut high = u32::from_le_bytes([e, f, g, h]);
    let mut mix = |word: u32| {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
        low ^ high
    };
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        mix(u32::from_le_bytes(*word));
    }
    // The rest is ended by a byte that says where it ends.
    let mut last = [0u8; 4];
    for (slot, byte) in last.iter_mut().zip(rest.iter().copied().chain([0x80])) {
        *slot = byte;
    }
    mix(u32::from_le_bytes(last));
    mix(0)
}

#[cfg(test)]
mod tests {
    use super::{azure, decode, marvin32, seed_of};
    use crate::shape::Verdict;
    use data_encoding::BASE64;

    /// A key of so many bytes with a signature and the checksum of a seed.
    fn issued(bytes: usize, signature: &str, seed: &str) -> String {
        let random: Vec<u8> = (0..bytes).map(|at| (at * 37 + at / 3 * 11) as u8).collect();
        let mut text = BASE64.encode(&random);
        let at = text.trim_end_matches('=').len() - 10;
        text.replace_range(at..at + 4, signature);
        let mut data = BASE64.decode(text.as_bytes()).or_else(|_| {
            // The bits behind the last byte must be none.
            let mut text = text.clone();
            let end = text.trim_end_matches('=').len();
            text.replace_range(end - 1..end, "A");
            BASE64.decode(text.as_bytes())
        });
        let data = data.as_mut().unwrap();
        let sum = marvin32(&data[..bytes - 4], seed_of(seed));
        data[bytes - 4..].copy_from_slice(&sum.to_le_bytes());
        BASE64.encode(data)
    }

    #[test]
    fn marvin_gives_the_published_values() {
        // The published values have 64 bits; what is used here is both halves together.
        let seed = 0x004f_b61a_001b_dbcc;
        for (data, hash) in [
            (&[][..], 0x30ed_35c1_00cd_3c7d_u64),
            (&[0xaf], 0x48e7_3fc7_7d75_ddc1),
            (&[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
            (&[0x37, 0xf4, 0x95], 0xf0b0_7c78_9b8c_f7e8),
            (&[0x86, 0x42, 0xdc, 0x59], 0x7008_f2e8_7e9c_f556),
            (&[0x15, 0x3f, 0xb7, 0x98, 0x26], 0xe6c0_8c6d_a2af_a997),
        ] {
            let folded = (hash as u32) ^ ((hash >> 32) as u32);
            assert_eq!(marvin32(data, seed), folded);
        }
    }

    #[test]
    fn keys_of_all_lengths_are_proven_and_changes_noticed() {
        for (bytes, signature, seed) in
            [(64, "+ASt", "Default0"), (32, "AIoT", "Device00"), (40, "AzFu", "Master00")]
        {
            let key = issued(bytes, signature, seed);
            assert_eq!(azure(&key), Verdict::Proven, "{signature}");
            assert_eq!(azure(&format!("AccountKey={key}")), Verdict::Proven);
            let other = format!("z{}", &key[1..]);
            assert_ne!(azure(&other), Verdict::Proven);
        }
        let storage = issued(64, "+ASt", "Access00");
        assert_eq!(azure(&storage), Verdict::Unfit);
        assert_eq!(azure(&issued(64, "+XYZ", "Access00")), Verdict::Plain);
        for hostile in ["", "=", "====", "é", "+ASt", &"A".repeat(10_000), "éééééééééé+AStéé"]
        {
            assert_ne!(azure(hostile), Verdict::Proven);
        }
    }

    #[test]
    fn annotated_keys_are_proven() {
        let head = format!(
            "{}JQQJ99{}",
            "Zq8Rk2Lm5Tn7".repeat(5).get(..52).unwrap(),
            "Ab3d".repeat(9).get(..22).unwrap()
        );
        assert_eq!(head.len(), 80);
        let hash = marvin32(&decode(&head).unwrap(), seed_of("Default0"));
        let sum = BASE64.encode(&hash.to_le_bytes());
        assert_eq!(azure(&format!("{head}{}", &sum[..4])), Verdict::Proven);
        assert_eq!(azure(&format!("{head}{}", &sum[..6])), Verdict::Proven);
        assert_eq!(azure(&format!("{head}AAAA")), Verdict::Unfit);
    }
}
