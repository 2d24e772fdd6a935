//! The content of an entry.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use careen_model::is_binary_material;
use careen_rule::{Note, NoteKind};
use gix::objs::Find as _;

use crate::listing::Place;
use crate::{Entry, Listing, notes};

/// How much of a file is looked at to tell text from binary.
const SNIFF: u64 = START as u64;
/// How much of a file that is no text is handed over, in bytes, unless all of it is at hand.
pub const START: usize = 8 * 1024;
/// The largest file that is no text and yet read as a whole, for its certificates and keys.
const MAX_MATERIAL: u64 = 4 << 20;

/// Reads entries of one listing. It can be shared between threads.
pub struct Reader<'a> {
    listing: &'a Listing,
    /// Views of the repository that no thread uses at the moment.
    repositories: Mutex<Vec<gix::Repository>>,
}

/// What reading an entry came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The buffer holds the whole content.
    Text,
    /// The content is no text; the buffer holds its first [`START`] bytes or all of it.
    Binary,
    /// The content is no text but a certificate, a key or a key store; the buffer holds all of it.
    Material,
    /// Nothing was read, for the reason in the note.
    Skipped(Note),
}

/// Prepares to read the entries of a listing.
#[must_use]
pub fn open(listing: &Listing) -> Reader<'_> {
    Reader { listing, repositories: Mutex::default() }
}

impl Reader<'_> {
    /// Tells whether something stands in the working tree under a reported path, to be checked or not.
    pub fn presence(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static {
        let base = self.listing.base.clone();
        move |path| base.join(path).symlink_metadata().is_ok()
    }

    /// Reads an entry into `buffer`, whose earlier content is lost and whose memory is used again.
    ///
    /// A NUL byte in the first 8 KiB means binary, unless a UTF-16 byte order mark comes first; the
    /// rest of such a file is not read, unless it begins as certificates, keys and key stores do.
    /// At most one byte more than the limit is ever read.
    pub fn read(&self, entry: &Entry, buffer: &mut Vec<u8>) -> Outcome {
        buffer.clear();
        let result = match &entry.place {
            Place::Base => self.file(&self.listing.base.join(&*entry.path), entry, buffer),
            Place::Path(path) => self.file(path, entry, buffer),
            Place::Stdin => self.stream(io::stdin().lock(), entry, buffer),
            Place::Blob(id) => return self.blob(id, entry, buffer),
        };
        result.unwrap_or_else(|error| {
            buffer.clear();
            Outcome::Skipped(notes::unreadable(&entry.path, &error))
        })
    }

    fn file(&self, path: &Path, entry: &Entry, buffer: &mut Vec<u8>) -> io::Result<Outcome> {
        // Asked again just before opening: opening a pipe would block, and a link put in the
        // file's place must not lead out of the root. Only what the user named may be a link.
        let metadata = if entry.explicit { path.metadata()? } else { path.symlink_metadata()? };
        if !metadata.is_file() {
            return Ok(Outcome::Skipped(not_regular(&entry.path)));
        }
        let limit = self.listing.limits.max_file_bytes;
        let expected = metadata.len().min(limit).saturating_add(1);
        let file = File::open(path)?;
        if metadata.len() > limit {
            // Most large files are binary, which the first bytes tell.
            buffer.reserve(usize::try_from(SNIFF).unwrap_or_default());
        } else {
            buffer.reserve(usize::try_from(expected).unwrap_or_default());
        }
        self.stream(file, entry, buffer)
    }

    fn stream(
        &self,
        mut from: impl Read,
        entry: &Entry,
        buffer: &mut Vec<u8>,
    ) -> io::Result<Outcome> {
        let limit = self.listing.limits.max_file_bytes;
        let most = limit.saturating_add(1);
        let start = SNIFF.min(most);
        let read = from.by_ref().take(start).read_to_end(buffer)? as u64;
        // No text begins like this, so it need not hold a NUL byte.
        if is_binary_material(buffer) {
            let largest = MAX_MATERIAL.min(limit);
            if read == start {
                from.take(largest.saturating_sub(start) + 1).read_to_end(buffer)?;
            }
            if buffer.len() as u64 > largest {
                buffer.truncate(START);
                return Ok(Outcome::Binary);
            }
            return Ok(Outcome::Material);
        }
        if is_binary(buffer) {
            return Ok(Outcome::Binary);
        }
        if read == start {
            from.take(most - start).read_to_end(buffer)?;
        }
        if buffer.len() as u64 > limit {
            buffer.clear();
            return Ok(Outcome::Skipped(too_large(&entry.path, limit)));
        }
        Ok(Outcome::Text)
    }

    fn blob(&self, id: &gix::oid, entry: &Entry, buffer: &mut Vec<u8>) -> Outcome {
        let limit = self.listing.limits.max_file_bytes;
        let Some(repository) = self.repository() else {
            return Outcome::Skipped(no_object(&entry.path));
        };
        // The header tells the size without unpacking what may be a bomb.
        let outcome = match repository.try_find_header(id) {
            Ok(Some(header)) if header.size() > limit => {
                Outcome::Skipped(too_large(&entry.path, limit))
            }
            Ok(Some(_)) => match repository.objects.try_find(id, buffer).map(|data| {
                data.filter(|data| data.kind == gix::objs::Kind::Blob).map(|data| data.data.len())
            }) {
                Ok(Some(length)) => {
                    buffer.truncate(length);
                    if length as u64 <= MAX_MATERIAL && is_binary_material(buffer) {
                        Outcome::Material
                    } else if is_binary(buffer) {
                        Outcome::Binary
                    } else {
                        Outcome::Text
                    }
                }
                Ok(None) | Err(_) => Outcome::Skipped(no_object(&entry.path)),
            },
            Ok(None) | Err(_) => Outcome::Skipped(no_object(&entry.path)),
        };
        self.repositories.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        outcome
    }

    fn repository(&self) -> Option<gix::Repository> {
        let idle = self.repositories.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.or_else(|| {
            self.listing.repository.as_ref().map(gix::ThreadSafeRepository::to_thread_local)
        })
    }
}

/// What bytes are that were read already: text, material, or neither.
#[must_use]
pub fn outcome_of(bytes: &[u8]) -> Outcome {
    if bytes.len() as u64 <= MAX_MATERIAL && is_binary_material(bytes) {
        Outcome::Material
    } else if is_binary(bytes) {
        Outcome::Binary
    } else {
        Outcome::Text
    }
}

/// Whether the start of a content says that it is no text.
pub(crate) fn is_binary(content: &[u8]) -> bool {
    let start = content.get(..START).unwrap_or(content);
    let utf16 = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    !utf16 && memchr::memchr(0, start).is_some()
}

/// A limit the project may know and want: it does not make the run incomplete.
fn too_large(path: &str, limit: u64) -> Note {
    Note::about(
        NoteKind::Limit,
        path,
        format!(
            "is larger than {limit} bytes and was not read; raise the limit or list it in `.careenignore`"
        ),
    )
}

pub(crate) fn not_regular(path: &str) -> Note {
    Note::about(
        NoteKind::Unreadable,
        path,
        "is no regular file and was not opened; name a file or folder",
    )
    .incomplete()
}

fn no_object(path: &str) -> Note {
    Note::about(
        NoteKind::Unreadable,
        path,
        "its staged content is not in the repository; stage it again or fetch what is missing",
    )
    .incomplete()
}
