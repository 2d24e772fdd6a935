//! Tells where a configuration is not as the table has it.

use careen_rule::{Day, Severity};
use careen_text::closest;
use careen_yaml::{Kind, Node};

use super::{Keys, Shape, TextKind};
use crate::config::cut;
use crate::globs;
use crate::place::{Place, Problems};
use crate::{profile, profiles};

/// Words in all: anchors can make a short file a long one.
const MOST_WORDS: usize = 50_000;
/// Characters of a text for people.
const LONGEST_PROSE: usize = 2_000;

/// Compares values with the table.
pub(crate) struct Checker<'p> {
    problems: &'p mut Problems,
    words: usize,
}

impl<'p> Checker<'p> {
    pub(crate) fn new(problems: &'p mut Problems) -> Self {
        Self { problems, words: 0 }
    }

    /// Whether the file says so much, or has so many mistakes, that the rest was not looked at.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.words > MOST_WORDS || self.problems.is_full()
    }

    /// Tells what is wrong with a value; `about` is how a message calls it.
    pub(crate) fn value(&mut self, value: Node<'_>, shape: &Shape, about: &str) {
        self.words += 1;
        if self.words == MOST_WORDS + 1 {
            let message = format!("the configuration holds more than {MOST_WORDS} words");
            self.problems.at(value, message);
        }
        if self.is_cut_short() {
            return;
        }
        match shape {
            Shape::Text(kind) => self.text(value, *kind, about),
            Shape::Profile => {
                let name = value.as_str().unwrap_or_default();
                if profile(name).is_none() {
                    let known: Vec<_> = profiles().iter().map(|profile| profile.name).collect();
                    let hint = hint(name, known.iter().copied());
                    let known = known.join(", ");
                    let message =
                        format!("no profile is called `{}`{hint}: use {known}", cut(name));
                    self.problems.at(value, message);
                }
            }
            Shape::Severity => {
                if let Err(message) = cut(value.text().unwrap_or_default()).parse::<Severity>() {
                    self.problems.at(value, message);
                }
            }
            Shape::Version => {
                if value.text().is_none_or(str::is_empty) {
                    self.wrong(value, shape, about);
                }
            }
            Shape::Day => {
                if value.text().and_then(Day::parse).is_none() {
                    self.wrong(value, shape, about);
                }
            }
            Shape::Choice(words) => {
                if !value.text().is_some_and(|text| words.contains(&text)) {
                    self.wrong(value, shape, about);
                }
            }
            Shape::Truth => {
                if value.as_bool().is_none() {
                    self.wrong(value, shape, about);
                }
            }
            Shape::List { .. } => self.list(value, shape, about),
            Shape::Levels => self.levels(value, shape, about),
            Shape::Mapping(keys) => self.mapping(value, keys, about),
            Shape::Either(one, other) => {
                let shape = if value.kind() == Kind::Scalar { one } else { other };
                self.value(value, shape, about);
            }
            Shape::Elsewhere(_) | Shape::Options => {}
        }
    }

    fn wrong(&mut self, value: Node<'_>, shape: &Shape, about: &str) {
        self.problems.at(value, format!("{about} is {}", shape.noun()));
    }

    fn text(&mut self, value: Node<'_>, kind: TextKind, about: &str) {
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            let quotes = value.text().is_some_and(|text| !text.is_empty()) && !value.is_null();
            let quotes = if quotes { ": put it in quotes" } else { "" };
            return self.problems.at(value, format!("{about} is {}{quotes}", kind.noun()));
        };
        match kind {
            TextKind::Glob => {
                if let Err(message) = globs::verify(text) {
                    self.problems.at(value, format!("{about} is `{}`, {message}", cut(text)));
                }
            }
            TextKind::Object => {
                let parts = text.split('/');
                if !(2..=3).contains(&parts.clone().count()) || parts.clone().any(str::is_empty) {
                    let message = format!(
                        "{about} is `Kind/namespace/name` or `Kind/name`, with `*` for any text"
                    );
                    self.problems.at(value, message);
                }
            }
            TextKind::Path if text.contains("://") => {
                let message = format!("{about} is a path: nothing is fetched from an address");
                self.problems.at(value, message);
            }
            TextKind::Prose if text.chars().nth(LONGEST_PROSE).is_some() => {
                let message = format!("{about} is longer than {LONGEST_PROSE} characters");
                self.problems.at(value, message);
            }
            _ => {}
        }
    }

    fn list(&mut self, value: Node<'_>, shape: &Shape, about: &str) {
        let Shape::List { of, most, or_one, filled } = shape else { return };
        if value.is_null() && !filled {
            return;
        }
        if value.kind() != Kind::Sequence {
            if *or_one && value.kind() == Kind::Scalar {
                return self.value(value, of, about);
            }
            return self.wrong(value, shape, about);
        }
        let item_of = match about.strip_prefix("an item of ") {
            Some(_) => about.to_owned(),
            None => format!("an item of {about}"),
        };
        let mut count = 0;
        for item in value.items() {
            if count == *most {
                return self.problems.at(item, format!("{about} holds more than {most} items"));
            }
            self.value(item, of, &item_of);
            if self.is_cut_short() {
                return;
            }
            count += 1;
        }
        if count == 0 && *filled {
            self.problems.at(value, format!("{about} is empty: leave it out, or name something"));
        }
    }

    fn levels(&mut self, value: Node<'_>, shape: &Shape, about: &str) {
        if value.is_null() {
            return;
        }
        if value.kind() != Kind::Mapping {
            return self.wrong(value, shape, about);
        }
        for (count, entry) in value.entries().enumerate() {
            if count == 1_000 {
                let message = format!("{about} holds more than 1000 rules");
                return self.problems.at(entry.key, message);
            }
            if entry.key.as_str().is_none_or(str::is_empty) {
                self.problems.at(entry.key, format!("a key of {about} is a name"));
            }
            self.value(entry.value, &Shape::Severity, about);
        }
    }

    /// Tells what is wrong with a mapping that has keys of its own.
    pub(crate) fn mapping(&mut self, value: Node<'_>, keys: &Keys, about: &str) {
        if value.is_null() && keys.may_be_empty() {
            return;
        }
        if value.kind() != Kind::Mapping {
            let message = format!("{about} is a mapping with the keys {}", keys.list());
            return self.problems.at(value, message);
        }
        for entry in value.entries() {
            let name = entry.key.text().unwrap_or_default();
            match keys.keys.iter().find(|key| key.name == name) {
                Some(key) => self.value(entry.value, &key.shape, &format!("`{name}`")),
                None => self.problems.say(Place::of(entry.key), unknown(keys, name)),
            }
            if self.is_cut_short() {
                return;
            }
        }
        for key in keys.keys.iter().filter(|key| key.required && value.get(key.name).is_none()) {
            let message = format!("{} has no `{}`: add {}", keys.what, key.name, key.shape.noun());
            self.problems.at(value, message);
        }
        let some: Vec<_> = keys.any_of.iter().filter_map(|key| value.entry(key)).collect();
        let words: Vec<_> = keys.any_of.iter().map(|key| format!("`{key}`")).collect();
        let words = words.join(" or ");
        match some.as_slice() {
            [] if !keys.any_of.is_empty() => {
                self.problems.at(value, format!("{} says nothing: add {words}", keys.what));
            }
            [_, second, ..] if keys.exclusive => {
                let message = format!("{} has {words}, not both", keys.what);
                self.problems.at(second.key, message);
            }
            _ => {}
        }
    }
}

/// That a mapping has no such key, and which was probably meant.
pub(crate) fn unknown(keys: &Keys, name: &str) -> String {
    let hint = hint(name, keys.names());
    if std::ptr::eq(keys, &raw const super::ROOT) {
        return format!("unknown key `{}`{hint}: the keys are {}", cut(name), keys.list());
    }
    format!("{} has no key `{}`{hint}: the keys are {}", keys.what, cut(name), keys.list())
}

fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    closest(name, known).map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}
