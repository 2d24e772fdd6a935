//! JMeter: a JTL in CSV with its header, or `statistics.json` of its report.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::moment::{self, earliest};
use crate::numbers::{count, not_negative, part_of, share};
use crate::words::one_line;
use crate::{Evidence, Issue, Kind, Measure, Trouble, json};

/// Names of samplers that are told apart.
const MOST_LABELS: usize = 1_000;

pub(super) fn is_it(text: &str) -> bool {
    if json::is_object(text) {
        return text.contains("\"pct3ResTime\"") && json::has_keys(text, &["Total"]);
    }
    Columns::of_header(text.lines().next().unwrap_or_default()).is_some()
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut evidence =
        if json::is_object(text) { read_statistics(text) } else { read_samples(text) }?;
    evidence.tool = Some("JMeter".to_owned());
    Ok(evidence)
}

/// Where a JTL has what is read.
struct Columns {
    elapsed: usize,
    success: usize,
    time: Option<usize>,
    label: Option<usize>,
}

impl Columns {
    fn of_header(line: &str) -> Option<Self> {
        let names: Vec<_> = line.trim().split(',').map(|name| name.trim_matches('"')).collect();
        let find = |name| names.iter().position(|it| *it == name);
        Some(Self {
            elapsed: find("elapsed")?,
            success: find("success")?,
            time: find("timeStamp"),
            label: find("label"),
        })
    }
}

/// How often a sampler ran, and how often it failed.
#[derive(Default)]
struct Outcome {
    samples: usize,
    failed: usize,
}

fn read_samples(text: &str) -> Result<Evidence, Trouble> {
    let Some(columns) = Columns::of_header(text.lines().next().unwrap_or_default()) else {
        return Err(Trouble::new(
            "is no JTL of JMeter: its first line must be a header with `elapsed` and `success` (set \
             jmeter.save.saveservice.print_field_names=true)",
        ));
    };
    let mut evidence = Evidence::new(Kind::Jmeter);
    let mut elapsed: Vec<u32> = Vec::new();
    let mut failed = 0;
    let mut labels: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| malformed(&error))? {
        let line = record.position().map(csv::Position::line);
        let sample = sample(&record, &columns).map_err(|message| at(line, message))?;
        elapsed.push(sample.elapsed);
        failed += usize::from(!sample.is_success);
        earliest(&mut evidence.produced_at, sample.time);
        let name = columns.label.and_then(|column| record.get(column)).unwrap_or_default();
        if !labels.contains_key(name) && labels.len() < MOST_LABELS {
            labels.insert(name.to_owned(), Outcome::default());
        }
        if let Some(outcome) = labels.get_mut(name) {
            outcome.samples += 1;
            outcome.failed += usize::from(!sample.is_success);
        }
    }
    if elapsed.is_empty() {
        return Err(Trouble::new("has no samples, so it measures nothing"));
    }
    elapsed.sort_unstable();
    measure(&elapsed, failed, &mut evidence);
    let failing = labels.iter().filter(|(_, outcome)| outcome.failed > 0);
    tell(failing.map(|(name, it)| (name.as_str(), it.failed, it.samples)), &mut evidence);
    Ok(evidence)
}

struct Sample {
    elapsed: u32,
    is_success: bool,
    time: Option<i64>,
}

fn sample(record: &csv::StringRecord, columns: &Columns) -> Result<Sample, String> {
    let field = |column: usize| record.get(column).unwrap_or_default().trim();
    let elapsed = field(columns.elapsed);
    let Ok(elapsed) = elapsed.parse() else {
        return Err(format!("`elapsed` is `{}`, no number of milliseconds", one_line(elapsed, 40)));
    };
    let success = field(columns.success);
    let is_success = match success.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(format!("`success` is `{}`, not true or false", one_line(success, 40))),
    };
    let time = columns.time.map(field).and_then(|time| match time.parse::<f64>() {
        Ok(number) => moment::of_number(number),
        Err(_) => moment::parse(&time.replace('/', "-")),
    });
    Ok(Sample { elapsed, is_success, time })
}

fn measure(sorted: &[u32], failed: usize, evidence: &mut Evidence) {
    let measures = &mut evidence.measures;
    measures.set(Measure::Requests, count(sorted.len()));
    measures.set(Measure::ErrorRate, count(failed) / count(sorted.len()));
    let sum: f64 = sorted.iter().map(|elapsed| f64::from(*elapsed)).sum();
    measures.set(Measure::Mean, sum / count(sorted.len()));
    let percentiles = [
        (50, Measure::P50),
        (90, Measure::P90),
        (95, Measure::P95),
        (99, Measure::P99),
        (100, Measure::Max),
    ];
    for (percent, measure) in percentiles {
        // The nearest rank: the smallest value that so many of a hundred stay within.
        let rank = (sorted.len() * percent).div_ceil(100);
        if let Some(value) = sorted.get(rank.saturating_sub(1)) {
            measures.set(measure, f64::from(*value));
        }
    }
}

