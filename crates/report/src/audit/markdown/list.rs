//! The checklist: a fold for each section, a row for each line.

use careen_audit_model::{Audit, Item};

use super::block::Block;
use super::rank;
use super::render::{MAX_WORDS, phrase, status};
use crate::Options;
use crate::audit::view::{self, Line, Section};
use crate::markdown::escape::{prose, title};
use crate::words::count;

pub(super) fn blocks(audit: &Audit, options: &Options) -> Vec<Block> {
    let sections = view::sections(audit);
    let mut blocks: Vec<Block> =
        sections.iter().map(|section| of_section(section, options)).collect();
    let heading = format!(
        "#### Checklist: {}\n\n{}\n\n",
        count(audit.items.len(), "line", "lines"),
        tally(audit.items.iter())
    );
    if let Some(first) = blocks.first_mut() {
        first.open.insert_str(0, &heading);
    }
    blocks
}

fn tally<'i>(items: impl Iterator<Item = &'i Item>) -> String {
    let words: Vec<String> = view::tally(items)
        .into_iter()
        .map(|(status, number)| format!("{number} {status}"))
        .collect();
    words.join(", ")
}

fn of_section(section: &Section<'_>, options: &Options) -> Block {
    let name = if section.headings.is_empty() {
        "Without a heading".to_owned()
    } else {
        title(&section.headings.join(" › "), MAX_WORDS)
    };
    let items = section.lines.iter().map(|line| line.item);
    Block {
        rank: rank::LINE,
        open: format!(
            "<details>\n<summary><b>{name}</b>: {}</summary>\n\n\
             | Line | Status | Item | Why, and what it rests on |\n| ---: | --- | --- | --- |\n",
            tally(items)
        ),
        rows: section.lines.iter().map(|line| row(line, options)).collect(),
        close: "\n</details>\n\n".to_owned(),
        one: "line of the checklist",
        many: "lines of the checklist",
    }
}

fn row(line: &Line<'_>, options: &Options) -> String {
    let item = line.item;
    let later = if line.is_due { "" } else { "<br>after the deployment" };
    let mut text = prose(&item.text, MAX_WORDS);
    let controls = phrase(&line.controls(), options);
    if !controls.is_empty() {
        text.push_str("<br>");
        text.push_str(&controls);
    }
    let said = line.reasons(true).into_iter().chain(line.causes()).chain(line.proofs());
    let said: Vec<String> = said.map(|said| phrase(&said, options)).collect();
    let status = status(item.status);
    format!("| {} | {status}{later} | {text} | {} |\n", item.line, said.join("<br>"))
}
