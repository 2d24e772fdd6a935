//! A report to test the writers with, hostile in every place a file or a person can write to.

use careen_rule::{
    Confidence, History, Judged, JudgedEdit, JudgedFix, JudgedRelated, Lowered, Meta, Note,
    NoteKind, ObjectPath, Region, Report, Safety, Severity, Snippet, Summary, Suppression,
    SuppressionKind, Tool,
};
use careen_text::LineIndex;

pub(crate) const MEMORY: Meta = Meta {
    id: "memory-limit-missing",
    summary: "container has no memory limit",
    remedy: "Set `resources.limits.memory`.",
    docs: " A container without a memory limit\n takes what the node has.\n\n More prose.\n\n \
           ```yaml bad\n - name: web\n #       ^^^ container\n ```\n\n \
           ```yaml good file=good.yaml\n - resources: {}\n ```\n",
    severity: Severity::High,
    references: &["https://kubernetes.io/docs/"],
    module: "careen_lint_kubernetes::rules::resources::memory_limit_missing",
    ..Meta::DEFAULT
};
pub(crate) const CPU: Meta = Meta {
    id: "cpu-request-missing",
    summary: "container has no CPU request",
    remedy: "Set `resources.requests.cpu`.",
    severity: Severity::Medium,
    module: "careen_lint_kubernetes::rules::resources::cpu_request_missing",
    ..Meta::DEFAULT
};
pub(crate) const TOKEN: Meta = Meta {
    id: "token-in-file",
    summary: "a token stands in a file",
    remedy: "Revoke the token, then take it out.",
    docs: " Whoever reads the file has the token.\n",
    severity: Severity::Critical,
    confidence: Confidence::High,
    security: true,
    cwe: &[798],
    module: "careen_lint_secrets::rules::tokens::token_in_file",
    ..Meta::DEFAULT
};
static RULES: [Meta; 3] = [CPU, MEMORY, TOKEN];

pub(crate) const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n\
                              spec:\n  containers:\n    - name: web # schön 🚢\n      image: a\n";

/// The bytes of `needle` in `text`, as a region with the lines they stand on.
pub(crate) fn place(text: &str, needle: &str) -> (Region, Snippet) {
    let start = text.find(needle).unwrap();
    let end = start + needle.len();
    let index = LineIndex::new(text);
    let position = |at: usize| index.position(text, u32::try_from(at).unwrap());
    let region = Region { start: position(start), end: position(end) };
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let snippet = Snippet {
        first_line: region.start.line,
        text: text[from..to].to_owned(),
        start: start - from,
        end: end - from,
    };
    (region, snippet)
}

pub(crate) fn finding(rule: usize, path: &str, text: &str, needle: &str) -> Judged {
    let (region, snippet) = place(text, needle);
    let rule = &RULES[rule];
    Judged {
        rule,
        severity: rule.severity,
        lowered: None,
        confidence: rule.confidence,
        message: rule.summary.to_owned(),
        path: path.into(),
        region,
        snippet,
        object: None,
        related: Vec::new(),
        fix: None,
        fingerprint: "00112233445566778899aabbccddeeff".to_owned(),
        line_hash: None,
        suppressed: None,
        history: None,
    }
}

pub(crate) fn related(path: &str, text: &str, needle: &str, message: &str) -> JudgedRelated {
    let (region, snippet) = place(text, needle);
    JudgedRelated { path: path.into(), region, message: message.to_owned(), snippet }
}

/// A commit with a finding that is gone by now.
pub(crate) fn history() -> History {
    History {
        commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d".to_owned(),
        order: 7,
        time: 1_709_254_861,
        author: None,
        versions: 1,
        in_head: false,
        head_path: None,
    }
}

pub(crate) fn empty() -> Report {
    Report {
        tool: Tool { name: "careen".to_owned(), version: "0.1.0".to_owned() },
        at: 1_795_305_845,
        rules: RULES.iter().collect(),
        findings: Vec::new(),
        notes: Vec::new(),
        summary: Summary::default(),
    }
}

