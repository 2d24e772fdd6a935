//! SARIF for code scanning, over every fixture and a hostile repository: the schema, Microsoft's
//! validator and another reader if they are installed, paths, threads, identity.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{AT, Run, folder, root, run};

/// The names of the fixture repositories.
pub(crate) fn repositories() -> Vec<String> {
    let folders = fs::read_dir(root().join("fixtures/repos")).unwrap();
    let mut names: Vec<String> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 7, "{names:?}");
    names
}

fn sarif(directory: &Path, path: &str) -> Run {
    let run = run(directory, &["check", path, "--format", "sarif", "--at", AT]);
    assert!(run.code < 2 || run.stdout.starts_with('{'), "{}", run.stderr);
    run
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn uri(result: &Value) -> &str {
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()
}

/// Names with spaces, letters of elsewhere, a ship, and what URIs have a meaning for; line breaks of
/// Windows and a byte order mark.
pub(crate) const ODD: &str = "größe 🚢/100% #1?/a&b [x].yaml";

pub(crate) fn hostile() -> TempDir {
    let pod = "\u{feff}apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: \"grüße-🚢\"}\r\nspec:\r\n  \
               containers:\r\n  - {name: \"🚢🚢\", image: nginx:latest} # ü\r\n";
    let dockerfile = "FROM node:latest\r\nRUN apt-get install curl\r\nUSER root\r\n";
    let token = "ghp_·A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8".replace('·', "");
    let folder = folder(&[
        (ODD, pod.as_bytes()),
        ("größe 🚢/Dockerfile", dockerfile.as_bytes()),
        ("a:b/..c/new\nline.env", format!("A=\"🚢\"; TOKEN={token}\r\n").as_bytes()),
        ("latin.yaml", b"kind: Pod # gr\xfc\xdfe\nmetadata: {name: a}\napiVersion: v1\nspec: {}\n"),
        ("broken.yaml", b"apiVersion: v1\nkind: [\n"),
    ]);
    // What Git takes for a repository.
    for part in ["objects", "refs"] {
        fs::create_dir_all(folder.path().join(".git").join(part)).unwrap();
    }
    fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    folder
}

/// What a schema says of logs.
pub(crate) fn schema_errors(log: &Value) -> Vec<String> {
    let schema = fs::read(root().join("fixtures/schemas/sarif-2.1.0.schema.json")).unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors = validator.iter_errors(log);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What Microsoft's validator has against files: errors and warnings. `CAREEN_SARIF_MULTITOOL` names
/// the executable of the npm package `@microsoft/sarif-multitool-linux`; `.ci/run` installs it.
pub(crate) fn multitool(files: &[PathBuf]) -> Option<Vec<String>> {
    let Some(multitool) = std::env::var_os("CAREEN_SARIF_MULTITOOL") else {
        eprintln!("SKIPPED: CAREEN_SARIF_MULTITOOL is not set");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let result = folder.path().join("result.sarif");
    let output = Command::new(multitool)
        .arg("validate")
        .args(files)
        .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite"])
        .arg("--output")
        .arg(&result)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .unwrap();
    // The tool ends with 0 whatever it finds: its own report tells.
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(&format!("{} file", files.len())), "{said}");
    let text = fs::read_to_string(&result).unwrap_or_else(|_| panic!("{said}"));
    let report: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let complaints = report["runs"][0]["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|result| matches!(result["level"].as_str(), Some("error" | "warning") | None))
        .map(Value::to_string);
    Some(complaints.collect())
}

/// What `sarif summary` of the PyPI package `sarif-tools` says of a file. `CAREEN_SARIF_TOOLS` names
/// the program, else it is looked for where programs are; `.ci/run` installs it.
pub(crate) fn sarif_tools(file: &Path) -> Option<String> {
    let program = std::env::var_os("CAREEN_SARIF_TOOLS");
    let program = program.unwrap_or_else(|| OsString::from("sarif"));
    let Ok(output) = Command::new(program).arg("summary").arg(file).output() else {
        eprintln!("SKIPPED: neither CAREEN_SARIF_TOOLS nor `sarif` is there");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

#[test]
fn every_log_is_valid_and_readable() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = hostile();
    let mut files = Vec::new();
    let fixtures =
        repositories().into_iter().map(|name| (root(), format!("fixtures/repos/{name}"), name));
    let odd = (hostile.path().to_path_buf(), ".".to_owned(), "hostile".to_owned());
    for (directory, path, name) in fixtures.chain([odd]) {
        let run = sarif(&directory, &path);
        assert_eq!(schema_errors(&run.json()), Vec::<String>::new(), "{name}");
        assert!(run.stdout.len() <= 10_000_000);
        let file = folder.path().join(format!("{name}.sarif"));
        fs::write(&file, &run.stdout).unwrap();
        let errors = results(&run.json()).iter().filter(|it| it["level"] == "error").count();
        if let Some(summary) = sarif_tools(&file) {
            assert!(summary.contains(&format!("error: {errors}")), "{name}: {summary}");
        }
        files.push(file);
    }
    if let Some(complaints) = multitool(&files) {
        assert_eq!(complaints, Vec::<String>::new());
    }
}

#[test]
fn every_result_has_what_github_reads() {
    let log = sarif(&root(), "fixtures/repos/harbor").json();
    let run = &log["runs"][0];
    assert!(results(&log).len() > 30);
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let taxa = run["taxonomies"][0]["taxa"].as_array().unwrap();
    for taxon in taxa {
        assert!(taxon["shortDescription"]["text"].is_string(), "no name for {taxon}");
    }
    for rule in rules {
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
        for key in ["shortDescription", "fullDescription"] {
            assert!(rule[key]["text"].as_str().unwrap().chars().count() <= 1024);
        }
        assert!(rule["name"].as_str().unwrap_or("n").chars().count() <= 255);
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
        for relationship in rule["relationships"].as_array().into_iter().flatten() {
            let target = &relationship["target"];
            let place = usize::try_from(target["index"].as_u64().unwrap()).unwrap();
            assert_eq!(taxa[place]["id"], target["id"]);
        }
    }
    let objects = run["logicalLocations"].as_array().unwrap();
    for result in results(&log) {
        assert!(uri(result).starts_with("fixtures/repos/harbor/"), "{}", uri(result));
        let place = &result["locations"][0];
        assert!(place["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        assert!(hash.contains(':'), "{hash}");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        for object in place["logicalLocations"].as_array().into_iter().flatten() {
            let listed = &objects[usize::try_from(object["index"].as_u64().unwrap()).unwrap()];
            assert_eq!(listed["fullyQualifiedName"], object["fullyQualifiedName"]);
        }
    }
}

/// GitLab knows nothing else of a result, and GitHub no two with one fingerprint.
#[test]
fn no_two_results_are_one_to_a_host() {
    for kind in ["github", "semantic"] {
        let arguments = ["check", "fixtures/repos", "--format", "sarif", "--at", AT];
        let log = run(&root(), &[&arguments[..], &["--sarif-fingerprint", kind]].concat()).json();
        let (mut places, mut prints) = (BTreeSet::new(), BTreeSet::new());
        for result in results(&log) {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let place = format!("{} {} {}", uri(result), region["startLine"], region["endLine"]);
            assert!(places.insert((result["ruleId"].to_string(), place)), "{result}");
            let print = &result["partialFingerprints"]["primaryLocationLineHash"];
            let print = print.as_str().unwrap().to_owned();
            let (hash, number) = print.split_once(':').unwrap();
            assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{print}");
            assert!(number.parse::<u32>().unwrap() >= 1);
            assert_eq!(hash.len() == 32, kind == "semantic");
            let new = prints.insert((result["ruleId"].to_string(), uri(result).to_owned(), print));
            assert!(new, "{result}");
        }
    }
}

/// What stays the same when other lines change is what the semantic fingerprint is for.
#[test]
fn a_semantic_fingerprint_survives_what_a_line_hash_does_not() {
    let pod = crate::harness::POD;
    let print = |text: &str, kind: &str| {
        let folder = folder(&[("pod.yaml", text.as_bytes())]);
        let arguments = ["check", "--format", "sarif", "--select", "memory-limit-missing"];
        let log = run(folder.path(), &[&arguments[..], &["--sarif-fingerprint", kind]].concat());
        let log = log.json();
        results(&log)[0]["partialFingerprints"]["primaryLocationLineHash"].clone()
    };
    let bumped = pod.replace("1.4.0", "1.4.1");
    assert_ne!(pod, bumped);
    assert_ne!(print(pod, "github"), print(&bumped, "github"));
    assert_eq!(print(pod, "semantic"), print(&bumped, "semantic"));
}

#[test]
fn paths_are_relative_to_the_repository_whatever_is_asked_for() {
    let hostile = hostile();
    let path = hostile.path();
    let below = path.join("größe 🚢");
    let all = |directory: &Path, asked: &str| -> BTreeSet<String> {
        let log = sarif(directory, asked).json();
        assert!(!log.to_string().contains(path.to_str().unwrap()), "an absolute path");
        results(&log).iter().map(|result| uri(result).to_owned()).collect()
    };
    let everything = all(path, ".");
    let odd = "gr%C3%B6%C3%9Fe%20%F0%9F%9A%A2/100%25%20%231%3F/a%26b%20%5Bx%5D.yaml";
    let dockerfile = "gr%C3%B6%C3%9Fe%20%F0%9F%9A%A2/Dockerfile";
    for expected in [odd, dockerfile, "a%3Ab/..c/new%0Aline.env"] {
        assert!(everything.contains(expected), "{everything:?}");
    }
    let folder: BTreeSet<String> = [odd, dockerfile].map(ToOwned::to_owned).into();
    assert_eq!(all(&below, "."), folder);
    assert_eq!(all(path, "größe 🚢"), folder);
    assert_eq!(all(path, "./größe 🚢/"), folder);
    assert_eq!(all(&below, below.to_str().unwrap()), folder);
    assert_eq!(all(&below, "100% #1?/a&b [x].yaml"), [odd.to_owned()].into());
    assert_eq!(all(Path::new("/"), path.to_str().unwrap()), everything);
}

#[test]
fn a_file_outside_of_the_repository_has_an_absolute_uri() {
    let hostile = hostile();
    let outside = folder(&[("pod.yaml", crate::harness::POD.as_bytes())]);
    let file = outside.path().join("pod.yaml");
    let arguments = ["check", ".", file.to_str().unwrap(), "--format", "sarif", "--at", AT];
    let log = run(hostile.path(), &arguments).json();
    assert_eq!(schema_errors(&log), Vec::<String>::new());
    let outside: Vec<&Value> =
        results(&log).iter().filter(|result| uri(result).ends_with("/pod.yaml")).collect();
    assert!(!outside.is_empty());
    for result in outside {
        let file = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert!(uri(result).starts_with("file:///"), "{}", uri(result));
        assert!(file.get("uriBaseId").is_none());
    }
}

#[test]
fn threads_change_no_byte() {
    let bytes = |threads: &str| {
        let arguments = ["check", "fixtures/repos", "--format", "sarif", "--at", AT];
        run(&root(), &[&arguments[..], &["--threads", threads, "--show-suppressed"]].concat())
            .stdout
    };
    let one = bytes("1");
    assert!(one.len() > 1_000_000);
    for threads in ["2", "7", "0"] {
        assert!(bytes(threads) == one, "{threads} threads");
    }
}

#[test]
fn suppressed_results_and_categories_are_there_if_asked_for() {
    let pod =
        format!("{}    # careen: ignore[memory-limit-missing] it is small\n", crate::harness::POD);
    let folder = folder(&[(
        "pod.yaml",
        pod.replace(
            "- name: web\n",
            "- name: web # careen: ignore[memory-limit-missing] it is small\n",
        )
        .as_bytes(),
    )]);
    let arguments = ["check", "--format", "sarif", "--select", "memory-limit-missing", "--at", AT];
    let log = run(folder.path(), &arguments).json();
    assert_eq!(results(&log).len(), 0);
    assert!(log["runs"][0].get("automationDetails").is_none());
    let more = ["--show-suppressed", "--sarif-category", "k8s"];
    let log = run(folder.path(), &[&arguments[..], &more].concat()).json();
    let suppression = &results(&log)[0]["suppressions"][0];
    assert_eq!(suppression["kind"], "inSource");
    assert_eq!(suppression["justification"], "it is small");
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "k8s/");
    assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], 0);
}
