use std::io;

use annotate_snippets::{Group, Level, Renderer};
use careen_rule::Note;

use crate::notes;

/// Writes the notes and says whether there were any.
pub(super) fn write(
    notes: &[Note],
    renderer: &Renderer,
    out: &mut dyn io::Write,
) -> io::Result<bool> {
    let groups = notes::groups(notes);
    for group in &groups {
        let level = if group.incomplete { Level::WARNING } else { Level::NOTE };
        let title = level.primary_title(&group.title).id(group.kind.as_str());
        writeln!(out, "{}", renderer.render(&[Group::with_title(title)]))?;
        for line in &group.lines {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(!groups.is_empty())
}
