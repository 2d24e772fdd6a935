//! Tar archives as a stream: POSIX ustar and pax (IEEE Std 1003.1), and GNU's long names. What
//! two readers could take for different entries is refused.

use std::fmt::Write;
use std::io::{self, Read, Seek};

use careen_image_model::oci::{Entry, EntryKind};

use crate::header::{BLOCK, Invalid, RawHeader};
use crate::pax::Extensions;

/// Extension headers in a row in front of one entry.
const EXTENSIONS_MAX: usize = 16;

/// Reads the headers of an archive one by one; between them its caller reads or skips the content.
pub(crate) struct Tape<R> {
    inner: R,
    limits: TapeLimits,
    at: u64,
    /// Bytes of padding behind the content of the entry at hand.
    padding: u64,
    /// Bytes of that content that were not read yet.
    left: u64,
}

/// Bounds on what is kept of headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TapeLimits {
    /// Bytes of a path.
    pub(crate) path: usize,
    /// Bytes of an extension header.
    pub(crate) extension: u64,
}

/// An entry whose content follows.
#[derive(Debug)]
pub(crate) struct Header {
    /// The entry, its path cleaned.
    pub(crate) entry: Entry,
    /// Bytes of content that follow.
    pub(crate) size: u64,
    /// The path as written, if it leads out of the root.
    pub(crate) escapes: Option<Box<str>>,
    /// The target of a hard link as written, if it leads out of the root.
    pub(crate) link_escapes: Option<Box<str>>,
}

/// What stands in front of an entry.
#[derive(Default)]
struct Front {
    pax: Option<Extensions>,
    /// GNU's long name.
    name: Option<Vec<u8>>,
    /// GNU's long target of a link.
    link: Option<Vec<u8>>,
}

impl From<Invalid> for io::Error {
    fn from(Invalid(why): Invalid) -> Self {
        damaged(why)
    }
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

impl<R: Read> Tape<R> {
    pub(crate) fn new(inner: R, limits: TapeLimits) -> Self {
        Self { inner, limits, at: 0, padding: 0, left: 0 }
    }

    /// Bytes of the archive up to here.
    pub(crate) fn offset(&self) -> u64 {
        self.at
    }

    /// The next entry; none at the end of the archive.
    ///
    /// # Errors
    ///
    /// Where the archive is damaged, or readers would not agree on where its entries begin.
    pub(crate) fn next_header(&mut self) -> io::Result<Option<Header>> {
        self.skip_content()?;
        let mut front = Front::default();
        for _ in 0..EXTENSIONS_MAX {
            let mut block = [0; BLOCK];
            if !self.fill(&mut block)? {
                return Ok(None);
            }
            if is_blank(&block) {
                // Two of them are the end. Behind one, some readers go on and others do not.
                if self.fill(&mut block)? && !is_blank(&block) {
                    return Err(damaged("the archive goes on behind its end"));
                }
                return Ok(None);
            }
            let header = RawHeader::read(&block)?;
            let stored = header.size()?;
            match header.kind() {
                b'L' => once(&mut front.name, self.extension(stored)?)?,
                b'K' => once(&mut front.link, self.extension(stored)?)?,
                b'x' => once(&mut front.pax, Extensions::read(&self.extension(stored)?)?)?,
                b'g' => {
                    // For all entries that follow: git writes its commit here.
                    let global = Extensions::read(&self.extension(stored)?)?;
                    if global.moves() || !front.is_empty() {
                        return Err(damaged("a global header speaks of single entries"));
                    }
                }
                b'S' => return Err(damaged("a file is stored sparse, which is not read")),
                kind => return self.entry(&header, kind, stored, front).map(Some),
            }
        }
        Err(damaged("too many extension headers follow each other"))
    }

    fn entry(
        &mut self,
        header: &RawHeader<'_>,
        kind: u8,
        stored: u64,
        front: Front,
    ) -> io::Result<Header> {
        let pax = front.pax.unwrap_or_default();
        let raw_path = agreed(front.name, pax.path)?.unwrap_or_else(|| header.name());
        let raw_link = agreed(front.link, pax.link)?.unwrap_or_else(|| header.link().to_vec());
        let written = self.text(&raw_path)?;
        let link = Some(self.text(&raw_link)?).filter(|link| !link.is_empty());
        let entry_kind = match kind {
            // Before POSIX, a trailing slash made a folder.
            0 if written.ends_with('/') => EntryKind::Directory,
            0 | b'0' | b'7' => EntryKind::File,
            b'1' => EntryKind::Hardlink,
            b'2' => EntryKind::Symlink,
            b'3' => EntryKind::CharacterDevice,
            b'4' => EntryKind::BlockDevice,
            b'5' => EntryKind::Directory,
            b'6' => EntryKind::Fifo,
            _ => EntryKind::Other,
        };
        let said = pax.size.unwrap_or(stored);
        let size = match entry_kind {
            // A slash in the end makes a folder for some readers, which has no content for them.
            EntryKind::File if said == 0 || !written.ends_with('/') => said,
            // The size is that of the file it leads to, for some writers.
            EntryKind::Hardlink => 0,
            _ if said == 0 => 0,
            // A size in front of others means two things to two readers.
            _ => return Err(damaged("an entry that is no file has content")),
        };
        self.left = size;
        self.padding = padding(size);
        let (path, escapes) = clean(&written);
        let (link, link_escapes) = match link {
            Some(link) if entry_kind == EntryKind::Hardlink => {
                let (target, escapes) = clean(&link);
                (Some(target), escapes.then(|| link.into_boxed_str()))
            }
            link => (link.map(String::into_boxed_str), None),
        };
        let (uid, gid) = header.owner()?;
        let entry = Entry {
            path,
            kind: entry_kind,
            mode: header.mode()?,
            uid: pax.uid.unwrap_or(uid),
            gid: pax.gid.unwrap_or(gid),
            size,
            link,
            capability: pax.capability,
        };
        Ok(Header { entry, size, escapes: escapes.then(|| written.into_boxed_str()), link_escapes })
    }

