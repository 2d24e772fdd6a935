//! Answers of Prometheus' query API.
//!
//! A number does not say what it measures. That is said by a record, or by the labels `careen_measure` and
//! `careen_unit` of the series, which `label_replace` can give it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::measure::Unit;
use crate::moment::{self, earliest};
use crate::numbers::{not_negative, share};
use crate::words::one_line;
use crate::{Evidence, Kind, Measure, Scale, Trouble, json};

/// What is asked, in the words of Prometheus' documentation.
const WHAT: &str = "an answer of Prometheus' query API";
/// Labels that name what is measured.
const NAMES: [&str; 5] = ["namespace", "job", "service", "app", "instance"];
const MOST_NAMES: usize = 50;

pub(super) fn is_it(text: &str) -> bool {
    let is_answer = |mark, key| text.contains(mark) && json::has_keys(text, &["status", key]);
    json::is_object(text)
        && (is_answer("\"resultType\"", "data") || is_answer("\"errorType\"", "errorType"))
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    read_with(text, None)
}

/// Reads an answer whose measure is known.
pub(super) fn read_as(
    text: &str,
    measure: Measure,
    scale: Option<Scale>,
) -> Result<Evidence, Trouble> {
    read_with(text, Some((measure, scale)))
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: Value,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: Option<(f64, String)>,
    values: Option<Vec<(f64, String)>>,
}

type Told = Option<(Measure, Option<Scale>)>;

fn read_with(text: &str, told: Told) -> Result<Evidence, Trouble> {
    let answer: Answer = json::parse(text, WHAT)?;
    if answer.status != "success" {
        let kind = answer
            .error_type
            .map_or_else(String::new, |kind| format!(" ({})", one_line(&kind, 60)));
        return Err(Trouble::new(format!("is the answer to a query that failed{kind}")));
    }
    let Some(data) = answer.data else {
        return Err(Trouble::new(format!("is not {WHAT}: it has no `data`")));
    };
    let mut evidence = Evidence::new(Kind::Prometheus);
    evidence.tool = Some("Prometheus".to_owned());
    let all = series(data)?;
    if all.is_empty() {
        return Err(Trouble::new("is empty: the query found no series, so it measures nothing"));
    }
    for one in &all {
        keep(one, told, &mut evidence)?;
    }
    Ok(evidence)
}

fn series(data: Data) -> Result<Vec<Series>, Trouble> {
    let wrong = || {
        Trouble::new(format!(
            "is not {WHAT} that can be measured: a series needs `value` or `values` of a time and a \
             text; of native histograms take `histogram_quantile`"
        ))
    };
    match data.result_type.as_str() {
        "vector" | "matrix" => serde_json::from_value(data.result).map_err(|_| wrong()),
        "scalar" => {
            let value = serde_json::from_value(data.result).map_err(|_| wrong())?;
            Ok(vec![Series { metric: BTreeMap::new(), value: Some(value), values: None }])
        }
        other => {
            let other = one_line(other, 40);
            Err(Trouble::new(format!("has the result type `{other}`: query a vector or a scalar")))
        }
    }
}

fn keep(series: &Series, told: Told, evidence: &mut Evidence) -> Result<(), Trouble> {
    let (measure, scale) = meaning(&series.metric, told)?;
    let samples: Vec<_> = series.value.iter().chain(series.values.iter().flatten()).collect();
    let Some((last, _)) = samples.last() else {
        return Err(Trouble::new("has a series without a value"));
    };
    earliest(&mut evidence.produced_at, moment::of_number(*last));
    for (_, text) in samples {
        let value = scaled(text, measure, scale)?;
        let worst = match evidence.measures.get(measure) {
            Some(kept) if measure.is_better_high() => kept.min(value),
            Some(kept) => kept.max(value),
            None => value,
        };
        evidence.measures.set(measure, worst);
    }
    for name in NAMES {
        let Some(value) = series.metric.get(name) else { continue };
        let name = format!("{name}={}", one_line(value, 200));
        if evidence.about.len() < MOST_NAMES && !evidence.about.contains(&name) {
            evidence.about.push(name);
        }
    }
    Ok(())
}

/// What a series measures: what a record says counts before its labels.
fn meaning(
    labels: &BTreeMap<String, String>,
    told: Told,
) -> Result<(Measure, Option<Scale>), Trouble> {
    if let Some(told) = told {
        return Ok(told);
    }
    let Some(word) = labels.get("careen_measure") else {
        return Err(Trouble::new(
            "does not say what it measures: name `measure` and `unit` in .careen/evidence.yaml, as \
             `careen evidence add --measure p99 --unit seconds` does",
        ));
    };
    let Ok(measure) = word.parse() else {
        let word = one_line(word, 40);
        return Err(Trouble::new(format!(
            "no measure is called `{word}`, as `careen_measure` says"
        )));
    };
    let scale = match labels.get("careen_unit") {
        None => None,
        Some(word) => Some(word.parse().map_err(|()| {
            let (word, all) = (one_line(word, 40), Scale::words());
            Trouble::new(format!("`careen_unit` is `{word}`, not one of {all}"))
        })?),
    };
    Ok((measure, scale))
}

