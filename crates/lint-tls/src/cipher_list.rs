//! Lists of cipher suites in OpenSSL's language (`openssl-ciphers(1)`), as nginx, HAProxy, Envoy
//! and many others take them.
//!
//! What a list means depends on the library's build, which a repository does not show. It is read
//! for what it asks for: a list that names RC4 is weak even where the library would leave it out.

use crate::cipher::{Authentication, Encryption, Exchange, Grade, Mac, Suite, Weak};

/// The suites that groups choose from, in OpenSSL's names. Within one grade and reason one stands
/// for many.
const SUITES: &[&str] = &[
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-RSA-CAMELLIA128-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-AES128-GCM-SHA256",
    "DHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES128-SHA256",
    "DHE-RSA-AES256-SHA256",
    "DHE-RSA-AES128-SHA",
    "DHE-RSA-AES256-SHA",
    "DHE-DSS-AES128-SHA",
    "DHE-RSA-CAMELLIA128-SHA",
    "AES256-GCM-SHA384",
    "AES128-GCM-SHA256",
    "AES128-SHA256",
    "AES256-SHA256",
    "AES128-SHA",
    "AES256-SHA",
    "CAMELLIA128-SHA",
    "CAMELLIA256-SHA",
    "SEED-SHA",
    "ADH-AES128-GCM-SHA256",
    "ADH-AES128-SHA",
    "AECDH-AES128-SHA",
    "IDEA-CBC-SHA",
    "DES-CBC3-SHA",
    "ECDHE-ECDSA-DES-CBC3-SHA",
    "ECDHE-RSA-DES-CBC3-SHA",
    "DHE-RSA-DES-CBC3-SHA",
    "RC4-SHA",
    "RC4-MD5",
    "ECDHE-ECDSA-RC4-SHA",
    "ECDHE-RSA-RC4-SHA",
    "DES-CBC-SHA",
    "EXP-RC4-MD5",
    "EXP-DES-CBC-SHA",
    "NULL-SHA",
    "NULL-SHA256",
    "NULL-MD5",
    "ECDHE-RSA-NULL-SHA",
];

/// Most words of a list that are read: a limit on hostile input.
const WORDS: usize = 512;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Out,
    In,
    /// Out for good: by `!`.
    Killed,
}

struct Candidate<'a> {
    name: &'a str,
    suite: Suite,
    state: State,
    /// Whether a word means it in particular, not with everything.
    meant: bool,
}

/// The suites that a list allows and should not, in the order of the list as far as they are named
/// there. Nothing where the list holds a variable of some tool, or no word that adds anything.
pub(crate) fn weak(list: &str) -> Vec<Weak<'_>> {
    if list.contains(['$', '{', '%']) {
        return Vec::new();
    }
    let mut candidates: Vec<Candidate<'_>> =
        SUITES.iter().filter_map(|name| candidate(name)).collect();
    let mut level = 1;
    for word in words(list).take(WORDS) {
        if let Some(command) = word.strip_prefix('@') {
            if let Some(number) = command.strip_prefix("SECLEVEL=") {
                level = number.parse().unwrap_or(level);
            }
            continue;
        }
        let (sign, name) = match word.split_at_checked(1) {
            Some((sign @ ("!" | "-" | "+"), name)) => (sign, name),
            _ => ("", word),
        };
        if sign.is_empty() && !SUITES.contains(&name) {
            candidates.extend(candidate(name));
        }
        for each in &mut candidates {
            if each.state == State::Killed || !matches(name, each) {
                continue;
            }
            match sign {
                "!" => each.state = State::Killed,
                "-" => each.state = State::Out,
                // Only moves what is in.
                "+" => {}
                _ => {
                    each.state = State::In;
                    each.meant |= !is_wide(name);
                }
            }
        }
    }
    // From security level 1 on, which is the default, OpenSSL leaves out what authenticates
    // nobody, though `ALL` and `HIGH` hold it.
    let allowed = |each: &&Candidate<'_>| {
        let anonymous = each.suite.authentication == Authentication::None;
        each.state == State::In && (!anonymous || each.meant || level == 0)
    };
    let mut weak: Vec<_> = candidates
        .iter()
        .filter(allowed)
        .map(|each| Weak { name: each.name, judgement: each.suite.judge() })
        .filter(|each| each.judgement.grade > Grade::Good)
        .collect();
    let place = |name: &str| list.find(name).unwrap_or(usize::MAX);
    weak.sort_by_key(|each| place(each.name));
    weak.dedup_by_key(|each| each.name);
    weak
}

