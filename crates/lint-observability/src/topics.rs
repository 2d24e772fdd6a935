//! What alerts are about, by the series and functions of their expressions.

use crate::alerts::Expression;

/// The topics that alerts should cover, by the words that a user writes for them.
pub(crate) const TOPICS: [&str; 3] = ["errors", "latency", "saturation"];

const ERRORS: [&str; 8] =
    ["error", "fail", "exception", "panic", "5..", "5xx", "burnrate", "unavailable"];
const LATENCY: [&str; 6] = [
    "_duration_",
    "latency",
    "response_time",
    "_seconds_bucket",
    "_seconds_sum",
    "_seconds_quantile",
];
const SATURATION: [&str; 16] = [
    "cpu",
    "memory",
    "_mem_",
    "disk",
    "filesystem",
    "volume",
    "queue",
    "connections",
    "throttl",
    "inode",
    "saturation",
    "backlog",
    "_lag",
    "kube_",
    "container_",
    "node_",
];

/// Whether an expression is about a topic.
pub(crate) fn covers(expression: &Expression, topic: &str) -> bool {
    let query = &expression.query;
    let is_called = |name: &str| query.functions.iter().any(|function| function == name);
    match topic {
        "errors" => query.selectors.iter().any(|selector| {
            let code = |value: &str| {
                value.starts_with('5')
                    && (value.len() == 3 || value.contains(['.', '[', 'x', '\\']))
            };
            has(selector.metric.as_deref(), &ERRORS)
                || selector.matchers.iter().any(|matcher| {
                    has(Some(&matcher.value), &ERRORS)
                        || (!matcher.label.is_empty() && matcher.value.split('|').any(code))
                })
        }),
        "latency" => {
            is_called("histogram_quantile")
                || query.selectors.iter().any(|found| has(found.metric.as_deref(), &LATENCY))
        }
        _ => {
            is_called("predict_linear")
                || query.selectors.iter().any(|found| has(found.metric.as_deref(), &SATURATION))
        }
    }
}

fn has(text: Option<&str>, words: &[&str]) -> bool {
    let Some(text) = text.map(str::to_ascii_lowercase) else { return false };
    words.iter().any(|word| text.contains(word))
}
