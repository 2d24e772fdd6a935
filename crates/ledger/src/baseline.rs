//! The baseline: findings that were there when Careen came, by what they are and not by their
//! lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use careen_rule::Day;

use crate::place::{Place, Subject, key};

/// What identifies a finding of a rule in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The salted hash of a secret's value.
    Value(String),
    /// The semantic fingerprint of anything else.
    Fingerprint(String),
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The path as reported.
    pub path: String,
    /// What identifies it.
    pub key: Key,
    /// How many findings with the same fingerprint are known. A secret's entry holds for all places
    /// of the value in the file.
    pub count: usize,
    /// The object, as `Deployment/shop/api`.
    pub object: Option<String>,
    /// The container in it.
    pub container: Option<String>,
    /// What is wrong, wherever it stands: see [`Finding::mark`](careen_rule::Finding::mark). An
    /// entry without it holds for its path and names alone.
    pub mark: Option<String>,
    /// Why it is accepted, for people.
    pub reason: Option<String>,
    /// Who is to mend it, for people.
    pub owner: Option<String>,
    /// The last day it holds; without one it holds for ever.
    pub expires: Option<Day>,
}

impl Entry {
    /// Whether it holds no more.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.expires.as_ref().is_some_and(|expires| expires.is_over(now))
    }

    /// What reports say of it: the reason, the owner, the last day.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let until = self.expires.as_ref().map(|day| format!("until {day}"));
        let more: Vec<String> = self.owner.clone().into_iter().chain(until).collect();
        match (&self.reason, more.is_empty()) {
            (reason, true) => reason.clone(),
            (None, false) => Some(more.join(", ")),
            (Some(reason), false) => Some(format!("{reason} ({})", more.join(", "))),
        }
    }
}

/// What people say about entries that are taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Why.
    pub reason: Option<String>,
    /// Who is to mend it.
    pub owner: Option<String>,
    /// The last day.
    pub expires: Option<Day>,
}

/// How often each entry of a baseline held for something, by its place in the baseline.
pub type Uses = BTreeMap<usize, usize>;

/// Known findings.
#[derive(Debug)]
pub struct Baseline {
    /// The file, as the user names it.
    pub name: Arc<str>,
    salt: [u8; 32],
    entries: Vec<Entry>,
    by_path: HashMap<String, Vec<usize>>,
}

/// Why a text is no baseline, with its 1-based line if that is known. Nothing of the text is
/// repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError {
    /// Where.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// An empty baseline. The salt of one that is written must be random.
    #[must_use]
    pub fn new(name: &str, salt: [u8; 32]) -> Self {
        Self { name: name.into(), salt, entries: Vec::new(), by_path: HashMap::new() }
    }

    /// A baseline that never leaves memory, of findings that were there at another time.
    #[must_use]
    pub fn of(name: &str, places: &[Place]) -> Self {
        let mut baseline = Self::new(name, [0; 32]);
        baseline.replace(places, &BTreeSet::new(), &Terms::default(), 0);
        baseline
    }

    /// A random salt for a new baseline.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub fn random_salt() -> Result<[u8; 32], BaselineError> {
        let mut salt = [0; 32];
        match aws_lc_rs::rand::fill(&mut salt) {
            Ok(()) => Ok(salt),
            Err(_) => {
                let message = "the system gives no random numbers".to_owned();
                Err(BaselineError { line: None, message })
            }
        }
    }

    /// The entries, as they stand in the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The salt.
    #[must_use]
    pub const fn salt(&self) -> &[u8; 32] {
        &self.salt
    }

    /// Takes `places` in, and out what is `gone`: entries that match nothing any more, or that hold
    /// for one of the places and are written anew with it. What people wrote about an entry is kept;
    /// `terms` go to the new ones, and to those whose last day was over at `now` if they name another
    /// day. Entries of which nothing is known stay.
    pub fn replace(&mut self, places: &[Place], gone: &BTreeSet<usize>, terms: &Terms, now: i64) {
        let old = std::mem::take(&mut self.entries);
        let mut new: BTreeMap<(String, String, Key), Entry> = BTreeMap::new();
        for place in places {
            let key = place.key(&self.salt);
            let by_value = matches!(key, Key::Value(_));
            let at = (place.path.clone(), place.rule.id.to_owned(), key.clone());
            match new.get_mut(&at) {
                Some(entry) if !by_value => entry.count += 1,
                Some(_) => {}
                None => {
                    let known = place.entry.and_then(|at| old.get(at));
                    let renewed = |known: &&Entry| known.is_over(now) && terms.expires.is_some();
                    let terms = match known {
                        Some(known) if !renewed(&known) => known.terms(),
                        Some(known) => terms.over(known),
                        None => terms.clone(),
                    };
                    new.insert(at, place.entry_with(key, terms));
                }
            }
        }
        let kept = old.into_iter().enumerate().filter(|(at, entry)| {
            let at_hand = (entry.path.clone(), entry.rule.clone(), entry.key.clone());
            !gone.contains(at) && !new.contains_key(&at_hand)
        });
        let kept: Vec<Entry> = kept.map(|(_, entry)| entry).collect();
        self.by_path.clear();
        for entry in new.into_values().chain(kept) {
            self.push(entry);
        }
    }

    /// Keeps the entries whose place in [`Baseline::entries`] is not among `stale`.
    pub fn remove(&mut self, stale: &BTreeSet<usize>) {
        let old = std::mem::take(&mut self.entries);
        self.by_path.clear();
        for (_, entry) in old.into_iter().enumerate().filter(|(at, _)| !stale.contains(at)) {
            self.push(entry);
        }
    }

    /// Begins to look up findings of one file.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Tally<'_> {
        let entries = self.by_path.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut left: HashMap<Key, Vec<Left>> = HashMap::with_capacity(entries.len());
        for &at in entries {
            if let Some(entry) = self.entries.get(at) {
                left.entry(entry.key.clone()).or_default().push(Left { at, used: 0 });
            }
        }
        Tally { baseline: self, left }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.by_path.entry(entry.path.clone()).or_default().push(self.entries.len());
        self.entries.push(entry);
    }
}

