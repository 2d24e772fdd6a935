use std::io;

use annotate_snippets::{Group, Level, Renderer};
use careen_rule::Note;

use crate::notes;
use crate::wrap::wrapped;

/// Writes the notes and says whether there were any.
pub(super) fn write(
    notes: &[Note],
    renderer: &Renderer,
    width: Option<usize>,
    out: &mut dyn io::Write,
) -> io::Result<bool> {
    let groups = notes::groups(notes);
    for group in &groups {
        let level = if group.incomplete { Level::WARNING } else { Level::NOTE };
        let label = group.level().len() + group.kind.as_str().len() + "[]: ".len();
        let inner = width.map(|width| width.saturating_sub(label));
        let title = wrapped(&group.title, inner, 0, 0);
        let title = level.primary_title(title).id(group.kind.as_str());
        writeln!(out, "{}", renderer.render(&[Group::with_title(title)]))?;
        for line in &group.lines {
            writeln!(out, "  {}", wrapped(line, width, 2, 6))?;
        }
    }
    Ok(!groups.is_empty())
}
