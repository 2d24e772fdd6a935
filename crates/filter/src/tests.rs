//! Every backend against the obvious search.

use proptest::prelude::*;

use crate::{Backend, Filter, Literal};

type Owned = (Vec<u8>, bool);

/// Occurrences by the obvious search, by start and number.
fn obvious(literals: &[Owned], haystack: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (number, (bytes, fold)) in literals.iter().enumerate() {
        if bytes.is_empty() {
            continue;
        }
        for (start, window) in haystack.windows(bytes.len()).enumerate() {
            if window == bytes || *fold && window.eq_ignore_ascii_case(bytes) {
                found.push((number, start));
            }
        }
    }
    found.sort_unstable_by_key(|&(literal, start)| (start, literal));
    found
}

fn filter(literals: &[Owned], backend: Backend) -> Filter {
    let literals: Vec<Literal<'_>> =
        literals.iter().map(|(bytes, fold)| Literal { bytes, fold: *fold }).collect();
    Filter::with_backend(&literals, backend)
}

/// Occurrences as they are told.
fn told(filter: &Filter, haystack: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    filter.each(haystack, |literal, start| found.push((literal, start)));
    found
}

/// All backends find what the obvious search finds, in the same order.
fn agree(literals: &[Owned], haystack: &[u8]) {
    let expected = obvious(literals, haystack);
    for backend in Backend::all() {
        assert_eq!(told(&filter(literals, backend), haystack), expected, "{backend:?}");
    }
}

fn exact(literals: &[&str]) -> Vec<Owned> {
    literals.iter().map(|literal| (literal.as_bytes().to_vec(), false)).collect()
}

#[test]
fn nothing_is_found_in_nothing() {
    agree(&[], b"");
    agree(&[], b"some text");
    agree(&exact(&["abc", "abcd"]), b"");
    agree(&exact(&["", "abc"]), b"abcabc");
}

#[test]
fn literals_are_found_wherever_they_stand() {
    let mut literals = exact(&["abc", "ghp_", "xoxb-1", "ab", "a", "end-of-text"]);
    literals.push((b"PassWord".to_vec(), true));
    for padding in 0..200 {
        let blank = " ".repeat(padding);
        agree(&literals, format!("{blank}ghp_abcpasswordPASSWORD{blank}").as_bytes());
        agree(&literals, format!("ghp_{blank}xoxb-1").as_bytes());
        agree(&literals, format!("abc{blank}abc").as_bytes());
        agree(&literals, format!("PASSword{blank}end-of-text").as_bytes());
        // The window fits, the literal does not.
        agree(&literals, format!("{blank}end-of-tex").as_bytes());
        agree(&literals, format!("assword{blank}Passwor").as_bytes());
    }
}

#[test]
fn overlaps_and_twins_are_all_told() {
    let literals = exact(&["aaaa", "aaa", "aaaaa", "aaaa"]);
    agree(&literals, &[b'a'; 300]);
    let found = told(&filter(&exact(&["token", "token"]), Backend::best()), b"a token");
    assert_eq!(found, [(0, 2), (1, 2)]);
}

#[test]
fn folding_is_for_letters_only() {
    let literals =
        vec![(b"a_b[".to_vec(), true), (b"k-e".to_vec(), true), (b"K-E".to_vec(), false)];
    agree(&literals, b"A_B[ a\x7fb[ a_b{ k-e K-E k\re \xcb-E a_B[");
    // The Kelvin sign is no ASCII letter.
    agree(&[("key".into(), true)], "\u{212a}ey KEY".as_bytes());
}

#[test]
fn bytes_that_are_no_text_are_bytes() {
    let literals = vec![
        ("schlüssel".as_bytes().to_vec(), true),
        (vec![0, 0, 0, 0], false),
        (vec![0xff, 0xfe, 0x80], false),
        (vec![0x80, 0x81, 0x82, 0x83, 0x84], true),
    ];
    let mut haystack = "SCHLüSSEL schlüssel".as_bytes().to_vec();
    haystack.extend([0; 130]);
    haystack.extend([0xff, 0xfe, 0x80, 0x81, 0x82, 0x83, 0x84]);
    agree(&literals, &haystack);
}

#[test]
fn many_literals_share_buckets() {
    // More than a bucket each, with few letters: candidates everywhere.
    let literals: Vec<Owned> = (0..3000_u32)
        .map(|number| {
            let bytes = (0..4 + number % 9).map(|digit| b'a' + (number >> digit & 3) as u8);
            (bytes.collect(), number % 3 == 0)
        })
        .collect();
    let haystack: Vec<u8> =
        (0..600_u32).map(|at| b"abcdABCD"[(at * at / 7 % 8) as usize]).collect();
    agree(&literals, &haystack);
}

#[test]
fn one_window_everywhere_stays_linear() {
    // Each position is a candidate and each comparison fails at the last byte: 2 MB of it must
    // not take longer than a test may.
    let literals: Vec<Owned> =
        (0..20_u8).map(|last| ([vec![b'z'; 40], vec![last]].concat(), false)).collect();
    let haystack = vec![b'z'; 2_000_000];
    assert_eq!(told(&filter(&literals, Backend::best()), &haystack), []);
    assert_eq!(
        told(&filter(&exact(&["zzzz"]), Backend::best()), &haystack).len(),
        haystack.len() - 3
    );
}

/// Bytes from a small alphabet, so that literals do occur, with others strewn in.
fn bytes(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        8 => prop::sample::select(b"abABz_".to_vec()),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, length)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn all_backends_find_what_is_there(
        literals in prop::collection::vec((bytes(0..9), any::<bool>()), 0..60),
        haystack in bytes(0..300),
    ) {
        agree(&literals, &haystack);
    }

    #[test]
    fn planted_literals_are_found(
        literals in prop::collection::vec((prop::collection::vec(any::<u8>(), 3..24), any::<bool>()), 1..40),
        plan in prop::collection::vec((any::<prop::sample::Index>(), 0..70_usize, any::<bool>()), 0..12),
    ) {
        let mut haystack = Vec::new();
        for (which, padding, upper) in plan {
            haystack.extend(std::iter::repeat_n(b'.', padding));
            let mut literal = which.get(&literals).0.clone();
            if upper {
                literal.make_ascii_uppercase();
            }
            haystack.extend(literal);
        }
        agree(&literals, &haystack);
    }
}