impl Entry {
    fn terms(&self) -> Terms {
        let Self { reason, owner, expires, .. } = self.clone();
        Terms { reason, owner, expires }
    }
}

impl Terms {
    /// These terms, with what was said before where they say nothing.
    fn over(&self, known: &Entry) -> Self {
        Self {
            reason: self.reason.clone().or_else(|| known.reason.clone()),
            owner: self.owner.clone().or_else(|| known.owner.clone()),
            expires: self.expires.or(known.expires),
        }
    }
}

/// What is left of a baseline in one file.
#[derive(Debug)]
pub struct Tally<'b> {
    baseline: &'b Baseline,
    /// By key, the entries that have it: one a rule, as a rule.
    left: HashMap<Key, Vec<Left>>,
}

#[derive(Debug)]
struct Left {
    at: usize,
    used: usize,
}

impl<'b> Tally<'b> {
    /// The entry that knows a finding, with its place in the baseline. Findings beyond an entry's
    /// count are new.
    pub fn take(&mut self, subject: &Subject<'_>) -> Option<(usize, &'b Entry)> {
        if self.left.is_empty() {
            return None;
        }
        let key = key(subject.held, subject.fingerprint, &self.baseline.salt);
        let by_value = matches!(key, Key::Value(_));
        for left in self.left.get_mut(&key)? {
            let entry = self.baseline.entries.get(left.at)?;
            let same = subject.rule.is_called(&entry.rule);
            if same && (by_value || left.used < entry.count) {
                left.used += 1;
                return Some((left.at, entry));
            }
        }
        None
    }

    /// The entries that held for something, and how often.
    pub fn used(self) -> impl Iterator<Item = (usize, usize)> + use<'b> {
        let used = self.left.into_values().flatten().filter(|left| left.used > 0);
        used.map(|left| (left.at, left.used))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careen_rule::{Day, Held, Identity, Meta};

    use super::{Baseline, Key, Terms};
    use crate::{Place, Subject};

    static RULE: Meta = Meta { id: "a-rule", aliases: &["old-name"], ..Meta::DEFAULT };

    fn place(path: &str, fingerprint: &str, secret: Option<&str>) -> Place {
        Place {
            rule: &RULE,
            path: path.to_owned(),
            object: None,
            container: None,
            mark: String::new(),
            entry: None,
            fingerprint: fingerprint.to_owned(),
            held: secret.map(|it| Held { identity: Identity::of(it), by_name: false }),
        }
    }

    fn terms(reason: &str) -> Terms {
        Terms { reason: Some(reason.to_owned()), ..Terms::default() }
    }

