//! Changing a file in place.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{Entry, Listing};

/// Why a file was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Staged content, standard input, or no regular file any more.
    #[error("is no regular file")]
    NotAFile,
    /// A link that leads out of what the user asked for.
    #[error("is a link to a file outside of the folders that are checked; name that file itself")]
    Outside,
    /// Somebody else wrote to the file.
    #[error("was changed by another program meanwhile; run again")]
    Changed,
    /// The operating system's reason.
    #[error("cannot be written: {0}; check the permissions of the file and its folder")]
    System(io::ErrorKind),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::System(error.kind())
    }
}

impl Listing {
    /// Replaces the content of a file of this listing, if it still is `expected`.
    ///
    /// The new content is written beside the file and then renamed over it, so that nobody ever
    /// sees half of it. Permissions are kept, and so is the owner where the system lets us; a link
    /// stays and its target is replaced.
    ///
    /// # Errors
    ///
    /// If the entry is no file on disk, a link that leads out of the base and the roots, not what
    /// was expected, or cannot be written. The file is then as it was.
    pub fn replace(&self, entry: &Entry, expected: &[u8], new: &[u8]) -> Result<(), WriteError> {
        let path = entry.on_disk(&self.base).ok_or(WriteError::NotAFile)?;
        let path = self.target(&path, entry.explicit)?;
        let metadata = path.metadata()?;
        if !metadata.is_file() {
            return Err(WriteError::NotAFile);
        }
        let folder = path.parent().ok_or(WriteError::NotAFile)?;
        let mut file = tempfile::Builder::new().prefix(".careen-").tempfile_in(folder)?;
        file.write_all(new)?;
        keep_owner(file.as_file(), &metadata);
        file.as_file().set_permissions(metadata.permissions())?;
        file.as_file().sync_all()?;
        if !holds(&path, expected)? {
            return Err(WriteError::Changed);
        }
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }

    /// The file to replace: behind a link, if the user named one.
    fn target(&self, path: &Path, explicit: bool) -> Result<PathBuf, WriteError> {
        if !path.symlink_metadata()?.is_symlink() {
            return Ok(path.to_path_buf());
        }
        let real = path.canonicalize()?;
        let inside = self.folders.iter().any(|folder| real.starts_with(folder));
        if explicit && inside { Ok(real) } else { Err(WriteError::Outside) }
    }
}

/// Whether the file has this content; no more of it is read than needed to know.
fn holds(path: &Path, expected: &[u8]) -> io::Result<bool> {
    let length = path.metadata()?.len();
    Ok(length == expected.len() as u64 && fs::read(path)? == expected)
}

#[cfg(unix)]
fn keep_owner(file: &fs::File, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let Ok(own) = file.metadata() else { return };
    if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
        // Only root may give files away; for everybody else the file is theirs already.
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::WriteError;
    use crate::discover::discover_in;
    use crate::{Listing, Options};

    fn listing(folder: &Path, roots: &[&str]) -> Listing {
        let roots = roots.iter().map(PathBuf::from).collect();
        discover_in(folder, &Options { roots, ..Options::default() }).unwrap()
    }

    #[test]
    fn a_file_is_replaced_if_it_is_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").unwrap();
        let listing = listing(folder.path(), &["."]);
        let entry = &listing.entries[0];
        listing.replace(entry, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let error = listing.replace(entry, b"old", b"newer").unwrap_err();
        assert!(matches!(error, WriteError::Changed), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_file(&path).unwrap();
        assert!(listing.replace(entry, b"new", b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_stay_inside() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).unwrap();
        fs::write(at("b/real.yaml"), "old").unwrap();
        fs::set_permissions(at("b/real.yaml"), PermissionsExt::from_mode(0o640)).unwrap();
        fs::write(elsewhere.path().join("x.yaml"), "old").unwrap();
        symlink(at("b/real.yaml"), at("link.yaml")).unwrap();
        symlink(elsewhere.path().join("x.yaml"), at("out.yaml")).unwrap();

        let inside = listing(folder.path(), &["link.yaml"]);
        inside.replace(&inside.entries[0], b"old", b"new").unwrap();
        assert!(at("link.yaml").symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(at("b/real.yaml")).unwrap(), b"new");
        let mode = at("b/real.yaml").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);

        let outside = listing(folder.path(), &["out.yaml"]);
        let error = outside.replace(&outside.entries[0], b"old", b"new").unwrap_err();
        assert!(matches!(error, WriteError::Outside), "{error}");
        assert_eq!(fs::read(elsewhere.path().join("x.yaml")).unwrap(), b"old");
    }
}
