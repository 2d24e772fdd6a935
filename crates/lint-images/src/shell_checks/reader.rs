//! From words and operators to simple commands.

use careen_image_model::shell::{self, Token, TokenKind};

use super::script::{Part, RESERVED, Script, Simple, name_of};

/// Groups tokens to commands.
pub(super) struct Reader<'s, 'a> {
    script: &'s Script<'a>,
    at: usize,
    current: Simple,
    done: Vec<Simple>,
    cases: usize,
    before: String,
}

impl<'s, 'a> Reader<'s, 'a> {
    pub(super) fn new(script: &'s Script<'a>) -> Self {
        Self {
            script,
            at: 0,
            current: Simple::default(),
            done: Vec::new(),
            cases: 0,
            before: String::new(),
        }
    }

    pub(super) fn read(mut self) -> Vec<Simple> {
        while let Some(token) = self.script.tokens.get(self.at) {
            self.at += 1;
            match token.kind {
                TokenKind::Comment => {}
                TokenKind::Newline => self.end("\n"),
                TokenKind::Operator => self.operator(token),
                TokenKind::Word => self.word(token),
            }
        }
        self.end("");
        self.done
    }

    fn operator(&mut self, token: &Token) {
        match self.script.text(token) {
            "(" if self.starts() && self.is_next("(", token.range.end) => self.arithmetic(),
            "(" if self.current.words.len() == 1 && self.next_is(")") => {
                // A function is defined.
                self.at += 1;
                self.current = Simple::default();
                self.before = "()".to_owned();
            }
            ";;" | ";&" | ";;&" => {
                self.end(";");
                if self.cases > 0 {
                    self.pattern();
                }
            }
            operator if operator.contains(['<', '>']) => self.redirect(token),
            operator => self.end(operator),
        }
    }

    fn redirect(&mut self, token: &Token) {
        // A number right in front of it is the descriptor.
        let descriptor = self.current.words.last().filter(|word| {
            word.range.end == token.range.start
                && self.script.raw(word).bytes().all(|byte| byte.is_ascii_digit())
        });
        let operator = self.script.text(token);
        self.current.redirected = true;
        self.current.reads_file |= operator.starts_with('<');
        if descriptor.is_some() {
            self.current.words.pop();
        }
        let next = self.script.tokens.get(self.at);
        if let Some(target) = next.filter(|next| next.kind == TokenKind::Word) {
            self.at += 1;
            let part = self.part(target);
            self.current.targets.push(part);
        }
    }

    fn word(&mut self, token: &Token) {
        let text = self.script.text(token);
        if self.current.words.is_empty() {
            if RESERVED.contains(&text) && self.current.assignments.is_empty() {
                self.cases = self.cases.saturating_sub(usize::from(text == "esac"));
                self.before = text.to_owned();
                return;
            }
            if text == "[[" {
                self.condition(token);
                return;
            }
            if name_of(text).is_some() {
                let part = self.part(token);
                self.current.assignments.push(part);
                return;
            }
        }
        let is_case = text == "in"
            && self.current.words.len() == 2
            && self.script.program(&self.current) == "case";
        let part = self.part(token);
        self.current.words.push(part);
        if is_case {
            self.end("in");
            self.cases += 1;
            self.pattern();
        }
    }

    /// `[[ … ]]`, operators included, as one command.
    fn condition(&mut self, first: &Token) {
        let part = self.part(first);
        self.current.words.push(part);
        while let Some(token) = self.script.tokens.get(self.at) {
            self.at += 1;
            if token.kind == TokenKind::Word {
                let part = self.part(token);
                self.current.words.push(part);
                if self.script.text(token) == "]]" {
                    return;
                }
            }
        }
    }

    /// Over `(( … ))`.
    fn arithmetic(&mut self) {
        let mut depth = 1usize;
        while let Some(token) = self.script.tokens.get(self.at) {
            self.at += 1;
            match self.script.text(token) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Over the pattern of a `case`.
    fn pattern(&mut self) {
        let mut first = true;
        while let Some(token) = self.script.tokens.get(self.at) {
            let text = self.script.text(token);
            if first && text == "esac" {
                return;
            }
            self.at += 1;
            if text == ")" && token.kind == TokenKind::Operator {
                return;
            }
            first &= token.kind != TokenKind::Word;
        }
    }

    fn part(&self, token: &Token) -> Part {
        Part {
            range: token.range.clone(),
            span: token.span,
            pieces: shell::pieces(self.script.joined, token.range.clone()),
        }
    }

    fn starts(&self) -> bool {
        self.current.words.is_empty() && self.current.assignments.is_empty()
    }

    fn next_is(&self, text: &str) -> bool {
        self.script.tokens.get(self.at).is_some_and(|next| self.script.text(next) == text)
    }

    fn is_next(&self, text: &str, start: usize) -> bool {
        let next = self.script.tokens.get(self.at);
        next.is_some_and(|next| next.range.start == start && self.script.text(next) == text)
    }

    fn end(&mut self, operator: &str) {
        let mut command = std::mem::take(&mut self.current);
        if command.words.is_empty() && command.assignments.is_empty() && !command.redirected {
            // A line break behind `&&` changes nothing.
            if operator != "\n" || self.before.is_empty() {
                operator.clone_into(&mut self.before);
            }
            return;
        }
        command.before = std::mem::replace(&mut self.before, operator.to_owned());
        operator.clone_into(&mut command.after);
        self.done.push(command);
    }
}