/// The words of a list. Brackets and pipes are BoringSSL's groups of equal preference.
fn words(list: &str) -> impl Iterator<Item = &str> {
    let between =
        |found: char| found.is_whitespace() || matches!(found, ':' | ',' | ';' | '[' | ']' | '|');
    list.split(between).map(|word| word.trim_matches(['"', '\''])).filter(|word| !word.is_empty())
}

fn candidate(name: &str) -> Option<Candidate<'_>> {
    Suite::parse(name).map(|suite| Candidate { name, suite, state: State::Out, meant: false })
}

/// Whether a word chooses by strength, not by what the suites are made of.
fn is_wide(word: &str) -> bool {
    matches!(word, "ALL" | "DEFAULT" | "HIGH" | "MEDIUM" | "LOW")
}

/// Whether a word means the suite: its name, or groups joined by `+` that it is in all of.
fn matches(word: &str, each: &Candidate<'_>) -> bool {
    word == each.name || word.split('+').all(|group| is_in(group, each.suite))
}

fn is_in(group: &str, suite: Suite) -> bool {
    use Encryption as E;
    let Suite { exchange, authentication, encryption, mac, export } = suite;
    let anonymous = authentication == Authentication::None;
    let aead = matches!(mac, Mac::Gcm | Mac::Ccm | Mac::Poly1305);
    let aes = matches!(encryption, E::Aes128 | E::Aes256);
    let camellia = matches!(encryption, E::Camellia128 | E::Camellia256);
    let aria = matches!(encryption, E::Aria128 | E::Aria256);
    let strong = aes || camellia || aria || encryption == E::ChaCha20;
    match group {
        "ALL" => encryption != E::None,
        "DEFAULT" => strong && !anonymous && !aria,
        "HIGH" => strong,
        "MEDIUM" => {
            !export && matches!(encryption, E::Rc4 | E::Rc2 | E::TripleDes | E::Seed | E::Idea)
        }
        "LOW" => encryption == E::Des && !export,
        "EXP" | "EXPORT" | "EXPORT40" | "EXPORT56" => export,
        "eNULL" | "NULL" => encryption == E::None,
        "aNULL" => anonymous,
        "ADH" => anonymous && exchange == Exchange::Dhe,
        "AECDH" => anonymous && exchange == Exchange::Ecdhe,
        "RSA" | "kRSA" => exchange == Exchange::Rsa,
        "aRSA" => authentication == Authentication::Rsa,
        "ECDSA" | "aECDSA" => authentication == Authentication::Ecdsa,
        "DSS" | "aDSS" => authentication == Authentication::Dss,
        "ECDHE" | "EECDH" => exchange == Exchange::Ecdhe && !anonymous,
        "kECDHE" | "kEECDH" => exchange == Exchange::Ecdhe,
        "DHE" | "EDH" => exchange == Exchange::Dhe && !anonymous,
        "kDHE" | "kEDH" => exchange == Exchange::Dhe,
        "DH" => matches!(exchange, Exchange::Dhe | Exchange::Dh),
        "ECDH" | "kECDH" => matches!(exchange, Exchange::Ecdhe | Exchange::Ecdh),
        "AES" => aes,
        "AES128" => encryption == E::Aes128,
        "AES256" => encryption == E::Aes256,
        "AESGCM" => aes && mac == Mac::Gcm,
        "AESCCM" => aes && mac == Mac::Ccm,
        "CHACHA20" => encryption == E::ChaCha20,
        "CAMELLIA" => camellia,
        "CAMELLIA128" => encryption == E::Camellia128,
        "CAMELLIA256" => encryption == E::Camellia256,
        "ARIA" => aria,
        "SEED" => encryption == E::Seed,
        "IDEA" => encryption == E::Idea,
        "3DES" => encryption == E::TripleDes,
        "DES" => encryption == E::Des,
        "RC4" => encryption == E::Rc4,
        "RC2" => encryption == E::Rc2,
        "MD5" => mac == Mac::Md5,
        "SHA" | "SHA1" => mac == Mac::Sha1,
        "SHA256" => mac == Mac::Sha256,
        "SHA384" => mac == Mac::Sha384,
        "PSK" | "kPSK" | "aPSK" | "SRP" | "kSRP" | "KRB5" => exchange == Exchange::Other,
        "TLSv1.2" => aead || matches!(mac, Mac::Sha256 | Mac::Sha384),
        "TLSv1" | "TLSv1.0" | "SSLv3" => matches!(mac, Mac::Sha1 | Mac::Md5),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SUITES, weak};
    use crate::cipher::{Suite, weakest};

    fn worst(list: &str) -> String {
        weakest(weak(list)).map(|weak| weak.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_table_is_in_names_of_suites() {
        for name in SUITES {
            assert!(Suite::parse(name).is_some(), "{name}");
        }
    }

    #[test]
    fn lists_that_are_fine() {
        for list in [
            "",
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305",
            "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]",
            "EECDH+AESGCM:EECDH+CHACHA20",
            "ECDHE+AESGCM:!aNULL:!MD5:!RC4:!3DES",
            "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256",
            "HIGH:!aNULL:!kRSA:!DHE:!SHA1:!SHA256:!SHA384",
            "!RC4:!3DES",
            "RC4-SHA:!RC4:ECDHE+AESGCM",
            "PROFILE=SYSTEM",
            "${CIPHERS}:RC4-SHA",
        ] {
            assert_eq!(worst(list), "", "{list}");
        }
    }

    #[test]
    fn lists_that_are_not() {
        for (list, said) in [
            ("HIGH:!aNULL:!MD5", "`AES256-GCM-SHA384`, which is without forward secrecy"),
            ("HIGH", "`AES256-GCM-SHA384`, which is without forward secrecy"),
            ("DEFAULT:@SECLEVEL=1", "`AES256-GCM-SHA384`, which is without forward secrecy"),
            (
                "HIGH:!kRSA:@SECLEVEL=0",
                "`ADH-AES128-GCM-SHA256`, which does not authenticate the server",
            ),
            (
                "ECDHE+AESGCM:aNULL",
                "`ADH-AES128-GCM-SHA256`, which does not authenticate the server",
            ),
            ("ALL:!aNULL:!RC4", "`IDEA-CBC-SHA`, which uses IDEA"),
            ("ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA", "`DES-CBC3-SHA`, which uses 3DES"),
            (
                "EECDH+AESGCM:EDH+AESGCM",
                "`DHE-RSA-AES256-GCM-SHA384`, which uses finite-field Diffie-Hellman",
            ),
            ("EECDH+AES", "`ECDHE-ECDSA-AES128-SHA256`, which uses CBC"),
            ("RC4-MD5:-RC4:RC4-SHA", "`RC4-SHA`, which uses RC4"),
            ("eNULL", "`NULL-SHA`, which does not encrypt"),
            ("ecdhe-rsa-aes256-sha", "`ecdhe-rsa-aes256-sha`, which uses CBC"),
        ] {
            assert_eq!(worst(list), said, "{list}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,120}", words in "([!+-]?[A-Za-z0-9+-]{1,9}:){0,12}") {
            let _ = weak(&text);
            let _ = weak(&words);
        }
    }
}
