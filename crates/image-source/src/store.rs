use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use careen_image_model::oci::EntryKind;

use crate::source::{Blob, SourceError};
use crate::tape::{Header, Tape, TapeLimits};

/// Files of an archive that are known; what follows is not seen.
const FILES_MAX: usize = 200_000;
/// Links from one name to the next.
const LINKS_MAX: usize = 8;

/// The files of a layout, in a folder or in an archive.
#[derive(Debug)]
pub(crate) enum Store {
    /// A folder.
    Folder(PathBuf),
    /// A tar archive.
    Tar(TarStore),
}

/// A tar archive whose files are found by where they begin.
#[derive(Debug)]
pub(crate) struct TarStore {
    path: PathBuf,
    files: BTreeMap<String, Place>,
}

#[derive(Clone, Debug)]
enum Place {
    Bytes { offset: u64, size: u64 },
    Link(String),
}

impl Store {
    /// A folder.
    pub(crate) fn folder(path: &Path) -> Result<Self, SourceError> {
        if !path.is_dir() {
            return Err(SourceError::NotFound(format!("the folder `{}`", path.display())));
        }
        Ok(Self::Folder(path.to_owned()))
    }

    /// An archive, read once for where its files begin.
    pub(crate) fn tar(path: &Path) -> Result<Self, SourceError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => {
                SourceError::NotFound(format!("the archive `{}`", path.display()))
            }
            _ => SourceError::Io(format!("it could not be opened: {error}")),
        };
        // Opening a pipe would wait for whoever writes to it.
        if !path.metadata().map_err(failed)?.is_file() {
            return Err(SourceError::Malformed("it is no regular file".to_owned()));
        }
        let file = File::open(path).map_err(failed)?;
        TarStore::read(path, file).map(Self::Tar)
    }

    /// Opens a file, with its size.
    pub(crate) fn open(&self, name: &str) -> Result<(Blob<'static>, u64), SourceError> {
        let absent = || SourceError::NotFound(format!("`{name}`"));
        let io = |error: io::Error| SourceError::Io(format!("`{name}` could not be read: {error}"));
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                // A link could lead out of the layout, a pipe would block.
                let metadata = match path.symlink_metadata() {
                    Ok(metadata) => metadata,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(absent()),
                    Err(error) => return Err(io(error)),
                };
                if !metadata.is_file() {
                    return Err(SourceError::Malformed(format!("`{name}` is no regular file")));
                }
                let file = File::open(&path).map_err(io)?;
                Ok((Box::new(file), metadata.len()))
            }
            Self::Tar(store) => {
                let (offset, size) = store.find(name).ok_or_else(absent)?;
                let mut file = File::open(&store.path).map_err(io)?;
                file.seek(SeekFrom::Start(offset)).map_err(io)?;
                Ok((Box::new(file.take(size)), size))
            }
        }
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Tar(store) => store.find(name).is_some(),
        }
    }

    /// Names and sizes of the files below `blobs/`.
    pub(crate) fn blobs(&self) -> Vec<(String, u64)> {
        match self {
            Self::Folder(folder) => blobs_of(folder),
            Self::Tar(store) => {
                let blobs = store.files.iter().filter(|(name, _)| name.starts_with("blobs/"));
                blobs
                    .filter_map(|(name, place)| match place {
                        Place::Bytes { size, .. } => Some((name.clone(), *size)),
                        Place::Link(_) => None,
                    })
                    .collect()
            }
        }
    }
}

fn blobs_of(folder: &Path) -> Vec<(String, u64)> {
    let mut blobs = Vec::new();
    for algorithm in ["sha256", "sha512"] {
        let Ok(entries) = folder.join("blobs").join(algorithm).read_dir() else { continue };
        for entry in entries.take(FILES_MAX).flatten() {
            if let (Ok(metadata), Ok(name)) = (entry.metadata(), entry.file_name().into_string()) {
                blobs.push((format!("blobs/{algorithm}/{name}"), metadata.len()));
            }
        }
    }
    blobs.sort();
    blobs
}

impl TarStore {
    fn read(path: &Path, file: File) -> Result<Self, SourceError> {
        let damaged =
            |error: io::Error| SourceError::Malformed(format!("it is no tar archive: {error}"));
        let mut reader = BufReader::new(file);
        let mut start = Vec::new();
        reader.by_ref().take(6).read_to_end(&mut start).map_err(damaged)?;
        if start.starts_with(&[0x1f, 0x8b]) || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            // Files in it cannot be found without unpacking all that is in front of them.
            return Err(SourceError::Unsupported(
                "it is compressed: unpack it first, with `gunzip` or `zstd -d`".to_owned(),
            ));
        }
        reader.rewind().map_err(damaged)?;
        let mut tape = Tape::new(reader, TapeLimits { path: 4096, extension: 1 << 20 });
        let mut files = BTreeMap::new();
        while let Some(header) = tape.next_header().map_err(damaged)? {
            let Header { entry, size, escapes, link_escapes } = header;
            if files.len() == FILES_MAX {
                break;
            }
            let offset = tape.offset();
            let leads_out = escapes.is_some() || link_escapes.is_some();
            match entry.kind {
                // Whoever unpacks it would find it elsewhere, if anywhere.
                _ if leads_out => {}
                EntryKind::File => {
                    files.insert(entry.path.into(), Place::Bytes { offset, size });
                }
                EntryKind::Symlink => {
                    let target = entry.link.unwrap_or_default();
                    if let Some(target) = beside(&entry.path, &target) {
                        files.insert(entry.path.into(), Place::Link(target));
                    }
                }
                EntryKind::Hardlink => {
                    let target = entry.link.unwrap_or_default().into();
                    files.insert(entry.path.into(), Place::Link(target));
                }
                _ => {}
            }
            tape.seek_past(size).map_err(damaged)?;
        }
        Ok(Self { path: path.to_owned(), files })
    }

    fn find(&self, name: &str) -> Option<(u64, u64)> {
        let mut name = name;
        for _ in 0..LINKS_MAX {
            match self.files.get(name)? {
                Place::Bytes { offset, size } => return Some((*offset, *size)),
                Place::Link(target) => name = target,
            }
        }
        None
    }
}

/// Where a symbolic link at `path` leads, inside the archive.
fn beside(path: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
