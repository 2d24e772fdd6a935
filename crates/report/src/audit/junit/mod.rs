//! An audit as JUnit XML, of the same form as the report of findings.
//!
//! A case is a control, or a line of the checklist without one; its suite is the section of the checklist in
//! which it is asked for. What holds the release up is a failure whose type is its status: also what was not
//! run and what nobody signed, as a skipped case would turn nothing red. What is waived, does not apply or
//! can only be known later is skipped, with the reason. Servers follow a case by its class and name over
//! runs, so that neither holds a line number.

use std::collections::BTreeMap;
use std::io;

use careen_audit_model::{Audit, ControlResult, Item, Phase, Status};
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use crate::junit::{MAX_NAME, counts, moment, pair, plain, write_own};
use crate::words::cut;

const CLASS: &str = "careen.audit";
/// Causes in a failure.
const CAUSES: usize = 20;
/// Characters of a sentence in it.
const MAX_WORDS: usize = 2_000;

/// What becomes of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passes,
    Fails,
    Skipped,
}

struct Case<'a> {
    name: String,
    line: Option<u32>,
    status: Status,
    phase: Phase,
    reason: &'a str,
    control: Option<&'a ControlResult>,
    end: End,
}

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    let suites = suites(audit);
    let of = |end| suites.iter().flat_map(|(_, cases)| cases).filter(|it| it.end == end).count();
    let (failures, skipped) = (of(End::Fails), of(End::Skipped));
    let cases = of(End::Passes) + failures + skipped;
    let complete = !audit.unseen.iter().any(|unseen| unseen.incomplete);
    let errors = usize::from(!complete);
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", CLASS))
        .with_attributes(counts(cases + 1, failures, errors, skipped).iter().map(pair))
        .write_inner_content(|writer| {
            for (section, cases) in &suites {
                write_suite(audit, section, cases, writer)?;
            }
            write_own(complete, &said(audit), audit.at, writer)
        })?;
    writer.into_inner().write_all(b"\n")
}

/// The cases by section, in the order of the checklist.
fn suites(audit: &Audit) -> Vec<(String, Vec<Case<'_>>)> {
    let mut suites: Vec<(String, Vec<Case>)> = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let controls = audit.controls.iter().map(|control| {
        let item = audit.items.iter().find(|item| item.controls.contains(&control.id));
        (item, Case::of_control(audit, control, item))
    });
    let bare = audit.items.iter().filter(|item| item.controls.is_empty());
    let bare = bare.map(|item| (Some(item), Case::of_item(audit, item)));
    for (item, mut case) in controls.chain(bare) {
        let ordinal = names.entry(case.name.clone()).or_insert(0);
        *ordinal += 1;
        if *ordinal > 1 {
            case.name.push_str(&format!(" ({ordinal})"));
        }
        let section = section(item);
        match suites.iter_mut().find(|(name, _)| *name == section) {
            Some((_, cases)) => cases.push(case),
            None => suites.push((section, vec![case])),
        }
    }
    suites
}

fn section(item: Option<&Item>) -> String {
    let name = item.map(|item| item.section.join(" / ")).unwrap_or_default();
    if name.is_empty() { CLASS.to_owned() } else { plain(&cut(&name, MAX_NAME)) }
}

impl<'a> Case<'a> {
    fn of_control(audit: &Audit, control: &'a ControlResult, item: Option<&Item>) -> Self {
        let name = format!("{}: {}", control.id, control.title);
        Self {
            name: plain(&cut(&name, MAX_NAME)),
            line: item.map(|item| item.line),
            status: control.status,
            phase: control.phase,
            reason: &control.reason,
            control: Some(control),
            end: end(audit, control.status, control.phase),
        }
    }

    fn of_item(audit: &Audit, item: &'a Item) -> Self {
        Self {
            name: plain(&cut(&item.text, MAX_NAME)),
            line: Some(item.line),
            status: item.status,
            phase: item.phase,
            reason: &item.reason,
            control: None,
            end: end(audit, item.status, item.phase),
        }
    }

