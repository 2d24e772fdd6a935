use std::collections::BTreeMap;

use careen_rule::Edit;
use careen_text::{Source, Span};

use super::draft::Draft;
use super::{Change, Chosen, Sign};

fn edit(start: u32, end: u32, text: &str) -> Edit {
    Edit { span: Span::new(start, end), text: text.to_owned() }
}

fn shown(change: &Change) -> Vec<String> {
    let mut out = Vec::new();
    for hunk in &change.hunks {
        out.push(format!(
            "{},{} {},{}",
            hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count
        ));
        for line in &hunk.lines {
            let sign = match line.sign {
                Sign::Kept => ' ',
                Sign::Removed => '-',
                Sign::Added => '+',
            };
            out.push(format!("{sign}{}", line.text));
        }
    }
    out
}

fn edited(text: &str, rounds: &[&[(u32, u32, &str)]]) -> Draft {
    let mut draft = Draft::new(0, &Source::new("a", text));
    for edits in rounds {
        let edits: BTreeMap<_, _> =
            edits.iter().map(|(start, end, text)| ((*start, *end), (*text).to_owned())).collect();
        draft = draft.edited(&Chosen { findings: edits.len(), edits, suppressions: 0 });
    }
    draft
}

#[test]
fn edits_that_touch_wait_for_the_next_round() {
    let source = Source::new("a", "0123456789");
    let mut chosen = Chosen::default();
    assert!(chosen.take(&source, &[edit(2, 4, "x"), edit(6, 6, "y")]));
    // The same once more is one edit for two findings.
    assert!(chosen.take(&source, &[edit(2, 4, "x")]));
    for touching in
        [edit(4, 5, ""), edit(1, 2, ""), edit(3, 3, "a"), edit(6, 6, "z"), edit(0, 9, "")]
    {
        assert!(!chosen.take(&source, std::slice::from_ref(&touching)), "{touching:?}");
    }
    // All or nothing.
    assert!(!chosen.take(&source, &[edit(8, 9, "q"), edit(6, 6, "z")]));
    assert!(!chosen.take(&source, &[edit(8, 9, "q"), edit(9, 10, "z")]));
    assert!(!chosen.take(&source, &[edit(8, 11, "")]));
    assert!(chosen.take(&source, &[edit(8, 9, "q")]));
    assert_eq!(chosen.edits.len(), 3);
}

#[test]
fn lines_know_where_they_came_from_over_rounds() {
    let draft = edited("a\nb\nc\nd", &[&[(2, 2, "new\n"), (4, 5, "C")], &[(11, 11, "\nend")]]);
    assert_eq!(draft.text, "a\nnew\nb\nC\nd\nend");
    let change = draft.finish(&[], &[]);
    assert_eq!(change.findings, 3);
    assert_eq!(
        shown(&change),
        ["1,4 1,6", " a\n", "+new\n", " b\n", "-c\n", "-d", "+C\n", "+d\n", "+end"]
    );
}

#[test]
fn hunks_are_apart_where_the_lines_are() {
    let text: String = (1..=30).map(|number| format!("{number:02}\n")).collect();
    let change = edited(&text, &[&[(3, 5, "x"), (24, 26, "y"), (75, 75, "z\n")]]).finish(&[], &[]);
    let heads: Vec<_> = shown(&change).into_iter().filter(|line| line.contains(',')).collect();
    assert_eq!(heads, ["1,12 1,12", "23,6 23,7"]);
    let change = edited(&text, &[&[(0, 0, "x\n"), (87, 90, "")]]).finish(&[], &[]);
    let heads: Vec<_> = shown(&change).into_iter().filter(|line| line.contains(',')).collect();
    assert_eq!(heads, ["1,3 1,4", "27,4 28,3"]);
}

#[test]
fn what_is_masked_is_not_shown() {
    let text = "a: SECRET\nb: 1\nc: |\n  SECRET\n  SECRET\n";
    let mask = |text: &str| -> Vec<Span> {
        let all = text.match_indices("SECRET").map(|(at, word)| Span::of(at..at + word.len()));
        all.collect()
    };
    let draft = edited(text, &[&[(13, 14, "2")]]);
    let (before, after) = (mask(text), mask(&draft.text));
    let change = draft.finish(&before, &after);
    assert!(change.masked);
    assert_eq!(
        shown(&change),
        [
            "1,5 1,5",
            " a: ********\n",
            "-b: 1\n",
            "+b: 2\n",
            " c: |\n",
            "   ********\n",
            "   ********\n"
        ]
    );
    // A mask over several lines, and one on the line that changes.
    let draft = edited(text, &[&[(0, 1, "A")]]);
    let change = draft.finish(&[Span::new(3, 9), Span::new(18, 38)], &[Span::new(3, 9)]);
    assert_eq!(
        shown(&change),
        ["1,4 1,4", "-a: ********\n", "+A: ********\n", " b: 1\n", " c: ********\n", " ********\n"]
    );
}
