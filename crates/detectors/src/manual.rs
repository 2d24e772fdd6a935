//! The manual of a detector: what a person reads, with the examples that the tests run.

use std::fmt::Write;

use crate::{Detector, Example, whole};

impl Detector {
    /// The manual in Markdown: why it hurts, then the lines in which the credential is found, each
    /// with a line of carets below it, then those in which it is not.
    #[must_use]
    pub fn manual(&self) -> String {
        let mut manual = format!("{}\n", self.about);
        block(&mut manual, "bad", &self.find, |example| {
            let kind = self.kind_of(example);
            let token = example.token?;
            let line = whole(&example.shown);
            let columns = |end: u32| line.get(..end as usize).map(|text| text.chars().count());
            let before = columns(token.start)?;
            let carets = "^".repeat(columns(token.end)?.saturating_sub(before));
            // A caret in the first column leaves no room for the comment sign.
            let indent = match before {
                0 => String::new(),
                _ => format!("#{}", " ".repeat(before - 1)),
            };
            Some(format!("{indent}{carets} {kind}"))
        });
        block(&mut manual, "good", &self.leave, |_| None);
        manual
    }

    /// The numbers of CWE: that of a hard-coded credential, unless others are named.
    #[must_use]
    pub fn weaknesses(&self) -> Vec<u16> {
        if self.cwe.is_empty() { vec![798] } else { self.cwe.clone() }
    }

    /// What the credential of an example is called: the kind of the first form that fits.
    fn kind_of(&self, example: &Example) -> &str {
        let line = whole(&example.shown);
        let token = example
            .token
            .and_then(|token| line.get(token.start as usize..token.end as usize))
            .unwrap_or_default();
        let form = self.forms.iter().find(|form| form.form.fits(token)).or(self.forms.first());
        form.map_or("", |form| &form.kind)
    }
}

fn block(
    manual: &mut String,
    word: &str,
    examples: &[Example],
    below: impl Fn(&Example) -> Option<String>,
) {
    // One blank before each line, as in a comment of Rust.
    let _ = writeln!(manual, "\n ```text {word}");
    for example in examples {
        let _ = writeln!(manual, " {}", example.shown);
        if let Some(line) = below(example) {
            let _ = writeln!(manual, " {line}");
        }
    }
    let _ = writeln!(manual, " ```");
}
