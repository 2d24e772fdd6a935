//! From the text of one instruction to its parts.

use careen_text::Span;

use super::{Arguments, Heredoc, Instruction, Keyword, Problem, ProblemKind, heredoc, json, lexer};
use crate::{Joined, Pair, Word};

/// An instruction whose heredocs still lack their bodies.
pub(super) struct Draft {
    pub(super) instruction: Instruction,
    pub(super) heredocs: Vec<Heredoc>,
}

/// Reads the instruction that starts at `at`; `triggered` says that it stands behind `ONBUILD`.
pub(super) fn instruction(
    joined: &Joined,
    at: usize,
    escape: char,
    problems: &mut Vec<Problem>,
    triggered: bool,
) -> Option<Draft> {
    let text = joined.text();
    let name = lexer::next(text, at, escape, false)?;
    let written = text.get(name.clone()).unwrap_or_default();
    let keyword = Keyword::of(written);
    let keyword_span = joined.span(name.clone());
    let span = joined.span(name.start..text.len());
    let mut reader = Reader { joined, escape, keyword, keyword_span, problems };
    if keyword == Keyword::Unknown {
        let message = format!("`{}` is no instruction", shortened(written));
        reader.problem(ProblemKind::UnknownInstruction, keyword_span, message);
    }
    let (flags, mut rest) = lexer::flags(joined, name.end, escape);
    let mut subcommand = None;
    if keyword == Keyword::Healthcheck
        && let Some(range) = lexer::next(text, rest, escape, false)
    {
        subcommand = Some(lexer::word(joined, range.clone(), escape));
        rest = range.end;
    }
    let kinds = ["cmd", "none"];
    if let Some(word) = &subcommand
        && !kinds.iter().any(|kind| word.is_ignoring_case(kind))
    {
        let message = "`HEALTHCHECK` is followed by neither `CMD` nor `NONE`".to_owned();
        reader.problem(ProblemKind::Arguments, word.span, message);
    }
    let mut heredocs = Vec::new();
    let mut onbuild = None;
    let mut arguments = Arguments::None;
    if keyword == Keyword::Onbuild && !triggered {
        if let Some(draft) = instruction_behind_onbuild(joined, rest, escape, reader.problems) {
            heredocs = draft.heredocs;
            onbuild = Some(Box::new(draft.instruction));
        }
    } else {
        arguments = reader.arguments(rest);
        if matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
            && !matches!(arguments, Arguments::Json(_))
        {
            heredocs = heredoc::opened(joined, rest, escape);
        }
    }
    let empty = matches!(arguments, Arguments::None) && onbuild.is_none();
    let none = subcommand.as_ref().is_some_and(|word| word.is_ignoring_case("none"));
    if empty && !none && keyword != Keyword::Unknown {
        let message = format!("`{}` has no arguments", keyword.name());
        reader.problem(ProblemKind::Arguments, keyword_span, message);
    }
    let instruction = Instruction {
        keyword,
        keyword_span,
        span,
        extent: span,
        flags,
        subcommand,
        arguments,
        heredocs: Vec::new(),
        onbuild,
        stage: None,
    };
    Some(Draft { instruction, heredocs })
}

/// What `ONBUILD` triggers: any instruction but itself, `FROM` and `MAINTAINER`.
fn instruction_behind_onbuild(
    joined: &Joined,
    at: usize,
    escape: char,
    problems: &mut Vec<Problem>,
) -> Option<Draft> {
    let draft = instruction(joined, at, escape, problems, true)?;
    let keyword = draft.instruction.keyword;
    if matches!(keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer) {
        problems.push(Problem {
            kind: ProblemKind::Onbuild,
            span: draft.instruction.keyword_span,
            message: format!("`ONBUILD` may not trigger `{}`", keyword.name()),
        });
    }
    Some(draft)
}

