//! Reads a file of detectors and tells every mistake with its place.

use std::sync::Arc;

use careen_rule::{Confidence, Severity};
use careen_text::{Source, Span, closest};
use careen_yaml::{Kind, Limits, Node, parse};

use crate::{Detector, DetectorForm, Detectors, Example, Form, JUDGES};

/// Rules in one file.
const MOST_RULES: usize = 500;
/// Items of one list.
const MOST_ITEMS: usize = 200;
/// Bytes of one text.
const LONGEST: usize = 8_192;
/// Mistakes that are told at once.
const MOST_PROBLEMS: usize = 20;
/// The shortest word that may stand before a token.
const SHORTEST_WORD: usize = 3;

/// A mistake in a file of detectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key or value.
    pub span: Span,
    /// One sentence with the remedy.
    pub message: String,
}

/// Reads a file of detectors. Mistakes do not hide each other; a detector with one is left out.
#[must_use]
pub fn read(source: &Arc<Source>) -> (Detectors, Vec<Problem>) {
    let tree = parse(source, &Limits::default());
    let mut reader = Reader { problems: Vec::new() };
    for problem in tree.problems() {
        reader.say(problem.span, problem.message.clone());
    }
    let mut detectors = Detectors::default();
    if let Some(root) = tree.documents().next().and_then(|document| document.root()) {
        reader.root(root, &mut detectors);
    }
    (detectors, reader.problems)
}

