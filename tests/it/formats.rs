//! Every format over a whole repository: it can be read, it counts what JSON counts, it is the same at
//! any number of threads, and nothing from a file has a power in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{AT, POD, careen, folder, root, run};

const FORMATS: [&str; 13] = [
    "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html",
    "rdjson", "azure", "agent",
];

/// What one run writes into files, by format.
fn all(directory: &Path, what: &str, more: &[&str]) -> BTreeMap<&'static str, String> {
    let outputs = tempfile::tempdir().unwrap();
    let mut command = careen(directory);
    command.args(["check", what, "--at", AT, "--exit-zero"]).args(more);
    for format in FORMATS {
        let path = outputs.path().join(format);
        command.arg("--output").arg(format!("{format}={}", path.display()));
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |format| (format, fs::read_to_string(outputs.path().join(format)).unwrap());
    FORMATS.into_iter().map(read).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn assert_schema(name: &str, report: &Value) {
    let schema = fs::read(root().join("fixtures/schemas").join(name)).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(report).map(|each| each.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{name}");
}

/// How many findings a report shows.
fn findings(format: &str, text: &str) -> usize {
    let lines = |is: &dyn Fn(&str) -> bool| text.lines().filter(|line| is(line)).count();
    let list = |text: &str, key: &str| json(text)[key].as_array().unwrap().len();
    let severities = ["critical", "high", "medium", "low", "info"];
    let after_place = |line: &str, separator: &str| {
        severities.iter().any(|each| line.contains(&format!(": {each}{separator}")))
    };
    match format {
        "concise" => lines(&|line| after_place(line, "[")),
        "jsonl" => lines(&|line| json(line)["type"] == "finding"),
        "sarif" => json(text)["runs"][0]["results"].as_array().unwrap().len(),
        "github" => {
            let shown = lines(&|line| line.starts_with("::") && line.contains(",line="));
            let listed =
                |line: &str| severities.iter().any(|each| line.starts_with(&format!("{each}[")));
            shown + lines(&listed)
        }
        "gitlab" => json(text).as_array().unwrap().len(),
        "junit" => text.matches("<testcase ").count() - 1,
        "markdown" => lines(&|line| line.starts_with("- <code>")),
        "rdjson" => list(text, "diagnostics"),
        "azure" => text.matches("##vso[task.logissue ").count(),
        "agent" => text
            .lines()
            .filter(|line| after_place(line, " "))
            .map(|line| line.split(": ").next().unwrap().matches(',').count() + 1)
            .sum(),
        // Text groups by place, HTML is looked at elsewhere.
        _ => list(text, "findings"),
    }
}

#[test]
fn every_format_shows_what_json_shows() {
    let reports = all(&root(), "fixtures/repos/harbor", &[]);
    let expected = findings("json", &reports["json"]);
    assert!(expected > 30);
    for (format, text) in &reports {
        if matches!(*format, "text" | "html") {
            continue;
        }
        assert_eq!(findings(format, text), expected, "{format}: {text}");
    }
    assert_schema("gitlab-code-quality.schema.json", &json(&reports["gitlab"]));
    assert_schema("reviewdog-diagnostic.schema.json", &json(&reports["rdjson"]));
    assert!(reports["text"].lines().last().unwrap().starts_with("careen: "));
    assert_eq!(reports["text"].lines().last(), reports["concise"].lines().last());
}

#[test]
fn standard_output_and_files_are_the_same_at_any_number_of_threads() {
    let directory = root();
    let reports = all(&directory, "fixtures/repos/harbor", &["--threads", "1"]);
    assert_eq!(reports, all(&directory, "fixtures/repos/harbor", &["--threads", "8"]));
    for format in ["github", "junit", "agent"] {
        let arguments = ["check", "fixtures/repos/harbor", "--at", AT, "--format", format];
        assert_eq!(run(&directory, &arguments).stdout, reports[format], "{format}");
    }
}

/// Whether a build server would read a command in a line that is none of ours.
fn is_foreign_command(line: &str) -> bool {
    let own = ["error ", "warning ", "notice ", "group::", "endgroup::"];
    let command = line.trim_start().strip_prefix("::");
    let github = command.is_some_and(|rest| !own.iter().any(|own| rest.starts_with(own)));
    let azure = line.match_indices("##").any(|(at, _)| {
        let rest = line.get(at + 2..).unwrap_or_default();
        rest.starts_with('[')
            || (rest.starts_with("vso[") && !rest.starts_with("vso[task.logissue "))
    });
    github || azure
}

#[cfg(unix)]
#[test]
fn names_and_values_of_ill_will_are_only_text() {
    let name =
        "<script>alert(1)</script>|@octocat `x` ##vso[task.complete] [a](https://evil.example)";
    let pod = POD.replace("name: web", &format!("name: '{name}'"));
    let harmless = folder(&[
        ("::set-output name=a::b.yaml", POD.as_bytes()),
        ("##vso[task.setvariable variable=a]b.yaml", POD.as_bytes()),
        ("a|b`c`@octocat <img src=x>.yaml", pod.as_bytes()),
        ("a\u{1b}[31m\n::error::x.yaml", POD.as_bytes()),
        ("]]>&amp;.yaml", pod.as_bytes()),
    ]);
    let reports = all(harmless.path(), ".", &["--show-suppressed"]);
    let expected = findings("json", &reports["json"]);
    for (format, text) in &reports {
        let bad = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(bad), "{format}");
        // SARIF and HTML are for files: no build server looks for commands in them.
        if !matches!(*format, "sarif" | "html" | "junit") {
            let foreign: Vec<&str> = text.lines().filter(|line| is_foreign_command(line)).collect();
            assert_eq!(foreign, Vec::<&str>::new(), "{format}");
        }
        if matches!(*format, "jsonl" | "gitlab" | "junit" | "rdjson") {
            assert_eq!(findings(format, text), expected, "{format}: {text}");
        }
    }
    for live in ["<script", "<img", "@octocat", "](https://evil", "https://evil"] {
        assert!(!reports["markdown"].contains(live), "{live}: {}", reports["markdown"]);
    }
    for live in ["<script", "<img"] {
        assert!(!reports["junit"].contains(live), "{live}");
    }
    let document = json(&reports["json"]);
    let found = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|finding| finding["path"] == "##vso[task.setvariable variable=a]b.yaml");
    assert!(found, "data stays what it is");
}

