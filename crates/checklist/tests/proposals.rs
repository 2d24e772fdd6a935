//! How often the words of an item lead to its control.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, which say what they measured"
)]
#![allow(dead_code, reason = "each test binary uses a part of what they share")]

mod common;

use careen_audit_model::Phase;
use careen_checklist::{Candidate, Item, Proposal, Proposer, parse, words};

use common::{controls, file, seeds};

fn proposer() -> Proposer {
    let controls = controls();
    let candidates: Vec<_> =
        controls.iter().map(|(id, title)| Candidate { id, title, words: words(id) }).collect();
    Proposer::new(&candidates)
}

/// What was guessed, by what was meant.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: Vec<String>,
    sure_but_wrong: usize,
    sure: usize,
}

impl Tally {
    fn add(&mut self, item: &Item, meant: &[&str], proposals: &[Proposal]) {
        let top = proposals.first();
        let is_sure = top.is_some_and(|top| top.confidence >= 0.5);
        self.sure += usize::from(is_sure);
        if top.is_some_and(|top| meant.contains(&top.control.as_str())) {
            self.right += 1;
            return;
        }
        self.sure_but_wrong += usize::from(is_sure);
        let guessed: Vec<_> =
            proposals.iter().map(|it| format!("{} {:.2}", it.control, it.confidence)).collect();
        self.wrong.push(format!("{} ({}): {}", item.text, meant.join(" "), guessed.join(", ")));
    }

    /// Tells the outcome, and fails below `least` of a hundred.
    fn judge(&self, what: &str, least: usize) {
        let all = self.right + self.wrong.len();
        println!(
            "{what}: {} of {all} right; {} at 0.5 or more, {} of these wrong",
            self.right, self.sure, self.sure_but_wrong
        );
        for line in &self.wrong {
            println!("  {line}");
        }
        assert!(self.right * 100 >= least * all, "{what}: {} of {all}", self.right);
        assert!(
            self.sure_but_wrong * 20 <= all,
            "{what}: {} are sure and wrong",
            self.sure_but_wrong
        );
    }
}

#[test]
fn words_lead_to_the_controls_of_the_seeds() {
    let proposer = proposer();
    let mut tally = Tally::default();
    let items = ["deployment", "platform"]
        .map(|name| parse(&file(&format!("fixtures/checklists/{name}.md"))).items);
    for (item, seed) in items.iter().flatten().zip(seeds()) {
        tally.add(item, &seed.controls, &proposer.propose(item));
    }
    tally.judge("seeds", 85);
}

/// Lines as other teams write them, which no word was chosen for: heading, line, control.
const HELD_OUT: &str = include_str!("held-out.tsv");

#[test]
fn words_lead_to_the_controls_of_other_lists() {
    let proposer = proposer();
    let mut tally = Tally::default();
    for line in HELD_OUT.lines().skip(1) {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (section, text, control) = (next(), next(), next());
        let section: Vec<_> =
            Some(section).filter(|it| !it.is_empty()).map(str::to_owned).into_iter().collect();
        let item = Item {
            text: text.to_owned(),
            line: 1,
            bare_line: 1,
            section,
            ticked: false,
            bindings: Vec::new(),
            phase: Phase::Before,
        };
        tally.add(&item, &control.split(' ').collect::<Vec<_>>(), &proposer.propose(&item));
    }
    tally.judge("held out", 75);
}

#[test]
fn every_control_has_words() {
    for (id, _) in controls() {
        assert!(!words(&id).is_empty(), "{id}");
    }
}

#[test]
fn what_means_nothing_here_is_not_proposed_surely() {
    let proposer = proposer();
    for text in
        ["Order cake for the launch party", "Water the plants", "Book flights to the offsite", "…"]
    {
        let item = Item {
            text: text.to_owned(),
            line: 1,
            bare_line: 1,
            section: Vec::new(),
            ticked: false,
            bindings: Vec::new(),
            phase: Phase::Before,
        };
        let proposals = proposer.propose(&item);
        assert!(proposals.iter().all(|it| it.confidence < 0.3), "{text}: {proposals:?}");
    }
}
