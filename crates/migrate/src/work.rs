//! What every reader of a configuration does with its words.

use std::collections::BTreeSet;

use careen_rule::{Meta, Severity};

use crate::model::{Fate, Ignored, Item, Note, Origin, Scope, Value};
use crate::names::{Names, beyond};
use crate::words::{are, cut, list, off_by_default, told};
use crate::{Input, Migration};

/// Items that are kept; of more only the number is told.
const MOST_ITEMS: usize = 10_000;

/// Other checks of the tool that may go with the one that is ignored, where a rule of ours covers
/// several.
const MOST_ALSO: usize = 3;

/// The linters that a list of checks may leave without a rule.
const LINTERS: [&str; 4] = ["images", "kubernetes", "secrets", "tls"];

/// A migration under way.
pub(crate) struct Work<'a> {
    rules: &'a [&'static Meta],
    names: Names,
    prefix: &'static str,
    migration: Migration,
    /// Linters whose rules a file lists one by one.
    listed: BTreeSet<&'static str>,
    /// Linters that a tool without such a list runs in full.
    in_full: BTreeSet<&'static str>,
    /// Whether lists of checks may become `select`.
    may_select: bool,
    /// Rules to select beside those of lists, if any are.
    running: Vec<(&'static str, Note)>,
    /// Rules that the file that is read now asks for.
    wanted: BTreeSet<&'static str>,
}

