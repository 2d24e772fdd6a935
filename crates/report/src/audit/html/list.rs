//! The checklist on the page.

use careen_audit_model::{Audit, Status};
use careen_text::sanitize_line;

use super::MAX_ITEMS;
use super::said::Said;
use crate::audit::view::{self, Line, Section};
use crate::html::text::Text;
use crate::html::{MAX_LABEL, MAX_MESSAGE};
use crate::words::cut;

/// The lines below one heading.
pub(super) struct Part<'a> {
    pub(super) title: Text<'static>,
    pub(super) tally: Vec<(Status, usize)>,
    /// The worst status in it.
    pub(super) worst: Status,
    /// Whether somebody must look at it.
    pub(super) open: bool,
    pub(super) items: Vec<Answered<'a>>,
}

/// A line of the checklist.
pub(super) struct Answered<'a> {
    pub(super) number: usize,
    pub(super) line: u32,
    pub(super) status: Status,
    pub(super) text: Text<'a>,
    pub(super) reasons: Vec<Said<'a>>,
    pub(super) causes: Vec<Said<'a>>,
    pub(super) proofs: Vec<Said<'a>>,
    pub(super) controls: Said<'a>,
    pub(super) is_bound: bool,
    pub(super) owner: String,
    pub(super) is_due: bool,
}

/// The sections, and how many lines there is no room for.
pub(super) fn parts<'a>(audit: &'a Audit, source: Option<&'a str>) -> (Vec<Part<'a>>, usize) {
    let mut number = 0;
    let mut parts = Vec::new();
    for section in view::sections(audit) {
        if number >= MAX_ITEMS {
            break;
        }
        parts.push(Part::of(&section, source, &mut number));
    }
    (parts, audit.items.len() - number)
}

impl<'a> Part<'a> {
    fn of(section: &Section<'a>, source: Option<&'a str>, number: &mut usize) -> Self {
        let title = if section.headings.is_empty() {
            "Without a heading".to_owned()
        } else {
            section.headings.join(" › ")
        };
        let tally = view::tally(section.lines.iter().map(|line| line.item));
        let room = MAX_ITEMS - *number;
        let items = section.lines.iter().take(room).map(|line| {
            *number += 1;
            Answered::of(line, *number, source)
        });
        Self {
            title: Text::owned(&cut(&title, MAX_LABEL)),
            items: items.collect(),
            worst: tally.first().map_or(Status::NotApplicable, |(status, _)| *status),
            tally,
            open: !section.is_settled(),
        }
    }
}

impl<'a> Answered<'a> {
    fn of(line: &Line<'a>, number: usize, source: Option<&'a str>) -> Self {
        let controls = line.controls();
        Self {
            number,
            line: line.item.line,
            status: line.item.status,
            text: Text::message(&line.item.text, MAX_MESSAGE),
            reasons: Said::all(line.reasons(true), source),
            causes: Said::all(line.causes(), source),
            proofs: Said::all(line.proofs(), source),
            is_bound: !controls.is_empty(),
            controls: Said::of(controls, source),
            owner: sanitize_line(&cut(line.owner(), MAX_LABEL)).into_owned(),
            is_due: line.is_due,
        }
    }
}
