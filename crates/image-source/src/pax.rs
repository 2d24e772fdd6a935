//! Extended headers of pax (IEEE Std 1003.1), by the lengths of their records: a line break in a
//! value begins no record.

use crate::header::Invalid;

/// Bytes of a capability that are kept; the kernel takes no more than 24.
const CAPABILITY_MAX: usize = 64;

/// What extended headers say of the entry behind them.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) link: Option<Vec<u8>>,
    pub(crate) size: Option<u64>,
    pub(crate) uid: Option<u64>,
    pub(crate) gid: Option<u64>,
    pub(crate) capability: Option<Box<[u8]>>,
}

impl Extensions {
    /// Reads the records of a header.
    pub(crate) fn read(mut bytes: &[u8]) -> Result<Self, Invalid> {
        let mut found = Self::default();
        while !bytes.is_empty() {
            let (record, rest) = split(bytes).ok_or(MALFORMED)?;
            bytes = rest;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or(MALFORMED)?;
            let key = record.get(..equals).unwrap_or_default();
            let value = record.get(equals + 1..).unwrap_or_default();
            if key.is_empty() || key.contains(&0) {
                return Err(MALFORMED);
            }
            found.take(key, value)?;
        }
        Ok(found)
    }

    /// Whether anything is said that decides what is unpacked to where.
    pub(crate) fn moves(&self) -> bool {
        self.path.is_some() || self.link.is_some() || self.size.is_some()
    }

    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), Invalid> {
        match key {
            // An empty value leaves what the header says.
            b"path" => self.path = name(value)?,
            b"linkpath" => self.link = name(value)?,
            b"size" => self.size = number(value)?,
            b"uid" => self.uid = number(value)?,
            b"gid" => self.gid = number(value)?,
            b"SCHILY.xattr.security.capability" => {
                self.capability = value.get(..value.len().min(CAPABILITY_MAX)).map(Into::into);
            }
            key if key.starts_with(b"GNU.sparse.") => {
                return Err(Invalid("a file is stored sparse, which is not read"));
            }
            _ => {}
        }
        Ok(())
    }
}

const MALFORMED: Invalid = Invalid("an extension header is malformed");

/// The first record without its length and its line break, and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let digits = bytes.get(..blank)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let record = bytes.get(blank + 1..length)?;
    Some((record.strip_suffix(b"\n")?, bytes.get(length..)?))
}

fn name(value: &[u8]) -> Result<Option<Vec<u8>>, Invalid> {
    if value.contains(&0) {
        return Err(MALFORMED);
    }
    Ok((!value.is_empty()).then(|| value.to_vec()))
}

fn number(value: &[u8]) -> Result<Option<u64>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(value).map_err(|_| MALFORMED)?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    // As far as signed numbers go, as in Go.
    let number: i64 = text.parse().map_err(|_| MALFORMED)?;
    Ok(u64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::Extensions;

    fn record(key: &str, value: &[u8]) -> Vec<u8> {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length.to_string().len() + rest != length {
            length += 1;
        }
        let mut bytes = format!("{length} {key}=").into_bytes();
        bytes.extend(value);
        bytes.push(b'\n');
        bytes
    }

    #[test]
    fn values_may_hold_line_breaks() {
        let capability = [1, 0, 0, 2, b'\n', b'\n', 0, 0];
        let hidden = [b"x\n".to_vec(), record("size", b"9999")].concat();
        let bytes = [
            record("SCHILY.xattr.security.capability", &capability),
            record("comment", &hidden),
            record("path", b"a\nb"),
            record("size", b"12"),
        ]
        .concat();
        let found = Extensions::read(&bytes).unwrap();
        assert_eq!(found.capability.as_deref(), Some(capability.as_slice()));
        assert_eq!(found.path.as_deref(), Some(b"a\nb".as_slice()));
        assert_eq!(found.size, Some(12));
    }

    #[test]
    fn what_readers_disagree_on_is_refused() {
        for bad in [
            b"12 path=abcd".to_vec(),
            b"99 path=a\n".to_vec(),
            b"0 path=a\n".to_vec(),
            b"3 \n".to_vec(),
            b"x path=a\n".to_vec(),
            b"+9 path=\n".to_vec(),
            b"\n".to_vec(),
            record("size", b"-1"),
            record("size", b"+1"),
            record("size", b"1 "),
            record("size", b"99999999999999999999"),
            record("uid", b"x"),
            record("path", b"a\0b"),
            record("GNU.sparse.name", b"a"),
            [record("path", b"a"), b"\0\0".to_vec()].concat(),
        ] {
            assert!(Extensions::read(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_empty_value_says_nothing() {
        let bytes = [record("path", b""), record("size", b"")].concat();
        assert!(!Extensions::read(&bytes).unwrap().moves());
    }

    #[test]
    fn only_the_beginning_of_a_large_attribute_is_kept() {
        let bytes = record("SCHILY.xattr.security.capability", &[7; 100_000]);
        assert_eq!(Extensions::read(&bytes).unwrap().capability.unwrap().len(), 64);
    }
}
