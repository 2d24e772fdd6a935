//! PromQL: what is wrong with an expression and where, and which series it asks for.
//!
//! `promql-parser` says whether an expression is one. It does not say where it stops being one, and its
//! types are its own, so tokens and their grammar are read here once more, for places and selectors.
//! Verdicts are the library's. Everything has limits: what is beyond them is not judged.

mod functions;
mod neutral;
mod stand_in;
mod tokens;
mod walk;

use std::ops::Range;
use std::sync::Once;

use promql_parser::parser::value::ValueType;
use promql_parser::parser::{Function, parse as library, register_extra_functions};

/// Bytes of an expression that is looked at.
const LENGTH_MAX: usize = 16 * 1024;
/// Operators of one expression; the tree of the library is as deep as there are.
const OPERATORS_MAX: usize = 500;

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// In a file of rules, as Prometheus reads it. `${name}` is put in by who deploys it.
    Rule,
    /// In a dashboard: Grafana puts in `$name`, `${name:format}` and `[[name]]`.
    Dashboard,
}

/// What is wrong, with the bytes of the expression that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Bytes of the expression.
    pub(crate) at: Range<usize>,
    /// A fragment for people.
    pub(crate) message: String,
    /// The function, if the problem is that there is none of the name.
    pub(crate) unknown_function: Option<String>,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// `=`
    Equal,
    /// `=~`
    Regex,
    /// `!=` or `!~`
    Not,
}

/// A comparison of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matcher {
    /// The label.
    pub(crate) label: String,
    /// How.
    pub(crate) op: Op,
    /// The value as it is written between its quotes.
    pub(crate) value: String,
    /// Bytes of the expression that are the value, quotes left out.
    pub(crate) at: Range<usize>,
    /// Whether a variable is part of the value.
    pub(crate) is_variable: bool,
}

/// The series that an expression asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    /// The metric; none where only labels are given, or a variable is part of it.
    pub(crate) metric: Option<String>,
    /// Bytes of the expression that are the metric.
    pub(crate) at: Range<usize>,
    /// What labels must be.
    pub(crate) matchers: Vec<Matcher>,
}

/// What is known of an expression. Of one with a problem the beginning is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The series, in order.
    pub(crate) selectors: Vec<Selector>,
    /// The functions, in order.
    pub(crate) functions: Vec<String>,
    /// What is wrong, if something is for sure.
    pub(crate) problem: Option<Problem>,
}

/// Why reading stopped.
#[derive(Debug)]
enum Stop {
    Problem(Problem),
    /// The expression ends too early.
    End(Problem),
    /// The text is in another language, such as LogQL, or beyond the limits.
    Unjudged,
}

impl Stop {
    fn at(at: Range<usize>, message: impl Into<String>) -> Self {
        Self::Problem(Problem { at, message: message.into(), unknown_function: None })
    }
}

/// Reads an expression. Never panics, and tells a problem only where Prometheus would.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Query {
    if text.len() > LENGTH_MAX {
        return Query::default();
    }
    let (text, variables) = stand_in::replace(text, dialect);
    let mut query = Query::default();
    let (tokens, broken) = tokens::read(&text);
    let walked = match broken {
        Some(Stop::Unjudged) => return query,
        Some(broken) => {
            // What does not fit before the end says better where a bracket is missing.
            let walked = walk::read(&text, &tokens, &variables, &mut query);
            let earlier = walked.err().filter(|stop| !matches!(stop, Stop::End(_)));
            query.problem = judged(earlier.unwrap_or(broken), &variables);
            return query;
        }
        None => walk::read(&text, &tokens, &variables, &mut query),
    };
    if matches!(walked, Err(Stop::Unjudged)) || operators(&text, &tokens) > OPERATORS_MAX {
        return query;
    }
    if let Some(stop) = tokens::unsafe_duration(&text, &tokens) {
        query.problem = judged(stop, &variables);
        return query;
    }
    let Err(message) = ask(&neutral::text(&text, &tokens)) else { return query };
    query.problem = match walked {
        Err(stop) => judged(stop, &variables),
        // With variables amid the expression its types are not known.
        Ok(()) if variables.iter().any(|variable| !variable.quoted) => None,
        Ok(()) => functions::problem(&text, &tokens, &message),
    };
    query
}

/// Whether the library takes the expression, and what it says if not.
fn ask(text: &str) -> Result<(), String> {
    static OLD: Once = Once::new();
    OLD.call_once(|| {
        // Prometheus 2 has `double_exponential_smoothing` under this name.
        let arguments = vec![ValueType::Matrix, ValueType::Scalar, ValueType::Scalar];
        let old = Function::new("holt_winters", arguments, 0, ValueType::Vector, false);
        // It is refused only if the library comes to know the name itself.
        let _ = register_extra_functions(vec![old]);
    });
    library(text).map(drop)
}

fn operators(text: &str, tokens: &[tokens::Token]) -> usize {
    tokens.iter().filter(|token| token.is_operator(text)).count()
}

/// The problem, unless it stands where a variable may make it none.
fn judged(stop: Stop, variables: &[stand_in::Variable]) -> Option<Problem> {
    let (Stop::Problem(problem) | Stop::End(problem)) = stop else { return None };
    let near = |variable: &stand_in::Variable| {
        problem.at.start <= variable.at.end + 1 && variable.at.start <= problem.at.end + 1
    };
    let unclear = variables.iter().any(|variable| !variable.quoted && near(variable));
    (!unclear).then_some(problem)
}

#[cfg(test)]
mod tests;
