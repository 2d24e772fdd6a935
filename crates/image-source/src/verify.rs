use std::fmt;
use std::io::{self, Read};

use aws_lc_rs::digest::{self, Context};
use careen_image_model::oci::{Descriptor, Digest};

/// Takes the digest of what passes through.
pub struct Hasher {
    context: Context,
    name: &'static str,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("algorithm", &self.name).finish_non_exhaustive()
    }
}

impl Hasher {
    /// A hasher of `sha256`, `sha384` or `sha512`.
    #[must_use]
    pub fn new(algorithm: &str) -> Option<Self> {
        let (algorithm, name) = match algorithm {
            "sha256" => (&digest::SHA256, "sha256"),
            "sha384" => (&digest::SHA384, "sha384"),
            "sha512" => (&digest::SHA512, "sha512"),
            _ => return None,
        };
        Some(Self { context: Context::new(algorithm), name })
    }

    /// Takes bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
    }

    /// The digest of all that was taken in.
    #[must_use]
    pub fn finish(self) -> Option<Digest> {
        use fmt::Write;
        let mut text = format!("{}:", self.name);
        for byte in self.context.finish().as_ref() {
            let _ = write!(text, "{byte:02x}");
        }
        Digest::parse(&text)
    }
}

/// The digest of bytes.
#[must_use]
pub fn digest_of(algorithm: &str, bytes: &[u8]) -> Option<Digest> {
    let mut hasher = Hasher::new(algorithm)?;
    hasher.update(bytes);
    hasher.finish()
}

/// A reader that fails at its end, or as soon as there is too much, where the bytes are not those
/// that a descriptor names.
pub struct Verified<R> {
    inner: R,
    hasher: Option<Hasher>,
    wanted: Digest,
    /// Bytes still to come; none where the descriptor does not say.
    left: Option<u64>,
}

impl<R> fmt::Debug for Verified<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}

/// The bytes are not those that the digest names.
#[derive(Debug)]
pub(crate) struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the content is not what its digest names")
    }
}

impl std::error::Error for Mismatch {}

impl<R: Read> Verified<R> {
    /// A reader of what `descriptor` names.
    pub fn new(inner: R, descriptor: &Descriptor) -> Self {
        Self {
            inner,
            hasher: Hasher::new(descriptor.digest.algorithm()),
            wanted: descriptor.digest.clone(),
            left: (descriptor.size > 0).then_some(descriptor.size),
        }
    }
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mismatch = || io::Error::new(io::ErrorKind::InvalidData, Mismatch);
        let read = self.inner.read(buffer)?;
        if read == 0 {
            // An empty buffer says nothing about the end.
            if !buffer.is_empty()
                && let Some(hasher) = self.hasher.take()
                && (self.left.is_some_and(|left| left > 0)
                    || hasher.finish().as_ref() != Some(&self.wanted))
            {
                return Err(mismatch());
            }
            return Ok(0);
        }
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(read as u64).ok_or_else(mismatch)?;
        }
        if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..read)) {
            hasher.update(bytes);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use careen_image_model::oci::Descriptor;

    use super::{Verified, digest_of};

    fn read(bytes: &[u8], named: &[u8], size: u64) -> std::io::Result<usize> {
        let descriptor: Descriptor = serde_json::from_value(serde_json::json!({
            "digest": digest_of("sha256", named).unwrap(), "size": size,
        }))
        .unwrap();
        Verified::new(bytes, &descriptor).read_to_end(&mut Vec::new())
    }

    #[test]
    fn only_what_the_digest_names_is_read() {
        assert_eq!(read(b"abc", b"abc", 3).unwrap(), 3);
        assert_eq!(read(b"abc", b"abc", 0).unwrap(), 3);
        assert!(read(b"abd", b"abc", 3).is_err());
        assert!(read(b"abc", b"abc", 4).is_err(), "too short");
        assert!(read(b"abc", b"abc", 2).is_err(), "too long");
        assert!(read(b"", b"abc", 0).is_err());
    }
}
