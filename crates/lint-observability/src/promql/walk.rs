//! The grammar of expressions, read for places: the first token that does not fit, and the selectors.

use std::ops::Range;

use super::stand_in::Variable;
use super::tokens::{Kind, Token, cut, is_special};
use super::{Matcher, Op, Problem, Query, Selector, Stop};

/// Aggregations; as a word without a bracket each is a metric.
const AGGREGATIONS: [&str; 14] = [
    "sum",
    "avg",
    "count",
    "min",
    "max",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "count_values",
    "quantile",
    "limitk",
    "limit_ratio",
];
/// Words of `MetricsQL`, which is Prometheus's language with more.
const FOREIGN: [&str; 6] = ["default", "if", "ifnot", "keep_metric_names", "limit", "with"];
const SIGNS: [&str; 12] = ["+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">="];
const WORDS: [&str; 4] = ["and", "or", "unless", "atan2"];

/// Reads the tokens of an expression.
pub(super) fn read(
    text: &str,
    tokens: &[Token],
    variables: &[Variable],
    query: &mut Query,
) -> Result<(), Stop> {
    let mut walker = Walker { text, tokens, at: 0, variables, query };
    if tokens.is_empty() {
        let message = "there is no expression".to_owned();
        return Err(Stop::End(Problem { at: 0..text.len(), message, unknown_function: None }));
    }
    walker.expression()?;
    if walker.peek().is_some() { Err(walker.unexpected("an operator")) } else { Ok(()) }
}

struct Walker<'t, 'q> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    variables: &'t [Variable],
    query: &'q mut Query,
}

