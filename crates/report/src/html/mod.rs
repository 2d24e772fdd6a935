//! The report as one page for people: no network, no other file, and no script needed.
//!
//! Every string is escaped by the templates in `templates/`, never by hand. What comes from a file or
//! a person goes through [`text`] besides, which makes characters visible that would hide or reorder
//! others. The page's own policy allows exactly the one style sheet and the one script that stand in
//! it, by their digests, and no connection at all.

mod findings;
#[cfg(test)]
pub(crate) mod markup;
mod notes;
mod overview;
mod prose;
mod rules;
pub(crate) mod text;

use std::borrow::Cow;
use std::io;

use askama::Template;
use careen_rule::Report;
use careen_text::sanitize_line;

use self::findings::Findings;
use self::notes::Notes;
use self::overview::Overview;
use self::rules::{RuleSection, Rules};
use crate::Options;
use crate::time::{moment, rfc3339};

/// Characters of a message or a reason.
pub(crate) const MAX_MESSAGE: usize = 2_000;
/// Characters of a path, a name or a label.
pub(crate) const MAX_LABEL: usize = 500;

const STYLE: &str =
    concat!(include_str!("../../templates/base.css"), include_str!("../../templates/page.css"));
const SCRIPT: &str = include_str!("../../templates/page.js");
/// SHA-256 of [`STYLE`] in base64; a test tells when it is not.
const STYLE_DIGEST: &str = "pp1UljouJlslcBbSWnY0OToZS6LZfz2F2tS7PG/3i5g=";
/// SHA-256 of [`SCRIPT`] in base64; a test tells when it is not.
const SCRIPT_DIGEST: &str = "PL/icxWfE0/lS1xLb1QMtvfii33g0k0nZgIXBsn2YNU=";

/// What every page says of itself.
pub(crate) struct Frame<'r> {
    pub(crate) style: &'static str,
    pub(crate) style_digest: &'static str,
    pub(crate) script: &'static str,
    pub(crate) script_digest: &'static str,
    pub(crate) tool: Cow<'r, str>,
    pub(crate) version: Cow<'r, str>,
    /// RFC 3339.
    pub(crate) at: String,
    /// The same as people read it.
    pub(crate) moment: String,
}

impl<'r> Frame<'r> {
    /// A page with its style sheet, which is given with its digest, made by a version of a program.
    pub(crate) fn new(
        (style, style_digest): (&'static str, &'static str),
        tool: &'r str,
        version: &'r str,
        at: i64,
    ) -> Self {
        Self {
            style,
            style_digest,
            script: SCRIPT,
            script_digest: SCRIPT_DIGEST,
            tool: sanitize_line(tool),
            version: sanitize_line(version),
            at: rfc3339(at),
            moment: moment(at),
        }
    }
}

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = Rules::of(report, options);
    let findings = Findings::of(report, options, &rules);
    let overview = Overview::of(report, options);
    let page = Page {
        frame: Frame::new(
            (STYLE, STYLE_DIGEST),
            &report.tool.name,
            &report.tool.version,
            report.at,
        ),
        notes: Notes::of(report),
        rules: rules.sections(&findings),
        overview,
        findings,
    };
    page.write_into(out)?;
    out.write_all(b"\n")
}

#[derive(Template)]
#[template(path = "page.html", whitespace = "minimize")]
struct Page<'r> {
    frame: Frame<'r>,
    overview: Overview<'r>,
    notes: Notes<'r>,
    findings: Findings<'r>,
    rules: Vec<RuleSection<'r>>,
}

#[cfg(test)]
mod tests;