    fn message(&self) -> String {
        let later = match (self.status.is_settled(), self.phase) {
            (false, Phase::After) if self.end == End::Skipped => ", known after the deployment",
            _ => "",
        };
        format!("{}{later}: {}", self.status, plain(&cut(self.reason, MAX_NAME)))
    }

    /// What a failure says: the causes, the smallest fix, and who must act.
    fn text(&self) -> String {
        let mut text = format!("{}\n", plain(&cut(self.reason, MAX_WORDS)));
        let Some(control) = self.control else { return text };
        for cause in control.causes.iter().take(CAUSES) {
            if let Some(place) = &cause.place {
                text.push_str(&format!("{}:{}:{}: ", plain(&place.path), place.line, place.column));
            }
            if let Some(rule) = &cause.rule {
                text.push_str(&format!("{}: ", plain(rule)));
            }
            text.push_str(&plain(&cut(&cause.message, MAX_WORDS)));
            text.push('\n');
        }
        let left = control.causes.len().saturating_sub(CAUSES).saturating_add(control.more_causes);
        if left > 0 {
            text.push_str(&format!("and {left} more\n"));
        }
        for (name, said) in
            [("why", &control.why), ("fix", &control.remedy), ("who", &control.owner)]
        {
            if !said.is_empty() {
                text.push_str(&format!("{name}: {}\n", plain(&cut(said, MAX_WORDS))));
            }
        }
        text
    }
}

fn end(audit: &Audit, status: Status, phase: Phase) -> End {
    match status {
        Status::Pass => End::Passes,
        _ if !status.is_settled() && audit.is_due(phase) => End::Fails,
        _ => End::Skipped,
    }
}

fn write_suite<W: io::Write>(
    audit: &Audit,
    section: &str,
    cases: &[Case<'_>],
    writer: &mut Writer<W>,
) -> io::Result<()> {
    let of = |end| cases.iter().filter(|case| case.end == end).count();
    let counts = counts(cases.len(), of(End::Fails), 0, of(End::Skipped));
    writer
        .create_element("testsuite")
        .with_attribute(("name", section))
        .with_attributes(counts.iter().map(pair))
        .with_attribute(("timestamp", &*moment(audit.at)))
        .write_inner_content(|writer| {
            cases.iter().try_for_each(|case| write_case(audit, case, writer))
        })?;
    Ok(())
}

fn write_case<W: io::Write>(
    audit: &Audit,
    case: &Case<'_>,
    writer: &mut Writer<W>,
) -> io::Result<()> {
    let mut element = writer
        .create_element("testcase")
        .with_attribute(("name", &*case.name))
        .with_attribute(("classname", CLASS));
    if let Some(line) = case.line {
        element = element
            .with_attribute(("file", &*plain(&audit.subject.checklist)))
            .with_attribute(("line", &*line.to_string()));
    }
    let element = element.with_attribute(("time", "0"));
    if case.end == End::Passes {
        element.write_empty()?;
        return Ok(());
    }
    let message = case.message();
    element.write_inner_content(|writer| {
        if case.end == End::Skipped {
            let skipped = writer.create_element("skipped");
            skipped.with_attribute(("message", &*message)).write_empty()?;
        } else {
            writer
                .create_element("failure")
                .with_attribute(("message", &*message))
                .with_attribute(("type", case.status.as_str()))
                .write_text_content(BytesText::new(&case.text()))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The verdict, and what was not looked at.
fn said(audit: &Audit) -> String {
    let mut text = format!("\n{}\n", plain(&audit.verdict.line));
    for unseen in &audit.unseen {
        let level = if unseen.incomplete { "warning" } else { "note" };
        let place = match (&unseen.path, unseen.line) {
            (Some(path), Some(line)) => format!("{path}:{line}: "),
            (Some(path), None) => format!("{path}: "),
            (None, _) => String::new(),
        };
        text.push_str(&format!("{level}: {}{}\n", plain(&place), plain(&unseen.message)));
    }
    text.push_str(&plain(&audit.subject.reproduce));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