struct Reader<'a> {
    joined: &'a Joined,
    escape: char,
    keyword: Keyword,
    keyword_span: Span,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// The arguments from `at` on, as the keyword reads them.
    fn arguments(&mut self, at: usize) -> Arguments {
        let text = self.joined.text();
        let rest = text.get(at..).unwrap_or_default();
        let at = at + (rest.len() - rest.trim_start_matches(lexer::BLANKS).len());
        if at >= text.len() {
            return Arguments::None;
        }
        match self.keyword {
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => {
                match json::array(self.joined, at) {
                    Some(mut words) => {
                        // No shell takes part: a dollar sign is a dollar sign.
                        words.iter_mut().for_each(|word| word.literal = true);
                        Arguments::Json(words)
                    }
                    None => Arguments::Shell(self.joined.tail(at)),
                }
            }
            Keyword::Shell | Keyword::Copy | Keyword::Add | Keyword::Volume => {
                match json::array(self.joined, at) {
                    Some(words) => {
                        self.count(words.len(), at);
                        Arguments::Json(words)
                    }
                    None => {
                        let words = self.words(at);
                        if self.keyword == Keyword::Shell {
                            let message = "`SHELL` is not in JSON form".to_owned();
                            let span = self.joined.span(at..text.len());
                            self.problem(ProblemKind::Arguments, span, message);
                        } else {
                            self.count(words.len(), at);
                        }
                        Arguments::Words(words)
                    }
                }
            }
            Keyword::Env | Keyword::Label | Keyword::Arg => Arguments::Pairs(self.pairs(at)),
            Keyword::User | Keyword::Workdir | Keyword::Stopsignal => {
                Arguments::Words(vec![lexer::word(self.joined, at..text.len(), self.escape)])
            }
            Keyword::Maintainer => {
                Arguments::Words(vec![lexer::verbatim(self.joined, at..text.len())])
            }
            Keyword::From => {
                let words = self.words(at);
                let as_name = words.len() == 3
                    && words.get(1).is_some_and(|word| word.is_ignoring_case("as"));
                if words.len() != 1 && !as_name {
                    let message = "`FROM` takes an image, or an image, `AS` and a name".to_owned();
                    let span = self.joined.span(at..text.len());
                    self.problem(ProblemKind::Arguments, span, message);
                }
                Arguments::Words(words)
            }
            Keyword::Expose | Keyword::Onbuild | Keyword::Unknown => {
                Arguments::Words(self.words(at))
            }
        }
    }

    /// Words between white space; quotes do not keep it together here.
    fn words(&self, at: usize) -> Vec<Word> {
        let ranges = lexer::ranges(self.joined.text(), at, self.escape, false);
        ranges.into_iter().map(|range| lexer::word(self.joined, range, self.escape)).collect()
    }

    fn pairs(&mut self, at: usize) -> Vec<Pair> {
        let text = self.joined.text();
        let ranges = lexer::ranges(text, at, self.escape, true);
        let contains_equals = |range: &std::ops::Range<usize>| {
            text.get(range.clone()).is_some_and(|w| w.contains('='))
        };
        if self.keyword != Keyword::Arg && !ranges.first().is_some_and(contains_equals) {
            return self.legacy_pair(at);
        }
        let mut pairs = Vec::with_capacity(ranges.len());
        for range in ranges {
            let pair = lexer::pair(self.joined, range, self.escape);
            if pair.value.is_none() && self.keyword != Keyword::Arg {
                let message = format!("`{}` has no value", shortened(&pair.key.text));
                self.problem(ProblemKind::Arguments, pair.span, message);
            }
            pairs.push(pair);
        }
        pairs
    }

    /// The old form `ENV name value with spaces`.
    fn legacy_pair(&mut self, at: usize) -> Vec<Pair> {
        let text = self.joined.text();
        let Some(name) = lexer::next(text, at, self.escape, false) else {
            return Vec::new();
        };
        let value = lexer::next(text, name.end, self.escape, false);
        let value =
            value.map(|value| lexer::word(self.joined, value.start..text.len(), self.escape));
        let key = lexer::word(self.joined, name.clone(), self.escape);
        if value.is_none() {
            let message = format!("`{}` has no value", shortened(&key.text));
            self.problem(ProblemKind::Arguments, key.span, message);
        }
        vec![Pair { key, value, span: self.joined.span(name.start..text.len()) }]
    }

    /// `COPY` and `ADD` need a source and a destination.
    fn count(&mut self, words: usize, at: usize) {
        if matches!(self.keyword, Keyword::Copy | Keyword::Add) && words < 2 {
            let message = format!("`{}` needs a source and a destination", self.keyword.name());
            let span = self.joined.span(at..self.joined.text().len());
            self.problem(ProblemKind::Arguments, span, message);
        }
    }

    fn problem(&mut self, kind: ProblemKind, span: Span, message: String) {
        let span = if span.is_empty() { self.keyword_span } else { span };
        if self.problems.len() < super::PROBLEMS_MAX {
            self.problems.push(Problem { kind, span, message });
        }
    }
}

/// The start of a word for a message.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
