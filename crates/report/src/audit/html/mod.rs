//! An audit as one page: the verdict, who must act on what, and below it everything that it rests on.
//!
//! It stands in the same frame as the page of findings, and every string is escaped by the templates. It
//! needs no network and no script; with one, the checklist can be filtered.

mod list;
mod said;
mod told;

use std::io;

use askama::Template;
use careen_audit_model::{Audit, Outcome, Status};

use self::list::Part;
use self::said::Said;
use self::told::{Owner, Told};
use super::view;
use crate::Options;
use crate::html::text::Text;
use crate::html::{Frame, MAX_LABEL, MAX_MESSAGE};

/// Blockers and lines of the checklist on a page: a browser shows no more with ease.
const MAX_BLOCKERS: usize = 500;
const MAX_ITEMS: usize = 5_000;
/// Characters of a command.
const MAX_COMMAND: usize = 5_000;

const STYLE: &str = concat!(
    include_str!("../../../templates/base.css"),
    include_str!("../../../templates/audit.css")
);
/// SHA-256 of [`STYLE`] in base64; a test tells when it is not.
const STYLE_DIGEST: &str = "KPWJHisFBy4sBNXqXC8B0zYPkmtUdbKlVjzuiLChID8=";

pub(super) fn write(audit: &Audit, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let (word, rest) = view::verdict(audit);
    let source = options.source_url.as_deref();
    let facts = view::facts(audit);
    let (owners, blockers_left) = Owner::all(audit, source);
    let (parts, items_left) = list::parts(audit, source);
    let page = Page {
        frame: Frame::new((STYLE, STYLE_DIGEST), &audit.tool.name, &audit.tool.version, audit.at),
        class: match audit.verdict.outcome {
            Outcome::Go => "passes",
            Outcome::GoWithWaivers => "with-waivers",
            Outcome::NoGo => "fails",
        },
        line: Text::line(&audit.verdict.line, MAX_LABEL),
        word,
        rest: Text::message(rest, MAX_MESSAGE),
        owners,
        blockers_left,
        facts: facts.into_iter().map(|fact| (fact.name, Said::of(fact.says, source))).collect(),
        topics: view::topics(audit).into_iter().map(|topic| Told::of(topic, source)).collect(),
        tally: view::tally(audit.items.iter()),
        parts,
        items_left,
        records: Told::records(audit, source),
        reproduce: Text::line(&audit.subject.reproduce, MAX_COMMAND),
    };
    page.write_into(out)?;
    out.write_all(b"\n")
}

#[derive(Template)]
#[template(path = "audit.html", whitespace = "minimize")]
struct Page<'a> {
    frame: Frame<'a>,
    class: &'static str,
    /// The verdict as a whole, and in two parts.
    line: Text<'a>,
    word: &'static str,
    rest: Text<'a>,
    owners: Vec<Owner<'a>>,
    blockers_left: usize,
    facts: Vec<(&'static str, Said<'a>)>,
    topics: Vec<Told<'a>>,
    tally: Vec<(Status, usize)>,
    parts: Vec<Part<'a>>,
    items_left: usize,
    records: Told<'a>,
    reproduce: Text<'a>,
}

#[cfg(test)]
mod tests;
