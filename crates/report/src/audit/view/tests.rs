use careen_audit_model::{Audit, Status};

use super::{owners, sections, short, tally, topics, verdict};
use crate::audit::sample::{go, sample, waived};

#[test]
fn the_verdict_comes_apart() {
    assert_eq!(verdict(&sample()), ("NO-GO", "5 blockers"));
    assert_eq!(verdict(&waived()), ("GO with waivers", "1, next expires 2026-12-09"));
    assert_eq!(verdict(&go()), ("GO", ""));
}

#[test]
fn everybody_sees_their_own() {
    let audit = sample();
    let owners = owners(&audit);
    let named: Vec<(&str, Vec<&str>)> = owners
        .iter()
        .map(|owner| (owner.name, owner.blockers.iter().map(|blocker| blocker.id).collect()))
        .collect();
    let expected = [
        ("security", vec!["secrets-in-vault", "image-scanned"]),
        ("dba", vec!["backup-configured"]),
        ("operations", vec!["load-tested"]),
        ("nobody yet", vec!["line 15"]),
    ];
    assert_eq!(named, expected);
    let backup = &owners[1].blockers[0];
    assert_eq!((backup.causes(1).len(), backup.more(1), backup.more(0)), (1, 4, 5));
}

#[test]
fn sections_lose_the_title_that_all_share() {
    let mut audit = sample();
    let names = |audit: &Audit| -> Vec<String> {
        sections(audit).iter().map(|section| section.headings.join("/")).collect()
    };
    let usual =
        ["Code", "Code/Documents", "Security", "Database", "Operations", "After the deployment"];
    assert_eq!(names(&audit), usual);
    audit.items.truncate(3);
    assert_eq!(names(&audit), ["Code"], "the last heading stays");
    audit.items[0].section.clear();
    assert_eq!(names(&audit), ["", "Production checklist/Code"]);
}

#[test]
fn what_stands_with_the_blockers_is_not_said_twice() {
    let audit = sample();
    let sections = sections(&audit);
    let line = |number: u32| {
        sections.iter().flat_map(|section| &section.lines).find(|line| line.item.line == number)
    };
    let secrets = line(13).unwrap();
    assert!(secrets.blocks && secrets.is_open() && secrets.causes().is_empty());
    assert_eq!((secrets.reasons(false).len(), secrets.reasons(true).len()), (1, 2));
    assert_eq!(secrets.owner(), "security");
    let later = line(31).unwrap();
    assert!(!later.is_due && !later.is_open() && !later.blocks);
    assert!(line(15).unwrap().blocks, "a line without a control");
    assert!(!line(5).unwrap().blocks && line(5).unwrap().proofs().len() == 1);
}

#[test]
fn the_worst_is_counted_first() {
    let audit = sample();
    let tally = tally(audit.items.iter());
    assert_eq!(tally.first(), Some(&(Status::Fail, 2)));
    assert_eq!(tally.last(), Some(&(Status::NotApplicable, 1)));
    assert_eq!(tally.iter().map(|(_, number)| number).sum::<usize>(), audit.items.len());
}

#[test]
fn topics_that_say_nothing_are_left_out() {
    let ids = |audit: &Audit| -> Vec<&'static str> {
        topics(audit).iter().map(|topic| topic.id).collect()
    };
    let all = ["changes", "comparison", "waivers", "sign-offs", "unseen"];
    assert_eq!(ids(&sample()), all);
    assert_eq!(ids(&go()), ["unseen"]);
    assert!(!topics(&go())[0].lead.is_empty());
}

#[test]
fn what_turned_worse_is_told_first() {
    let audit = sample();
    let topics = topics(&audit);
    let words: Vec<&str> = topics[1].entries.iter().map(|entry| entry.mark.word).collect();
    assert_eq!(words, ["worse", "new", "gone", "better", "changed"]);
}

#[test]
fn digests_are_short() {
    assert_eq!(short("sha256:0123456789abcdef"), "sha256:0123456789ab");
    assert_eq!(short("0123456789abcdef"), "0123456789ab");
    assert_eq!(short("abc"), "abc");
    assert_eq!(short(""), "");
    assert_eq!(short("üüüüüüüüüüüüüü"), "üüüüüüüüüüüü");
    assert_eq!(short("0123456789abcdef:x"), "0123456789ab");
}
