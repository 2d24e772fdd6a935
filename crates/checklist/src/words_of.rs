//! Words of a binding: separated by blanks, quoted where they hold some, comparisons in one piece.

/// A word and where it stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Word {
    /// Bytes in front of it.
    pub(crate) at: usize,
    /// Without quotation marks.
    pub(crate) text: String,
}

impl Word {
    /// Whether it compares something or gives a key its value.
    pub(crate) fn has_sign(&self) -> bool {
        self.text.contains(SIGNS)
    }
}

const SIGNS: [char; 3] = ['<', '>', '='];

/// The words of a text; the place of a quotation mark that is never closed.
pub(crate) fn words_of(text: &str) -> Result<Vec<Word>, usize> {
    let mut words: Vec<Word> = Vec::new();
    for word in pieces(text)? {
        let joins = word.text.starts_with(SIGNS)
            || words.last().is_some_and(|last| last.text.ends_with(SIGNS));
        match words.last_mut() {
            Some(last) if joins => last.text.push_str(&word.text),
            _ => words.push(word),
        }
    }
    Ok(words)
}

fn pieces(text: &str) -> Result<Vec<Word>, usize> {
    let mut pieces: Vec<Word> = Vec::new();
    let (mut quote, mut is_open) = (None, false);
    for (at, c) in text.char_indices() {
        if c == '"' {
            quote = if quote.is_some() { None } else { Some(at) };
        }
        if c.is_whitespace() && quote.is_none() {
            is_open = false;
            continue;
        }
        if !is_open {
            pieces.push(Word { at, text: String::new() });
            is_open = true;
        }
        if let Some(piece) = pieces.last_mut().filter(|_| c != '"') {
            piece.text.push(c);
        }
    }
    match quote {
        Some(at) => Err(at),
        None => Ok(pieces),
    }
}

#[cfg(test)]
mod tests {
    use super::words_of;

    fn words(text: &str) -> Vec<String> {
        words_of(text).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn blanks_separate_words_but_not_comparisons_or_quotes() {
        assert_eq!(words(" a,  b\n"), ["a,", "b"]);
        assert_eq!(words("p99 <= 500ms max-age= 14d"), ["p99<=500ms", "max-age=14d"]);
        assert_eq!(words("suite=\"my tests\" k6"), ["suite=my tests", "k6"]);
        assert_eq!(words(""), [""; 0]);
        assert_eq!(words_of("a \"b"), Err(2));
    }
}
