//! Digests of files and texts: SHA-256.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};

/// Bytes that are hashed at once.
const CHUNK: usize = 64 << 10;

/// The digest of a file of any size, in hexadecimal digits, and its bytes.
pub(crate) fn digest(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; CHUNK];
    let mut size = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        context.update(buffer.get(..count).unwrap_or_default());
    }
    Ok((hex(context.finish().as_ref()), size))
}

/// The digest of a text, in hexadecimal digits.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    hex(aws_lc_rs::digest::digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
