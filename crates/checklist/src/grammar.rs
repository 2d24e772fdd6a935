//! What a `careen:` comment says: names, a demand for a report, a sign-off, `manual`, a phase.

use careen_audit_model::Phase;
use careen_evidence::{Claim, Class, Kind, duration};
use careen_text::closest;

use crate::words_of::{Word, words_of};
use crate::{Binding, Demand};

/// Bytes of a comment that is read.
const MOST_BYTES: usize = 4_000;

/// What may stand in front of `=` besides measures.
const KEYS: [&str; 6] = ["file", "suite", "environment", "max-age", "role", "phase"];

/// What a comment says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) bindings: Vec<Binding>,
    pub(crate) phase: Option<Phase>,
    pub(crate) problems: Vec<Problem>,
}

/// What is wrong with a comment.
#[derive(Debug, PartialEq)]
pub(crate) struct Problem {
    /// Bytes in front of it, from the start of what was read.
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// Reads what stands behind `careen:`.
pub(crate) fn read(text: &str) -> Said {
    let mut said = Said::default();
    if text.len() > MOST_BYTES {
        said.refuse(0, format!("the binding is longer than {MOST_BYTES} bytes: shorten it"));
        return said;
    }
    let words = match words_of(text) {
        Ok(words) => words,
        Err(at) => {
            said.refuse(at, "the quotation mark is never closed: add another `\"`".to_owned());
            return said;
        }
    };
    let (phases, words): (Vec<_>, Vec<_>) =
        words.into_iter().partition(|word| word.text.starts_with("phase="));
    for word in &phases {
        said.read_phase(word);
    }
    match words.split_first() {
        None if phases.is_empty() => said.refuse(
            0,
            "the binding says nothing: name a control, `evidence …`, `sign-off …` or `manual`"
                .to_owned(),
        ),
        None => {}
        Some((first, rest)) => said.read_binding(first, rest, &words),
    }
    said
}

impl Said {
    fn refuse(&mut self, at: usize, message: String) {
        self.problems.push(Problem { at, message });
    }

    fn read_phase(&mut self, word: &Word) {
        let value = word.text.trim_end_matches(',').trim_start_matches("phase=");
        match phase(value) {
            Err(message) => self.refuse(word.at, message),
            Ok(_) if self.phase.is_some() => {
                self.refuse(word.at, "`phase` is said twice: take one away".to_owned());
            }
            Ok(phase) => self.phase = Some(phase),
        }
    }

    fn read_binding(&mut self, first: &Word, rest: &[Word], all: &[Word]) {
        match first.text.as_str() {
            "evidence" => self.read_demand(first.at, rest),
            // A control has that name too: it is meant where nothing more is asked.
            "sign-off" if rest.first().is_some_and(|word| word.text.contains('=')) => {
                self.read_sign_off(rest);
            }
            "attest" => self.read_sign_off(rest),
            "manual" => {
                self.bindings.push(Binding::Manual);
                if let Some(word) = rest.first() {
                    self.refuse(
                        word.at,
                        format!("`manual` stands alone: take `{}` away", shown(&word.text)),
                    );
                }
            }
            word if kind_or_class(word).is_some() => self.read_demand(first.at, all),
            _ => self.read_names(all),
        }
    }

    fn read_names(&mut self, words: &[Word]) {
        let mut may_follow = true;
        for word in words {
            let mut at = word.at;
            for (index, part) in word.text.split(',').enumerate() {
                if index > 0 {
                    if may_follow {
                        self.refuse(at, "a name is missing in front of the comma".to_owned());
                    }
                    may_follow = true;
                }
                if !part.is_empty() {
                    self.read_name(at, part, may_follow);
                    may_follow = false;
                }
                at += part.len() + 1;
            }
        }
    }

    fn read_name(&mut self, at: usize, name: &str, may_follow: bool) {
        if !is_name(name) {
            self.refuse(at, not_understood(name));
        } else if ["evidence", "attest", "manual"].contains(&name) {
            self.refuse(at, format!("`{name}` needs a comment of its own: begin another one"));
        } else if may_follow {
            self.bindings.push(Binding::Named(name.to_owned()));
        } else {
            let message =
                format!("a comma is missing in front of `{name}`: names are a list `a, b`");
            self.refuse(at, message);
        }
    }

    fn read_sign_off(&mut self, words: &[Word]) {
        let (mut role, mut max_age) = (None, None);
        for word in words {
            let result = match split(&word.text) {
                Some(("role", value)) if !is_name(value) => {
                    Err(format!("`{}` is no role: write `role=dba`", shown(value)))
                }
                Some(("role", value)) => set(&mut role, "role", value.to_owned()),
                Some(("max-age", value)) => {
                    duration(value).and_then(|age| set(&mut max_age, "max-age", age))
                }
                _ => Err(unknown(&word.text, "a sign-off", &["role", "max-age", "phase"])),
            };
            if let Err(message) = result {
                self.refuse(word.at, message);
            }
        }
        let role = role.unwrap_or_else(|| "any".to_owned());
        self.bindings.push(Binding::SignOff { role, max_age });
    }