impl<'a> Work<'a> {
    pub(crate) fn new(rules: &'a [&'static Meta], may_select: bool) -> Self {
        Self {
            rules,
            names: Names::of(rules),
            prefix: "",
            migration: Migration::default(),
            listed: BTreeSet::new(),
            in_full: BTreeSet::new(),
            may_select,
            running: Vec::new(),
            wanted: BTreeSet::new(),
        }
    }

    /// Begins with the next file.
    pub(crate) fn begin(&mut self, input: &Input) {
        self.prefix = input.tool.prefix();
        self.wanted.clear();
    }

    fn tell(&mut self, origin: Origin, what: &str, fate: Fate) {
        if self.migration.items.len() >= MOST_ITEMS {
            self.migration.more += 1;
            return;
        }
        self.migration.items.push(Item { origin, what: cut(what), fate });
    }

    pub(crate) fn taken(&mut self, origin: Origin, what: &str, how: impl Into<String>) {
        self.tell(origin, what, Fate::Taken(how.into()));
    }

    pub(crate) fn honoured(&mut self, origin: Origin, what: &str, how: impl Into<String>) {
        self.tell(origin, what, Fate::Honoured(how.into()));
    }

    pub(crate) fn left(&mut self, origin: Origin, what: &str, why: impl Into<String>) {
        self.tell(origin, what, Fate::Left(why.into()));
    }

    /// The rules that answer to a check of the tool that is read; one that nobody answers to is
    /// told.
    pub(crate) fn resolve(&mut self, id: &str, origin: &Origin) -> Vec<&'static Meta> {
        let found = self.names.rules_of(self.prefix, id);
        if found.is_empty() {
            let why = self.names.exclusion(self.prefix, id).or_else(|| beyond(self.prefix, id));
            let why = match why {
                Some(why) => format!("no rule answers to it: {why}"),
                None => "no rule answers to it".to_owned(),
            };
            self.left(origin.clone(), id, why);
        }
        found
    }

    /// Rules by the name of another tool.
    pub(crate) fn named(&self, tool: &str, id: &str) -> Vec<&'static Meta> {
        self.names.rules_of(tool, id)
    }

    /// Notes that a rule is wanted by this file, so that another check of it does not ignore it.
    pub(crate) fn want(&mut self, rules: &[&'static Meta]) {
        self.wanted.extend(rules.iter().map(|rule| rule.id));
    }

    /// Ignores the rules behind a check.
    pub(crate) fn ignore(&mut self, id: &str, origin: Origin, scope: Scope) {
        let found = self.resolve(id, &origin);
        if !found.is_empty() {
            self.ignore_rules(id, &found, origin, scope);
        }
    }

    /// Ignores rules for some objects, also those that are wanted elsewhere.
    pub(crate) fn exempt(
        &mut self,
        id: &str,
        found: &[&'static Meta],
        origin: Origin,
        scope: Scope,
    ) {
        let wanted = std::mem::take(&mut self.wanted);
        self.ignore_rules(id, found, origin, scope);
        self.wanted = wanted;
    }

    /// Ignores rules that were found already.
    pub(crate) fn ignore_rules(
        &mut self,
        id: &str,
        found: &[&'static Meta],
        origin: Origin,
        scope: Scope,
    ) {
        let (kept, gone): (Vec<_>, Vec<_>) =
            found.iter().map(|rule| rule.id).partition(|rule| self.wanted.contains(rule));
        if gone.is_empty() {
            let why = format!(
                "{} {} kept, since the same file asks for another check of it",
                list(&kept),
                if kept.len() == 1 { "is" } else { "are" }
            );
            return self.left(origin, id, why);
        }
        let note = (origin.clone(), format!("{}:{}", self.prefix, cut(id)));
        let also = self.also_covered(id, &gone);
        if also.len() > MOST_ALSO && scope.paths.is_empty() && scope.objects.is_empty() {
            let why = format!(
                "{} covers {} more checks of {}, which would be ignored too: `ignore: [{}]`, if that \
                 is meant",
                list(&gone),
                also.len(),
                self.prefix,
                gone.join(", ")
            );
            return self.left(origin, id, why);
        }
        let also = match also.len() {
            0 => String::new(),
            _ => format!("; what {} finds goes with it", list(&also)),
        };
        self.taken(origin, id, format!("ignored as {}{}{also}", list(&gone), told(&scope)));
        self.ignore_names(gone.into_iter().map(str::to_owned).collect(), scope, note);
    }

    /// Other checks of the tool that are the same rules of ours.
    fn also_covered(&self, id: &str, gone: &[&str]) -> Vec<&'static str> {
        let rules = self.rules.iter().filter(|rule| gone.contains(&rule.id));
        let peers = rules.flat_map(|rule| rule.peers.iter().copied());
        let own = peers.filter_map(|peer| peer.strip_prefix(self.prefix)?.strip_prefix(':'));
        // What a check is made of is no other check.
        let own = own.filter(|peer| !peer.starts_with("template:"));
        let start = id.strip_suffix('*').unwrap_or(id);
        let mut other: Vec<_> = own
            .filter(|peer| match peer.get(..start.len()) {
                Some(same) if same.len() == peer.len() || id.ends_with('*') => {
                    !same.eq_ignore_ascii_case(start)
                }
                _ => true,
            })
            .collect();
        other.sort_unstable();
        other.dedup();
        other
    }

    /// Ignores names of ours.
    pub(crate) fn ignore_names(&mut self, rules: Vec<String>, scope: Scope, note: Note) {
        let ignore = &mut self.migration.draft.ignore;
        if ignore.len() >= MOST_ITEMS {
            return;
        }
        if !scope.is_plain() {
            return match ignore.iter_mut().find(|it| it.scope == scope && it.rules == rules) {
                Some(known) => known.origins.push(note),
                None => ignore.push(Ignored { rules, scope, origins: vec![note] }),
            };
        }
        for rule in rules {
            let known = ignore.iter_mut().find(|it| it.scope.is_plain() && it.rules == [&*rule]);
            match known {
                Some(known) => known.origins.push(note.clone()),
                None => ignore.push(Ignored {
                    rules: vec![rule],
                    scope: Scope::default(),
                    origins: vec![note.clone()],
                }),
            }
        }
    }

    /// Gives the rules behind a check a severity. Where several checks of one rule differ, the
    /// highest counts.
    pub(crate) fn severity(&mut self, id: &str, level: Severity, word: &str, origin: Origin) {
        let found = self.resolve(id, &origin);
        self.want(&found);
        let (on, off): (Vec<_>, Vec<_>) = found.into_iter().partition(|rule| rule.default);
        if !off.is_empty() {
            let ids: Vec<_> = off.iter().map(|rule| rule.id).collect();
            self.left(origin.clone(), id, off_by_default(&ids));
        }
        if on.is_empty() {
            return;
        }
        let ids: Vec<_> = on.iter().map(|rule| rule.id).collect();
        self.taken(origin.clone(), id, format!("{word} is {level} for {}", list(&ids)));
        let note = (origin, format!("{}:{} {word}", self.prefix, cut(id)));
        for rule in on {
            let severity = &mut self.migration.draft.severity;
            let (known, notes) =
                severity.entry(rule.id.to_owned()).or_insert_with(|| (level, Vec::new()));
            *known = level.max(*known);
            notes.push(note.clone());
        }
    }

    /// Sets what fails a run; of several words the mildest counts.
    pub(crate) fn fail_on(&mut self, level: Severity, what: &str, origin: Origin) {
        let note = (origin.clone(), what.to_owned());
        let known = self.migration.draft.fail_on.as_ref().map(|(level, _)| *level);
        if known.is_some_and(|known| known <= level) {
            return self.left(origin, what, "another file says the same or asks for more");
        }
        self.migration.draft.fail_on = Some((level, note));
        self.taken(origin, what, format!("`fail-on: {level}`, for everything Careen looks at"));
    }

    /// Leaves paths out.
    pub(crate) fn exclude(&mut self, glob: &str, what: &str, origin: Origin) {
        self.taken(origin.clone(), what, format!("`{glob}` is excluded"));
        let exclude = &mut self.migration.draft.exclude;
        if !exclude.iter().any(|(known, _)| known == glob) {
            exclude.push((glob.to_owned(), (origin, what.to_owned())));
        }
    }

    /// Tells a rule an option.
    pub(crate) fn option(
        &mut self,
        (rule, option): (&str, &str),
        value: Value,
        what: &str,
        origin: Origin,
    ) {
        self.taken(origin.clone(), what, format!("option `{option}` of `{rule}`"));
        let note = (origin, what.to_owned());
        let key = (rule.to_owned(), option.to_owned());
        let options = &mut self.migration.draft.options;
        let Some((known, notes)) = options.get_mut(&key) else {
            options.insert(key, (value, vec![note]));
            return;
        };
        match (known, value) {
            (Value::Words(known), Value::Words(more)) => known.extend(more),
            (Value::Map(known), Value::Map(more)) => known.extend(more),
            _ => {}
        }
        notes.push(note);
    }

    /// Something that a person must decide on.
    pub(crate) fn propose(&mut self, line: impl Into<String>, what: &str, origin: Origin) {
        self.migration.draft.proposals.push((line.into(), (origin, what.to_owned())));
    }

    /// The tool runs its own choice of checks on what these linters look at.
    pub(crate) fn runs_in_full(&mut self, linters: &[&'static str]) {
        self.in_full.extend(linters.iter().copied());
    }

    /// The rules behind a check run, also where lists select others.
    pub(crate) fn runs(&mut self, id: &str, origin: &Origin) {
        let note = (origin.clone(), format!("{}:{}", self.prefix, cut(id)));
        let found = self.names.rules_of(self.prefix, id);
        self.running.extend(found.into_iter().map(|rule| (rule.id, note.clone())));
    }

    /// Whether a list of manifests' checks stands against a tool that runs its own choice of them:
    /// then there is nothing to select.
    pub(crate) fn lists_in_vain(&self) -> bool {
        self.may_select && self.listed.contains("kubernetes") && self.in_full.contains("kubernetes")
    }

    /// The checks of a list are to run and no others of the tool, which looks at what the
    /// `covered` linters look at.
    pub(crate) fn only(&mut self, words: &[(&str, Origin)], covered: &[&'static str]) {
        if !self.may_select {
            if let Some((_, origin)) = words.first() {
                let why = "another tool here runs its own choice of checks, so the profile stays: \
                           `select` would take those away";
                self.left(origin.clone(), "list of the only checks to run", why);
            }
            return self.besides(words);
        }
        let mut any = false;
        for (id, origin) in words {
            let found = self.resolve(id, origin);
            self.want(&found);
            if found.is_empty() {
                continue;
            }
            any = true;
            let ids: Vec<_> = found.iter().map(|rule| rule.id).collect();
            self.taken(origin.clone(), id, format!("selected as {}", list(&ids)));
            let note = (origin.clone(), format!("{}:{}", self.prefix, cut(id)));
            for id in ids {
                self.select(id, note.clone());
            }
        }
        if any {
            self.listed.extend(covered.iter().copied());
        }
    }

    fn select(&mut self, id: &str, note: Note) {
        let select = &mut self.migration.draft.select;
        match select.iter_mut().find(|(known, _)| known == id) {
            Some((_, notes)) => notes.push(note),
            None => select.push((id.to_owned(), vec![note])),
        }
    }

    /// The checks of a list are to run besides those that run anyway.
    pub(crate) fn besides(&mut self, words: &[(&str, Origin)]) {
        for (id, origin) in words {
            let found = self.resolve(id, origin);
            self.want(&found);
            let (on, off): (Vec<_>, Vec<_>) = found.into_iter().partition(|rule| rule.default);
            let ids = |rules: &[&'static Meta]| rules.iter().map(|it| it.id).collect::<Vec<_>>();
            if !on.is_empty() {
                let how = format!("{} on by default", list(&ids(&on)) + are(on.len()));
                self.taken(origin.clone(), id, how);
            }
            if !off.is_empty() {
                self.left(origin.clone(), id, off_by_default(&ids(&off)));
            }
        }
    }

    /// Ends: the linters that no list is about keep their rules.
    pub(crate) fn finish(mut self) -> Migration {
        // A level that is given is not lowered in tests, so one that is the rule's own is not given.
        let own = |id: &str| self.rules.iter().find(|rule| rule.id == id).map(|rule| rule.severity);
        self.migration.draft.severity.retain(|id, (level, _)| own(id) != Some(*level));
        if !self.migration.draft.select.is_empty() {
            for (id, note) in std::mem::take(&mut self.running) {
                self.select(id, note);
            }
            for linter in LINTERS {
                if !self.listed.contains(linter) || self.in_full.contains(linter) {
                    self.migration.draft.select.push((linter.to_owned(), Vec::new()));
                }
            }
        }
        self.migration
    }
}
