//! The content of blobs.

use std::ops::ControlFlow;

use gix::objs::{Find as _, Kind};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;

use super::Blob;
use crate::Limits;
use crate::read::is_binary;

/// Bytes of other versions that are kept at hand to make the next one of: by all threads, and by one.
const CACHE_BYTES: usize = 512 << 20;
const MOST_CACHE_BYTES: usize = 48 << 20;
/// A blob that takes more than this in its pack is asked for its size before it is unpacked.
const LARGE: u32 = 256 << 10;
/// What a pointer of Git LFS begins with, and how long one is at most.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
const MOST_POINTER: usize = 1024;

/// What a version of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// The buffer holds the whole text.
    Text,
    /// No text.
    Binary,
    /// A pointer of Git LFS: the content is elsewhere.
    Pointer,
    /// Larger than the limit; not read.
    Large,
    /// Missing or damaged.
    Damaged,
}

/// See [`History::read`](super::History::read).
pub(super) fn read(
    repository: &gix::ThreadSafeRepository,
    limits: &Limits,
    blobs: &[Blob],
    buffer: &mut Vec<u8>,
    mut each: impl FnMut(&Blob, Content, &mut Vec<u8>) -> ControlFlow<()>,
) {
    let mut view = repository.to_thread_local();
    let cache = CACHE_BYTES / rayon::current_num_threads().max(1);
    let cache = cache.clamp(1, MOST_CACHE_BYTES);
    view.objects.set_pack_cache(move || Box::new(MemoryCappedHashmap::new(cache)));
    for blob in blobs {
        let content = content(&view, blob, limits.max_file_bytes, buffer);
        if each(blob, content, buffer).is_break() {
            break;
        }
    }
}

fn content(view: &gix::Repository, blob: &Blob, limit: u64, buffer: &mut Vec<u8>) -> Content {
    let is_large = || match view.try_find_header(blob.id) {
        Ok(Some(header)) => header.size() > limit,
        Ok(None) | Err(_) => false,
    };
    // Asking is as dear as unpacking a small blob, so it is done only where it may pay.
    if (blob.packed == 0 || blob.packed > LARGE) && is_large() {
        return Content::Large;
    }
    buffer.clear();
    let length = match view.objects.try_find(&blob.id, buffer) {
        Ok(Some(data)) if data.kind == Kind::Blob => data.data.len(),
        Err(_) if is_large() => return Content::Large,
        Ok(_) | Err(_) => return Content::Damaged,
    };
    buffer.truncate(length);
    if length as u64 > limit {
        Content::Large
    } else if is_binary(buffer) {
        Content::Binary
    } else if length <= MOST_POINTER && buffer.starts_with(POINTER) {
        Content::Pointer
    } else {
        Content::Text
    }
}
