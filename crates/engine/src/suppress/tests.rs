use std::sync::Arc;

use careen_model::parse;
use careen_policy::Requirements;
use careen_rule::{Finding, Location, Meta};
use careen_text::{Source, Span};

use super::Covers;

/// 2026-12-01T00:00:00Z.
const NOW: i64 = 1_796_083_200;

static RULE: Meta = Meta {
    id: "a-rule",
    peers: &["tool:T1"],
    module: "careen_lint_test::rules::a_group::a_rule",
    ..Meta::DEFAULT
};
static OTHER: Meta = Meta { id: "b-rule", ..Meta::DEFAULT };

fn read(path: &str, text: &str) -> (Arc<Source>, Covers) {
    read_for(path, text, Requirements::default())
}

fn read_for(path: &str, text: &str, requirements: Requirements) -> (Arc<Source>, Covers) {
    let file = parse(Source::new(path, text), path);
    let source = Arc::clone(&file.source);
    let file = file.is_artifact().then_some(file);
    let mut covers =
        Covers::read(&source, file.as_ref(), (&[&RULE, &OTHER], true), requirements, NOW, &[]);
    covers.say_rest(&source);
    (source, covers)
}

/// The reasons that suppress a finding at each `@` of the text, `-` for none.
fn reasons(path: &str, text: &str) -> Vec<String> {
    let (source, covers) = read(path, text);
    let at = |(at, _): (usize, &str)| {
        let location = Location { source: Arc::clone(&source), span: Span::of(at..at + 1) };
        let found = covers.find(&Finding::new(&RULE, location, "found"))?;
        Some(found.reason.clone().unwrap_or_default())
    };
    text.match_indices('@').map(|place| at(place).unwrap_or_else(|| "-".to_owned())).collect()
}

fn notes(path: &str, text: &str) -> Vec<String> {
    let notes = read(path, text).1.notes;
    notes.into_iter().map(|note| format!("{:?} {}", note.line, note.message)).collect()
}

const HEAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";

#[test]
fn comments_in_any_language() {
    for (text, expected) in [
        ("x @ # careen: ignore[a-rule] r\n@\n", ["r", "-"]),
        ("x @ # careen:ignore[ T1 ] r\r\n@\r\n", ["r", "-"]),
        ("x @ // careen: ignore[test] r\n@\n", ["r", "-"]),
        ("x @ -- careen: ignore[test/a-group] r\n@\n", ["r", "-"]),
        ("x @ /* careen: ignore[all] r */ y\n@\n", ["r", "-"]),
        ("x @ # see careen: ignore[a-rule]\n@\n", ["-", "-"]),
        ("x @ # careen: ignore[b-rule]\n@\n", ["-", "-"]),
        ("<!-- careen: ignore[a-rule] r -->\n# @\n@\n", ["r", "-"]),
        ("{{- /* careen: ignore[a-rule] r */ -}}\n@\n@\n", ["r", "-"]),
        ("/*\n * careen: ignore[a-rule] r\n */\n@\n@\n", ["r", "-"]),
        ("\u{feff}## careen: ignore[a-rule] r\n\n# more\n@\n@\n", ["r", "-"]),
        ("// careen: ignore[a-rule] r\n// careen: ignore[b-rule] r\n@\n@", ["r", "-"]),
        ("# careen: ignore[b-rule] q # careen: ignore[a-rule] r\n@\n@\n", ["r", "-"]),
        ("# careen: ignore[a-rule] r # careen: ignore[b-rule] q\n@\n@\n", ["r", "-"]),
        ("@\n; careen: ignore-file[a-rule] r\n@\n", ["r", "r"]),
    ] {
        assert_eq!(reasons("notes.txt", text), expected, "{text}");
    }
}

#[test]
fn strings_of_manifests_hold_no_comments() {
    for text in [
        "data:\n  a: \"@ # careen: ignore[a-rule] r\"\n",
        "data:\n  a: |\n    # careen: ignore-file[a-rule] r\n    @\n",
        "data:\n  a: x@#careen:ignore[a-rule] r\n",
        "data: {a: '@', b: '# careen: ignore[a-rule]'}\n",
    ] {
        assert_eq!(reasons("c.yaml", &format!("{HEAD}{text}")), ["-"], "{text}");
    }
    let text = "data:\n  a: '@' # careen: ignore[a-rule] r\n";
    assert_eq!(reasons("c.yaml", &format!("{HEAD}{text}")), ["r"]);
    // The comments of what could not be parsed are read as in any text.
    let broken = format!("{HEAD}---\n{HEAD}data: [\n@\n@ # careen: ignore[a-rule] r\n");
    assert_eq!(reasons("c.yaml", &broken), ["-", "r"]);
}

