//! The checklist: what passes is counted, everything else has a line.

use careen_audit_model::{Audit, Item, Status};

use super::sheet::{STATUS, Sheet};
use crate::Options;
use crate::audit::view::{self, Line, Phrase, Section};
use crate::words::count;

/// Lines of the checklist that are shown unless everything is wanted: an audit of a repository in which
/// nothing is proven would be a list of everything that is not there.
const LINES: usize = 80;

pub(super) fn write(audit: &Audit, options: &Options, sheet: &mut Sheet<'_>) {
    let all = count(audit.items.len(), "line", "lines");
    sheet.heading(&format!("Checklist: {all}"));
    let words: Vec<String> = view::tally(audit.items.iter())
        .into_iter()
        .map(|(status, number)| format!("{number} {status}"))
        .collect();
    sheet.plain(2, &words.join(", "));
    sheet.gap();
    let mut room = if options.full { usize::MAX } else { LINES };
    let mut left = 0;
    for section in view::sections(audit) {
        sheet.subheading(&title(&section));
        for line in section.lines.iter().filter(|line| options.full || is_told(line)) {
            if room == 0 {
                left += 1;
                continue;
            }
            room -= 1;
            write_line(line, options, sheet);
        }
    }
    if left > 0 {
        sheet.plain(2, &format!("and {left} more; `--format html` and `--format json` list all"));
    }
}

fn is_told(line: &Line<'_>) -> bool {
    line.item.status != Status::Pass
}

fn title(section: &Section<'_>) -> String {
    let name = if section.headings.is_empty() {
        "Without a heading".to_owned()
    } else {
        section.headings.join(" › ")
    };
    let items = || section.lines.iter().map(|line| line.item);
    let (all, passed) = (items().count(), items().filter(is_passed).count());
    if all == passed {
        let all = if all == 1 { "1 passes".to_owned() } else { format!("all {all} pass") };
        format!("{name}: {all}")
    } else {
        format!("{name}: {passed} of {all} pass")
    }
}

fn is_passed(item: &&Item) -> bool {
    item.status == Status::Pass
}

fn write_line(line: &Line<'_>, options: &Options, sheet: &mut Sheet<'_>) {
    let item = line.item;
    let mut says = Phrase::of(format!("L{} ", item.line)).words(&item.text);
    let later = if line.is_due { "" } else { ", known after the deployment" };
    let controls = line.controls();
    if controls.is_empty() {
        says = says.words(later);
    } else {
        says = says.words(" (").then(controls).words(")").words(later);
    }
    sheet.status(4, item.status, &says);
    let inner = 4 + STATUS;
    // Why something is waived stands with the waivers, and what is later need not be explained now.
    let is_short = !options.full && (!line.is_due || item.status == Status::Waived);
    if is_short {
        return;
    }
    for reason in line.reasons(options.full) {
        sheet.phrase(inner, &reason);
    }
    for cause in line.causes() {
        sheet.item(inner, &cause);
    }
    if options.full {
        for proof in line.proofs() {
            sheet.item(inner, &proof);
        }
    }
}
