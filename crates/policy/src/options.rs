//! What the configuration tells single rules: `rules: {RULE: {OPTION: VALUE}}`.

use careen_rule::{Meta, OptionKind, OptionValue, Options, RuleOption};
use careen_text::closest;
use careen_yaml::{Kind, Node};

use crate::config::cut;
use crate::place::{Place, Problem, Problems, Word};

/// Values in one option, and options in all.
const MOST: usize = 1_000;

/// An option as it is written, before it is known which rule takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    rule: Word,
    option: Word,
    value: Raw,
    place: Place,
}

impl Told {
    /// The rule as it is named.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule.0
    }

    /// The option and its place.
    #[must_use]
    pub fn option(&self) -> &Word {
        &self.option
    }

    /// Whether this takes the place of another, in a file that is extended.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        self.rule.0 == other.rule.0 && self.option.0 == other.option.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Raw {
    Word(String),
    Words(Vec<String>),
    Pairs(Vec<(String, String)>),
}

/// Reads the value of `rules`.
pub(crate) fn told(value: Node<'_>, into: &mut Vec<Told>, problems: &mut Problems) {
    if value.kind() != Kind::Mapping && !value.is_null() {
        problems.at(value, "`rules` maps rules to their options");
    }
    for rule in value.entries().take(MOST) {
        if rule.value.kind() != Kind::Mapping {
            problems.at(rule.value, "a rule maps its options to their values");
        }
        for option in rule.value.entries() {
            if into.len() == MOST {
                return problems.at(option.key, "`rules` holds more than 1,000 options");
            }
            let text =
                |node: Node<'_>| (node.text().unwrap_or_default().to_owned(), Place::of(node));
            match raw(option.value) {
                Some(value) => into.push(Told {
                    rule: text(rule.key),
                    option: text(option.key),
                    value,
                    place: Place::of(option.value),
                }),
                None => problems.at(
                    option.value,
                    "an option is a word, a list of words or a mapping of words to words",
                ),
            }
        }
    }
}

fn raw(value: Node<'_>) -> Option<Raw> {
    let words = || {
        let words = value.items().take(MOST).map(|item| Some(item.text()?.to_owned()));
        words.collect::<Option<Vec<_>>>()
    };
    match value.kind() {
        Kind::Scalar => Some(Raw::Word(value.text()?.to_owned())),
        Kind::Sequence => words().map(Raw::Words),
        Kind::Mapping => value
            .entries()
            .take(MOST)
            .map(|entry| {
                let value = if entry.value.is_null() { "" } else { entry.value.text()? };
                Some((entry.key.text()?.to_owned(), value.to_owned()))
            })
            .collect::<Option<_>>()
            .map(Raw::Pairs),
    }
}

/// Gives the rules what the configuration tells them.
///
/// # Errors
///
/// Every rule, option and value that does not fit, with its place in the configuration.
pub fn options(rules: &[&'static Meta], told: &[Told]) -> Result<Options, Vec<Problem>> {
    let mut options = Options::default();
    let mut problems = Vec::new();
    for told in told {
        if let Err(problem) = set(rules, told, &mut options) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(options) } else { Err(problems) }
}

fn set(rules: &[&'static Meta], told: &Told, options: &mut Options) -> Result<(), Problem> {
    let problem = |place: &Place, message| Err(Problem { place: place.clone(), message });
    let (name, place) = &told.rule;
    let Some(rule) = rules.iter().find(|rule| rule.is_called(name)) else {
        let near = closest(name, rules.iter().map(|rule| rule.id));
        let hint = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        return problem(place, format!("no rule is called `{}`{hint}", cut(name)));
    };
    let (name, place) = &told.option;
    let Some(option) = rule.options.iter().find(|option| option.name == name) else {
        let known: Vec<_> = rule.options.iter().map(|option| option.name).collect();
        let message = if known.is_empty() {
            format!("`{}` has no options", rule.id)
        } else {
            format!("`{}` has no option `{}`: use {}", rule.id, cut(name), known.join(", "))
        };
        return problem(place, message);
    };
    match value(option, &told.value) {
        Some(value) => options.set(rule.id, option.name, value),
        None => {
            let wanted = match option.kind {
                OptionKind::Words => "a list of words",
                OptionKind::Map => "a mapping of words to words",
                OptionKind::Text => "a word",
                OptionKind::Number => "a whole number",
            };
            return problem(&told.place, format!("`{}` is {wanted}", option.name));
        }
    }
    Ok(())
}

fn value(option: &RuleOption, raw: &Raw) -> Option<OptionValue> {
    match (option.kind, raw) {
        (OptionKind::Words, Raw::Words(words)) => Some(OptionValue::Words(words.clone())),
        (OptionKind::Words, Raw::Word(word)) => Some(OptionValue::Words(vec![word.clone()])),
        (OptionKind::Map, Raw::Pairs(pairs)) => Some(OptionValue::Map(pairs.clone())),
        (OptionKind::Map, Raw::Words(words)) => {
            let pairs = words.iter().map(|word| (word.clone(), String::new()));
            Some(OptionValue::Map(pairs.collect()))
        }
        (OptionKind::Text, Raw::Word(word)) => Some(OptionValue::Text(word.clone())),
        (OptionKind::Number, Raw::Word(word)) => word.parse().ok().map(OptionValue::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::{Meta, OptionKind, RuleOption};
    use careen_text::Source;

    use super::options;
    use crate::read;

    static RULE: Meta = Meta {
        id: "required-label-missing",
        options: &[
            RuleOption { name: "labels", kind: OptionKind::Map, summary: "Labels." },
            RuleOption { name: "most", kind: OptionKind::Number, summary: "How many." },
        ],
        ..Meta::DEFAULT
    };

    fn told(text: &str) -> Result<careen_rule::Options, Vec<String>> {
        let (config, problems) = read(&Source::new("careen.yaml", text));
        assert!(problems.is_empty(), "{problems:?}");
        options(&[&RULE], &config.rules)
            .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn rules_are_told_by_name() {
        let text = "rules: {required-label-missing: {labels: [owner, team], most: 3}}\n";
        let options = told(text).unwrap();
        let owner = ("owner".to_owned(), String::new());
        assert_eq!(options.map(RULE.id, "labels").first(), Some(&owner));
        assert_eq!(options.number(RULE.id, "most"), Some(3));
        assert_eq!(options.number(RULE.id, "least"), None);
    }

    #[test]
    fn slips_are_named() {
        for (text, expected) in [
            ("rules: {required-label: {labels: [x]}}", "no rule is called `required-label`"),
            (
                "rules: {required-label-missing: {label: [x]}}",
                "`required-label-missing` has no option `label`: use labels, most",
            ),
            ("rules: {required-label-missing: {most: few}}", "`most` is a whole number"),
        ] {
            let problems = told(text).unwrap_err();
            assert!(problems[0].starts_with(expected), "{problems:?}");
        }
    }
}
