//! `AlgorithmIdentifier`s of encryption by a password (RFC 8018, RFC 7292 appendix C): read first,
//! acted on later or never.

use crate::der::{INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, oid_text, trimmed};

use super::budget::{Budget, MAX_ITERATIONS, MAX_MEMORY};
use super::cipher::Cipher;
use super::kdf::{self, Hash, MAX_SALT, Purpose};
use super::{Mac, Protection};

/// A way to encrypt, with its parameters.
pub(super) struct Scheme<'a> {
    derivation: Derivation<'a>,
    /// None where it is not opened here.
    cipher: Option<Cipher>,
    /// What the cipher is called.
    name: String,
    weak: bool,
    iv: &'a [u8],
}

enum Derivation<'a> {
    Pkcs12 { salt: &'a [u8], iterations: u64 },
    Pbkdf2(Pbkdf2<'a>),
    Scrypt { cost: u64, block: u64, parallel: u64 },
    Unknown,
}

struct Pbkdf2<'a> {
    salt: &'a [u8],
    iterations: u64,
    hash: Option<Hash>,
}

/// A non-negative INTEGER; those that do not fit are as large as can be.
pub(super) fn number(reader: &mut Reader<'_>) -> Option<u64> {
    let value = reader.take(INTEGER)?;
    if value.first().is_some_and(|first| *first >= 0x80) {
        return Some(0);
    }
    let digits = trimmed(value);
    if digits.len() > 8 {
        return Some(u64::MAX);
    }
    Some(digits.iter().fold(0, |number, &digit| (number << 8) | u64::from(digit)))
}

impl<'a> Scheme<'a> {
    /// Reads what stands inside an `AlgorithmIdentifier`.
    pub(super) fn read(algorithm: &'a [u8]) -> Option<Self> {
        let mut fields = Reader::new(algorithm);
        let oid = oid_text(fields.take(OID)?);
        let parameters = fields.take(SEQUENCE).unwrap_or_default();
        if oid == "1.2.840.113549.1.5.13" {
            return Some(Self::pbes2(parameters));
        }
        let (cipher, name, weak) = match oid.as_str() {
            "1.2.840.113549.1.12.1.1" => (None, "RC4 with 128 bits", true),
            "1.2.840.113549.1.12.1.2" => (None, "RC4 with 40 bits", true),
            "1.2.840.113549.1.12.1.3" => (Some(Cipher::TripleDes), "3DES", true),
            "1.2.840.113549.1.12.1.4" => (None, "3DES with two keys", true),
            "1.2.840.113549.1.12.1.5" => (Some(Cipher::Rc2(16)), "RC2 with 128 bits", true),
            "1.2.840.113549.1.12.1.6" => (Some(Cipher::Rc2(5)), "RC2 with 40 bits", true),
            "1.2.840.113549.1.5.1" | "1.2.840.113549.1.5.3" | "1.2.840.113549.1.5.10" => {
                (None, "DES", true)
            }
            "1.2.840.113549.1.5.4" | "1.2.840.113549.1.5.6" | "1.2.840.113549.1.5.11" => {
                (None, "RC2", true)
            }
            _ => {
                let derivation = Derivation::Unknown;
                return Some(Self { derivation, cipher: None, name: oid, weak: false, iv: &[] });
            }
        };
        let mut fields = Reader::new(parameters);
        let salt = fields.take(OCTET_STRING).unwrap_or_default();
        let iterations = number(&mut fields).unwrap_or(1);
        let derivation = Derivation::Pkcs12 { salt, iterations };
        Some(Self { derivation, cipher, name: name.to_owned(), weak, iv: &[] })
    }

    fn pbes2(parameters: &'a [u8]) -> Self {
        let mut fields = Reader::new(parameters);
        let derivation = fields.take(SEQUENCE).map_or(Derivation::Unknown, Derivation::read);
        let mut encryption = Reader::new(fields.take(SEQUENCE).unwrap_or_default());
        let oid = encryption.take(OID).map(oid_text).unwrap_or_default();
        let (cipher, name, weak) = match oid.as_str() {
            "2.16.840.1.101.3.4.1.2" => (Some(Cipher::Aes(16)), "AES-128", false),
            "2.16.840.1.101.3.4.1.22" => (Some(Cipher::Aes(24)), "AES-192", false),
            "2.16.840.1.101.3.4.1.42" => (Some(Cipher::Aes(32)), "AES-256", false),
            "1.2.840.113549.3.7" => (Some(Cipher::TripleDes), "3DES", true),
            "1.2.840.113549.3.2" => (None, "RC2", true),
            "1.3.14.3.2.7" => (None, "DES", true),
            _ => (None, oid.as_str(), false),
        };
        let iv = encryption.take(OCTET_STRING).unwrap_or_default();
        let name = name.to_owned();
        Self { derivation, cipher, name, weak, iv }
    }

