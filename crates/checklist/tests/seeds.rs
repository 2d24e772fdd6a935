//! The two lists that this program began from, and our own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "each test binary uses a part of what they share")]

mod common;

use careen_audit_model::Phase;
use careen_checklist::{Answer, Binding, Checklist, parse, tick};
use careen_text::Source;

use common::{controls, file, seeds};

fn bound(name: &str) -> Checklist {
    let mut checklist = parse(&file(&format!("fixtures/checklists/{name}.md")));
    checklist.bind(&file(&format!("fixtures/checklists/{name}.careen.yaml")));
    checklist
}

fn names(bindings: &[Binding]) -> Vec<&str> {
    let names = bindings.iter().map(|binding| match binding {
        Binding::Named(name) => name.as_str(),
        other => panic!("{other:?}"),
    });
    names.collect()
}

#[test]
fn every_item_is_found_in_order_and_bound() {
    for (name, letter, count) in [("deployment", 'A', 70), ("platform", 'B', 104)] {
        let checklist = bound(name);
        assert_eq!(checklist.troubles, [], "{name}");
        let expected: Vec<_> =
            seeds().into_iter().filter(|seed| seed.id.starts_with(letter)).collect();
        assert_eq!((checklist.items.len(), expected.len()), (count, count));
        for (item, seed) in checklist.items.iter().zip(expected) {
            assert_eq!(item.text, seed.text, "{}", seed.id);
            assert_eq!(names(&item.bindings), seed.controls, "{}", seed.id);
            let line = checklist.source.lines().line_text(checklist.source.text(), item.line);
            assert!(line.ends_with(&format!("[ ] {}", seed.text)), "{line}");
            let is_late = item
                .section
                .iter()
                .any(|it| it.starts_with("Post-Deployment") || it == "Rollback Scenario");
            let phase = if is_late { Phase::After } else { Phase::Before };
            assert_eq!(item.phase, phase, "{}", seed.id);
        }
    }
}

#[test]
fn headings_say_where_items_stand() {
    let checklist = bound("deployment");
    assert_eq!(checklist.title.as_deref(), Some("Production Deployment Checklist"));
    let step = checklist.items.iter().find(|it| it.text.starts_with("Deploy to canary")).unwrap();
    assert_eq!(step.section, ["Deployment Phase", "Deployment Steps"]);
    let checklist = bound("platform");
    assert!(checklist.title.unwrap().ends_with("07.4 - Production Deployment Checklist"));
    assert_eq!(checklist.items[0].section, ["Pre-Deployment", "Code Quality"]);
}

fn answers(checklist: &Checklist, lines: usize) -> Vec<Answer> {
    let items = checklist.items.iter().enumerate();
    items
        .map(|(index, item)| Answer {
            line: item.line,
            proven: index % 3 != 0,
            evidence: (0..index % (lines + 1)).map(|it| format!("proof `{it}`")).collect(),
        })
        .collect()
}

#[test]
fn ticking_twice_changes_nothing() {
    for name in ["deployment", "platform"] {
        let before = bound(name);
        let once = tick(&before, &answers(&before, 3));
        let mut after = parse(&Source::new(before.source.path(), once.clone()));
        after.bind(&file(&format!("fixtures/checklists/{name}.careen.yaml")));
        assert_eq!(after.troubles, []);
        let twice = tick(&after, &answers(&after, 3));
        assert_eq!(once, twice, "{name}");
        assert_ne!(once, before.source.text());
        let text = |it: &Checklist| it.items.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        assert_eq!(text(&before), text(&after));
        // Without proof it is as it was.
        let cleared: Vec<_> = answers(&after, 0)
            .into_iter()
            .map(|answer| Answer { proven: false, ..answer })
            .collect();
        assert_eq!(tick(&after, &cleared), before.source.text());
    }
}

#[test]
fn our_own_list_binds_every_control() {
    let source = file("policies/checklists/production.md");
    let checklist = parse(&source);
    assert_eq!(checklist.troubles, []);
    let mut missing = Vec::new();
    let known = controls();
    for (id, _) in &known {
        let is_bound =
            checklist.items.iter().any(|item| names(&item.bindings).contains(&id.as_str()));
        if !is_bound {
            missing.push(id);
        }
    }
    assert_eq!(missing, [""; 0]);
    for item in &checklist.items {
        assert!(!item.bindings.is_empty(), "line {} is unbound", item.line);
        for name in names(&item.bindings) {
            assert!(known.iter().any(|(id, _)| id == name), "line {}: {name}", item.line);
        }
    }
    assert!(checklist.items.iter().any(|item| item.phase == Phase::After));
}
