use careen_x509_model::KeyFacts;
use num_bigint::BigUint;

use super::{Invalid, RsaVerdict, Structure};

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

fn number(number: &BigUint) -> Vec<u8> {
    element(2, &[&[0], &number.to_bytes_be()[..]].concat())
}

fn key(modulus: &BigUint, exponent: &BigUint) -> KeyFacts {
    let numbers = element(0x30, &[number(modulus), number(exponent)].concat());
    let identifier = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let bits = element(3, &[&[0], &numbers[..]].concat());
    KeyFacts::from_spki(&element(0x30, &[element(0x30, &identifier), bits].concat())).unwrap()
}

fn judge(modulus: &BigUint) -> RsaVerdict {
    RsaVerdict::of(&key(modulus, &BigUint::from(65_537_u32))).unwrap()
}

/// Odd numbers that have no factor under 752 and no pattern.
fn factor(bits: u32, which: u32) -> BigUint {
    let start = BigUint::from(3_u8).pow(bits * 1_000 / 1_585 + which) | BigUint::from(1_u8);
    let small: Vec<u32> = (3..752).filter(|d| (2..*d).all(|e| d % e != 0)).collect();
    let mut number = start;
    while small.iter().any(|prime| &number % *prime == BigUint::from(0_u8)) {
        number += 2_u8;
    }
    number
}

#[test]
fn a_sound_modulus_has_no_weakness() {
    for bits in [256, 512, 1_024, 2_048] {
        assert_eq!(judge(&(factor(bits, 1) * factor(bits, 3))), RsaVerdict::default(), "{bits}");
    }
}

#[test]
fn each_weakness_is_told() {
    let (p, q) = (factor(1_024, 1), factor(1_024, 3));
    assert_eq!(judge(&(&p * &q * 3_u8)).small_factor, Some(3));
    assert_eq!(judge(&(&p * &q * 2_u8)).small_factor, Some(2));
    assert!(judge(&(&p * (&p + 1_234_u32))).close_primes);
    assert_eq!(judge(&(&p * &p)).invalid, Some(Invalid::Power(2)));
    assert_eq!(judge(&BigUint::from(0_u8)).invalid, Some(Invalid::Zero));
    let zeros = (&p << 2_048_u32) + &q;
    assert_eq!(judge(&zeros).structure, Some(Structure::Repetition(1)));
    let large = RsaVerdict::of(&key(&(&p * &q), &(&p * &q + 2_u8))).unwrap();
    assert_eq!(large.invalid, Some(Invalid::ExponentTooLarge));
}

#[test]
fn other_keys_are_not_judged() {
    let identifier = [6, 3, 0x2b, 0x65, 0x70];
    let bits = element(3, &[&[0], &[7; 32][..]].concat());
    let spki = element(0x30, &[element(0x30, &identifier), bits].concat());
    assert_eq!(RsaVerdict::of(&KeyFacts::from_spki(&spki).unwrap()), None);
    let long = (BigUint::from(1_u8) << 20_000_u32) + 1_u8;
    assert_eq!(RsaVerdict::of(&key(&long, &BigUint::from(3_u8))), None);
}
