//! The floor: what it costs to walk a folder in parallel, read every file once and count its
//! newlines. No program that looks at every byte is faster.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use anyhow::{Result, bail};
use ignore::{WalkBuilder, WalkState};

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    /// Files.
    pub(crate) files: u64,
    /// Bytes in them.
    pub(crate) bytes: u64,
    /// Newlines in them.
    pub(crate) lines: u64,
}

/// Reads every file that git would not ignore, hidden ones too, `.git` left out.
pub(crate) fn read_all(directory: &Path) -> Result<Floor> {
    if !directory.is_dir() {
        bail!("{} is no folder", directory.display());
    }
    let (files, bytes, lines) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let walk = WalkBuilder::new(directory)
        .hidden(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .threads(available_parallelism().map_or(2, usize::from))
        .build_parallel();
    walk.run(|| {
        let mut buffer = Vec::new();
        let (files, bytes, lines) = (&files, &bytes, &lines);
        Box::new(move |entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                buffer.clear();
                let read = File::open(entry.path()).and_then(|mut file| {
                    let size = file.metadata().map_or(0, |metadata| metadata.len());
                    buffer.reserve(usize::try_from(size).unwrap_or(0).saturating_add(1));
                    file.read_to_end(&mut buffer)
                });
                if read.is_ok() {
                    let newlines = memchr::memchr_iter(b'\n', &buffer).count();
                    files.fetch_add(1, Ordering::Relaxed);
                    bytes.fetch_add(buffer.len() as u64, Ordering::Relaxed);
                    lines.fetch_add(newlines as u64, Ordering::Relaxed);
                }
            }
            WalkState::Continue
        })
    });
    Ok(Floor { files: files.into_inner(), bytes: bytes.into_inner(), lines: lines.into_inner() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read_all;

    #[test]
    fn every_file_is_read_once() {
        let floor = read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        assert!(floor.files > 10 && floor.bytes > 10_000 && floor.lines > 300, "{floor:?}");
        assert!(read_all(Path::new("/no/such/folder")).is_err());
    }
}