/// A value in the unit of its measure.
fn scaled(text: &str, measure: Measure, scale: Option<Scale>) -> Result<f64, Trouble> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let Some(number) = number else {
        let text = one_line(text, 40);
        return Err(Trouble::new(format!(
            "has the value `{text}`, which measures nothing: were there requests in the window of the query?"
        )));
    };
    let number = not_negative(measure.as_str(), number)?;
    match (measure.unit(), scale) {
        (Unit::Milliseconds, Some(Scale::Seconds)) => Ok(number * 1000.0),
        (Unit::Milliseconds, Some(Scale::Milliseconds)) | (Unit::Count, None) => Ok(number),
        (Unit::Milliseconds, _) => Err(Trouble::new(format!(
            "`{measure}` is a time: say `unit: seconds` or `unit: milliseconds`"
        ))),
        (Unit::Ratio, None | Some(Scale::Ratio)) => share(measure.as_str(), number),
        (Unit::Ratio, Some(Scale::Percent)) => share(measure.as_str(), number / 100.0),
        (Unit::Ratio, _) => Err(Trouble::new(format!(
            "`{measure}` is a share: say `unit: ratio` or `unit: percent`"
        ))),
        (Unit::Count, _) => {
            Err(Trouble::new(format!("`{measure}` is a count, which has no `unit`")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_it, read, read_as};
    use crate::{Measure, Scale};

    fn vector(series: &str) -> String {
        format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{series}]}}}}"#)
    }

    #[test]
    fn the_worst_series_counts() {
        let text = vector(
            r#"{"metric":{"job":"web"},"value":[1795716560.5,"0.212"]},
            {"metric":{"job":"api"},"value":[1795716560.5,"0.430"]}"#,
        );
        assert!(is_it(&text));
        let evidence = read_as(&text, Measure::P99, Some(Scale::Seconds)).unwrap();
        assert_eq!(evidence.measures.get(Measure::P99), Some(430.0));
        assert_eq!(evidence.about, ["job=web", "job=api"]);
        assert_eq!(evidence.produced_at, Some(1_795_716_560));
        let evidence = read_as(&text, Measure::LineCoverage, None).unwrap();
        assert_eq!(evidence.measures.get(Measure::LineCoverage), Some(0.212));
    }

    #[test]
    fn labels_may_say_what_is_measured() {
        let text = vector(
            r#"{"metric":{"careen_measure":"p99","careen_unit":"milliseconds"},"value":[1,"212"]},
            {"metric":{"careen_measure":"error-rate","careen_unit":"percent"},"value":[1,"0.5"]}"#,
        );
        let evidence = read(&text).unwrap();
        assert_eq!(evidence.measures.get(Measure::P99), Some(212.0));
        assert_eq!(evidence.measures.get(Measure::ErrorRate), Some(0.005));
        let silent = vector(r#"{"metric":{},"value":[1,"212"]}"#);
        assert!(read(&silent).unwrap_err().message.contains("does not say what it measures"));
    }

    #[test]
    fn scalars_and_ranges_are_read_too() {
        let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"0.001"]}}"#;
        let evidence = read_as(scalar, Measure::ErrorRate, None).unwrap();
        assert_eq!(evidence.measures.get(Measure::ErrorRate), Some(0.001));
        let matrix = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{},"values":[[1795716000,"0.5"],[1795716560,"0.2"]]}]}}"#;
        let evidence = read_as(matrix, Measure::P99, Some(Scale::Seconds)).unwrap();
        assert_eq!(evidence.measures.get(Measure::P99), Some(500.0));
        assert_eq!(evidence.produced_at, Some(1_795_716_560));
    }

    #[test]
    fn what_measures_nothing_is_refused() {
        let value = |text: &str| vector(&format!(r#"{{"metric":{{}},"value":[1,"{text}"]}}"#));
        for text in [
            value("NaN"),
            value("+Inf"),
            value("-1"),
            value("x"),
            vector(""),
            vector(r#"{"metric":{}}"#),
            vector(r#"{"metric":{},"histogram":[1,{}]}"#),
            r#"{"status":"error","errorType":"bad_data","error":"x"}"#.to_owned(),
            r#"{"status":"success"}"#.to_owned(),
            r#"{"status":"success","data":{"resultType":"string","result":[1,"x"]}}"#.to_owned(),
        ] {
            assert!(read_as(&text, Measure::P99, Some(Scale::Seconds)).is_err(), "{text}");
        }
    }

    #[test]
    fn units_fit_their_measures() {
        let text = vector(r#"{"metric":{},"value":[1,"2"]}"#);
        for (measure, scale) in [
            (Measure::P99, None),
            (Measure::P99, Some(Scale::Ratio)),
            (Measure::ErrorRate, None),
            (Measure::ErrorRate, Some(Scale::Seconds)),
            (Measure::Failures, Some(Scale::Seconds)),
        ] {
            assert!(read_as(&text, measure, scale).is_err(), "{measure} {scale:?}");
        }
        assert!(read_as(&text, Measure::Failures, None).is_ok());
        assert!(read_as(&text, Measure::ErrorRate, Some(Scale::Percent)).is_ok());
    }
}