impl<'t> Walker<'t, '_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|token| token.is_sign(self.text, sign))
    }

    fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(self.text, word))
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn takes_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.takes_word(word))
    }

    fn expects(&mut self, sign: &str) -> Result<(), Stop> {
        if self.takes_sign(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    /// The next token does not fit.
    fn unexpected(&self, wanted: &str) -> Stop {
        let Some(token) = self.peek() else {
            let last = self.tokens.last().map_or(0..0, |token| token.range());
            let message = format!("the expression ends where {wanted} is expected");
            return Stop::End(Problem { at: last, message, unknown_function: None });
        };
        let is = |word: &&str| token.is_word(self.text, word);
        if FOREIGN.iter().any(is) {
            return Stop::Unjudged;
        }
        let hint = match token.text(self.text) {
            "=" => ", equality is `==`".to_owned(),
            _ => format!(" where {wanted} is expected"),
        };
        Stop::at(token.range(), format!("unexpected `{}`{hint}", cut(token.text(self.text))))
    }

    fn expression(&mut self) -> Result<(), Stop> {
        loop {
            self.operand()?;
            let sign = SIGNS.iter().any(|sign| self.takes_sign(sign));
            if !sign && !self.takes_any(&WORDS) {
                return Ok(());
            }
            self.modifiers()?;
        }
    }

    fn modifiers(&mut self) -> Result<(), Stop> {
        self.takes_word("bool");
        if self.takes_any(&["on", "ignoring"]) {
            self.labels()?;
            if self.takes_any(&["group_left", "group_right"]) && self.is_sign("(") {
                self.labels()?;
            }
        }
        while ["fill", "fill_left", "fill_right"].iter().any(|word| self.is_word(word))
            && self.tokens.get(self.at + 1).is_some_and(|next| next.is_sign(self.text, "("))
        {
            self.at += 2;
            let _ = self.takes_sign("-") || self.takes_sign("+");
            self.literal("a number")?;
            self.expects(")")?;
        }
        Ok(())
    }

    fn labels(&mut self) -> Result<(), Stop> {
        self.expects("(")?;
        loop {
            if self.takes_sign(")") {
                return Ok(());
            }
            match self.peek() {
                Some(token) if matches!(token.kind, Kind::Name | Kind::Text) => self.at += 1,
                _ => return Err(self.unexpected("a label")),
            }
            if !self.takes_sign(",") {
                return self.expects(")");
            }
        }
    }

    fn operand(&mut self) -> Result<(), Stop> {
        while self.takes_sign("-") || self.takes_sign("+") {}
        self.primary()?;
        loop {
            if self.takes_sign("[") {
                self.literal("a duration")?;
                if self.takes_sign(":") && !self.is_sign("]") {
                    self.literal("a duration")?;
                }
                self.expects("]")?;
            } else if self.takes_word("offset") {
                let _ = self.takes_sign("-") || self.takes_sign("+");
                self.literal("a duration")?;
            } else if self.takes_sign("@") {
                self.moment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn moment(&mut self) -> Result<(), Stop> {
        if self.takes_any(&["start", "end"]) {
            self.expects("(")?;
            return self.expects(")");
        }
        let _ = self.takes_sign("-") || self.takes_sign("+");
        self.literal("a time")
    }

    fn literal(&mut self, wanted: &str) -> Result<(), Stop> {
        match self.peek() {
            Some(token)
                if matches!(token.kind, Kind::Number | Kind::Duration)
                    || is_special(token, self.text) =>
            {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn primary(&mut self) -> Result<(), Stop> {
        let Some(token) = self.peek() else { return Err(self.unexpected("an operand")) };
        match token.kind {
            Kind::Number | Kind::Duration | Kind::Text => self.at += 1,
            Kind::Name => return self.named(token),
            Kind::Sign if self.is_sign("{") => {
                let mut selector = Selector { at: token.range(), ..Selector::default() };
                let read = self.matchers(&mut selector);
                self.query.selectors.push(selector);
                return read;
            }
            Kind::Sign if self.takes_sign("(") => {
                self.expression()?;
                return self.expects(")");
            }
            Kind::Sign => return Err(self.unexpected("an operand")),
        }
        Ok(())
    }

    /// A metric, a function or an aggregation.
    fn named(&mut self, token: Token) -> Result<(), Stop> {
        let next = self.tokens.get(self.at + 1).copied();
        let is_call = next.is_some_and(|next| next.is_sign(self.text, "("));
        let is = |word: &&&str| token.is_word(self.text, word);
        if let Some(name) = AGGREGATIONS.iter().find(is) {
            let grouped = |word| next.is_some_and(|next| next.is_word(self.text, word));
            if is_call || grouped("by") || grouped("without") {
                self.at += 1;
                self.query.functions.push((*name).to_owned());
                return self.aggregation();
            }
        }
        if is_special(token, self.text) {
            self.at += 1;
            return Ok(());
        }
        let is_operator = WORDS.iter().any(|word| token.is_word(self.text, word));
        if is_operator && !self.is_metric(next) {
            return Err(self.unexpected("an operand"));
        }
        self.at += 1;
        if is_call {
            self.query.functions.push(token.text(self.text).to_owned());
            return self.arguments();
        }
        let metric = (!self.is_variable(token.range())).then(|| token.text(self.text).to_owned());
        let mut selector = Selector { metric, at: token.range(), matchers: Vec::new() };
        let read = if self.is_sign("{") { self.matchers(&mut selector) } else { Ok(()) };
        self.query.selectors.push(selector);
        read
    }

    fn aggregation(&mut self) -> Result<(), Stop> {
        let grouped = self.takes_any(&["by", "without"]);
        if grouped {
            self.labels()?;
        }
        self.arguments()?;
        if !grouped && self.takes_any(&["by", "without"]) {
            self.labels()?;
        }
        Ok(())
    }

    fn arguments(&mut self) -> Result<(), Stop> {
        self.expects("(")?;
        if self.takes_sign(")") {
            return Ok(());
        }
        loop {
            self.expression()?;
            if self.takes_sign(")") {
                return Ok(());
            }
            if !self.takes_sign(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn matchers(&mut self, selector: &mut Selector) -> Result<(), Stop> {
        self.expects("{")?;
        loop {
            if self.takes_sign("}") {
                return Ok(());
            }
            self.matcher(selector)?;
            if !self.takes_sign(",") && !self.takes_word("or") {
                return self.expects("}");
            }
        }
    }

    fn matcher(&mut self, selector: &mut Selector) -> Result<(), Stop> {
        let Some(label) = self.peek().filter(|token| matches!(token.kind, Kind::Name | Kind::Text))
        else {
            return Err(self.unexpected("a label"));
        };
        self.at += 1;
        let name = label.text(self.text);
        let op = match self.peek().map(|token| token.text(self.text)) {
            Some("=") => Op::Equal,
            Some("=~") => Op::Regex,
            Some("!=" | "!~") => Op::Not,
            _ if label.kind == Kind::Text => {
                selector.metric = Some(unquoted(name).to_owned());
                return Ok(());
            }
            _ => return Err(self.unexpected("`=`, `!=`, `=~` or `!~`")),
        };
        self.at += 1;
        let Some(value) = self.peek().filter(|token| token.kind == Kind::Text) else {
            return Err(self.unexpected("a quoted value"));
        };
        self.at += 1;
        let at = value.start + 1..value.end.saturating_sub(1);
        let text = unquoted(value.text(self.text)).to_owned();
        let label = if label.kind == Kind::Text { unquoted(name) } else { name }.to_owned();
        if label == "__name__" && op == Op::Equal {
            selector.metric = Some(text.clone());
        }
        let is_variable = self.is_variable(at.clone());
        selector.matchers.push(Matcher { label, op, value: text, at, is_variable });
        Ok(())
    }

    /// Whether a word that is also an operator is a metric here, by the token after it.
    fn is_metric(&self, next: Option<Token>) -> bool {
        next.is_none_or(|next| next.is_sign(self.text, "{") || next.is_operator(self.text))
    }

    fn is_variable(&self, at: Range<usize>) -> bool {
        self.variables
            .iter()
            .any(|variable| variable.at.start < at.end && at.start < variable.at.end)
    }
}

fn unquoted(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default()
}
