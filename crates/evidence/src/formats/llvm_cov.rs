//! `llvm-cov export` in JSON, also as `cargo llvm-cov --json` writes it.

use serde::Deserialize;

use crate::numbers::part_of;
use crate::words::one_line;
use crate::{Evidence, Kind, Measure, Trouble, json};

const TYPE: &str = "llvm.coverage.json.export";

pub(super) fn is_it(text: &str) -> bool {
    json::is_object(text) && text.contains(TYPE) && json::has_keys(text, &["data", "type"])
}

#[derive(Deserialize)]
struct Export {
    #[serde(rename = "type")]
    kind: String,
    data: Vec<Data>,
    cargo_llvm_cov: Option<Cargo>,
}

#[derive(Deserialize)]
struct Cargo {
    version: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    totals: Totals,
}

#[derive(Deserialize)]
struct Totals {
    lines: Total,
    branches: Option<Total>,
}

#[derive(Deserialize)]
struct Total {
    count: f64,
    covered: f64,
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let export: Export = json::parse(text, "an export of llvm-cov")?;
    if export.kind != TYPE {
        return Err(Trouble::new(format!("is no export of llvm-cov: its `type` is not `{TYPE}`")));
    }
    let mut evidence = Evidence::new(Kind::LlvmCov);
    evidence.tool = Some(match export.cargo_llvm_cov.and_then(|cargo| cargo.version) {
        Some(version) => format!("cargo-llvm-cov {}", one_line(&version, 40)),
        None => "llvm-cov".to_owned(),
    });
    let totals: Vec<_> = export.data.iter().map(|data| &data.totals).collect();
    let Some(lines) = sum(totals.iter().map(|totals| &totals.lines))? else {
        return Err(Trouble::new("measures no lines: `data[].totals.lines.count` is 0"));
    };
    evidence.measures.set(Measure::LineCoverage, lines);
    if let Some(branches) = sum(totals.iter().filter_map(|totals| totals.branches.as_ref()))? {
        evidence.measures.set(Measure::BranchCoverage, branches);
    }
    Ok(evidence)
}

fn sum<'t>(totals: impl Iterator<Item = &'t Total>) -> Result<Option<f64>, Trouble> {
    let (mut count, mut covered) = (0.0, 0.0);
    for total in totals {
        part_of("covered", total.covered, total.count)?;
        count += total.count;
        covered += total.covered;
    }
    part_of("covered", covered, count)
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    fn export(lines: &str) -> String {
        format!(
            r#"{{"data":[{{"totals":{{"lines":{lines},"branches":{{"count":0,"covered":0}}}}}}],
            "type":"llvm.coverage.json.export","version":"2.0.1"}}"#
        )
    }

    #[test]
    fn totals_are_summed() {
        let text = export(r#"{"count":4,"covered":3,"percent":75.0}"#);
        assert!(is_it(&text));
        let evidence = read(&text).unwrap();
        assert_eq!(evidence.measures.get(Measure::LineCoverage), Some(0.75));
        assert_eq!(evidence.measures.get(Measure::BranchCoverage), None);
        assert_eq!(evidence.tool.as_deref(), Some("llvm-cov"));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for lines in [
            r#"{"count":0,"covered":0}"#,
            r#"{"count":1,"covered":2}"#,
            r#"{"count":-1,"covered":-2}"#,
            r#"{"count":1}"#,
        ] {
            assert!(read(&export(lines)).is_err(), "{lines}");
        }
        assert!(read(r#"{"data":[],"type":"other"}"#).is_err());
    }
}
