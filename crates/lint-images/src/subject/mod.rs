//! What rules look at: the parts of a Dockerfile and the images named anywhere, each with what
//! stands around it.

mod build;
mod built;
mod command;
mod examined;
mod file;
mod image;
mod named;
mod shell;
mod step;

pub(crate) use build::{Build, StageSite};
pub(crate) use built::Built;
pub(crate) use command::{Call, CommandSite, takes_away};
pub(crate) use examined::{Examined, examine};
pub(crate) use file::FileSite;
pub(crate) use image::{Holder, ImageSite, images_of_build, images_of_file, path_of};
pub(crate) use named::Role;
pub(crate) use shell::Shell;
pub(crate) use step::Step;

/// The start of a text of the file for a message.
pub(crate) fn cut(text: &str) -> &str {
    first(text, 120)
}

/// What stays of a reference from release to release: registry and repository as they are written,
/// without tag and digest. It tells findings about images apart.
pub(crate) fn lasting(text: &str) -> &str {
    let name = text.split_once('@').map_or(text, |(name, _)| name);
    let folder = name.rfind('/').map_or(0, |slash| slash + 1);
    let last = name.get(folder..).unwrap_or_default();
    // A variable may have a colon in it: `${TAG:-1.4}`.
    let end =
        last.find([':', '$']).filter(|at| last.get(*at..).is_some_and(|it| it.starts_with(':')));
    cut(end.and_then(|end| name.get(..folder + end)).unwrap_or(name))
}

/// Why something is so, for a message: it names digests and repositories, and says what helps at
/// its end.
pub(crate) fn reason(text: &str) -> &str {
    first(text, 480)
}

fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