/// Two findings on one container, one across files, one suppressed, and notes.
pub(crate) fn usual() -> Report {
    let mut report = empty();
    let object = ObjectPath {
        api_version: "apps/v1".to_owned(),
        kind: "Deployment".to_owned(),
        namespace: Some("shop".to_owned()),
        name: "web".to_owned(),
        container: Some("web".to_owned()),
        field: None,
    };
    let mut cpu = finding(0, "deploy/web.yaml", WEB, "web # schön 🚢");
    cpu.message = "container `web` in Deployment `shop/web` has no CPU request".to_owned();
    cpu.object = Some(Box::new(object.clone()));
    cpu.line_hash = Some("a7f2ff13bc495cf2:1".to_owned());
    let mut memory = finding(1, "deploy/web.yaml", WEB, "web # schön 🚢");
    memory.message = "container `web` in Deployment `shop/web` has no memory limit".to_owned();
    memory.object = Some(Box::new(object));
    let (region, _) = place(WEB, "\n      image");
    memory.fix = Some(JudgedFix {
        title: "set a memory limit".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![JudgedEdit {
            region: Region { start: region.start, end: region.start },
            text: "\n      resources: {limits: {memory: 1Gi}}".to_owned(),
        }],
    });
    let mut token = finding(2, "src/a.env", "A=1\nTOKEN=ab****\n", "ab****");
    token.related = vec![
        related("src/a.env", "A=1\nTOKEN=ab****\n", "TOKEN", "the variable"),
        related("deploy/web.yaml", WEB, "image", "used here"),
    ];
    let mut quiet = finding(1, "z.yaml", "a: 1\n", "1");
    quiet.suppressed = Some(Suppression {
        kind: SuppressionKind::Comment,
        reason: Some("runs once".to_owned()),
        owner: None,
        source: None,
    });
    report.findings = vec![cpu, memory, token, quiet];
    report.notes = vec![Note::about(NoteKind::Syntax, "b.yaml", "no mapping here").at_line(3)];
    let template = |path: &str| Note::about(NoteKind::Template, path, "template is not rendered");
    report.notes.extend(["a", "b", "c", "d", "e", "f", "g"].map(template));
    report.summary = Summary {
        files: 12,
        bytes: 3_456,
        objects: 40,
        dockerfiles: 1,
        images: 0,
        certificates: 3,
        binary: 3,
        templates: 7,
        commits: 0,
    };
    report
}

/// As [`usual`], with the token in a test, and what is suppressed in another tool's words.
pub(crate) fn lowered() -> Report {
    let mut report = usual();
    if let Some(suppressed) = &mut report.findings[3].suppressed {
        suppressed.source = Some("trivy:ignore".into());
    }
    report.findings[2].severity = Severity::Medium;
    report.findings[2].lowered =
        Some(Lowered { from: Severity::Critical, because: "by its path the file is a test" });
    report
}

/// Terminal sequences, line breaks, bidi controls, link syntax, empty and impossible things.
pub(crate) fn hostile() -> Report {
    let mut report = usual();
    let evil = "\u{1b}]0;pwned\u{7}\u{1b}[31m\u{202e}\u{9b}2J[x](https://evil.example)\r\n\"<b>";
    let text = format!("a: {evil}\nb: ü🚢\n");
    let mut worst = finding(0, &format!("dir\n{evil}/ü 🚢.yaml"), &text, "ü🚢");
    worst.message = format!("value `{evil}` is odd");
    worst.snippet = Snippet { first_line: 1, text: text.clone(), start: 5, end: text.len() - 3 };
    worst.object = Some(Box::new(ObjectPath { kind: evil.to_owned(), ..ObjectPath::default() }));
    worst.related = vec![related(evil, &text, "b", evil), related("", &text, "ü", "")];
    worst.fix = Some(JudgedFix { title: evil.to_owned(), safety: Safety::Safe, edits: Vec::new() });
    worst.suppressed = Some(Suppression {
        kind: SuppressionKind::Configuration,
        reason: Some(evil.to_owned()),
        owner: Some(evil.to_owned()),
        source: Some(evil.into()),
    });
    let mut nothing = finding(1, "", "", "");
    nothing.message = String::new();
    nothing.region = Region { start: Default::default(), end: Default::default() };
    nothing.snippet = Snippet { first_line: 0, text: String::new(), start: 9, end: 3 };
    nothing.object = Some(Box::new(ObjectPath::default()));
    let mut long = finding(2, "/abs/olute.yaml", "k: v", "v");
    long.message = "🚢".repeat(4_000);
    long.related = (0..60).map(|_| related("r.yaml", "k: v", "v", &"label ".repeat(60))).collect();
    let mut old = finding(1, "old.yaml", "k: v", "v");
    old.history = Some(Box::new(History {
        author: Some(evil.to_owned()),
        versions: 3,
        in_head: true,
        head_path: Some(evil.into()),
        ..history()
    }));
    report.findings.extend([worst, nothing, long, old]);
    report.notes.push(Note::about(NoteKind::Unreadable, evil, evil).at_line(0).incomplete());
    report.notes.push(Note::general(NoteKind::Failure, ""));
    report
}

/// Asserts that a report keeps to a JSON schema.
pub(crate) fn keeps_to(schema: &str, report: &serde_json::Value) {
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
