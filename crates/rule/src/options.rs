use std::collections::BTreeMap;

/// What an option of a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// A list of words, or one word.
    Words,
    /// A mapping of words to words; a list of words maps each to the empty word.
    Map,
    /// One word, or a number as it is written.
    Text,
    /// A whole number.
    Number,
}

/// Something a user may tell a rule in the configuration: `rules: {RULE: {OPTION: VALUE}}`.
#[derive(Debug)]
pub struct RuleOption {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it holds.
    pub kind: OptionKind,
    /// What it changes and what holds without it, one sentence.
    pub summary: &'static str,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// Of [`OptionKind::Words`].
    Words(Vec<String>),
    /// Of [`OptionKind::Map`], in the order written.
    Map(Vec<(String, String)>),
    /// Of [`OptionKind::Text`].
    Text(String),
    /// Of [`OptionKind::Number`].
    Number(i64),
}

/// What the user told the rules. A rule asks by its own id and the name of one of its
/// [`Meta::options`](crate::Meta::options); without an answer its own default holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<&'static str, BTreeMap<&'static str, OptionValue>>,
}

impl Options {
    /// Sets an option of a rule.
    pub fn set(&mut self, rule: &'static str, option: &'static str, value: OptionValue) {
        self.values.entry(rule).or_default().insert(option, value);
    }

    fn value(&self, rule: &str, option: &str) -> Option<&OptionValue> {
        self.values.get(rule)?.get(option)
    }

    /// A list of words; empty if the user said nothing.
    #[must_use]
    pub fn words(&self, rule: &str, option: &str) -> &[String] {
        match self.value(rule, option) {
            Some(OptionValue::Words(words)) => words,
            _ => &[],
        }
    }

    /// Pairs of words; empty if the user said nothing.
    #[must_use]
    pub fn map(&self, rule: &str, option: &str) -> &[(String, String)] {
        match self.value(rule, option) {
            Some(OptionValue::Map(pairs)) => pairs,
            _ => &[],
        }
    }

    /// A word.
    #[must_use]
    pub fn text(&self, rule: &str, option: &str) -> Option<&str> {
        match self.value(rule, option) {
            Some(OptionValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self, rule: &str, option: &str) -> Option<i64> {
        match self.value(rule, option) {
            Some(OptionValue::Number(number)) => Some(*number),
            _ => None,
        }
    }
}

/// Whether a word fits a pattern of an option: `*` stands for any text, everything else for
/// itself. An empty pattern fits every word.
#[must_use]
pub fn fits(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = word.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return pattern.is_empty() || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, word) in [
            ("", "any"),
            ("*", ""),
            ("a*c", "abc"),
            ("a*", "a"),
            ("*.example.com", "a.example.com"),
            ("a*b*c", "a-b-b-c"),
            ("same", "same"),
        ] {
            assert!(fits(pattern, word), "{pattern} {word}");
        }
        for (pattern, word) in
            [("a", "ab"), ("a*c", "ac "), ("a*a", "a"), ("*.example.com", "example.com")]
        {
            assert!(!fits(pattern, word), "{pattern} {word}");
        }
    }
}
