//! SARIF for code scanning: the schema, and Microsoft's validator if it is installed.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{AT, root, run};

fn sarif() -> String {
    let arguments = ["check", "fixtures/repos/harbor", "--format", "sarif", "--at", AT];
    run(&root(), &arguments).stdout
}

#[test]
fn the_schema_holds() {
    let schema = fs::read(root().join("fixtures/schemas/sarif-2.1.0.schema.json")).unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: Value = serde_json::from_str(&sarif()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(log["runs"][0]["results"].as_array().unwrap().len() > 30);
}

#[test]
fn every_result_has_what_github_reads() {
    let log: Value = serde_json::from_str(&sarif()).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("fixtures/repos/harbor/"), "{uri}");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        assert!(hash.contains(':'), "{hash}");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

/// `CAREEN_SARIF_MULTITOOL` names the executable of the npm package
/// `@microsoft/sarif-multitool-linux`; `.ci/run` installs it.
#[test]
fn the_multitool_finds_no_error_and_no_warning() {
    let Some(multitool) = std::env::var_os("CAREEN_SARIF_MULTITOOL") else {
        eprintln!("SKIPPED: CAREEN_SARIF_MULTITOOL is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (log, result) = (folder.path().join("harbor.sarif"), folder.path().join("result.sarif"));
    fs::write(&log, sarif()).unwrap();
    let output = Command::new(multitool)
        .arg("validate")
        .arg(&log)
        .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite"])
        .arg("--output")
        .arg(&result)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .unwrap();
    // The tool ends with 0 whatever it finds: its own report tells.
    let text = fs::read_to_string(&result)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stdout)));
    let report: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let complaints: Vec<String> = report["runs"][0]["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|result| matches!(result["level"].as_str(), Some("error" | "warning") | None))
        .map(Value::to_string)
        .collect();
    assert_eq!(complaints, Vec::<String>::new());
}
