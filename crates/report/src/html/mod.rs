//! The report as one page for people: no network, no other file, and no script needed.
//!
//! Every string is escaped by the templates in `templates/`, never by hand. What comes from a file or
//! a person goes through [`text`] besides, which makes characters visible that would hide or reorder
//! others. The page's own policy allows exactly the one style sheet and the one script that stand in
//! it, by their digests, and no connection at all.

mod findings;
mod notes;
mod overview;
mod prose;
mod rules;
mod text;

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
use crate::time::rfc3339;

/// Characters of a message or a reason.
const MAX_MESSAGE: usize = 2_000;
/// Characters of a path, a name or a label.
const MAX_LABEL: usize = 500;

const STYLE: &str = include_str!("../../templates/page.css");
const SCRIPT: &str = include_str!("../../templates/page.js");
/// SHA-256 of [`STYLE`] in base64; a test tells when it is not.
const STYLE_DIGEST: &str = "JShpnZx0Ma5fnU5ejBnJ3+O13DZDwnTBnK2EoGxWw5g=";
/// SHA-256 of [`SCRIPT`] in base64; a test tells when it is not.
const SCRIPT_DIGEST: &str = "TUV3AYqdQ4E7c5LvCRThOJRufobTrua+ieMDbKH4kP0=";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = Rules::of(report, options);
    let findings = Findings::of(report, options, &rules);
    let overview = Overview::of(report, options);
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        style_digest: STYLE_DIGEST,
        script_digest: SCRIPT_DIGEST,
        tool: sanitize_line(&report.tool.name),
        version: sanitize_line(&report.tool.version),
        at: rfc3339(report.at),
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
    style: &'static str,
    script: &'static str,
    style_digest: &'static str,
    script_digest: &'static str,
    tool: Cow<'r, str>,
    version: Cow<'r, str>,
    /// RFC 3339.
    at: String,
    overview: Overview<'r>,
    notes: Notes<'r>,
    findings: Findings<'r>,
    rules: Vec<RuleSection<'r>>,
}

impl Page<'_> {
    /// The moment as people read it.
    fn moment(&self) -> String {
        self.at.replace('T', " ").replace('Z', " UTC")
    }
}

#[cfg(test)]
mod tests;
