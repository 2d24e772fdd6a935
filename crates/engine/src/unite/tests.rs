use careen_rule::{
    Confidence, Held, Identity, Judged, Meta, Region, Severity, Snippet, Suppression,
    SuppressionKind,
};
use careen_text::Position;

use super::{MOST_PLACES, Weighed, unite};

static TOKEN: Meta = Meta { id: "token", ..Meta::DEFAULT };
static OTHER: Meta = Meta { id: "other-token", ..Meta::DEFAULT };
static NAMED: Meta = Meta { id: "named", ..Meta::DEFAULT };

fn weighed(rule: &'static Meta, path: &str, line: u32, value: &str, steps: usize) -> Weighed {
    let place = Position { line, column: 1, utf16: 1 };
    let judged = Judged {
        history: None,
        rule,
        severity: Severity::High.lowered(steps),
        lowered: None,
        confidence: Confidence::Medium,
        message: "found".to_owned(),
        path: path.into(),
        region: Region { start: place, end: place },
        snippet: Snippet::default(),
        object: None,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
        line_hash: None,
        suppressed: None,
    };
    let held = Held { identity: Identity::of(value), by_name: rule.id == "named" };
    Weighed { judged, held: Some(held), steps }
}

fn suppressed(mut weighed: Weighed) -> Weighed {
    let kind = SuppressionKind::Comment;
    weighed.judged.suppressed = Some(Suppression { kind, reason: None, owner: None, source: None });
    weighed
}

/// `rule path:line [places]` of what is left.
fn united(mut files: Vec<Vec<Weighed>>) -> Vec<String> {
    unite(&mut files);
    files
        .iter()
        .flatten()
        .map(|it| {
            let judged = &it.judged;
            let place = |path: &str, region: Region| format!("{path}:{}", region.start.line);
            let others: Vec<_> =
                judged.related.iter().map(|it| place(&it.path, it.region)).collect();
            let own = place(&judged.path, judged.region);
            format!("{} {own} [{}]", judged.rule.id, others.join(" "))
        })
        .collect()
}

#[test]
fn the_best_place_speaks_for_all() {
    let files = vec![
        vec![weighed(&TOKEN, "a_test", 1, "one", 2), weighed(&TOKEN, "a_test", 2, "two", 2)],
        vec![weighed(&TOKEN, "b", 3, "one", 0)],
        vec![weighed(&TOKEN, "c", 1, "one", 0), weighed(&TOKEN, "c", 1, "one", 0)],
    ];
    assert_eq!(united(files), ["token a_test:2 []", "token b:3 [c:1 c:1 a_test:1]"]);
}

#[test]
fn what_knows_more_wins_over_a_name() {
    let files = vec![
        vec![weighed(&NAMED, "a", 1, "one", 0)],
        vec![weighed(&TOKEN, "b", 1, "one", 0)],
        vec![weighed(&OTHER, "c", 1, "one", 0), weighed(&OTHER, "c", 2, "one", 0)],
    ];
    assert_eq!(united(files), ["token b:1 [a:1]", "other-token c:1 [c:2]"]);
    let files =
        vec![vec![weighed(&NAMED, "a", 1, "one", 0)], vec![weighed(&TOKEN, "b_test", 1, "one", 2)]];
    assert_eq!(united(files), ["named a:1 [b_test:1]"]);
}

#[test]
fn suppressed_places_neither_hide_nor_are_listed() {
    let files = vec![
        vec![suppressed(weighed(&TOKEN, "a", 1, "one", 0))],
        vec![weighed(&TOKEN, "b", 1, "one", 0)],
        vec![weighed(&TOKEN, "c", 1, "one", 0)],
    ];
    assert_eq!(united(files), ["token a:1 []", "token b:1 [c:1]"]);
}

#[test]
fn a_crowd_is_counted() {
    let mut files =
        vec![(0..500).map(|line| weighed(&TOKEN, "a", line, "one", 0)).collect::<Vec<_>>()];
    unite(&mut files);
    assert_eq!(files[0].len(), 1);
    assert_eq!(files[0][0].judged.message, "found (also in 499 other places)");
    assert_eq!(files[0][0].judged.related.len(), MOST_PLACES);
}

#[test]
fn the_worst_and_the_surest_stays() {
    let mut test = weighed(&TOKEN, "b_test", 1, "one", 2);
    test.judged.severity = Severity::Critical;
    test.judged.confidence = Confidence::Certain;
    let mut files = vec![vec![weighed(&TOKEN, "a", 1, "one", 0)], vec![test]];
    unite(&mut files);
    let judged = &files[0][0].judged;
    assert_eq!((judged.severity, judged.confidence), (Severity::Critical, Confidence::Certain));
}
