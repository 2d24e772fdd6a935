//! Reads the value of a `name: "literal"` field out of Rust source.

/// The value of the first `name: "…"` in the text, and the byte the name stands at.
pub(super) fn field(text: &str, name: &str) -> Option<(usize, String)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(name) {
        let at = from + found;
        let before = text.get(..at)?.trim_end_matches(' ');
        let rest = text.get(at + name.len()..)?;
        from = at + name.len();
        let starts_field = before.ends_with(['\n', '{', ',']);
        if let Some(rest) = rest.strip_prefix(':').filter(|_| starts_field) {
            return string(rest.trim_start()).map(|(value, _)| (at, value));
        }
    }
    None
}

/// The values of `name: &["…", …]`; none if there is no such field.
pub(super) fn list(text: &str, name: &str) -> Vec<String> {
    let mut values = Vec::new();
    let start = text.find(&format!("\n        {name}: &["));
    let Some(mut rest) = start.and_then(|at| text.get(at..)?.split_once('[')).map(|it| it.1) else {
        return values;
    };
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',']);
        let Some((value, after)) = string(rest) else { return values };
        values.push(value);
        rest = after;
    }
}

/// The value of a string literal at the start of the text, and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let end = format!("\"{}", "#".repeat(hashes));
        let (value, rest) = raw.get(hashes..)?.strip_prefix('"')?.split_once(&end)?;
        return Some((value.to_owned(), rest));
    }
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, inner.get(at + 1..)?)),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                // A line that goes on: the break and the next line's indentation do not count.
                '\n' => {
                    let rest = characters.as_str();
                    let skipped = rest.len() - rest.trim_start().len();
                    let target = inner.len() - rest.len() + skipped;
                    while characters.clone().next().is_some_and(|(at, _)| at < target) {
                        characters.next();
                    }
                }
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{field, list};

    #[test]
    fn values_are_read() {
        let text = "= {\n    id: \"a-b\",\n    other_id: \"no\",\n    remedy:\n        \"Say \\\"x\\\" \\\n         now.\",\n    raw: r#\"a\"b\"#,\n";
        assert_eq!(field(text, "id").unwrap().1, "a-b");
        assert_eq!(field(text, "remedy").unwrap().1, "Say \"x\" now.");
        assert_eq!(field(text, "raw").unwrap().1, "a\"b");
        assert_eq!(field(text, "summary"), None);
    }

    #[test]
    fn lists_are_read() {
        let text = "\n        aliases: &[\"a\", \"b\"],\n        peers: &[\n            \"c:d\",\n        ],\n";
        assert_eq!(list(text, "aliases"), ["a", "b"]);
        assert_eq!(list(text, "peers"), ["c:d"]);
        assert_eq!(list(text, "cwe"), [""; 0]);
    }
}
