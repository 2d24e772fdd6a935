//! Bindings beside a checklist: `NAME.careen.yaml`.

mod entry;

use std::collections::HashMap;
use std::sync::Arc;

use careen_text::{Source, closest};
use careen_yaml::{Kind, Limits};

use crate::gather::Gathered;
use crate::parse::{gather, trouble};
use crate::pattern::{MOST_STEPS, fits};
use crate::{Checklist, Trouble, layout};

use entry::{Entry, read_entry};

/// Bytes of a sidecar that is read.
const MOST_BYTES: usize = 4 << 20;

/// Entries of a sidecar.
const MOST_ENTRIES: usize = 20_000;

/// Troubles that are told.
const MOST_TROUBLES: usize = 1_000;

/// Items that were meant are searched for so many entries.
const MOST_GUESSES: usize = 10;

/// Adds the bindings of a sidecar to a checklist.
pub(crate) fn bind(checklist: &mut Checklist, sidecar: &Arc<Source>) {
    let mut troubles = Troubles { source: sidecar, list: Vec::new(), more: 0 };
    let entries = read(sidecar, &mut troubles);
    Binder::new(checklist).bind(checklist, &entries, &mut troubles);
    let mut list = troubles.list;
    list.sort();
    if troubles.more > 0 {
        let at = sidecar.text().len();
        list.push(trouble(sidecar, at, format!("{} more entries are wrong", troubles.more)));
    }
    checklist.troubles.extend(list);
}

/// What is wrong with a sidecar.
struct Troubles<'s> {
    source: &'s Source,
    list: Vec<Trouble>,
    more: usize,
}

impl Troubles<'_> {
    fn say(&mut self, at: usize, message: String) {
        if self.list.len() < MOST_TROUBLES {
            self.list.push(trouble(self.source, at, message));
        } else {
            self.more += 1;
        }
    }
}

fn read(sidecar: &Arc<Source>, troubles: &mut Troubles<'_>) -> Vec<Entry> {
    let size = sidecar.text().len();
    if size > MOST_BYTES {
        let message = format!("the sidecar has {size} bytes, and {MOST_BYTES} are read: split it");
        troubles.say(0, message);
        return Vec::new();
    }
    let limits = Limits { max_nodes: 1_000_000, max_depth: 16, max_alias_expansion: 20_000 };
    let tree = careen_yaml::parse(sidecar, &limits);
    for problem in tree.problems() {
        troubles.say(problem.span.start as usize, format!("is no sound YAML: {}", problem.message));
    }
    let Some(root) = tree.document(0).and_then(|document| document.root()) else {
        troubles.say(0, "the sidecar is empty: write `bindings:` and a list".to_owned());
        return Vec::new();
    };
    let Some(list) = root.get("bindings").filter(|list| list.kind() == Kind::Sequence) else {
        troubles.say(
            root.span().start as usize,
            "the sidecar has no list `bindings`: write `bindings: [{item: …, careen: …}]`"
                .to_owned(),
        );
        return Vec::new();
    };
    for entry in root.entries().filter(|entry| entry.name() != Some("bindings")) {
        let name = entry.name().unwrap_or_default();
        let message = format!("no key is called `{}`: only `bindings` is", entry::shown(name));
        troubles.say(entry.key.span().start as usize, message);
    }
    let mut entries = Vec::new();
    for (index, node) in list.items().enumerate() {
        if index == MOST_ENTRIES {
            let at = node.span().start as usize;
            troubles.say(at, format!("there are more than {MOST_ENTRIES} entries: split the file"));
            break;
        }
        entries.extend(read_entry(node, &mut |at, message| troubles.say(at, message)));
    }
    entries
}

/// What is known of the items while entries are held against them.
struct Binder {
    /// The items of each text.
    by_text: HashMap<String, Vec<usize>>,
    /// What the checklist itself says of each item.
    own: Vec<Gathered>,
    /// What the sidecar says of each item.
    added: Vec<Gathered>,
    steps: u64,
    guesses: usize,
}