    fn known(baseline: &Baseline, places: &[Place]) -> Vec<bool> {
        let mut tally = baseline.of_path(&places[0].path);
        let subject = |place: &'static Meta, it: &Place| Subject {
            rule: place,
            path: "",
            lines: (1, 1),
            text: "",
            secrets: &[],
            held: it.held,
            fingerprint: Box::leak(it.fingerprint.clone().into_boxed_str()),
        };
        places.iter().map(|it| tally.take(&subject(&RULE, it)).is_some()).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut baseline = Baseline::new("b.json", [7; 32]);
        let places = [
            place("b", "f1", None),
            place("a", "f2", Some("hunter2-hunter2")),
            place("b", "f1", None),
            place("a", "f3", Some("\"hunter2-hunter2\"")),
        ];
        baseline.replace(&places, &BTreeSet::new(), &terms("old"), 0);
        let text = baseline.write();
        assert!(!text.contains("hunter2"), "{text}");
        let again = Baseline::read("b.json", text.as_bytes()).unwrap();
        assert_eq!(again.entries(), baseline.entries());
        assert_eq!(again.write(), text);
        assert_eq!(again.entries().len(), 2);
        assert_eq!(again.entries()[1].count, 2);
        assert_eq!(again.entries()[1].reason.as_deref(), Some("old"));
        let empty = Baseline::new("b.json", [7; 32]).write();
        assert!(Baseline::read("b.json", empty.as_bytes()).unwrap().entries().is_empty());
    }

    #[test]
    fn more_of_the_same_is_new_but_a_secret_is_known_everywhere_in_its_file() {
        let mut baseline = Baseline::new("b.json", [7; 32]);
        baseline.replace(
            &[place("a", "f", None), place("a", "g", Some("one-secret"))],
            &BTreeSet::new(),
            &Terms::default(),
            0,
        );
        let same = place("a", "f", None);
        let secret = place("a", "other", Some("one-secret"));
        let new = place("a", "g", Some("another-secret"));
        let all = [same.clone(), same, secret.clone(), secret, new];
        assert_eq!(known(&baseline, &all), [true, false, true, true, false]);
        assert_eq!(known(&baseline, &[place("b", "f", None)]), [false]);
    }

    #[test]
    fn a_former_name_of_a_rule_holds() {
        let text = format!(
            "{{\"schema\":\"careen-baseline/1\",\"salt\":\"{}\",\"entries\":[{{\"rule\":\
             \"old-name\",\"path\":\"a\",\"fingerprint\":\"f\"}}]}}",
            "00".repeat(32)
        );
        let baseline = Baseline::read("b.json", text.as_bytes()).unwrap();
        assert_eq!(known(&baseline, &[place("a", "f", None)]), [true]);
        assert_eq!(baseline.entries()[0].key, Key::Fingerprint("f".to_owned()));
    }

    #[test]
    fn mistakes_tell_their_line_and_nothing_else() {
        let salt = "00".repeat(32);
        let head = format!("{{\n\"schema\":\"careen-baseline/1\",\n\"salt\":\"{salt}\",\n");
        for (text, line, words) in [
            ("{\n  hunter2-hunter2".to_owned(), Some(2), "not JSON"),
            (format!("{head}\"entries\":\n\"hunter2-hunter2\"}}"), Some(5), "wrong kind"),
            (
                format!("{head}\"entries\":[\n{{\"rule\":\"r\",\"path\":\"p\"}}]}}"),
                Some(5),
                "`value` or `fingerprint`",
            ),
            (
                format!(
                    "{head}\"entries\":[\n{{\"rule\":\"r\",\"path\":\"p\",\"value\":\"v\",\
                     \"expires\":\"hunter2\"}}]}}"
                ),
                Some(5),
                "2027-03-01",
            ),
            (head.replace("/1", "/hunter2-hunter2") + "\"entries\":[]}", None, "`schema`"),
            (head.replace("0000", "hunter2") + "\"entries\":[]}", None, "`salt`"),
        ] {
            let error = Baseline::read("b.json", text.as_bytes()).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(words), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_people_wrote_is_kept_and_an_entry_that_is_over_can_be_renewed() {
        let now = 1_796_083_200;
        let mut baseline = Baseline::new("b.json", [7; 32]);
        let first = Terms {
            reason: Some("old".into()),
            owner: Some("team-a".into()),
            expires: Day::parse("2026-11-30"),
        };
        baseline.replace(&[place("a", "f", None)], &BTreeSet::new(), &first, now);
        let text = baseline.write();
        let again = Baseline::read("b.json", text.as_bytes()).unwrap();
        assert_eq!(again.entries(), baseline.entries());
        let entry = &again.entries()[0];
        assert!(entry.is_over(now) && !entry.is_over(now - 1));
        assert_eq!(entry.words().unwrap(), "old (team-a, until 2026-11-30)");

        let moved = Place { entry: Some(0), ..place("b", "g", None) };
        let all = BTreeSet::from([0]);
        baseline.replace(std::slice::from_ref(&moved), &all, &terms("other"), now);
        let entry = &baseline.entries()[0];
        assert_eq!((baseline.entries().len(), &*entry.path), (1, "b"));
        assert_eq!(entry.words().unwrap(), "old (team-a, until 2026-11-30)");
        let later = Terms { expires: Day::parse("2027-03-01"), ..Terms::default() };
        baseline.replace(&[moved], &all, &later, now);
        let words = baseline.entries()[0].words().unwrap();
        assert_eq!(words, "old (team-a, until 2027-03-01)");
    }
}
