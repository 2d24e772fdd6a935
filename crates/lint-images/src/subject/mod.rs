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

/// Why something is so, for a message: it names digests and repositories, and says what helps at
/// its end.
pub(crate) fn reason(text: &str) -> &str {
    first(text, 480)
}

fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
