//! An audit in Markdown, for the summary of a step and for a comment.
//!
//! The boxes of a comment can be ticked by whoever may edit it, so the checklist is a table with words and
//! signs, not a list of tasks. A report that is larger than its place takes loses the end of the checklist
//! first, and says so. The first line is invisible and always the same, so that a bot finds its comment of
//! last time and changes that.

mod block;
mod list;
mod render;

use std::fmt::Write as _;
use std::io;

use careen_audit_model::{Audit, Outcome};

use self::block::{Block, fit};
use self::render::{MAX_WORDS, phrase, status};
use super::view::{self, Blocker, Entry, Owner, Phrase, Tone, Topic};
use crate::markdown::escape::{code, prose};
use crate::words::{count, cut, sentence};
use crate::{Options, inert};

/// By which a bot knows its comment.
const MARK: &str = "<!-- careen:audit -->";
/// Causes of a blocker.
const CAUSES: usize = 5;
/// Owners that are named at the top.
const OWNERS: usize = 12;
/// Characters of a command.
const MAX_COMMAND: usize = 2_000;

/// What goes first if there is no room for everything; the least is kept longest.
mod rank {
    pub(super) const BLOCKER: u8 = 0;
    pub(super) const TOPIC: u8 = 1;
    pub(super) const LINE: u8 = 2;
    pub(super) const RECORD: u8 = 3;
}

pub(super) fn write(audit: &Audit, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let owners = view::owners(audit);
    let head = head(audit, &owners, options);
    let foot = foot(audit);
    let mut blocks: Vec<Block> = Vec::new();
    for (number, owner) in owners.iter().enumerate() {
        blocks.push(of_owner(number, owner, options));
    }
    blocks.extend(view::topics(audit).iter().map(|topic| of_topic(topic, options)));
    blocks.extend(list::blocks(audit, options));
    blocks.extend(of_records(audit, options));
    let room = options.markdown_bytes.saturating_sub(head.len() + foot.len());
    let body = fit(&blocks, room);
    out.write_all((head + &body + &foot).as_bytes())
}

/// The verdict, who must act, and what was judged.
fn head(audit: &Audit, owners: &[Owner<'_>], options: &Options) -> String {
    let sign = match audit.verdict.outcome {
        Outcome::Go => "✅",
        Outcome::GoWithWaivers => "⚠️",
        Outcome::NoGo => "❌",
    };
    let line = prose(&audit.verdict.line, MAX_WORDS);
    let mut head = format!("{MARK}\n### {sign} {line}\n\n");
    if !owners.is_empty() {
        let mut names: Vec<String> = owners
            .iter()
            .take(OWNERS)
            .map(|owner| format!("{} {}", prose(owner.name, 60), owner.blockers.len()))
            .collect();
        if let Some(more @ 1..) = owners.len().checked_sub(OWNERS) {
            names.push(format!("and {more} more"));
        }
        let _ = writeln!(head, "**Who must act:** {}\n", names.join(", "));
    }
    head.push_str("| What was judged | |\n| --- | --- |\n");
    for fact in view::facts(audit) {
        let _ = writeln!(head, "| {} | {} |", fact.name, phrase(&fact.says, options));
    }
    head.push('\n');
    head
}

fn of_owner(number: usize, owner: &Owner<'_>, options: &Options) -> Block {
    let title = if number == 0 { "#### Blockers\n\n" } else { "" };
    let name = prose(owner.name, 60);
    let many = count(owner.blockers.len(), "blocker", "blockers");
    Block {
        rank: rank::BLOCKER,
        open: format!("{title}##### {name}: {many}\n\n"),
        rows: owner.blockers.iter().map(|blocker| of_blocker(blocker, options)).collect(),
        close: "\n".to_owned(),
        one: "blocker",
        many: "blockers",
    }
}

fn of_blocker(blocker: &Blocker<'_>, options: &Options) -> String {
    let mut text = format!(
        "- {} **{}** {}",
        status(blocker.status),
        prose(blocker.title, MAX_WORDS),
        code(blocker.id, 200)
    );
    if !blocker.reason.is_empty() {
        let _ = write!(text, "<br>{}", prose(&sentence(blocker.reason), MAX_WORDS));
    }
    for (name, said) in [("Why", blocker.why), ("Fix", &*blocker.remedy)] {
        if !said.is_empty() {
            let _ = write!(text, "<br>**{name}:** {}", prose(said, MAX_WORDS));
        }
    }
    text.push('\n');
    for cause in blocker.causes(CAUSES) {
        let _ = writeln!(text, "  - {}", phrase(&cause, options));
    }
    match blocker.more(CAUSES) {
        0 => {}
        more => {
            let _ = writeln!(text, "  - and {more} more");
        }
    }
    text
}

fn of_topic(topic: &Topic<'_>, options: &Options) -> Block {
    let lead = phrase(&topic.lead, options);
    let lead = if lead.is_empty() { lead } else { format!("{lead}\n\n") };
    Block {
        rank: rank::TOPIC,
        open: format!("#### {}\n\n{lead}", topic.title),
        rows: topic.entries.iter().map(|entry| of_entry(entry, options)).collect(),
        close: "\n".to_owned(),
        one: "entry",
        many: "entries",
    }
}

fn of_entry(entry: &Entry<'_>, options: &Options) -> String {
    let sign = match entry.mark.tone {
        Tone::Bad => "❌ ",
        Tone::Care => "⚠️ ",
        Tone::Good => "✅ ",
        Tone::Quiet => "",
    };
    let mut text = format!("- {sign}**{}** {}", entry.mark.word, phrase(&entry.says, options));
    for line in entry.lines.iter().chain(&entry.details) {
        let _ = write!(text, "<br>{}", phrase(line, options));
    }
    text.push('\n');
    text
}

/// Every piece of evidence, with its digest.
fn of_records(audit: &Audit, options: &Options) -> Option<Block> {
    (!audit.evidence.is_empty()).then(|| Block {
        rank: rank::RECORD,
        open: format!(
            "<details>\n<summary><b>Evidence</b>: {}</summary>\n\n",
            count(audit.evidence.len(), "file", "files")
        ),
        rows: audit.evidence.iter().map(|it| of_entry(&view::record(it), options)).collect(),
        close: "\n</details>\n\n".to_owned(),
        one: "piece of evidence",
        many: "pieces of evidence",
    })
}

/// How to get the report again.
fn foot(audit: &Audit) -> String {
    let command = inert::line(&audit.subject.reproduce);
    let command = cut(&command, MAX_COMMAND);
    // A fence is closed by no shorter one.
    let longest = command.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let again = Phrase::of("To get this report again:");
    let again = phrase(&again, &Options::default());
    format!("{again}\n\n{fence}console\n{command}\n{fence}\n")
}

#[cfg(test)]
mod tests;
