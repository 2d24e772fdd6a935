use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use careen_image_model::oci::Digest;
use flate2::bufread::MultiGzDecoder;

use crate::limits::Limits;
use crate::verify::Hasher;

const BUFFER: usize = 128 << 10;

/// A layer as it is unpacked: what it is compressed with, its first bytes tell. Takes the digest
/// of what passes and keeps to the limits.
pub(crate) struct Unpacked<'a> {
    inner: Box<dyn Read + 'a>,
    hasher: Option<Hasher>,
    stored: Rc<Cell<u64>>,
    unpacked: u64,
    limits: Limits,
}

/// A limit was hit while a layer was read.
#[derive(Debug)]
pub(crate) struct LimitHit(pub(crate) String);

impl fmt::Display for LimitHit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LimitHit {}

/// Counts what is read of the stored bytes.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

impl<'a> Unpacked<'a> {
    pub(crate) fn new(stored: impl Read + 'a, limits: Limits) -> io::Result<Self> {
        let count = Rc::new(Cell::new(0));
        let counted = Counted { inner: stored, count: Rc::clone(&count) };
        let mut reader = BufReader::with_capacity(BUFFER, counted);
        let start = reader.fill_buf()?;
        let inner: Box<dyn Read + 'a> = if start.starts_with(&[0x1f, 0x8b]) {
            Box::new(MultiGzDecoder::new(reader))
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || is_skippable(start) {
            Box::new(zstd::Decoder::with_buffer(reader)?)
        } else if start.starts_with(b"BZh") || start.starts_with(&[0xfd, b'7', b'z', b'X', b'Z']) {
            let why = "the layer is compressed with neither gzip nor zstd";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        } else {
            Box::new(reader)
        };
        Ok(Self { inner, hasher: Hasher::new("sha256"), stored: count, unpacked: 0, limits })
    }

    /// Bytes that were unpacked so far.
    pub(crate) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// The digest of all that was unpacked.
    pub(crate) fn digest(&mut self) -> Option<Digest> {
        self.hasher.take().and_then(Hasher::finish)
    }
}

/// A frame of zstd that holds no data stands in front: eStargz and zstd:chunked write some.
fn is_skippable(start: &[u8]) -> bool {
    matches!(start, [first, 0x2a, 0x4d, 0x18, ..] if (0x50..0x60).contains(first))
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        let hit = |why: String| io::Error::new(io::ErrorKind::InvalidData, LimitHit(why));
        if self.unpacked > self.limits.unpacked {
            return Err(hit(format!("it unpacks to more than {} bytes", self.limits.unpacked)));
        }
        let stored = self.stored.get().max(1);
        let free = self.unpacked.saturating_sub(self.limits.ratio_free);
        if free / stored > self.limits.ratio {
            return Err(hit(format!(
                "it unpacks to more than {} times its size",
                self.limits.ratio
            )));
        }
        if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..read)) {
            hasher.update(bytes);
        }
        Ok(read)
    }
}