#[test]
fn comments_above_cover_what_begins_below() {
    for (text, expected) in [
        ("# careen: ignore[a-rule] r\ndata:\n  a: '@'\n  b: '@'\n", ["r", "r"]),
        ("data:\n  # careen: ignore[a-rule] r\n\n  # why\n  a: |\n    @\n  b: '@'\n", ["r", "-"]),
        ("data:\r\n  # careen: ignore[a-rule] r\r\n  a: '@'\r\n  b: '@'\r\n", ["r", "-"]),
        ("data:\n# careen: ignore[a-rule] r\n- a: 1\n  b: '@'\n- '@'\n", ["r", "-"]),
        ("x: &x {a: '@'}\n# careen: ignore[a-rule] r\ndata: *x\ny: '@'\n", ["-", "-"]),
        ("x: &x {a: '@'}\ndata:\n  # careen: ignore[a-rule] r\n  <<: *x\n  b: '@'\n", ["-", "-"]),
    ] {
        assert_eq!(reasons("c.yaml", &format!("{HEAD}{text}")), expected, "{text}");
    }
}

#[test]
fn comments_in_dockerfiles_cover_instructions_or_lines() {
    for (text, expected) in [
        ("FROM a\n# careen: ignore[a-rule] r\nRUN @ \\\n  @\nRUN x\n", ["r", "r"]),
        ("FROM a\nRUN @ \\\n  # careen: ignore[a-rule] r\n  @ && \\\n  b\n", ["-", "r"]),
        ("FROM a\n# careen: ignore[a-rule] r\nRUN <<E\n@\nE\nRUN @\n", ["r", "-"]),
        ("FROM a\nRUN @ # careen: ignore[a-rule] r\nRUN @\n", ["r", "-"]),
    ] {
        assert_eq!(reasons("Dockerfile", text), expected, "{text}");
    }
}

#[test]
fn annotations_cover_objects() {
    let annotated = |kind: &str, rest: &str| format!("apiVersion: v1\nkind: {kind}\n{rest}");
    let own = "metadata:\n  name: s\n  annotations:\n    careen.dev/ignore.a-rule: r\n";
    let text = format!(
        "{}---\n{HEAD}data: {{a: '@'}}\n",
        annotated("Secret", &format!("{own}data: {{a: '@'}}\n"))
    );
    assert_eq!(reasons("s.yaml", &text), ["r", "-"]);

    let cron = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: '@'}\nspec:\n  jobTemplate:\n    \
                spec:\n      template:\n        metadata:\n          annotations: \
                {careen.dev/ignore.a-rule: r}\n        spec: {containers: [{name: '@'}]}\n";
    assert_eq!(reasons("c.yaml", cron), ["r", "r"]);

    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    \
                name: '@'\n    annotations: &a {careen.dev/ignore.a-rule: r}\n- apiVersion: v1\n  \
                kind: Pod\n  metadata: {name: '@', annotations: *a}\n- apiVersion: v1\n  kind: \
                Pod\n  metadata: {name: '@', annotations: {<<: *a}}\n- apiVersion: v1\n  kind: Pod\n  \
                metadata: {name: '@'}\n";
    assert_eq!(reasons("l.yaml", list), ["r", "r", "r", "-"]);

    let expired = own.replace(": r", ": r -- until 2026-01-01");
    let expired = annotated("Secret", &format!("{expired}data: {{a: '@'}}\n"));
    assert_eq!(reasons("s.yaml", &expired), ["-"]);
    assert!(notes("s.yaml", &expired)[0].starts_with("Some(6) this suppression expired"));
    let unknown = annotated("Secret", &own.replace("a-rule", "c-rule"));
    let expected = "Some(6) no rule is called `c-rule`, so this annotation covers nothing for it";
    assert_eq!(notes("s.yaml", &unknown), [expected]);
}

#[test]
fn the_widest_of_several_counts() {
    let text = "@ # careen: ignore[a-rule] line\n# careen: ignore-file[all] file\n@\n";
    assert_eq!(reasons("a.txt", text)[1], "file");
    let text = "# careen: ignore[a-rule] one\n@\n@ # careen: ignore[a-rule] two\n@\n";
    assert_eq!(reasons("a.txt", text), ["one", "two", "-"]);
}

