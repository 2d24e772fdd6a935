//! What the library says is wrong, with its place.

use std::ops::Range;

use careen_text::closest;

use super::Problem;
use super::tokens::{Kind, Token};

/// Functions that are misspelt most.
const COMMON: [&str; 32] = [
    "abs",
    "absent",
    "absent_over_time",
    "avg_over_time",
    "ceil",
    "changes",
    "clamp_max",
    "clamp_min",
    "count_over_time",
    "delta",
    "deriv",
    "floor",
    "histogram_quantile",
    "idelta",
    "increase",
    "irate",
    "label_join",
    "label_replace",
    "last_over_time",
    "max_over_time",
    "min_over_time",
    "predict_linear",
    "quantile_over_time",
    "rate",
    "resets",
    "round",
    "scalar",
    "sort_desc",
    "sum_over_time",
    "time",
    "timestamp",
    "vector",
];
/// Functions of `LogQL`, whose rules stand in files of the same form.
const FOREIGN: [&str; 4] = ["bytes_over_time", "bytes_rate", "rate_counter", "unwrap"];

/// What is wrong by the library's words, at the function or string they name, else at the whole
/// expression. None for functions of another language.
pub(super) fn problem(text: &str, tokens: &[Token], message: &str) -> Option<Problem> {
    if let Some(name) = between(message, "unknown function with name '", "'") {
        if FOREIGN.contains(&name) {
            return None;
        }
        let hint = closest(name, COMMON).map(|word| format!(", did you mean `{word}`?"));
        return Some(Problem {
            at: call(text, tokens, name),
            message: format!("there is no function `{name}`{}", hint.unwrap_or_default()),
            unknown_function: Some(name.to_owned()),
        });
    }
    let named = ["call to function '", "in call to '"];
    let at = if let Some(name) = named.iter().find_map(|start| between(message, start, "'")) {
        call(text, tokens, name)
    } else if let Some(pattern) = message.strip_prefix("illegal regex for ") {
        let holds = |token: &&Token| token.kind == Kind::Text && token.text(text).contains(pattern);
        tokens.iter().find(holds).map_or_else(|| whole(text, tokens), |token| token.range())
    } else {
        whole(text, tokens)
    };
    let shown: String = message.chars().take(200).collect();
    let message = if message == "invalid promql query" {
        "the expression is none of PromQL".to_owned()
    } else {
        shown.replace('\'', "`")
    };
    Some(Problem { at, message, unknown_function: None })
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let rest = text.get(text.find(start)? + start.len()..)?;
    rest.get(..rest.find(end)?)
}

/// Where the function is called first.
fn call(text: &str, tokens: &[Token], name: &str) -> Range<usize> {
    let is_call = |pair: &&[Token]| matches!(pair, [word, open] if word.is_word(text, name) && open.is_sign(text, "("));
    let found = tokens.windows(2).find(is_call).and_then(|pair| pair.first());
    found.map_or_else(|| whole(text, tokens), |token| token.range())
}

/// The expression, or what stands of it in its first line.
fn whole(text: &str, tokens: &[Token]) -> Range<usize> {
    let start = tokens.first().map_or(0, |token| token.start);
    let end = tokens.last().map_or(text.len(), |token| token.end);
    let line = text.get(start..end).and_then(|all| all.find(['\n', '\r']));
    start..line.map_or(end, |length| start + length)
}