    /// The facts for whoever judges.
    pub(super) fn facts(&self) -> Protection {
        let (iterations, memory) = match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => (*iterations, 0),
            Derivation::Pbkdf2(pbkdf2) => (pbkdf2.iterations, 0),
            Derivation::Scrypt { cost, block, .. } => {
                (*cost, 128_u64.saturating_mul(*cost).saturating_mul(*block))
            }
            Derivation::Unknown => (0, 0),
        };
        Protection { cipher: self.name.clone(), iterations, memory, weak: self.weak }
    }

    /// Why nobody should run it unasked, in words.
    pub(super) fn excess(&self) -> Option<String> {
        match &self.derivation {
            Derivation::Scrypt { cost, block, parallel } => {
                let memory = 128_u64.saturating_mul(*cost).saturating_mul(*block);
                if memory > MAX_MEMORY {
                    return Some(format!("scrypt asks for {} MiB of memory", memory >> 20));
                }
                let work = cost.saturating_mul(*block).saturating_mul(*parallel);
                (work > MAX_MEMORY).then(|| format!("scrypt asks for {work} rounds"))
            }
            _ => excess(self.facts().iterations),
        }
    }

    fn cost(&self) -> u64 {
        let length = self.cipher.map_or(0, Cipher::key_length);
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => {
                // The key, and the initialisation vector.
                let blocks = length.div_ceil(Hash::Sha1.length()) + 1;
                iterations.saturating_mul(blocks as u64)
            }
            Derivation::Pbkdf2(pbkdf2) => pbkdf2.cost(length),
            Derivation::Scrypt { .. } | Derivation::Unknown => 0,
        }
    }

    /// Decrypts with a password, if the budget allows it and the scheme is one that is opened
    /// here.
    pub(super) fn decrypt(
        &self,
        password: &Password<'_>,
        data: &[u8],
        budget: &mut Budget,
    ) -> Option<Vec<u8>> {
        let cipher = self.cipher?;
        if self.excess().is_some() || !budget.spend(self.cost()) {
            return None;
        }
        let length = cipher.key_length();
        match &self.derivation {
            Derivation::Pkcs12 { salt, iterations } if salt.len() <= MAX_SALT => {
                let derive = |purpose, length| {
                    kdf::pkcs12(Hash::Sha1, purpose, &password.wide, salt, *iterations, length)
                };
                cipher.decrypt(&derive(Purpose::Key, length)?, &derive(Purpose::Iv, 8)?, data)
            }
            Derivation::Pbkdf2(pbkdf2) => {
                cipher.decrypt(&pbkdf2.derive(password, length)?, self.iv, data)
            }
            _ => None,
        }
    }
}

/// Why so many iterations are too many.
fn excess(iterations: u64) -> Option<String> {
    (iterations > MAX_ITERATIONS).then(|| format!("it asks for {iterations} iterations"))
}

impl<'a> Derivation<'a> {
    /// Reads what stands inside the `AlgorithmIdentifier` of a derivation.
    fn read(algorithm: &'a [u8]) -> Self {
        let mut fields = Reader::new(algorithm);
        let oid = fields.take(OID).map(oid_text).unwrap_or_default();
        let mut parameters = Reader::new(fields.take(SEQUENCE).unwrap_or_default());
        match oid.as_str() {
            "1.2.840.113549.1.5.12" => Self::Pbkdf2(Pbkdf2::read(parameters)),
            // RFC 7914 §7.
            "1.3.6.1.4.1.11591.4.11" => {
                parameters.take(OCTET_STRING);
                let mut next = || number(&mut parameters).unwrap_or_default();
                Self::Scrypt { cost: next(), block: next(), parallel: next() }
            }
            _ => Self::Unknown,
        }
    }
}

impl<'a> Pbkdf2<'a> {
    fn read(mut parameters: Reader<'a>) -> Self {
        let salt = parameters.take(OCTET_STRING).unwrap_or_default();
        let iterations = number(&mut parameters).unwrap_or_default();
        let _length = parameters.take(INTEGER);
        let hash = match parameters.take(SEQUENCE) {
            Some(prf) => Reader::new(prf).take(OID).and_then(|oid| Hash::of(&oid_text(oid))),
            None => Some(Hash::Sha1),
        };
        Self { salt, iterations, hash }
    }

