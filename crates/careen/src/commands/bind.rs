//! `careen audit bind`: what the unbound items of a checklist may mean.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use careen_checklist::{Candidate, Checklist, Item, Proposal, Proposer, annotate, parse, words};
use careen_rule::control;
use careen_text::{Encoding, Source, sanitize_line};

use crate::files::{overwrite, read_at_most};

/// Bytes of a checklist or a sidecar that is read.
const MOST_BYTES: u64 = 4 << 20;

/// Prints proposals for every unbound item; with `write`, puts those that are as sure as `at_least` into
/// the file. Ends with 0, or with 2 where something about the file is wrong.
pub(crate) fn run(file: &Path, write: bool, at_least: f64) -> Result<u8> {
    if !(0.0..=1.0).contains(&at_least) {
        bail!("`--at-least {at_least}` is no confidence: write a number between 0 and 1");
    }
    let source = read(file)?;
    if source.encoding() != Encoding::Utf8 {
        bail!("{}: is not UTF-8: convert it first", file.display());
    }
    let mut checklist = parse(&source);
    let sidecar = sidecar(file);
    if sidecar.is_file() {
        checklist.bind(&read(&sidecar)?);
    }
    for trouble in &checklist.troubles {
        crate::complain(&sanitize_line(&format!(
            "{}:{}:{}: {}",
            trouble.path, trouble.line, trouble.column, trouble.message
        )));
    }
    let proposals = propose(&checklist);
    crate::print(list(&checklist, &proposals, at_least).as_bytes())?;
    if write {
        put(file, &source, &checklist, &proposals, at_least)?;
    }
    Ok(if checklist.troubles.is_empty() { 0 } else { crate::FAILURE })
}

fn read(path: &Path) -> Result<Arc<Source>> {
    let name = path.display().to_string();
    let bytes = read_at_most(path, MOST_BYTES).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{name}: has more than {MOST_BYTES} bytes: split it");
    }
    Ok(Arc::new(Source::from_bytes(name, bytes)))
}

/// The bindings beside a checklist.
fn sidecar(file: &Path) -> PathBuf {
    file.with_extension("careen.yaml")
}

/// Proposals by line, for every item that nothing decides.
fn propose(checklist: &Checklist) -> BTreeMap<u32, Vec<Proposal>> {
    let candidates: Vec<_> = control::ALL
        .iter()
        .map(|control| Candidate { id: control.id, title: control.title, words: words(control.id) })
        .collect();
    let proposer = Proposer::new(&candidates);
    let unbound = checklist.items.iter().filter(|item| item.bindings.is_empty());
    unbound.map(|item| (item.line, proposer.propose(item))).collect()
}

fn list(checklist: &Checklist, proposals: &BTreeMap<u32, Vec<Proposal>>, at_least: f64) -> String {
    let mut text = String::new();
    let (mut sure, mut unsure, mut unknown) = (0, 0, 0);
    for (item, proposals) in unbound(checklist, proposals) {
        let _ = writeln!(text, "{}: {}", item.line, sanitize_line(&item.text));
        for proposal in proposals {
            let _ = writeln!(text, "    {:.2}  {}", proposal.confidence, proposal.control);
        }
        match proposals.first() {
            None => {
                text.push_str("    no proposal\n");
                unknown += 1;
            }
            Some(top) if top.confidence >= at_least => sure += 1,
            Some(_) => unsure += 1,
        }
    }
    let bound = checklist.items.len() - proposals.len();
    let _ = writeln!(
        text,
        "{} items, {bound} bound already; of the others {sure} have a proposal of {at_least} or more, \
         {unsure} a weaker one, {unknown} none",
        checklist.items.len(),
    );
    text
}

fn unbound<'a>(
    checklist: &'a Checklist,
    proposals: &'a BTreeMap<u32, Vec<Proposal>>,
) -> impl Iterator<Item = (&'a Item, &'a Vec<Proposal>)> {
    let items = checklist.items.iter();
    items.filter_map(|item| Some((item, proposals.get(&item.line)?)))
}

/// Writes the top proposals that are sure enough behind their items.
fn put(
    file: &Path,
    source: &Arc<Source>,
    checklist: &Checklist,
    proposals: &BTreeMap<u32, Vec<Proposal>>,
    at_least: f64,
) -> Result<()> {
    let bindings: BTreeMap<_, _> = unbound(checklist, proposals)
        .filter_map(|(item, proposals)| Some((item.line, proposals.first()?)))
        .filter(|(_, top)| top.confidence >= at_least)
        .map(|(line, top)| (line, top.control.clone()))
        .collect();
    let bound = annotate(checklist, &bindings);
    if bound.text != source.text() {
        overwrite(file, bound.text.as_bytes())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let kept = match bindings.len() - bound.written {
        0 => String::new(),
        left => {
            format!(" ({left} could not be written: bind these in {})", sidecar(file).display())
        }
    };
    crate::complain(&sanitize_line(&format!(
        "{}: {} bindings written{kept}; they are guesses by words: read each before you rely on it",
        file.display(),
        bound.written
    )));
    Ok(())
}
