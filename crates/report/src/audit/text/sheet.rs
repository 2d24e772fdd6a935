//! Lines of a report, in the width and with the signs of the terminal, with nothing in them that a terminal
//! or a build server would obey.

use careen_audit_model::Status;

use crate::audit::view::{Mark, Part, Phrase, Tone, short};
use crate::words::cut;
use crate::wrap::wrapped;
use crate::{Options, inert, paint};

/// Characters of a stretch of prose, and of a name.
const MAX_WORDS: usize = 600;
const MAX_NAME: usize = 300;
/// Columns of a status with its sign and what keeps it apart.
pub(super) const STATUS: usize = 11;

pub(super) struct Sheet<'o> {
    text: String,
    options: &'o Options,
}

impl<'o> Sheet<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        Self { text: String::new(), options }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// The first line.
    pub(super) fn verdict(&mut self, tone: Tone, line: &str) {
        let line = self.clean(line);
        let line = wrapped(&line, self.options.width, 0, 0);
        self.text.push_str(&painted(tone, &line, self.options.color));
        self.gap();
    }

    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.bold(0, title);
    }

    pub(super) fn subheading(&mut self, title: &str) {
        self.bold(2, title);
    }

    fn bold(&mut self, indent: usize, title: &str) {
        let title = self.clean(title);
        let title = wrapped(&title, self.options.width, indent, indent);
        self.indent(indent);
        self.text.push_str(&paint::bold(&title, self.options.color));
        self.gap();
    }

    /// Prose of ours.
    pub(super) fn plain(&mut self, indent: usize, text: &str) {
        let text = self.clean(text);
        self.lines(indent, indent, indent, &text);
    }

    /// A line that is copied, and so is not broken.
    pub(super) fn whole(&mut self, indent: usize, text: &str) {
        let text = self.clean(text);
        self.indent(indent);
        self.text.push_str(&text);
        self.gap();
    }

    pub(super) fn phrase(&mut self, indent: usize, phrase: &Phrase<'_>) {
        self.lines(indent, indent, indent, &self.said(phrase));
    }

    /// One of several.
    pub(super) fn item(&mut self, indent: usize, phrase: &Phrase<'_>) {
        self.lines(indent, indent, indent + 2, &self.said(phrase));
    }

    /// A name and what it stands for.
    pub(super) fn named(&mut self, indent: usize, name: &str, width: usize, phrase: &Phrase<'_>) {
        let taken = indent + width.max(name.len()) + 2;
        self.indent(indent);
        self.text.push_str(&format!("{name:width$}  "));
        self.lines(0, taken, taken, &self.said(phrase));
    }

    /// A status, and what has it.
    pub(super) fn status(&mut self, indent: usize, status: Status, phrase: &Phrase<'_>) {
        let (sign, ascii, tone) = match status {
            Status::Pass => ('✓', '+', Tone::Good),
            Status::Fail => ('✗', 'x', Tone::Bad),
            Status::Stale => ('↻', '~', Tone::Bad),
            Status::NotRun => ('○', 'o', Tone::Bad),
            Status::Manual => ('?', '?', Tone::Bad),
            Status::Waived => ('!', '!', Tone::Care),
            Status::NotApplicable => ('-', '-', Tone::Quiet),
        };
        let sign = if self.options.unicode { sign } else { ascii };
        let word = if status == Status::NotApplicable { "n/a" } else { status.as_str() };
        let label = format!("{sign} {word}");
        self.labelled(indent, &label, STATUS, tone, phrase);
    }

    /// A mark, and what has it.
    pub(super) fn marked(&mut self, indent: usize, mark: Mark, width: usize, phrase: &Phrase<'_>) {
        self.labelled(indent, mark.word, width + 2, mark.tone, phrase);
    }

    fn labelled(
        &mut self,
        indent: usize,
        label: &str,
        width: usize,
        tone: Tone,
        phrase: &Phrase<'_>,
    ) {
        let length = label.chars().count();
        self.indent(indent);
        self.text.push_str(&painted(tone, label, self.options.color));
        self.indent(width.saturating_sub(length).max(1));
        let taken = indent + width;
        self.lines(0, taken, taken, &self.said(phrase));
    }

    /// Text after `indent` more spaces, of which `taken` columns are taken then; further lines begin at
    /// `hang`.
    fn lines(&mut self, indent: usize, taken: usize, hang: usize, text: &str) {
        self.indent(indent);
        self.text.push_str(&wrapped(text, self.options.width, taken, hang));
        self.gap();
    }

    fn indent(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn said(&self, phrase: &Phrase<'_>) -> String {
        let mut said = String::new();
        for part in phrase.parts() {
            match part {
                Part::Words(words) => said.push_str(&cut(words, MAX_WORDS)),
                Part::Name(name) => said.push_str(&cut(name, MAX_NAME)),
                Part::Digest(digest) => {
                    let digest = if self.options.full { digest } else { short(digest) };
                    said.push_str(&cut(digest, MAX_NAME));
                }
                Part::Place(place) => {
                    let path = cut(&place.path, MAX_NAME);
                    said.push_str(&format!("{path}:{}:{}", place.line, place.column));
                }
            }
        }
        self.clean(&said)
    }

    /// Nothing of others begins a command of a build server, and typographic quotes are a matter of the
    /// terminal.
    fn clean(&self, text: &str) -> String {
        let text = inert::path(text);
        if self.options.unicode {
            text.into_owned()
        } else {
            text.replace(['\u{201c}', '\u{201d}'], "\"").replace('›', ">")
        }
    }
}

fn painted(tone: Tone, text: &str, color: bool) -> String {
    let code = match tone {
        Tone::Bad => "1;31",
        Tone::Care => "1;33",
        Tone::Good => "1;32",
        Tone::Quiet => "1;36",
    };
    paint::code(code, text, color).into_owned()
}