    /// Reads up to `most` bytes of the content.
    pub(crate) fn content(&mut self, most: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let wanted = self.left.min(most);
        let read = self.inner.by_ref().take(wanted).read_to_end(into)? as u64;
        self.at += read;
        self.left -= read.min(self.left);
        if read < wanted {
            return Err(damaged("the archive ends in the middle of a file"));
        }
        Ok(())
    }

    fn skip_content(&mut self) -> io::Result<()> {
        let wanted = self.left.saturating_add(self.padding);
        if wanted > 0 {
            let skipped = io::copy(&mut self.inner.by_ref().take(wanted), &mut io::sink())?;
            self.at += skipped;
            if skipped < self.left {
                return Err(damaged("the archive ends in the middle of a file"));
            }
        }
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    /// What is left behind the end of the archive.
    pub(crate) fn into_inner(self) -> R {
        self.inner
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > self.limits.extension {
            return Err(damaged("an extension header is too large"));
        }
        self.left = size;
        self.padding = padding(size);
        let mut bytes = Vec::new();
        self.content(size, &mut bytes)?;
        self.skip_content()?;
        Ok(bytes)
    }

    /// Fills a block; false at a clean end.
    fn fill(&mut self, block: &mut [u8; BLOCK]) -> io::Result<bool> {
        let mut filled = 0;
        while filled < BLOCK {
            let read = self.inner.read(block.get_mut(filled..).unwrap_or_default())?;
            if read == 0 {
                break;
            }
            filled += read;
        }
        self.at += filled as u64;
        match filled {
            0 => Ok(false),
            BLOCK => Ok(true),
            _ => Err(damaged("the archive ends in the middle of a header")),
        }
    }

    fn text(&self, bytes: &[u8]) -> io::Result<String> {
        // GNU's long names end with a NUL byte.
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let bytes = bytes.get(..end).unwrap_or(bytes);
        if bytes.len() > self.limits.path {
            return Err(damaged("a path is too long"));
        }
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            // Two names must not become one.
            for byte in chunk.invalid() {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        Ok(text)
    }
}

impl<R: Read + Seek> Tape<R> {
    /// Skips content of that size without reading it.
    pub(crate) fn seek_past(&mut self, size: u64) -> io::Result<()> {
        let skip = size.saturating_add(self.padding);
        let by = i64::try_from(skip).map_err(|_| damaged("a file is too large"))?;
        self.inner.seek_relative(by)?;
        self.at = self.at.saturating_add(skip);
        (self.left, self.padding) = (0, 0);
        Ok(())
    }
}

impl Front {
    fn is_empty(&self) -> bool {
        self.pax.is_none() && self.name.is_none() && self.link.is_none()
    }
}

fn is_blank(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// Bytes behind content of that size.
const fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// Notes what may stand in front of an entry once: readers do not agree on which of two counts.
fn once<T>(place: &mut Option<T>, value: T) -> io::Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(damaged("an entry has two extension headers of one kind")),
    }
}

/// What both of two headers say, or the one that is there.
fn agreed(gnu: Option<Vec<u8>>, pax: Option<Vec<u8>>) -> io::Result<Option<Vec<u8>>> {
    match (gnu, pax) {
        (Some(gnu), Some(pax)) if gnu.strip_suffix(b"\0").unwrap_or(&gnu) != pax => {
            Err(damaged("an entry has two names"))
        }
        (gnu, pax) => Ok(gnu.or(pax)),
    }
}

/// The path from the root on without `.` and `..`, and whether it led out of the root. A leading
/// `/` does not lead out: it is taken off by whatever unpacks images.
fn clean(path: &str) -> (Box<str>, bool) {
    let mut parts: Vec<&str> = Vec::new();
    let mut escapes = false;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => escapes |= parts.pop().is_none(),
            part => parts.push(part),
        }
    }
    (parts.join("/").into_boxed_str(), escapes)
}

#[cfg(test)]
mod tests;
