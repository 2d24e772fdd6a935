use careen_model::File;

use super::build::Build;

/// A file with the Dockerfile it is, if it is one.
#[derive(Clone, Copy)]
pub(crate) struct FileSite<'a> {
    /// The file.
    pub(crate) file: &'a File,
    /// What the Dockerfile says.
    pub(crate) build: Option<&'a Build<'a>>,
}
