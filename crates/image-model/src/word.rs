use careen_text::Span;

/// One word of an instruction or a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text with quotes and escapes taken away. Variables and substitutions stay as written.
    pub text: String,
    /// Where the word stands, quotes included. A word that runs over a line continuation covers
    /// it.
    pub span: Span,
    /// The span without the quotes where one pair of them encloses the whole word, else the span.
    pub content: Span,
    /// Whether any part was quoted.
    pub quoted: bool,
    /// Whether the text is what the program will see: no variable and no substitution in it.
    pub literal: bool,
}

impl Word {
    /// Whether the word is `text`, as written or between quotes.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether the word is `text` in any mix of ASCII cases.
    #[must_use]
    pub fn is_ignoring_case(&self, text: &str) -> bool {
        self.text.eq_ignore_ascii_case(text)
    }
}

/// A name with or without a value: an element of `ENV`, `ARG`, `LABEL`, or of `--mount=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub key: Word,
    /// The value, absent where there is no `=`.
    pub value: Option<Word>,
    /// From the start of the name to the end of the value.
    pub span: Span,
}