/// Samplers that failed, the most often failing first.
fn tell<'t>(failing: impl Iterator<Item = (&'t str, usize, usize)>, evidence: &mut Evidence) {
    let mut failing: Vec<_> = failing.collect();
    failing.sort_by_key(|(_, failed, _)| std::cmp::Reverse(*failed));
    for (name, failed, samples) in failing {
        let message = format!("failed {failed} of {samples} times");
        evidence.push(Issue { name: one_line(name, 200), message });
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statistics {
    sample_count: f64,
    error_count: f64,
    error_pct: Option<f64>,
    mean_res_time: Option<f64>,
    median_res_time: Option<f64>,
    max_res_time: Option<f64>,
    pct1_res_time: Option<f64>,
    pct2_res_time: Option<f64>,
    pct3_res_time: Option<f64>,
}

fn read_statistics(text: &str) -> Result<Evidence, Trouble> {
    let all: BTreeMap<String, Statistics> = json::parse(text, "`statistics.json` of JMeter")?;
    let Some(total) = all.get("Total") else {
        return Err(Trouble::new("is no `statistics.json` of JMeter: it has no `Total`"));
    };
    let mut evidence = Evidence::new(Kind::Jmeter);
    let Some(counted) = part_of("errorCount", total.error_count, total.sample_count)? else {
        return Err(Trouble::new("has no samples, so it measures nothing"));
    };
    let said =
        total.error_pct.map_or(Ok(0.0), |percent| share("errorPct / 100", percent / 100.0))?;
    evidence.measures.set(Measure::Requests, total.sample_count);
    evidence.measures.set(Measure::ErrorRate, counted.max(said));
    // The three percentiles can be set; these are JMeter's own.
    for (name, value, measure) in [
        ("meanResTime", total.mean_res_time, Measure::Mean),
        ("medianResTime", total.median_res_time, Measure::P50),
        ("pct1ResTime", total.pct1_res_time, Measure::P90),
        ("pct2ResTime", total.pct2_res_time, Measure::P95),
        ("pct3ResTime", total.pct3_res_time, Measure::P99),
        ("maxResTime", total.max_res_time, Measure::Max),
    ] {
        if let Some(value) = value {
            evidence.measures.set(measure, not_negative(name, value)?);
        }
    }
    let mut failing: Vec<_> =
        all.iter().filter(|(name, it)| *name != "Total" && it.error_count > 0.0).collect();
    failing.sort_by(|(_, one), (_, two)| two.error_count.total_cmp(&one.error_count));
    for (name, it) in failing {
        let message = format!("failed {} of {} times", it.error_count, it.sample_count);
        evidence.push(Issue { name: one_line(name, 200), message });
    }
    Ok(evidence)
}

fn malformed(error: &csv::Error) -> Trouble {
    let line = error.position().map(csv::Position::line);
    at(
        line,
        match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!(
                    "has {len} fields where its header has {expected_len}: was it written to its end?"
                )
            }
            _ => "is no valid CSV".to_owned(),
        },
    )
}

fn at(line: Option<u64>, message: String) -> Trouble {
    Trouble { line: line.and_then(|line| u32::try_from(line).ok()), column: None, message }
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    #[test]
    fn samples_are_ranked() {
        let mut text = "timeStamp,elapsed,label,success\n".to_owned();
        for elapsed in 1..=200 {
            let success = elapsed != 7;
            text.push_str(&format!("17957165{elapsed:05},{elapsed},home,{success}\n"));
        }
        assert!(is_it(&text));
        let evidence = read(&text).unwrap();
        for (measure, value) in [
            (Measure::Requests, 200.0),
            (Measure::ErrorRate, 0.005),
            (Measure::Mean, 100.5),
            (Measure::P50, 100.0),
            (Measure::P90, 180.0),
            (Measure::P95, 190.0),
            (Measure::P99, 198.0),
            (Measure::Max, 200.0),
        ] {
            assert_eq!(evidence.measures.get(measure), Some(value), "{measure}");
        }
        assert_eq!(evidence.produced_at, Some(1_795_716_500));
        assert_eq!(evidence.issues[0].message, "failed 1 of 200 times");
    }

    #[test]
    fn statistics_have_a_total() {
        let text = r#"{"Total":{"transaction":"Total","sampleCount":100,"errorCount":1,"errorPct":1.0,
            "meanResTime":50.5,"medianResTime":40,"maxResTime":900,"pct1ResTime":90,"pct2ResTime":95,
            "pct3ResTime":99},"home":{"sampleCount":100,"errorCount":1}}"#;
        assert!(is_it(text));
        let evidence = read(text).unwrap();
        assert_eq!(evidence.measures.get(Measure::ErrorRate), Some(0.01));
        assert_eq!(evidence.measures.get(Measure::P99), Some(99.0));
        assert_eq!(evidence.issues.len(), 1);
    }

    #[test]
    fn what_is_malformed_says_its_line() {
        let header = "timeStamp,elapsed,label,success\n";
        for (rest, line) in [
            ("1,fast,home,true\n", Some(2)),
            ("1,-5,home,true\n", Some(2)),
            ("1,5,home,yes\n", Some(2)),
            ("1,5,home,true\n2,5\n", Some(3)),
            ("", None),
        ] {
            let trouble = read(&format!("{header}{rest}")).unwrap_err();
            assert_eq!(trouble.line, line, "{rest}: {trouble}");
        }
        assert!(read("1,5,home,true\n").unwrap_err().message.contains("print_field_names"));
        assert!(read("{}").unwrap_err().message.contains("Total"));
        assert!(read(r#"{"Total":{"sampleCount":0,"errorCount":0}}"#).is_err());
        assert!(read(r#"{"Total":{"sampleCount":1,"errorCount":2}}"#).is_err());
    }
}