#[test]
fn slips_are_notes_and_many_are_counted() {
    let text = "# careen: ignore a-rule\n# careen: ignore[c-rule]\n";
    let notes_of = notes("a.txt", text);
    assert!(notes_of[0].starts_with("Some(1) write"), "{notes_of:?}");
    assert!(notes_of[1].starts_with("Some(2) no rule is called `c-rule`"), "{notes_of:?}");
    let many = notes("a.txt", &"# careen: ignore\n".repeat(5_000));
    assert_eq!(many.len(), 101);
    assert!(many[100].contains("4900 more"), "{}", many[100]);
}

#[test]
fn a_flood_of_suppressions_ends() {
    let mut entries = "data:\n".to_owned();
    for at in 0..20_000 {
        entries.push_str(&format!("  # careen: ignore[all]\n  k{at}: '@'\n"));
    }
    // Mappings that merge each other: whoever follows merges never comes back.
    let cycle = "x: &x\n  y: &y\n    <<: [*x]\n    z: &z\n      <<: [*x, *y]\n      t: |\n        \
                 a\n      # careen: ignore[all]\n      <<: *y\n";
    for text in [
        "# careen: ignore[all]\n".repeat(200_000),
        format!("{HEAD}{}", "# careen: ignore[all]\n".repeat(100_000)),
        format!("{HEAD}{entries}"),
        format!("{HEAD}{cycle}"),
        format!("# careen: ignore[{}]\n", "a,b-rule,".repeat(200_000)),
    ] {
        for path in ["a.txt", "a.yaml"] {
            let _ = read(path, &text);
        }
    }
}

static PEER: Meta = Meta {
    id: "a-peer-rule",
    peers: &[
        "checkov:CKV_K8S_16",
        "trivy:KSV-0017",
        "kics:f45ea400",
        "kube-linter:privileged-container",
        "kube-score:container-security-context-privileged",
        "polaris:runAsPrivileged",
        "kubeaudit:PrivilegedTrue",
        "hadolint:DL3008",
        "buildx:StageNameCasing",
    ],
    ..Meta::DEFAULT
};

/// Whether each `@` of the text is suppressed for the rule with peers, and the notes on
/// suppressions that cover nothing.
fn foreign(path: &str, text: &str) -> (Vec<bool>, usize) {
    let file = parse(Source::new(path, text), path);
    let source = Arc::clone(&file.source);
    let file = file.is_artifact().then_some(file);
    let mut covers = Covers::read(
        &source,
        file.as_ref(),
        (&[&PEER, &OTHER], true),
        Requirements::default(),
        NOW,
        &[],
    );
    let at = |(at, _): (usize, &str)| {
        let location = Location { source: Arc::clone(&source), span: Span::of(at..at + 1) };
        covers.find(&Finding::new(&PEER, location, "found")).is_some()
    };
    let found = text.match_indices('@').map(at).collect();
    covers.tell_unused(&source, &[&PEER, &OTHER], &|_| true, true);
    (found, covers.notes.len())
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n  ANNOTATIONS\n\
    spec:\n  template:\n    metadata:\n      labels: {LABELS}\n    spec:\n      containers:\n      \
    - name: web\n        image: \"a@\"\n      - name: log\n        image: \"b@\"\n";

#[test]
fn annotations_of_other_linters_hold() {
    for annotation in [
        "ignore-check.kube-linter.io/privileged-container: needed",
        "kube-linter.io/ignore-all: needed",
        "kube-score/ignore: \"pod-probes, container-security-context-privileged\"",
        "polaris.fairwinds.com/exempt: \"true\"",
        "polaris.fairwinds.com/runAsPrivileged-exempt: \"true\"",
        "checkov.io/skip1: CKV_K8S_16=needed",
        "bridgecrew.io/skip7: CKV_K8S_16",
    ] {
        let text = DEPLOYMENT
            .replace("ANNOTATIONS", &format!("annotations: {{{annotation}}}"))
            .replace("LABELS", "");
        // kube-score's other check is no rule here: of that nothing is said.
        assert_eq!(foreign("d.yaml", &text), (vec![true, true], 0), "{annotation}");
    }
    let other = "annotations: {checkov.io/skip1: CKV_K8S_17, polaris.fairwinds.com/exempt: \"no\"}";
    let text = DEPLOYMENT.replace("ANNOTATIONS", other).replace("LABELS", "");
    assert_eq!(foreign("d.yaml", &text), (vec![false, false], 0));
}

#[test]
fn labels_of_kubeaudit_reach_one_container() {
    let own = DEPLOYMENT.replace("  ANNOTATIONS\n", "");
    let text = own.replace("LABELS", "container.kubeaudit.io/web.allow-privileged: needed");
    assert_eq!(foreign("d.yaml", &text), (vec![true, false], 0));
    let text = own.replace("LABELS", "kubeaudit.io/allow-privileged: needed");
    assert_eq!(foreign("d.yaml", &text), (vec![true, true], 0));
}

#[test]
fn comments_of_other_linters_hold() {
    let yaml = |comment: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  {comment}\n  a: \"@\"\n  b: \"@\"\n"
        )
    };
    for (comment, expected) in [
        ("#trivy:ignore:AVD-KSV-0017", [true, false]),
        ("# trivy:ignore:KSV017 needed", [true, false]),
        ("# trivy:ignore:KSV-*", [true, false]),
        ("# trivy:ignore:KSV-0017:exp:2027-01-01", [true, false]),
        ("# trivy:ignore:KSV-0018", [false, false]),
        ("# see trivy:ignore:KSV-0017", [false, false]),
        ("# kics-scan ignore-block", [true, false]),
        ("# kics-scan ignore", [true, true]),
        ("# kics-scan disable=f45ea400-6bbe-4501-9fc7-1c3d75c32067", [true, true]),
        ("#checkov:skip=CKV_K8S_16:needed", [true, true]),
    ] {
        assert_eq!(foreign("c.yaml", &yaml(comment)), (expected.to_vec(), 0), "{comment}");
    }
    let (found, notes) = foreign("c.yaml", &yaml("# trivy:ignore:KSV-0017:exp:2026-01-01"));
    assert_eq!((found, notes), (vec![false, false], 1), "it has expired");
}

