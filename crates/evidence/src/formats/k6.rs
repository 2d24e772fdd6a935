//! Summaries of k6: what `--summary-export` writes, and what `handleSummary` is handed.
//!
//! The two have the same metrics in different shapes. In the first the numbers stand in the metric and a
//! threshold is `true` when it failed; in the second they stand in `values` and a threshold is
//! `{"ok": true}` when it held. Times are in milliseconds in both, whatever unit the text shows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::numbers::{not_negative, share};
use crate::words::one_line;
use crate::{Evidence, Issue, Kind, Measure, Trouble, json};

/// What tells the durations, failures and counts of requests, by protocol; the first that is there counts.
const DURATIONS: [&str; 2] = ["http_req_duration", "grpc_req_duration"];
const STATISTICS: [(&str, Measure); 7] = [
    ("avg", Measure::Mean),
    ("med", Measure::P50),
    ("p(50)", Measure::P50),
    ("p(90)", Measure::P90),
    ("p(95)", Measure::P95),
    ("p(99)", Measure::P99),
    ("max", Measure::Max),
];

pub(super) fn is_it(text: &str) -> bool {
    let known = ["\"http_req_duration\"", "\"grpc_req_duration\"", "\"iteration_duration\""];
    json::is_object(text)
        && known.iter().any(|name| text.contains(name))
        && json::has_keys(text, &["metrics"])
}

#[derive(Deserialize)]
struct Summary {
    metrics: BTreeMap<String, Map<String, Value>>,
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let summary: Summary = json::parse(text, "a summary of k6")?;
    let metrics = &summary.metrics;
    let mut evidence = Evidence::new(Kind::K6);
    evidence.tool = Some("k6".to_owned());
    let Some(durations) = DURATIONS.iter().find_map(|name| metrics.get(*name)) else {
        return Err(Trouble::new(
            "is no summary of k6 with requests: `metrics` has no `http_req_duration`",
        ));
    };
    for (name, measure) in STATISTICS {
        if let Some(value) = value(durations, name)? {
            evidence.measures.set(measure, value);
        }
    }
    if let Some(requests) = metrics.get("http_reqs") {
        match value(requests, "count")? {
            Some(0.0) => return Err(Trouble::new("made no request, so it measures nothing")),
            Some(count) => evidence.measures.set(Measure::Requests, count),
            None => {}
        }
    }
    if let Some(failed) = metrics.get("http_req_failed")
        && let Some(rate) = error_rate(failed)?
    {
        evidence.measures.set(Measure::ErrorRate, rate);
    }
    judge(metrics, &mut evidence)?;
    Ok(evidence)
}

/// A number of a metric, wherever the shape has it.
fn value(metric: &Map<String, Value>, name: &str) -> Result<Option<f64>, Trouble> {
    let inside = metric.get("values").and_then(Value::as_object).unwrap_or(metric);
    match inside.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64() {
            Some(number) => not_negative(name, number).map(Some),
            None => Err(Trouble::new(format!("`{name}` of a metric is no number"))),
        },
    }
}

/// The share of requests that failed. In a rate, `passes` counts what is true: here, what failed. Where
/// count and rate disagree, what is worse is believed.
fn error_rate(failed: &Map<String, Value>) -> Result<Option<f64>, Trouble> {
    let said = match value(failed, "rate")? {
        Some(rate) => Some(rate),
        None => value(failed, "value")?,
    };
    let said = said.map(|rate| share("http_req_failed", rate)).transpose()?;
    let counts = (value(failed, "passes")?, value(failed, "fails")?);
    let counted = match counts {
        (Some(failed), Some(passed)) if failed + passed > 0.0 => Some(failed / (failed + passed)),
        _ => None,
    };
    Ok(said.into_iter().chain(counted).reduce(f64::max))
}

/// Counts the thresholds that failed. Without thresholds there is no measure: none failed, none held.
fn judge(
    metrics: &BTreeMap<String, Map<String, Value>>,
    evidence: &mut Evidence,
) -> Result<(), Trouble> {
    for (name, metric) in metrics {
        let Some(thresholds) = metric.get("thresholds").and_then(Value::as_object) else {
            continue;
        };
        evidence.measures.add(Measure::Thresholds, 0.0);
        for (threshold, outcome) in thresholds {
            let is_crossed = match outcome {
                Value::Bool(is_crossed) => *is_crossed,
                Value::Object(outcome) => match outcome.get("ok") {
                    Some(Value::Bool(ok)) => !ok,
                    _ => return Err(Trouble::new("has a threshold without `ok`")),
                },
                _ => return Err(Trouble::new("has a threshold that is neither held nor failed")),
            };
            if is_crossed {
                evidence.measures.add(Measure::Thresholds, 1.0);
                let message = format!("does not hold `{}`", one_line(threshold, 200));
                evidence.push(Issue { name: one_line(name, 200), message });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    #[test]
    fn both_shapes_say_the_same() {
        let exported = r#"{"root_group":{},"metrics":{
            "http_req_duration":{"avg":100.5,"med":90,"max":800,"p(90)":200,"p(95)":300,"p(99)":450,
                "thresholds":{"p(95)<500":false,"p(99)<400":true}},
            "http_reqs":{"count":1000,"rate":50},
            "http_req_failed":{"value":0.001,"passes":1,"fails":999}}}"#;
        let handled = r#"{"root_group":{},"metrics":{
            "http_req_duration":{"type":"trend","contains":"time",
                "values":{"avg":100.5,"med":90,"max":800,"p(90)":200,"p(95)":300,"p(99)":450},
                "thresholds":{"p(95)<500":{"ok":true},"p(99)<400":{"ok":false}}},
            "http_reqs":{"type":"counter","values":{"count":1000,"rate":50}},
            "http_req_failed":{"type":"rate","values":{"rate":0.001,"passes":1,"fails":999}}}}"#;
        let [one, two] = [exported, handled].map(|text| {
            assert!(is_it(text));
            read(text).unwrap()
        });
        assert_eq!(one, two);
        assert_eq!(one.measures.get(Measure::P99), Some(450.0));
        assert_eq!(one.measures.get(Measure::ErrorRate), Some(0.001));
        assert_eq!(one.measures.get(Measure::Thresholds), Some(1.0));
        assert_eq!(one.issues[0].message, "does not hold `p(99)<400`");
    }

    #[test]
    fn what_is_not_told_is_absent() {
        let evidence = read(r#"{"metrics":{"http_req_duration":{"avg":1,"p(95)":2}}}"#).unwrap();
        for measure in [Measure::P99, Measure::ErrorRate, Measure::Thresholds, Measure::Requests] {
            assert_eq!(evidence.measures.get(measure), None, "{measure}");
        }
    }

    #[test]
    fn counts_that_are_worse_than_the_rate_are_believed() {
        let text = r#"{"metrics":{"http_req_duration":{"avg":1},
            "http_req_failed":{"value":0,"passes":5,"fails":5}}}"#;
        assert_eq!(read(text).unwrap().measures.get(Measure::ErrorRate), Some(0.5));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for metrics in [
            r#""http_req_duration":{"avg":-1}"#,
            r#""http_req_duration":{"avg":"fast"}"#,
            r#""http_req_duration":{"avg":1},"http_reqs":{"count":0}"#,
            r#""http_req_duration":{"avg":1},"http_req_failed":{"value":1.5}"#,
            r#""http_req_duration":{"avg":1,"thresholds":{"a":"yes"}}"#,
            r#""vus":{"value":1}"#,
        ] {
            assert!(read(&format!("{{\"metrics\":{{{metrics}}}}}")).is_err(), "{metrics}");
        }
    }
}
