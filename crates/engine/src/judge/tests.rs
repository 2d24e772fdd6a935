use careen_ledger::Ledger;
use careen_model::{Context, File, Linter, Snapshot, SnapshotCheck};
use careen_policy::{Config, Selection, profile};
use careen_rule::{Edit, Findings, Meta, Report, Safety, SnapshotSink, Tool};
use careen_text::{Source, Span};
use globset::GlobSet;

use crate::{Engine, Silent};

static WORD: Meta =
    Meta { id: "word", module: "careen_lint_words::rules::all::word", ..Meta::DEFAULT };
static RELATION: Meta =
    Meta { id: "relation", module: "careen_lint_words::rules::all::relation", ..Meta::DEFAULT };

/// Finds `WORD`, knows `SECRET`, and relates the first object to the last.
struct Words;

impl Linter for Words {
    fn name(&self) -> &'static str {
        "words"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        vec![&RELATION, &WORD]
    }

    fn check_file(&self, file: &File, _: &Context, findings: &mut Findings) {
        let text = file.source.text();
        for (at, word) in text.match_indices("WORD") {
            let span = Span::of(at..at + word.len());
            let mut sink = findings.sink(&WORD, &file.source);
            let finding = sink.report(span, "a word");
            let line = file.source.first_line_of(Span::new(span.start, u32::MAX));
            let edit = |span: Span| Edit { span, text: file.source.slice(span).to_lowercase() };
            finding.fix("Say it softly", Safety::Safe, vec![edit(line)]);
            for (at, secret) in text.match_indices("SECRET") {
                finding.secret(Span::of(at..at + secret.len()));
            }
        }
        assert!(!text.contains("PANIC"), "on purpose, with the text in the message: {text}");
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        vec![SnapshotCheck { rule: &RELATION, run: relate }]
    }
}

fn relate(snapshot: &Snapshot, _: &Context, sink: &mut SnapshotSink<'_>) {
    let (Some(first), Some(last)) = (snapshot.objects().next(), snapshot.objects().last()) else {
        return;
    };
    sink.report(first.source(), first.view.name_span(), "needs the last")
        .related(last.source(), last.view.name_span(), "the last")
        .fix("Do", Safety::Safe, Vec::new());
}

fn check(files: &[(&str, &str)]) -> Report {
    let selection = Selection::resolve(
        &[&RELATION, &WORD],
        profile("default").unwrap(),
        &Config::default(),
        &[],
        &[],
    );
    Engine {
        linters: &[&Words],
        selection: &selection.unwrap(),
        context: Context::at(0),
        images: crate::Images::default(),
        ledger: &Ledger::default(),
        apart: false,
        exclude: GlobSet::empty(),
        line_hashes: Some(|text| text.lines().map(str::to_owned).collect()),
        clean: None,
        witness: None,
        threads: 2,
        progress: &Silent,
        tool: Tool { name: "careen".to_owned(), version: "0.0.0".to_owned() },
    }
    .check_sources(files.iter().map(|(path, text)| Source::new(*path, *text)).collect())
}

#[test]
fn fixes_that_would_quote_a_secret_are_dropped() {
    let report = check(&[("a.txt", "WORD\nWORD SECRET\n")]);
    let fixes: Vec<bool> = report.findings.iter().map(|finding| finding.fix.is_some()).collect();
    assert_eq!(fixes, [true, false]);
    assert!(report.findings.iter().all(|finding| !finding.snippet.text.contains("SECRET")));
}

#[test]
fn what_a_secret_holds_is_masked_where_others_point_at_it() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n";
    let secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: HIDDEN}}\n";
    let snippet = |secret: &str| {
        let report = check(&[("a.yaml", pod), ("b.yaml", secret)]);
        report.findings[0].related[0].snippet.clone()
    };
    let plain = snippet(secret);
    assert!(plain.text.contains("name: s") && plain.text.contains("a: ********"));
    assert_eq!(&plain.text[plain.start..plain.end], "s");
    for secret in [
        secret.replace("a: HIDDEN", "a: HIDDEN, a: b"),
        secret.replace("{a: HIDDEN}", "HIDDEN"),
        secret.replace(
            "name: s",
            "name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: HIDDEN}",
        ),
    ] {
        let shown = snippet(&secret).text;
        assert!(shown.contains("name: s") && !shown.contains("HIDDEN"), "{shown}");
    }
}

#[test]
fn two_texts_of_one_path_keep_their_own_lines_and_comments() {
    let report = check(&[
        ("a.txt", "first WORD # careen: ignore[word] mine\n"),
        ("a.txt", "\nsecond WORD\n"),
    ]);
    let shown: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.line_hash.as_deref().unwrap(), finding.suppressed.is_some()))
        .collect();
    assert_eq!(shown, [("first WORD # careen: ignore[word] mine", true), ("second WORD", false)]);
}

#[test]
fn a_failing_linter_leaves_a_note_and_the_others_alone() {
    let report = check(&[("a.txt", "WORD PANIC SECRET\n"), ("b.txt", "WORD\n")]);
    assert_eq!(report.findings.len(), 2);
    let shown = format!("{:?}{}", report.notes, report.findings[0].message);
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(!report.is_complete());
    assert_eq!(report.notes.len(), 1);
    assert_eq!(report.notes[0].path.as_deref(), Some("a.txt"));
}

#[test]
fn the_order_of_the_sources_changes_nothing() {
    let files = [("b.txt", "WORD"), ("a.txt", "WORD WORD\nWORD"), ("c.txt", "WORD SECRET")];
    let mut backwards = files;
    backwards.reverse();
    let shown = |report: &Report| format!("{:?}{:?}", report.findings, report.notes);
    assert_eq!(shown(&check(&files)), shown(&check(&backwards)));
    let paths: Vec<_> =
        check(&files).findings.into_iter().map(|found| found.path.to_string()).collect();
    assert_eq!(paths, ["a.txt", "a.txt", "b.txt", "c.txt"]);
}

#[test]
fn a_secret_in_a_suppression_is_not_repeated() {
    let report = check(&[
        ("a.txt", "WORD # careen: ignore[word] was SECRET before\n"),
        ("b.txt", "WORD # careen: ignore[SECRET]\n"),
        ("c.txt", "SECRET WORD # careen: ignore[word] a reason\n"),
    ]);
    let shown = format!(
        "{:?}{:?}",
        report.notes,
        report.findings.iter().map(|finding| &finding.suppressed).collect::<Vec<_>>()
    );
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(report.notes[0].message.contains("no rule is called `********`"), "{shown}");
    let suppressed: Vec<bool> =
        report.findings.iter().map(|finding| finding.suppressed.is_some()).collect();
    assert_eq!(suppressed, [true, false, true]);
    assert!(shown.contains("a reason"));
}
