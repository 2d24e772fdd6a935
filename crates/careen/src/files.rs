//! Files of ours: read up to a limit, written as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Reads at most one byte more than `most`, by which a file that is too large is known, whatever is
/// there: a pipe has no size.
pub(crate) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts `bytes` in the place of a file, or leaves it as it is. Runs at the same time do not disturb
/// each other: each writes a file of its own beside it, and the last one stays.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    // What a run that was ended left behind; a link goes, not what it leads to.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(&new)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    written.and_then(|()| fs::rename(&new, path)).inspect_err(|_| {
        // The error that matters is the first one.
        let _ = fs::remove_file(&new);
    })
}

/// Replaces a file, through a link to it, and keeps who may read and write it.
pub(crate) fn overwrite(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = file.canonicalize()?;
    let permissions = fs::metadata(&file)?.permissions();
    replace(&file, bytes)?;
    fs::set_permissions(&file, permissions)
}
