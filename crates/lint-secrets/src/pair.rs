//! Pairs of a key id and its secret: the secret has no mark of its own and is known by standing
//! beside its id.

use crate::assign::Assignment;
use crate::charset::{
    ALNUM, BASE64_BODY, BASE64_ID, LOWER_ALNUM, Set, UPPER_ALNUM, URL64, UUID, WORD,
};
use crate::filler;
use crate::shape::{Match, starts_fresh};
use crate::words;

/// How far from an id its secret may stand, in bytes.
pub(crate) const REACH: usize = 256;
/// How far from the secret of a service principal its tenant may stand, in bytes.
const TENANT_REACH: usize = 600;

/// A kind of key pair.
#[derive(Debug)]
pub(crate) struct Pair {
    /// Who issues it.
    pub(crate) provider: &'static str,
    /// What every id starts with.
    prefix: &'static str,
    /// What follows the prefix, and how much of it.
    id: (&'static Set, usize, usize),
    /// What the secret is made of, and its length.
    secret: (&'static Set, usize),
    /// What the secret starts with.
    secret_prefix: &'static str,
}

const fn pair(
    provider: &'static str,
    prefix: &'static str,
    id: (&'static Set, usize, usize),
    secret: (&'static Set, usize),
) -> Pair {
    Pair { provider, prefix, id, secret, secret_prefix: "" }
}

/// The kinds of key pairs. The pairs of AWS have a rule of their own.
pub(crate) static PAIRS: &[Pair] = &[
    pair("Alibaba Cloud", "LTAI", (&ALNUM, 12, 20), (&ALNUM, 30)),
    pair("Tencent Cloud", "AKID", (&ALNUM, 32, 32), (&ALNUM, 32)),
    pair("DigitalOcean Spaces", "DO00", (&UPPER_ALNUM, 16, 16), (&BASE64_BODY, 43)),
    pair("DigitalOcean Spaces", "DO80", (&UPPER_ALNUM, 16, 16), (&BASE64_BODY, 43)),
    pair("Scaleway", "SCW", (&UPPER_ALNUM, 17, 17), (&UUID, 36)),
    pair("Google Cloud Storage", "GOOG1E", (&UPPER_ALNUM, 55, 55), (&BASE64_BODY, 40)),
    pair("Google Cloud Storage", "GOOG", (&UPPER_ALNUM, 20, 20), (&BASE64_BODY, 40)),
    Pair {
        provider: "Yandex Cloud",
        prefix: "YCAJE",
        id: (&URL64, 20, 20),
        secret: (&URL64, 40),
        secret_prefix: "YC",
    },
    pair("Exoscale", "EXO", (&LOWER_ALNUM, 24, 24), (&URL64, 43)),
    pair("Volcengine", "AKLT", (&BASE64_ID, 36, 64), (&BASE64_ID, 60)),
];

/// Literals that lead here.
pub(crate) const ANCHORS: &[&str] =
    &["LTAI", "AKID", "DO00", "DO80", "SCW", "GOOG", "YCAJE", "EXO", "AKLT"];

/// The kind and the place of the id whose prefix stands at `at`.
pub(crate) fn id(text: &str, at: usize) -> Option<(&'static Pair, Match)> {
    let bytes = text.as_bytes();
    if !starts_fresh(bytes, at) {
        return None;
    }
    let rest = bytes.get(at..)?;
    PAIRS.iter().find_map(|pair| {
        let body = rest.strip_prefix(pair.prefix.as_bytes())?;
        let (set, least, most) = pair.id;
        let length = set.run(body, most + 1);
        let end = at + pair.prefix.len() + length;
        let ends = bytes.get(end).is_none_or(|&next| !WORD.has(next));
        let place = Match { start: at, end };
        let id = text.get(at + pair.prefix.len()..end)?;
        let fits = ends && (least..=most).contains(&length) && !filler::is_filler(id);
        fits.then_some((pair, place))
    })
}

/// The secret of the id at `id`: the nearest run of its characters that has the right length and
/// looks random. One behind the id wins over one before it.
pub(crate) fn secret_beside(text: &str, id: Match, pair: &Pair) -> Option<Match> {
    let (set, length) = pair.secret;
    beside(text, id, set, length, |value| {
        value.starts_with(pair.secret_prefix) && looks_random(value, length)
    })
}

/// The nearest run of `length` characters of `set` beside `id` that `fits`. One behind the id
/// wins over one before it.
pub(crate) fn beside(
    text: &str,
    id: Match,
    set: &Set,
    length: usize,
    fits: impl Fn(&str) -> bool,
) -> Option<Match> {
    let bytes = text.as_bytes();
    let from = id.start.saturating_sub(REACH);
    let to = (id.end + REACH).min(bytes.len());
    let mut best: Option<Match> = None;
    let mut at = from;
    while at < to {
        let run = set.run(bytes.get(at..to)?, REACH);
        let place = Match { start: at, end: at + run };
        // A run that begins before the window or goes on behind it is longer than it looks.
        let begins = at > from || from == 0 || bytes.get(from - 1).is_none_or(|&b| !set.has(b));
        let ends = place.end < to || bytes.get(place.end).is_none_or(|&b| !set.has(b));
        let apart = place.end <= id.start || place.start >= id.end;
        let value = text.get(place.start..place.end);
        if run == length && begins && ends && apart && value.is_some_and(&fits) {
            let distance = |place: Match| place.start.abs_diff(id.start);
            if best.is_none_or(|best| {
                place.start > id.start && best.start < id.start || distance(place) < distance(best)
            }) {
                best = Some(place);
            }
        }
        at += run.max(1);
    }
    best
}

/// Whether a run has digits and letters, of both cases where it is long enough for that, and holds
/// few words.
fn looks_random(value: &str, length: usize) -> bool {
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(&test);
    // A UUID has one case.
    let cases = length == 36 || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase));
    cases
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !filler::is_filler(value)
        && words::coverage(value) < 50
}

/// The tenant that the secret of an assignment belongs to, if that is the secret of a service
/// principal of Azure: the ids of its client and of its tenant stand around it.
pub(crate) fn principal(text: &str, found: &Assignment<'_>) -> bool {
    let name: String =
        found.name.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>();
    let name = name.to_ascii_lowercase();
    if !(name.ends_with("clientsecret") || name.ends_with("password"))
        || found.value.end.saturating_sub(found.value.start) < 30
    {
        return false;
    }
    let bytes = text.as_bytes();
    let from = found.written.start.saturating_sub(TENANT_REACH);
    let to = (found.value.end + TENANT_REACH).min(bytes.len());
    let window = bytes.get(from..to).unwrap_or_default();
    let given = |at: usize, length: usize| {
        let rest = window.get(at + length..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(64)).unwrap_or_default();
        rest.windows(36).take(20).any(is_uuid)
    };
    let tenant = [&b"enantId"[..], b"enant_id", b"ENANT_ID", b"\"tenant\"", b"enantID"];
    let client = [&b"lientId"[..], b"lient_id", b"LIENT_ID", b"\"appId\"", b"lientID"];
    let any = |list: &[&[u8]]| {
        list.iter().any(|name| {
            let mut places = memchr::memmem::find_iter(window, name).take(8);
            places.any(|at| given(at, name.len()))
        })
    };
    any(&tenant) && any(&client)
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::{ANCHORS, PAIRS, id, secret_beside};

    fn found(text: &str) -> Option<(&'static str, &str)> {
        ANCHORS.iter().find_map(|anchor| {
            let (pair, id) = id(text, text.find(anchor)?)?;
            let secret = secret_beside(text, id, pair)?;
            Some((pair.provider, &text[secret.start..secret.end]))
        })
    }

    #[test]
    fn secrets_stand_beside_their_ids() {
        let upper = "Z7QK4M2XW5RT3NVB";
        let random = "q8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sTzYxWvUnMqWeRt";
        for (id, length, provider) in [
            (format!("LTAI5t{}", "Zq8Rk2Lm5Tn7Vw"), 30, "Alibaba Cloud"),
            (format!("AKID{}", &random[..32]), 32, "Tencent Cloud"),
            (format!("DO00{upper}"), 43, "DigitalOcean Spaces"),
            (format!("GOOG{upper}K2MX"), 40, "Google Cloud Storage"),
            (format!("EXO{}", "3c1d9be27fa04586d2e1bb70"), 43, "Exoscale"),
        ] {
            let secret = &random[..length];
            for text in [
                format!("id = \"{id}\"\nsecret = \"{secret}\"\n"),
                format!("{{\"secret\":\"{secret}\",\"id\":\"{id}\"}}"),
            ] {
                assert_eq!(found(&text), Some((provider, secret)), "{text}");
            }
            let far = format!("{id}{}{secret}", " ".repeat(300));
            assert_eq!(found(&far), None);
            assert_eq!(found(&format!("{id} {secret}x")), None);
            assert_eq!(found(&id), None);
        }
        let text = format!("SCW{upper}K\nsecret: 3c1d9be2-7fa0-4586-92e1-bb703c1d9be2\n");
        assert_eq!(found(&text).unwrap().0, "Scaleway");
        let text = format!("YCAJE{} YC{}", &random[..20], &random[..38]);
        assert_eq!(found(&text).unwrap().0, "Yandex Cloud");
        assert_eq!(PAIRS.len(), 10);
    }
}
