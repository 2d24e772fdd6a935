//! Gatling: `stats.json` or `global_stats.json` of its report.
//!
//! The four percentiles can be set in `gatling.conf`; they are read as what they are without that: 50, 75,
//! 95 and 99.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::numbers::{not_negative, part_of};
use crate::words::one_line;
use crate::{Evidence, Issue, Kind, Measure, Trouble, json};

pub(super) fn is_it(text: &str) -> bool {
    json::is_object(text)
        && text.contains("\"percentiles1\"")
        && (json::has_keys(text, &["numberOfRequests"]) || json::has_keys(text, &["stats"]))
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    name: String,
    stats: Stats,
    #[serde(default)]
    contents: BTreeMap<String, Self>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    number_of_requests: Values,
    max_response_time: Option<Values>,
    mean_response_time: Option<Values>,
    percentiles1: Option<Values>,
    percentiles3: Option<Values>,
    percentiles4: Option<Values>,
}

#[derive(Deserialize)]
struct Values {
    #[serde(deserialize_with = "number")]
    total: Option<f64>,
    #[serde(deserialize_with = "number")]
    ko: Option<f64>,
}

/// Older versions write numbers as texts, and `-` where there is none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(f64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(Some(number)),
        Number::Text(text) if text == "-" => Ok(None),
        Number::Text(text) => {
            let error = || serde::de::Error::custom("a number is a text that is none");
            text.parse().map(Some).map_err(|_| error())
        }
    }
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut evidence = Evidence::new(Kind::Gatling);
    evidence.tool = Some("Gatling".to_owned());
    if json::has_keys(text, &["stats"]) {
        let group: Group = json::parse(text, "`stats.json` of Gatling")?;
        measure(&group.stats, &mut evidence)?;
        tell(&group, &mut evidence);
    } else {
        let stats: Stats = json::parse(text, "`stats.json` or `global_stats.json` of Gatling")?;
        measure(&stats, &mut evidence)?;
    }
    Ok(evidence)
}

fn measure(stats: &Stats, evidence: &mut Evidence) -> Result<(), Trouble> {
    let requests = &stats.number_of_requests;
    let total = requests.total.unwrap_or_default();
    let Some(rate) = part_of("ko", requests.ko.unwrap_or_default(), total)? else {
        return Err(Trouble::new("made no request, so it measures nothing"));
    };
    evidence.measures.set(Measure::Requests, total);
    evidence.measures.set(Measure::ErrorRate, rate);
    for (name, values, measure) in [
        ("meanResponseTime", &stats.mean_response_time, Measure::Mean),
        ("percentiles1", &stats.percentiles1, Measure::P50),
        ("percentiles3", &stats.percentiles3, Measure::P95),
        ("percentiles4", &stats.percentiles4, Measure::P99),
        ("maxResponseTime", &stats.max_response_time, Measure::Max),
    ] {
        if let Some(value) = values.as_ref().and_then(|values| values.total) {
            evidence.measures.set(measure, not_negative(name, value)?);
        }
    }
    Ok(())
}

/// Requests that failed. How deep groups are inside each other is limited by the JSON reader.
fn tell(group: &Group, evidence: &mut Evidence) {
    for inner in group.contents.values() {
        let requests = &inner.stats.number_of_requests;
        if let Some(failed) = requests.ko.filter(|failed| *failed > 0.0)
            && inner.contents.is_empty()
        {
            let total = requests.total.unwrap_or_default();
            let message = format!("failed {failed} of {total} times");
            evidence.push(Issue { name: one_line(&inner.name, 200), message });
        }
        tell(inner, evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    const GLOBAL: &str = r#"{"name":"All Requests","numberOfRequests":{"total":100,"ok":99,"ko":1},
        "maxResponseTime":{"total":900,"ok":800,"ko":900},"meanResponseTime":{"total":50,"ok":49,"ko":1},
        "percentiles1":{"total":40,"ok":40,"ko":40},"percentiles2":{"total":75,"ok":75,"ko":75},
        "percentiles3":{"total":95,"ok":95,"ko":95},"percentiles4":{"total":99,"ok":99,"ko":99}}"#;

    #[test]
    fn both_files_say_the_same() {
        let inner = GLOBAL.replace("All Requests", "home");
        let all = format!(
            r#"{{"type":"GROUP","name":"All Requests","stats":{GLOBAL},"contents":
            {{"home":{{"type":"REQUEST","name":"home","stats":{inner}}}}}}}"#
        );
        for text in [GLOBAL, &all] {
            assert!(is_it(text));
            let evidence = read(text).unwrap();
            assert_eq!(evidence.measures.get(Measure::ErrorRate), Some(0.01));
            assert_eq!(evidence.measures.get(Measure::P95), Some(95.0));
            assert_eq!(evidence.measures.get(Measure::P99), Some(99.0));
            assert_eq!(evidence.measures.get(Measure::P90), None);
        }
        assert_eq!(read(&all).unwrap().issues[0].name, "home");
    }

    #[test]
    fn texts_are_numbers_too() {
        let text = r#"{"numberOfRequests":{"total":"3","ok":"3","ko":"0"},
            "percentiles4":{"total":"12","ok":"12","ko":"-"}}"#;
        assert_eq!(read(text).unwrap().measures.get(Measure::P99), Some(12.0));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for requests in [
            r#""total":0,"ko":0"#,
            r#""total":1,"ko":2"#,
            r#""total":-1,"ko":0"#,
            r#""total":"x","ko":0"#,
        ] {
            let text = format!("{{\"numberOfRequests\":{{{requests}}}}}");
            assert!(read(&text).is_err(), "{text}");
        }
    }
}