/// Reads one detector where it stands in another file, such as a configuration.
#[must_use]
pub fn read_one(node: Node<'_>) -> (Option<Detector>, Vec<Problem>) {
    let mut reader = Reader { problems: Vec::new() };
    let detector = reader.detector(node);
    (detector.filter(|_| reader.problems.is_empty()), reader.problems)
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn say(&mut self, span: Span, message: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { span, message: message.into() });
        }
    }

    /// Whether the node is a mapping with no other keys than these.
    fn is_mapping(&mut self, node: Node<'_>, what: &str, keys: &[&'static str]) -> bool {
        if node.kind() != Kind::Mapping {
            self.say(node.span(), format!("{what} is a mapping with the keys {}", keys.join(", ")));
            return false;
        }
        for entry in node.entries() {
            let key = entry.key.text().unwrap_or_default();
            if !keys.contains(&key) {
                let hint = closest(key, keys.iter().copied())
                    .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
                let key: String = key.chars().take(60).collect();
                let keys = keys.join(", ");
                self.say(
                    entry.key.span(),
                    format!("{what} has no key `{key}`{hint}: its keys are {keys}"),
                );
            }
        }
        true
    }

    fn root(&mut self, root: Node<'_>, into: &mut Detectors) {
        if !self.is_mapping(root, "a file of detectors", &["provider", "rules"]) {
            return;
        }
        into.provider = self.text(root, "provider").unwrap_or_default();
        let Some(rules) = root.get("rules").filter(|rules| rules.kind() == Kind::Sequence) else {
            return self.say(root.span(), "`rules` is a list of detectors");
        };
        for (count, rule) in rules.items().enumerate() {
            if count == MOST_RULES {
                return self
                    .say(rule.span(), format!("a file has no more than {MOST_RULES} rules"));
            }
            let before = self.problems.len();
            let detector = self.detector(rule);
            if self.problems.len() == before {
                into.rules.extend(detector);
            }
        }
    }

    fn detector(&mut self, node: Node<'_>) -> Option<Detector> {
        const KEYS: [&str; 14] = [
            "id",
            "summary",
            "about",
            "remedy",
            "severity",
            "confidence",
            "references",
            "covers",
            "peers",
            "cwe",
            "default",
            "forms",
            "find",
            "leave",
        ];
        if !self.is_mapping(node, "a detector", &KEYS) {
            return None;
        }
        let id = self.text(node, "id")?;
        let place = node.get("id").map_or(node.span(), |id| id.span());
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !id.split('-').all(is_word) {
            self.say(place, "an id is lower-case words with `-` between them");
        }
        let forms: Vec<_> =
            self.items(node, "forms").into_iter().filter_map(|form| self.form(form)).collect();
        if forms.is_empty() {
            self.say(place, format!("`{id}` has no form: `forms` is a list of at least one"));
        }
        let confidence = match node.get("confidence") {
            Some(value) => self.confidence(value)?,
            None => forms.iter().map(|form| form.confidence).max().unwrap_or(Confidence::Medium),
        };
        let examples = |reader: &mut Self, key: &str| reader.items(node, key);
        let find =
            examples(self, "find").into_iter().filter_map(|line| self.marked(line)).collect();
        let leave =
            examples(self, "leave").into_iter().filter_map(|line| self.plain(line)).collect();
        let default = node.get("default").is_none_or(|value| value.as_bool() != Some(false));
        Some(Detector {
            id,
            place,
            summary: self.text(node, "summary")?,
            about: self.text(node, "about")?,
            remedy: self.text(node, "remedy")?,
            severity: self.severity(node.get("severity").unwrap_or(node))?,
            confidence,
            references: self.words(node, "references"),
            covers: self.words(node, "covers"),
            peers: self.words(node, "peers"),
            cwe: self.words(node, "cwe").iter().filter_map(|cwe| cwe.parse().ok()).collect(),
            default,
            forms,
            find,
            leave,
        })
    }

    fn form(&mut self, node: Node<'_>) -> Option<DetectorForm> {
        const KEYS: [&str; 6] = ["kind", "form", "near", "judge", "confidence", "severity"];
        if !self.is_mapping(node, "a form", &KEYS) {
            return None;
        }
        let kind = self.text(node, "kind")?;
        let text = self.text(node, "form")?;
        let place = node.get("form").map_or(node.span(), |form| form.span());
        let form = match Form::parse(&text) {
            Ok(form) => form,
            Err(message) => {
                self.say(place, message);
                return None;
            }
        };
        let near = self.words(node, "near");
        for word in &near {
            let plain = word.len() >= SHORTEST_WORD && word.is_ascii();
            if !plain || word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                self.say(
                    place,
                    format!("`near` holds lower-case words of {SHORTEST_WORD} characters and more"),
                );
            }
        }
        if near.is_empty() && form.anchor().is_none() {
            self.say(
                place,
                "the form has no literal of three characters to search for: name words that stand before it in `near`",
            );
        }
        let judge = match node.get("judge") {
            Some(_) => self.text(node, "judge"),
            None => None,
        };
        if let Some(judge) = &judge
            && !JUDGES.iter().any(|(name, _)| name == judge)
        {
            let names: Vec<_> = JUDGES.iter().map(|&(name, _)| name).collect();
            self.say(place, format!("no judge is called so: use {}", names.join(", ")));
        }
        let confidence = match node.get("confidence") {
            Some(value) => self.confidence(value)?,
            None if near.is_empty() => Confidence::High,
            None => Confidence::Medium,
        };
        let severity = match node.get("severity") {
            Some(value) => Some(self.severity(value)?),
            None => None,
        };
        Some(DetectorForm { kind, form, near, judge, confidence, severity })
    }

    fn marked(&mut self, node: Node<'_>) -> Option<Example> {
        let line = self.line(node)?;
        let example = Example::marked(&line, node.span());
        if example.is_none() {
            self.say(node.span(), "the credential of an example stands between `«` and `»`");
        }
        example
    }

    fn plain(&mut self, node: Node<'_>) -> Option<Example> {
        self.line(node).map(|line| Example::plain(&line, node.span()))
    }

    fn line(&mut self, node: Node<'_>) -> Option<String> {
        let line = node.text().filter(|line| !line.contains(['\n', '\r']) && line.len() <= LONGEST);
        if line.is_none() {
            self.say(node.span(), "an example is one line of text: put it in quotes");
        }
        line.map(str::to_owned)
    }

    fn text(&mut self, node: Node<'_>, key: &str) -> Option<String> {
        let text = node.get(key).and_then(|value| value.text()).map(str::trim);
        let text = text.filter(|text| !text.is_empty() && text.len() <= LONGEST);
        if text.is_none() {
            let place = node.get(key).map_or(node.span(), |value| value.span());
            self.say(place, format!("`{key}` is missing, or no text"));
        }
        text.map(str::to_owned)
    }

    fn items<'t>(&mut self, node: Node<'t>, key: &str) -> Vec<Node<'t>> {
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else { return Vec::new() };
        if value.kind() != Kind::Sequence {
            self.say(value.span(), format!("`{key}` is a list"));
        }
        value.items().take(MOST_ITEMS).collect()
    }

    fn words(&mut self, node: Node<'_>, key: &str) -> Vec<String> {
        let items = self.items(node, key);
        let mut words = Vec::with_capacity(items.len());
        for item in items {
            match item.text() {
                Some(word) if word.len() <= LONGEST => words.push(word.to_owned()),
                _ => self.say(item.span(), format!("`{key}` is a list of words")),
            }
        }
        words
    }

    fn severity(&mut self, value: Node<'_>) -> Option<Severity> {
        let text = value.text().unwrap_or_default();
        let level = Severity::ALL.iter().copied().find(|level| level.as_str() == text);
        if level.is_none() {
            let levels = Severity::ALL.map(Severity::as_str);
            self.say(value.span(), format!("a severity is one of {}", levels.join(", ")));
        }
        level
    }

    fn confidence(&mut self, value: Node<'_>) -> Option<Confidence> {
        let text = value.text().unwrap_or_default();
        let level = Confidence::ALL.iter().copied().find(|level| level.as_str() == text);
        if level.is_none() {
            let levels = Confidence::ALL.map(Confidence::as_str);
            self.say(value.span(), format!("a confidence is one of {}", levels.join(", ")));
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::read;

    const GOOD: &str = r#"
provider: Acme
rules:
- id: acme-key-committed
  summary: Acme key is committed
  about: It opens the door.
  remedy: Revoke it.
  severity: high
  forms:
  - {kind: Acme key, form: 'acme_[a-z]{8}'}
  find: ['k=«acme_ab·cdefgh»']
  leave: ['k=acme_short', x]
"#;

    fn problems(text: &str) -> Vec<String> {
        let (_, problems) = read(&Source::new("acme.yaml", text));
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn a_file_is_read_as_it_is_written() {
        let (detectors, problems) = read(&Source::new("acme.yaml", GOOD));
        assert_eq!(problems, []);
        assert_eq!(detectors.provider, "Acme");
        let rule = &detectors.rules[0];
        assert_eq!(
            (rule.id.as_str(), rule.find.len(), rule.leave.len()),
            ("acme-key-committed", 1, 2)
        );
        assert!(rule.default);
    }

    #[test]
    fn mistakes_are_told_with_a_remedy() {
        for (from, to, told) in [
            ("severity: high", "severity: hihg", "a severity is one of"),
            ("  summary:", "  sumary:", "did you mean `summary`?"),
            ("acme_[a-z]{8}", "[a-z]{8}", "no literal of three characters"),
            (
                "form: 'acme_[a-z]{8}'",
                "form: 'acme_[a-z]{8}', judge: magic",
                "no judge is called so",
            ),
            ("«", "", "stands between"),
            ("- id: acme-key-committed", "- id: Acme", "lower-case words"),
        ] {
            let found = problems(&GOOD.replace(from, to));
            assert!(found.iter().any(|message| message.contains(told)), "{to}: {found:?}");
        }
        assert!(!problems("[]").is_empty());
        assert!(!problems("a: [").is_empty());
    }
}