    fn cost(&self, length: usize) -> u64 {
        let blocks = self.hash.map_or(0, |hash| length.div_ceil(hash.length()));
        self.iterations.saturating_mul(blocks as u64)
    }

    fn derive(&self, password: &Password<'_>, length: usize) -> Option<Vec<u8>> {
        if self.salt.len() > MAX_SALT {
            return None;
        }
        kdf::pbkdf2(self.hash?, password.text.as_bytes(), self.salt, self.iterations, length)
    }
}

/// A password in the two forms that derivations take.
pub(super) struct Password<'p> {
    pub(super) text: &'p str,
    wide: Vec<u8>,
}

impl<'p> Password<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Self { text, wide: kdf::wide(text) }
    }

    /// No password at all, which some writers tell from the empty one.
    pub(super) const fn none() -> Self {
        Self { text: "", wide: Vec::new() }
    }
}

/// `MacData` (RFC 7292 §4) with its parameters.
pub(super) struct MacData<'a> {
    digest: &'a [u8],
    salt: &'a [u8],
    iterations: u64,
    hash: Option<Hash>,
    name: String,
    /// PBMAC1 (RFC 9579): the derivation, and the bytes of the key.
    modern: Option<(Pbkdf2<'a>, usize)>,
}

impl<'a> MacData<'a> {
    /// Reads what stands inside a `MacData`.
    pub(super) fn read(mac: &'a [u8]) -> Option<Self> {
        const LONGEST_KEY: u64 = 64;
        let mut fields = Reader::new(mac);
        let mut info = Reader::new(fields.take(SEQUENCE)?);
        let mut algorithm = Reader::new(info.take(SEQUENCE)?);
        let digest = info.take(OCTET_STRING)?;
        let salt = fields.take(OCTET_STRING).unwrap_or_default();
        let iterations = number(&mut fields).unwrap_or(1);
        let oid = oid_text(algorithm.take(OID)?);
        if oid != "1.2.840.113549.1.5.14" {
            let hash = Hash::of(&oid);
            let name = hash.map_or(oid, |hash| hash.name().to_owned());
            return Some(Self { digest, salt, iterations, hash, name, modern: None });
        }
        let mut parameters = Reader::new(algorithm.take(SEQUENCE)?);
        let mut derivation = Reader::new(parameters.take(SEQUENCE)?);
        derivation.take(OID)?;
        let inner = Reader::new(derivation.take(SEQUENCE)?);
        let pbkdf2 = Pbkdf2::read(inner);
        let mut inner = inner;
        inner.take(OCTET_STRING)?;
        inner.take(INTEGER)?;
        let length = number(&mut inner).filter(|length| *length <= LONGEST_KEY)?;
        let hash = Reader::new(parameters.take(SEQUENCE)?).take(OID);
        let hash = hash.and_then(|oid| Hash::of(&oid_text(oid)));
        let name = format!("PBMAC1 with {}", hash.map_or("an unknown hash", Hash::name));
        let iterations = pbkdf2.iterations;
        let modern = Some((pbkdf2, usize::try_from(length).ok()?));
        Some(Self { digest, salt, iterations, hash, name, modern })
    }

    /// The facts for whoever judges.
    pub(super) fn facts(&self) -> Mac {
        // HMAC does not suffer from what SHA-1 suffers from, but nothing modern writes it.
        let weak = self.modern.is_none() && self.hash.is_some_and(Hash::is_weak);
        Mac { digest: self.name.clone(), iterations: self.iterations, weak }
    }

    /// Why nobody should check it unasked, in words.
    pub(super) fn excess(&self) -> Option<String> {
        excess(self.iterations)
    }

    /// Whether a password is the one; none where it cannot be told here, or not for this budget.
    pub(super) fn opens_with(
        &self,
        password: &Password<'_>,
        content: &[u8],
        budget: &mut Budget,
    ) -> Option<bool> {
        let hash = self.hash?;
        let algorithm = hash.hmac()?;
        if self.excess().is_some() || self.salt.len() > MAX_SALT {
            return None;
        }
        let key = if let Some((pbkdf2, length)) = &self.modern {
            budget.spend(pbkdf2.cost(*length)).then_some(())?;
            pbkdf2.derive(password, *length)?
        } else {
            budget.spend(self.iterations).then_some(())?;
            let length = hash.length();
            kdf::pkcs12(hash, Purpose::Mac, &password.wide, self.salt, self.iterations, length)?
        };
        let key = aws_lc_rs::hmac::Key::new(algorithm, &key);
        Some(aws_lc_rs::hmac::verify(&key, content, self.digest).is_ok())
    }
}
