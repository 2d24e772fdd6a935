//! Opens a repository for its history.

use std::path::{Path, PathBuf};

use careen_text::sanitize_line;

use crate::discover::Ground;
use crate::git::failure;
use crate::{Error, Options};

/// More memory than this is not spent on one object, whatever its header promises: no honest tree
/// or commit is larger, and what is larger as a file is not searched anyway.
const LEAST_OBJECT_BYTES: u64 = 64 << 20;

/// The repository's base and the repository, opened without trusting its surroundings.
pub(super) fn open(
    ground: &Ground,
    options: &Options,
) -> Result<(PathBuf, gix::Repository), Error> {
    let base = match &ground.repository {
        Some(base) => base.clone(),
        None => bare(&ground.start).ok_or_else(|| Error::NotARepository {
            path: sanitize_line(&ground.start.to_string_lossy()).into_owned(),
        })?,
    };
    let most = LEAST_OBJECT_BYTES.max(options.limits.max_file_bytes.saturating_mul(2));
    let repository = gix::open::Options::isolated()
        .lossy_config(true)
        // What an object was replaced by is not what was committed.
        .config_overrides([
            "core.useReplaceRefs=false".to_owned(),
            format!("gitoxide.objects.allocLimit={most}"),
        ])
        .open(&base)
        .map_err(|error| failure(&error))?
        .to_thread_local();
    Ok((base, repository))
}

/// The bare repository that a folder is in.
fn bare(start: &Path) -> Option<PathBuf> {
    let is_bare = |folder: &&Path| {
        folder.join("HEAD").is_file()
            && folder.join("objects").is_dir()
            && folder.join("refs").is_dir()
    };
    start.ancestors().find(is_bare).map(Path::to_path_buf)
}
