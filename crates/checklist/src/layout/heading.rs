//! Headings, and what stands below them.

use careen_audit_model::Phase;

/// Characters of a heading that are kept: each item repeats them.
const MOST_CHARACTERS: usize = 200;

/// The headings above a place, the outermost first.
#[derive(Default)]
pub(super) struct Headings {
    open: Vec<Heading>,
    /// The first heading of the whole, and its level.
    first: Option<(String, u8)>,
    /// Whether another one stands beside or above the first.
    has_rival: bool,
}

struct Heading {
    level: u8,
    text: String,
    phase: Option<Phase>,
}

impl Headings {
    pub(super) fn push(&mut self, level: u8, text: &str, phase: Option<Phase>) {
        let text: String = text.chars().take(MOST_CHARACTERS).collect();
        match &self.first {
            None => self.first = Some((text.clone(), level)),
            Some((_, first)) => self.has_rival |= level <= *first,
        }
        while self.open.last().is_some_and(|last| last.level >= level) {
            self.open.pop();
        }
        self.open.push(Heading { level, text, phase });
    }

    pub(super) fn section(&self) -> Vec<String> {
        self.open.iter().map(|heading| heading.text.clone()).collect()
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.open.iter().rev().find_map(|heading| heading.phase)
    }

    /// The first heading, and whether all items below it stand below no other of its level: then it is
    /// the title of the whole and no section.
    pub(super) fn title(self) -> (Option<String>, bool) {
        (self.first.map(|(text, _)| text), !self.has_rival)
    }
}