impl Binder {
    fn new(checklist: &Checklist) -> Self {
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, item) in checklist.items.iter().enumerate() {
            by_text.entry(item.text.clone()).or_default().push(index);
        }
        let own: Vec<_> =
            layout::read(&checklist.source).items.iter().map(|placed| gather(placed).0).collect();
        let added = checklist.items.iter().map(|_| Gathered::default()).collect();
        Self { by_text, own, added, steps: MOST_STEPS, guesses: MOST_GUESSES }
    }

    fn bind(mut self, checklist: &mut Checklist, entries: &[Entry], troubles: &mut Troubles<'_>) {
        for entry in entries {
            let found = self.find(checklist, entry);
            if found.is_empty() {
                let message = self.nothing(checklist, entry);
                troubles.say(entry.at, message);
            }
            for index in found {
                self.add(index, checklist, entry, troubles);
            }
        }
        if self.steps == 0 {
            troubles.say(0, "the patterns with `*` are too many: name items exactly".to_owned());
        }
        for ((item, own), added) in checklist.items.iter_mut().zip(&self.own).zip(self.added) {
            if let Some(phase) = added.phase().filter(|_| own.phase().is_none()) {
                item.phase = phase;
            }
            if !own.is_bound() {
                item.bindings = added.bindings();
            }
        }
    }

    /// The items that an entry means.
    fn find(&mut self, checklist: &Checklist, entry: &Entry) -> Vec<usize> {
        let candidates: Vec<usize> = if entry.item.contains('*') {
            let texts = checklist.items.iter().enumerate();
            texts
                .filter(|(_, item)| fits(&entry.item, &item.text, &mut self.steps))
                .map(|(index, _)| index)
                .collect()
        } else {
            self.by_text.get(&entry.item).cloned().unwrap_or_default()
        };
        let stands_there = |index: &usize| {
            checklist.items.get(*index).is_some_and(|item| {
                entry.line.is_none_or(|line| line == i64::from(item.bare_line))
                    && entry.section.as_ref().is_none_or(|section| item.section.contains(section))
            })
        };
        candidates.into_iter().filter(stands_there).collect()
    }

    fn add(
        &mut self,
        index: usize,
        checklist: &Checklist,
        entry: &Entry,
        troubles: &mut Troubles<'_>,
    ) {
        let (Some(own), Some(added), Some(item)) =
            (self.own.get(index), self.added.get_mut(index), checklist.items.get(index))
        else {
            return;
        };
        let says_more = !entry.said.bindings.is_empty() && own.is_bound();
        let says_when = entry.said.phase.is_some() && own.phase().is_some();
        if says_more || says_when {
            let what = if says_more { "is bound" } else { "has its phase" };
            let message = format!(
                "the item on line {} {what} in the checklist already, which wins: take one away",
                item.line
            );
            troubles.say(entry.at, message);
        }
        for (at, message) in added.add(&entry.said) {
            // What is wrong with the words themselves was told when they were read.
            if !entry.said.problems.iter().any(|problem| problem.message == message) {
                troubles.say(entry.at + at, format!("on line {} {message}", item.line));
            }
        }
    }

    /// Why an entry means no item.
    fn nothing(&mut self, checklist: &Checklist, entry: &Entry) -> String {
        let shown = entry::shown(&entry.item);
        let others = self.by_text.get(&entry.item);
        if let Some(other) = others.and_then(|others| checklist.items.get(*others.first()?)) {
            return format!(
                "no item `{shown}` stands there: it is on line {} below `{}`",
                other.bare_line,
                entry::shown(other.section.last().map_or("no heading", String::as_str))
            );
        }
        self.guesses = self.guesses.saturating_sub(1);
        let texts = checklist.items.iter().filter(|_| self.guesses > 0);
        match closest(&entry.item, texts.map(|item| item.text.as_str())) {
            Some(near) => {
                format!("no item says `{shown}` (did you mean `{}`?)", entry::shown(near))
            }
            None => format!("no item says `{shown}`: write its text, or a part with `*`"),
        }
    }
}

#[cfg(test)]
mod tests;