#[test]
fn comments_in_dockerfiles_hold() {
    for (text, expected) in [
        ("FROM a\n# hadolint ignore=DL3008\nRUN a@\nRUN b@\n", [true, false]),
        ("# hadolint global ignore=DL3008\nFROM a\nRUN a@\nRUN b@\n", [true, true]),
        ("# check=skip=StageNameCasing;error=true\nFROM a\nRUN a@\nRUN b@\n", [true, true]),
        ("FROM a\nRUN a@\n# checkov:skip=CKV_K8S_16: x\nRUN b@\n", [true, true]),
    ] {
        assert_eq!(foreign("Dockerfile", text), (expected.to_vec(), 0), "{text}");
    }
}

#[test]
fn what_covers_nothing_is_told() {
    let text = format!("{HEAD}data:\n  # careen: ignore[b-rule] old\n  a: \"@\"\n");
    assert_eq!(foreign("c.yaml", &text), (vec![false], 1));
}

#[test]
fn what_is_required_is_there_or_nothing_is_covered() {
    let all = Requirements { reason: true, owner: true, expiry: true };
    let reason = Requirements { reason: true, ..Requirements::default() };
    let notes = |text: &str, requirements| {
        let notes = read_for("notes.txt", text, requirements).1.notes;
        notes.into_iter().map(|note| note.message).collect::<Vec<_>>()
    };
    for (text, requirements, expected) in [
        ("x # careen: ignore[a-rule] why\n", reason, None),
        ("x # careen: ignore[a-rule]\n", reason, Some("lacks a reason, so it does not hold")),
        ("x # careen: ignore[a-rule] -- until 2027-01-01\n", reason, Some("lacks a reason,")),
        ("x # careen: ignore[a-rule] why, @us -- until 2027-01-01\n", all, None),
        ("x # careen: ignore[a-rule] why, @us\n", all, Some("lacks a last day,")),
        ("x # careen: ignore[a-rule] why\n", all, Some("lacks an owner and a last day,")),
        ("x # trivy:ignore:T1\n", reason, Some("lacks a reason,")),
    ] {
        let told = notes(text, requirements);
        match expected {
            Some(words) => assert!(told[0].contains(words), "{text}: {told:?}"),
            None => assert!(told.is_empty(), "{text}: {told:?}"),
        }
    }
    let told = notes("x # careen: ignore[a-rule]\n", all);
    assert!(
        told[0].ends_with("`careen: ignore[RULE] why, @owner -- until 2027-03-01`"),
        "{told:?}"
    );
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  annotations:\n    \
                    careen.dev/ignore.a-rule: ''\n";
    let told = read_for("c.yaml", manifest, reason).1.notes;
    assert!(told[0].message.ends_with("`careen.dev/ignore.RULE: why`"), "{told:?}");
    assert_eq!(told[0].line, Some(6));
}

#[test]
fn an_owner_is_read_from_the_reason() {
    let (source, covers) = read("notes.txt", "x @ # careen: ignore[a-rule] why (@acme/shop)\n");
    let location = Location { source, span: Span::of(2..3) };
    let found = covers.find(&Finding::new(&RULE, location, "found")).unwrap();
    assert_eq!(found.owner.as_deref(), Some("acme/shop"));
}