fn stdout(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = careen(directory);
    command.args(["check", "--select", "memory-limit-missing"]).args(arguments);
    command.env_remove("NO_COLOR").envs(variables.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn who_runs_us_chooses_the_format() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let shown = |variables: &[(&str, &str)], arguments: &[&str]| {
        let text = stdout(bad.path(), variables, arguments);
        text.lines().next().unwrap().to_owned()
    };
    assert!(shown(&[], &[]).starts_with("high[memory-limit-missing]: "));
    for agent in ["AI_AGENT", "CLAUDECODE", "CODEX_SANDBOX", "CURSOR_AGENT", "GEMINI_CLI"] {
        let line = shown(&[(agent, "1")], &[]);
        assert!(line.starts_with("pod.yaml:7:11: high memory-limit-missing: "), "{line}");
    }
    let line = shown(&[("GITHUB_ACTIONS", "true")], &[]);
    assert!(line.starts_with("::error file=pod.yaml,line=7,"), "{line}");
    let both = [("GITHUB_ACTIONS", "true"), ("CLAUDECODE", "1")];
    assert!(shown(&both, &[]).starts_with("pod.yaml:7:11: high "));
    assert!(shown(&both, &["--format", "text"]).starts_with("high[memory-limit-missing]: "));
    assert!(shown(&[("CLAUDECODE", "")], &[]).starts_with("high["));
}

#[test]
fn the_summary_of_a_step_is_appended_and_never_too_large() {
    let bad = folder(&[("pod.yaml", POD.as_bytes()), ("summary.md", b"# Before")]);
    let path = bad.path().join("summary.md");
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", path.to_str().unwrap()),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_SHA", "abc123"),
    ];
    stdout(bad.path(), &variables, &[]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("# Before\n\n<!-- careen:report -->\n### ❌ Careen: 1 finding"),
        "{text}"
    );
    assert!(
        text.contains("](https://github.com/o/r/blob/abc123/pod.yaml#L7) container "),
        "{text}"
    );

    stdout(bad.path(), &variables, &["--format", "text"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "only where GitHub's format is written");

    fs::write(&path, " ".repeat((1 << 20) - 100)).unwrap();
    let mut command = careen(bad.path());
    let output = command.args(["check"]).envs(variables).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("summary of the step is not written: it is full"), "{stderr}");
    assert_eq!(fs::metadata(&path).unwrap().len(), (1 << 20) - 100);
}

#[test]
fn colours_and_links_come_when_they_are_asked_for() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let shown =
        |variables: &[(&str, &str)], arguments: &[&str]| stdout(bad.path(), variables, arguments);
    assert!(!shown(&[], &[]).contains('\u{1b}'));
    for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
        let text = shown(&[(name, "1")], &[]);
        assert!(text.contains("\u{1b}[") && !text.contains("\u{1b}]8"), "{name}: {text}");
        assert!(!shown(&[(name, "1"), ("NO_COLOR", "1")], &[]).contains('\u{1b}'), "{name}");
        assert!(!shown(&[(name, "1")], &["--color", "never"]).contains('\u{1b}'), "{name}");
    }
    let linked = shown(&[], &["--color", "always", "--hyperlinks", "always"]);
    assert!(linked.contains("\u{1b}]8;;https://"), "{linked}");
    let never = shown(&[("FORCE_COLOR", "1")], &["--hyperlinks", "never"]);
    assert!(!never.contains("\u{1b}]8"), "{never}");
}

#[test]
fn text_keeps_to_the_width_of_the_terminal() {
    let directory = root();
    for columns in ["80", "200"] {
        let mut command = careen(&directory);
        command.args(["check", "fixtures/repos/harbor", "--at", AT]).env("COLUMNS", columns);
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let most: usize = columns.parse().unwrap();
        // What stands in a file is cut by what is marked in it; a path is never cut.
        let prose =
            |line: &&str| !line.contains(" | ") && !line.contains("--> ") && !line.contains("::: ");
        for line in text.lines().filter(prose) {
            assert!(line.chars().count() <= most, "{columns}: {line}");
        }
    }
}
