//! Cipher block chaining with PKCS#7 padding, decryption only.

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;

use super::des::TripleDes;
use super::rc2::Rc2;

/// A cipher that is opened here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    /// By the bytes of its key.
    Aes(usize),
    TripleDes,
    /// By the bytes of its key.
    Rc2(usize),
}

impl Cipher {
    pub(super) const fn key_length(self) -> usize {
        match self {
            Self::Aes(length) | Self::Rc2(length) => length,
            Self::TripleDes => 24,
        }
    }

    /// Decrypts and takes the padding off; none where the padding is not sound, as under a wrong
    /// key it rarely is.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Aes(_) => aes(key, iv, data),
            Self::TripleDes => {
                let cipher = TripleDes::new(key)?;
                chain(iv, data, |block| cipher.decrypt(block))
            }
            Self::Rc2(_) => {
                let cipher = Rc2::new(key)?;
                chain(iv, data, |block| cipher.decrypt(block))
            }
        }
    }
}

fn aes(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        32 => &AES_256,
        _ => return None,
    };
    let key = UnboundCipherKey::new(algorithm, key).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
    let iv: [u8; 16] = iv.try_into().ok()?;
    let mut data = data.to_vec();
    let plain = key.decrypt(&mut data, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    Some(plain.to_vec())
}

fn chain(iv: &[u8], data: &[u8], decrypt: impl Fn([u8; 8]) -> [u8; 8]) -> Option<Vec<u8>> {
    let (blocks, []) = data.as_chunks::<8>() else { return None };
    let mut before: [u8; 8] = iv.try_into().ok()?;
    let mut plain = Vec::with_capacity(data.len());
    for block in blocks {
        plain.extend(decrypt(*block).iter().zip(before).map(|(byte, over)| byte ^ over));
        before = *block;
    }
    let padding = usize::from(*plain.last()?);
    let length = plain.len().checked_sub(padding).filter(|_| (1..=8).contains(&padding))?;
    let sound = plain.get(length..)?.iter().all(|&byte| usize::from(byte) == padding);
    plain.truncate(length);
    sound.then_some(plain)
}
