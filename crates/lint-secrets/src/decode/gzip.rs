//! Compressed data in the format of gzip (RFC 1952).

use careen_text::{Derived, Mapping, Segment, Span};
use zlib_rs::{Inflate, InflateFlush, Status};

/// Size of the fixed part of a header.
const HEADER: usize = 10;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const CHECKSUM: u8 = 2;
/// Output grows by this much at a time, in bytes.
const CHUNK: usize = 64 << 10;

/// Whether bytes start as gzip with the only method there is.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

/// The data, as much of it as fits into `most` bytes. All of it stands for all of `outer`.
pub(super) fn inflate(outer: &Derived, most: usize) -> Option<Derived> {
    let body = outer.bytes.get(header(&outer.bytes)?..)?;
    let bytes = raw(body, most);
    if bytes.is_empty() {
        return None;
    }
    // Equal lengths would map byte by byte.
    let longer = bytes.len() + usize::from(bytes.len() == outer.bytes.len());
    let whole =
        vec![Segment { derived: Span::of(0..longer), source: Span::of(0..outer.bytes.len()) }];
    Some(Derived { bytes, origin: outer.origin.then(Mapping::Segments(whole)) })
}

/// Length of the header.
fn header(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = HEADER;
    if flags & EXTRA != 0 {
        let length = [*bytes.get(at)?, *bytes.get(at + 1)?];
        at += 2 + usize::from(u16::from_le_bytes(length));
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            at += memchr::memchr(0, bytes.get(at..)?)? + 1;
        }
    }
    Some(at + if flags & CHECKSUM != 0 { 2 } else { 0 })
}

fn raw(body: &[u8], most: usize) -> Vec<u8> {
    let mut inflate = Inflate::new(false, 15);
    let (mut bytes, mut read, mut written) = (Vec::new(), 0, 0);
    while written < most {
        bytes.resize((written + CHUNK).min(most), 0);
        let (Some(input), Some(output)) = (body.get(read..), bytes.get_mut(written..)) else {
            break;
        };
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, output, InflateFlush::NoFlush);
        let after = (inflate.total_in(), inflate.total_out());
        let moved = |after: u64, before: u64| usize::try_from(after - before).unwrap_or(0);
        read += moved(after.0, before.0);
        written += moved(after.1, before.1);
        if !matches!(status, Ok(Status::Ok)) || before == after {
            break;
        }
    }
    bytes.truncate(written);
    // A character may be cut in two at the end.
    if written == most
        && let Err(error) = std::str::from_utf8(&bytes)
    {
        bytes.truncate(error.valid_up_to());
    }
    bytes
}

#[cfg(test)]
pub(super) mod tests {
    use super::{header, inflate};
    use careen_text::{Derived, Origin, Span};
    use zlib_rs::{Deflate, DeflateFlush};

    /// Raw deflated data.
    pub(crate) fn deflated(data: &[u8]) -> Vec<u8> {
        let mut deflate = Deflate::new(6, false, 15);
        let mut output = vec![0; data.len() + 64];
        deflate.compress(data, &mut output, DeflateFlush::Finish).unwrap();
        output.truncate(usize::try_from(deflate.total_out()).unwrap());
        output
    }

    #[test]
    fn headers_of_all_parts() {
        let plain = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        assert_eq!(header(&plain), Some(10));
        let mut full = plain.to_vec();
        full[3] = 4 | 8 | 16 | 2;
        full.extend([2, 0, 9, 9]);
        full.extend(b"name\0comment\0");
        assert_eq!(header(&full), Some(10 + 4 + 13 + 2));
        assert_eq!(header(&full[..13]), None);
    }

    #[test]
    fn all_of_the_data_stands_for_all_of_the_text() {
        let data = b"password";
        let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        packed.extend(deflated(data));
        let len = u32::try_from(packed.len()).unwrap();
        let outer = Derived { bytes: packed, origin: Origin::verbatim(7, len) };
        let inner = inflate(&outer, 1000).unwrap();
        assert_eq!(inner.bytes, data);
        assert_eq!(inner.resolve(Span::new(2, 4)), Span::new(7, 7 + len));
        assert_eq!(inflate(&outer, 4).unwrap().bytes, b"pass");
    }
}
