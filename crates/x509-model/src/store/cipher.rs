//! Cipher block chaining with PKCS#7 padding, decryption only.

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit};
use des::TdesEde3;
use rc2::Rc2;

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
            Self::TripleDes => chained(TdesEde3::new_from_slice(key).ok()?, iv, data),
            Self::Rc2(_) => chained(Rc2::new_from_slice(key).ok()?, iv, data),
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

fn chained<C: BlockCipherDecrypt>(cipher: C, iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
    let mut data = data.to_vec();
    let length = cipher.decrypt_padded::<Pkcs7>(&mut data).ok()?.len();
    data.truncate(length);
    Some(data)
}

#[cfg(test)]
mod tests {
    use super::Cipher;

    /// What a single block holds before its padding, the last byte or all of it.
    fn opened(cipher: Cipher, key: &[u8], iv: [u8; 8], block: [u8; 8]) -> Option<Vec<u8>> {
        cipher.decrypt(key, &iv, &block)
    }

    /// The start that makes a block, whose plain text without chaining is known, end in padding of
    /// one byte.
    fn start(plain: [u8; 8]) -> [u8; 8] {
        let mut iv = [0; 8];
        iv[7] = plain[7] ^ 1;
        iv
    }

    #[test]
    fn triple_des_knows_its_answers() {
        // The worked example of many a textbook, and NIST SP 800-20's variable plaintext 1; three
        // equal keys are one.
        let key = [0x13, 0x34, 0x57, 0x79, 0x9b, 0xbc, 0xdf, 0xf1];
        let plain = 0x0123_4567_89ab_cdef_u64.to_be_bytes();
        let block = 0x85e8_1354_0f0a_b405_u64.to_be_bytes();
        let found = opened(Cipher::TripleDes, &key.repeat(3), start(plain), block);
        assert_eq!(found.as_deref(), Some(&plain[..7]));
        let plain = 0x8000_0000_0000_0000_u64.to_be_bytes();
        let block = 0x95f8_a5e5_dd31_d900_u64.to_be_bytes();
        let found = opened(Cipher::TripleDes, &[1; 24], start(plain), block);
        assert_eq!(found.as_deref(), Some(&plain[..7]));
        for length in [0, 8, 16, 23, 25] {
            assert_eq!(opened(Cipher::TripleDes, &vec![1; length], start(plain), block), None);
        }
    }

    #[test]
    fn rc2_knows_its_answers() {
        // RFC 2268 §5, 64 and 128 effective bits.
        let block = [0x27, 0x8b, 0x27, 0xe4, 0x2e, 0x2f, 0x0d, 0x49];
        let found = opened(Cipher::Rc2(8), &[0xff; 8], start([0xff; 8]), block);
        assert_eq!(found, Some(vec![0xff; 7]));
        let key = [
            0x88, 0xbc, 0xa9, 0x0e, 0x90, 0x87, 0x5a, 0x7f, 0x0f, 0x79, 0xc3, 0x84, 0x62, 0x7b,
            0xaf, 0xb2,
        ];
        let block = [0x22, 0x69, 0x55, 0x2a, 0xb0, 0xf8, 0x5c, 0xa6];
        let found = opened(Cipher::Rc2(16), &key, start([0; 8]), block);
        assert_eq!(found, Some(vec![0; 7]));
        for length in [0, 129] {
            let key = vec![0; length];
            assert_eq!(opened(Cipher::Rc2(length), &key, start([0; 8]), block), None);
        }
    }

    #[test]
    fn padding_is_whole_or_nothing_is_told() {
        let (key, block) = ([0xff; 8], [0x27, 0x8b, 0x27, 0xe4, 0x2e, 0x2f, 0x0d, 0x49]);
        let rc2 = |iv: [u8; 8]| opened(Cipher::Rc2(8), &key, iv, block);
        assert_eq!(rc2([0xff ^ 8; 8]), Some(Vec::new()));
        for unsound in [0, 9, 2] {
            assert_eq!(rc2([0, 0, 0, 0, 0, 0, 0, 0xff ^ unsound]), None);
        }
        let cut = |iv: &[u8], data: &[u8]| Cipher::Rc2(8).decrypt(&key, iv, data);
        assert_eq!(cut(&[0; 8], &[]), None);
        assert_eq!(cut(&[0; 8], &block[..7]), None);
        assert_eq!(cut(&[0; 7], &block), None);
        assert_eq!(cut(&[0; 9], &block), None);
    }
}
