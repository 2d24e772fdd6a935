//! Words as they are compared: lower case, without endings, numbers alike.

/// Words that say nothing about what is meant.
const STOP: [&str; 53] = [
    "a", "all", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "did", "do",
    "does", "each", "every", "for", "from", "has", "have", "if", "in", "is", "it", "its", "must",
    "needed", "no", "not", "of", "on", "only", "or", "our", "own", "s", "should", "that", "the",
    "their", "them", "there", "they", "this", "to", "was", "we", "were", "will", "with", "you",
    "your",
];

/// A number: which one it is does not matter.
const NUMBER: &str = "#";

/// The words of a text in order.
pub(crate) fn stems(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !STOP.contains(word))
        .map(stem)
        .collect()
}

/// A word without its ending. It need not be a word: both sides lose the same.
fn stem(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return NUMBER.to_owned();
    }
    let mut stem = singular(word);
    for (ending, least) in [("ing", 4), ("ion", 4), ("ed", 4), ("ment", 5)] {
        let cut = stem.strip_suffix(ending).filter(|rest| rest.len() >= least);
        if let Some(rest) = cut {
            stem = rest.to_owned();
            break;
        }
    }
    // `planned` and `plan`, `configure` and `configured`, `verify` and `verified`.
    let bytes = stem.as_bytes();
    let is_doubled = bytes.len() > 4
        && bytes.last() == bytes.get(bytes.len() - 2)
        && !matches!(bytes.last(), Some(b's' | b'l' | b'e'));
    if is_doubled {
        stem.pop();
    }
    if stem.len() > 3 && stem.ends_with(['e', 'i', 'y']) {
        stem.pop();
    }
    // `configuration` and `configure`.
    if stem.len() > 7 && stem.ends_with("at") {
        stem.truncate(stem.len() - 2);
    }
    stem
}

fn singular(word: &str) -> String {
    if word.len() > 4 && word.ends_with("ies") {
        return word.strip_suffix("ies").map_or_else(String::new, |rest| format!("{rest}y"));
    }
    let is_plural = word.len() > 3 && word.ends_with('s');
    if is_plural && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::stems;

    #[test]
    fn forms_of_a_word_are_the_same() {
        for (one, other) in [
            ("policies", "policy"),
            ("configured", "configure"),
            ("migrations", "migrate"),
            ("verified", "verify"),
            ("probes", "probe"),
            ("Tested", "testing"),
            ("15 minutes", "30 minute"),
            ("deployment", "deploy"),
            ("alerting", "alerts"),
            ("monitoring", "Monitor"),
            ("databases", "database"),
            ("configuration", "configured"),
            ("communication", "communicate"),
            ("encrypted", "encryption"),
            ("documentation", "documents"),
        ] {
            assert_eq!(stems(one), stems(other), "{one}, {other}");
        }
        assert_ne!(stems("test"), stems("text"));
        assert_eq!(stems("All of the"), [""; 0]);
    }
}
