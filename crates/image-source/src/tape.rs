//! Tar archives as a stream: POSIX ustar and pax (IEEE Std 1003.1), and GNU's long names.

use std::io::{self, Read, Seek};

use careen_image_model::oci::{Entry, EntryKind};
use tar::{EntryType, PaxExtensions};

const BLOCK: usize = 512;
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

#[derive(Default)]
struct Extensions {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    capability: Option<Box<[u8]>>,
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
        let mut extensions = Extensions::default();
        for _ in 0..EXTENSIONS_MAX {
            let mut block = [0; BLOCK];
            if !self.fill(&mut block)? {
                return Ok(None);
            }
            if block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            let header = tar::Header::from_byte_slice(&block);
            if !has_checksum(&block, header) {
                return Err(damaged("the checksum of a header is wrong"));
            }
            let stored = header.entry_size().map_err(|_| damaged("a header has no valid size"))?;
            match header.entry_type() {
                EntryType::GNULongName => extensions.path = Some(self.extension(stored)?),
                EntryType::GNULongLink => extensions.link = Some(self.extension(stored)?),
                EntryType::XHeader => {
                    let bytes = self.extension(stored)?;
                    extensions.read(&bytes);
                }
                // For all entries that follow: git writes its commit here. Nothing we read.
                EntryType::XGlobalHeader => {
                    self.extension(stored)?;
                }
                EntryType::GNUSparse => {
                    return Err(damaged("a file is stored sparse, which is not read"));
                }
                kind => return self.entry(header, kind, stored, extensions).map(Some),
            }
        }
        Err(damaged("too many extension headers follow each other"))
    }

    fn entry(
        &mut self,
        header: &tar::Header,
        kind: EntryType,
        stored: u64,
        extensions: Extensions,
    ) -> io::Result<Header> {
        // Only files have content; a size in front of others means two things to two readers.
        let has_content = kind.is_file() || kind.is_contiguous() || kind == EntryType::Regular;
        let size = match extensions.size {
            Some(size) if has_content => size,
            _ if has_content => stored,
            _ if stored == 0 || kind.is_hard_link() => 0,
            _ => return Err(damaged("an entry that is no file has content")),
        };
        self.left = size;
        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        let raw_path = extensions.path.unwrap_or_else(|| header.path_bytes().into_owned());
        let raw_link =
            extensions.link.or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
        let written = self.text(&raw_path)?;
        let link = raw_link.map(|link| self.text(&link)).transpose()?.filter(|it| !it.is_empty());
        let (path, escapes) = clean(&written);
        let entry_kind = match kind {
            EntryType::Directory => EntryKind::Directory,
            EntryType::Symlink => EntryKind::Symlink,
            EntryType::Link => EntryKind::Hardlink,
            EntryType::Char => EntryKind::CharacterDevice,
            EntryType::Block => EntryKind::BlockDevice,
            EntryType::Fifo => EntryKind::Fifo,
            // Before POSIX, a trailing slash made a folder.
            _ if has_content && written.ends_with('/') && size == 0 => EntryKind::Directory,
            _ if has_content => EntryKind::File,
            _ => EntryKind::Other,
        };
        let (link, link_escapes) = match link {
            Some(link) if entry_kind == EntryKind::Hardlink => {
                let (target, escapes) = clean(&link);
                (Some(target), escapes.then(|| link.into_boxed_str()))
            }
            link => (link.map(String::into_boxed_str), None),
        };
        let entry = Entry {
            path,
            kind: entry_kind,
            mode: header.mode().unwrap_or(0) & 0o7777,
            uid: extensions.uid.or_else(|| header.uid().ok()).unwrap_or(0),
            gid: extensions.gid.or_else(|| header.gid().ok()).unwrap_or(0),
            size,
            link,
            capability: extensions.capability,
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
        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
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
        Ok(String::from_utf8_lossy(bytes).into_owned())
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

impl Extensions {
    fn read(&mut self, bytes: &[u8]) {
        for extension in PaxExtensions::new(bytes).flatten() {
            let number = || extension.value().ok().and_then(|value| value.parse().ok());
            match extension.key_bytes() {
                b"path" => self.path = Some(extension.value_bytes().to_vec()),
                b"linkpath" => self.link = Some(extension.value_bytes().to_vec()),
                b"size" => self.size = number(),
                b"uid" => self.uid = number(),
                b"gid" => self.gid = number(),
                b"SCHILY.xattr.security.capability" => {
                    self.capability = Some(extension.value_bytes().into());
                }
                _ => {}
            }
        }
    }
}

fn has_checksum(block: &[u8; BLOCK], header: &tar::Header) -> bool {
    let Ok(stored) = header.cksum() else { return false };
    // The checksum's own eight bytes count as blanks.
    let sum = |value: fn(u8) -> i64| {
        let bytes = block.iter().enumerate();
        bytes
            .map(|(at, byte)| if (148..156).contains(&at) { i64::from(b' ') } else { value(*byte) })
            .sum::<i64>()
    };
    // Some old writers summed signed bytes.
    sum(i64::from) == i64::from(stored)
        || sum(|byte| i64::from(byte.cast_signed())) == i64::from(stored)
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
mod tests {
    use super::{Tape, TapeLimits, clean};

    const LIMITS: TapeLimits = TapeLimits { path: 4096, extension: 1 << 20 };

    fn paths(bytes: &[u8]) -> std::io::Result<Vec<String>> {
        let mut tape = Tape::new(bytes, LIMITS);
        let mut paths = Vec::new();
        while let Some(header) = tape.next_header()? {
            paths.push(header.entry.path.into_string());
        }
        Ok(paths)
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(3);
            header.set_mode(0o4755);
            builder.append_data(&mut header, name, b"abc".as_slice()).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn names_of_any_length_are_read() {
        let long = "d/".repeat(120) + "file";
        let bytes = archive(&["a", &long, "./b/./c"]);
        assert_eq!(paths(&bytes).unwrap(), ["a", &long, "b/c"]);
    }

    #[test]
    fn damage_is_told() {
        let bytes = archive(&["a", "b"]);
        assert!(paths(&bytes[..700]).is_err());
        assert!(paths(&bytes[..1030]).is_err());
        let mut wrong = bytes;
        wrong[0] ^= 1;
        assert!(paths(&wrong).is_err());
        assert_eq!(paths(&[]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn paths_that_lead_out_are_told() {
        assert_eq!(clean("/etc/passwd"), ("etc/passwd".into(), false));
        assert_eq!(clean("a/../b/./c"), ("b/c".into(), false));
        assert_eq!(clean("../../etc"), ("etc".into(), true));
        assert_eq!(clean("a/../../etc"), ("etc".into(), true));
    }
}
