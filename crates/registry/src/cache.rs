use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use careen_image_model::oci::{DOCUMENT_MAX, Digest};
use careen_image_source::Hasher;
use tempfile::NamedTempFile;

/// Documents and blobs by digest, in a folder.
///
/// Nothing in it is believed: what does not have its digest is thrown away. Nothing goes wrong
/// where it cannot be written to; it only keeps nothing then.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The manifest or index with that digest.
    pub(crate) fn document(&self, digest: &Digest) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = self.open(digest, None)?;
        file.take(DOCUMENT_MAX + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= DOCUMENT_MAX).then_some(bytes)
    }

    /// The bytes with that digest, and of that number where it is known, at their start.
    pub(crate) fn open(&self, digest: &Digest, size: Option<u64>) -> Option<File> {
        let path = self.path(digest);
        let mut file = File::open(&path).ok()?;
        let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
        let is_it = size.is_none_or(|size| size == length) && has(&mut file, digest);
        if !is_it {
            // Broken by a crash or by somebody: it is fetched anew.
            let _ = fs::remove_file(&path);
            return None;
        }
        file.seek(SeekFrom::Start(0)).ok()?;
        Some(file)
    }

    /// Keeps bytes that were proven to have that digest.
    pub(crate) fn store(&self, digest: &Digest, bytes: &[u8]) {
        if let Some(mut draft) = self.draft()
            && draft.write_all(bytes).is_ok()
        {
            self.keep(draft, digest);
        }
    }

    /// A file to write into, which is gone unless it is kept.
    pub(crate) fn draft(&self) -> Option<NamedTempFile> {
        let folder = self.root.join("drafts");
        fs::create_dir_all(&folder).ok()?;
        NamedTempFile::new_in(folder).ok()
    }

    /// Puts a draft, whose bytes were proven to have that digest, where it is found.
    pub(crate) fn keep(&self, draft: NamedTempFile, digest: &Digest) {
        place(draft, &self.path(digest));
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.root.join("blobs").join(digest.algorithm()).join(digest.hex())
    }
}

/// Moves a draft to its place, whole or not at all.
pub(crate) fn place(draft: NamedTempFile, path: &Path) {
    if path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) {
        let _ = draft.persist(path);
    }
}

fn has(file: &mut File, digest: &Digest) -> bool {
    let Some(mut hasher) = Hasher::new(digest.algorithm()) else { return false };
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return hasher.finish().as_ref() == Some(digest),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use careen_image_source::digest_of;

    use super::Cache;

    #[test]
    fn broken_entries_are_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("made/when/needed"));
        let digest = digest_of("sha256", b"abc").unwrap();
        assert_eq!(cache.document(&digest), None);
        cache.store(&digest, b"abc");
        assert_eq!(cache.document(&digest).unwrap(), b"abc");
        let mut bytes = Vec::new();
        cache.open(&digest, Some(3)).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"abc");

        std::fs::write(cache.path(&digest), b"abd").unwrap();
        assert_eq!(cache.document(&digest), None);
        assert!(!cache.path(&digest).exists());

        cache.store(&digest, b"abc");
        assert!(cache.open(&digest, Some(4)).is_none(), "another size");
        assert!(!cache.path(&digest).exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let cache = Cache::new(file.join("below"));
        let digest = digest_of("sha256", b"abc").unwrap();
        cache.store(&digest, b"abc");
        assert_eq!(cache.document(&digest), None);
    }
}