    fn read_demand(&mut self, at: usize, words: &[Word]) {
        let mut demand = Demand {
            kind: None,
            class: None,
            files: Vec::new(),
            suite: None,
            environment: None,
            claims: Vec::new(),
            max_age: None,
        };
        let subject = words.first().and_then(|word| kind_or_class(&word.text));
        let rest = match subject {
            Some(Subject::Kind(kind)) => {
                demand.kind = Some(kind);
                words.get(1..)
            }
            Some(Subject::Class(class)) => {
                demand.class = Some(class);
                words.get(1..)
            }
            None => {
                let place = words.first().map_or(at, |word| word.at);
                self.refuse(place, unnamed(words.first()));
                words.get(usize::from(words.first().is_some_and(|word| !word.has_sign()))..)
            }
        };
        for word in rest.unwrap_or_default() {
            if let Err(message) = ask(&mut demand, &word.text) {
                self.refuse(word.at, message);
            }
        }
        self.bindings.push(Binding::Evidence(demand));
    }
}

enum Subject {
    Kind(Kind),
    Class(Class),
}

fn kind_or_class(word: &str) -> Option<Subject> {
    let kind = word.parse().map(Subject::Kind).ok();
    kind.or_else(|| word.parse().map(Subject::Class).ok())
}

/// Reads `before` or `after`.
pub(crate) fn phase(word: &str) -> Result<Phase, String> {
    match word {
        "before" => Ok(Phase::Before),
        "after" => Ok(Phase::After),
        _ => Err(format!("`{}` is no phase: write `before` or `after`", shown(word))),
    }
}

/// Adds what a word asks of a report.
fn ask(demand: &mut Demand, word: &str) -> Result<(), String> {
    let word = word.trim_end_matches(',');
    match split(word) {
        Some(("file", globs)) => {
            let globs = globs.split(',').map(glob).collect::<Result<Vec<_>, _>>()?;
            demand.files.extend(globs);
            Ok(())
        }
        Some(("suite", value)) => set(&mut demand.suite, "suite", value.to_owned()),
        Some(("environment", value)) => {
            set(&mut demand.environment, "environment", value.to_owned())
        }
        Some(("max-age", value)) => {
            duration(value).and_then(|age| set(&mut demand.max_age, "max-age", age))
        }
        _ if word.contains(['<', '>', '=']) => claim(demand, word),
        _ => Err(unknown(word, "a demand for evidence", &KEYS)),
    }
}

fn claim(demand: &mut Demand, word: &str) -> Result<(), String> {
    let claim = Claim::parse(word).map_err(|message| {
        let name = word.split(['<', '>', '=']).next().unwrap_or_default();
        match closest(name, KEYS) {
            Some(near) if !message.contains("did you mean") => {
                format!("{message} (did you mean `{near}=`?)")
            }
            _ => message,
        }
    })?;
    if demand.claims.contains(&claim) {
        return Err(format!("`{}` is said twice: take one away", shown(word)));
    }
    demand.claims.push(claim);
    Ok(())
}

fn glob(text: &str) -> Result<String, String> {
    let leads_out = text.starts_with('/') || text.split('/').any(|part| part == "..");
    if text.is_empty() {
        Err("a path is missing: write `file=reports/*.json`".to_owned())
    } else if leads_out {
        Err(format!("`{}` leads out: paths are relative to the audited folder", shown(text)))
    } else {
        Ok(text.to_owned())
    }
}

fn set<T>(place: &mut Option<T>, key: &str, value: T) -> Result<(), String> {
    if place.is_some() {
        return Err(format!("`{key}` is said twice: take one away"));
    }
    *place = Some(value);
    Ok(())
}

/// A key and a value that is not empty; none where a word is a comparison or neither.
fn split(word: &str) -> Option<(&str, &str)> {
    let at = word.find(['<', '>', '='])?;
    let (key, value) = (word.get(..at)?, word.get(at..)?.strip_prefix('=')?);
    let value = value.trim_end_matches(',');
    (KEYS.contains(&key) && !value.is_empty()).then_some((key, value))
}

/// Whether a word may be the name of a control, a rule or a role.
fn is_name(word: &str) -> bool {
    word.len() <= 100
        && word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c))
}

fn unnamed(word: Option<&Word>) -> String {
    let Some(word) = word.filter(|word| !word.has_sign()) else {
        return "`evidence` names no report: write `evidence k6 …` or `evidence tests …`"
            .to_owned();
    };
    let known = Kind::ALL.map(Kind::as_str).into_iter().chain(Class::ALL.map(Class::as_str));
    let shown = shown(&word.text);
    match closest(&word.text, known) {
        Some(near) => format!("no report is called `{shown}` (did you mean `{near}`?)"),
        None => {
            format!("no report is called `{shown}`: write `k6`, `junit`, `coverage` or the like")
        }
    }
}

fn unknown(word: &str, place: &str, known: &[&str]) -> String {
    let name = word.split(['<', '>', '=']).next().unwrap_or_default();
    let shown = shown(word);
    match closest(name, known.iter().copied()) {
        Some(near) => format!("`{shown}` means nothing in {place} (did you mean `{near}=…`?)"),
        None => format!("`{shown}` means nothing in {place}: take it away"),
    }
}

fn not_understood(word: &str) -> String {
    let name = word.split(['<', '>', '=']).next().unwrap_or_default();
    let shown = shown(word);
    match closest(name, KEYS) {
        Some(near) => {
            format!("`{shown}` is no name of a control or a rule (did you mean `{near}=…`?)")
        }
        None => format!(
            "`{shown}` is no name of a control or a rule: begin with `evidence` if a report is meant"
        ),
    }
}

/// A word of a file, short enough for a message.
fn shown(word: &str) -> String {
    let word = word.replace('`', "'");
    let mut short: String = word.chars().take(60).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
