use careen_text::Source;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use super::{Answer, tick};
use crate::{Checklist, parse};

fn read(text: &str) -> Checklist {
    parse(&Source::new("list.md", text))
}

/// Proves all items with these lines of evidence.
fn proven(list: &Checklist, lines: &[&str]) -> Vec<Answer> {
    let evidence: Vec<_> = lines.iter().map(|&line| line.to_owned()).collect();
    let items = list.items.iter();
    items.map(|it| Answer { line: it.line, proven: true, evidence: evidence.clone() }).collect()
}

/// The text with all items proven; a second time changes nothing, and without proof it is as before.
fn ticked(text: &str) -> String {
    let list = read(text);
    let once = tick(&list, &proven(&list, &["proof"]));
    let again = read(&once);
    assert_eq!(tick(&again, &proven(&again, &["proof"])), once, "{text:?}");
    let words = |list: &Checklist| list.items.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
    assert_eq!(words(&again), words(&list), "{text:?} became {once:?}");
    assert!(again.items.iter().all(|item| item.ticked), "{once:?}");
    let lines = |list: &Checklist| list.items.iter().map(|it| it.bare_line).collect::<Vec<_>>();
    assert_eq!(lines(&again), lines(&list), "{text:?} became {once:?}");
    once
}

/// A block of evidence below an indentation.
fn block(indent: &str) -> String {
    format!(
        "{indent}<!-- careen:evidence -->\n{indent}- proof\n{indent}<!-- /careen:evidence -->\n"
    )
}

#[test]
fn a_block_stands_below_its_item_and_in_it() {
    for (text, expected) in [
        ("- [ ] a\n", format!("- [x] a\n{}", block("  "))),
        (
            "10. [ ] a\n    b\nlazy\n\nc\n",
            format!("10. [x] a\n    b\nlazy\n{}\nc\n", block("    ")),
        ),
        ("- [ ] a\n  - [ ] b\n", format!("- [x] a\n{}  - [x] b\n{}", block("  "), block("    "))),
        ("> - [ ] a\n> - [ ] b\n", format!("> - [x] a\n{0}> - [x] b\n{0}", block(">   "))),
        (">- [ ] a\nlazy\n", format!(">- [x] a\nlazy\n{}", block(">   "))),
        (
            "-\t[ ] a\n\t- [ ] b\n",
            format!("-\t[x] a\n{}\t- [x] b\n{}", block("    "), block("\t  ")),
        ),
        ("- - [ ] a\n", format!("- - [x] a\n{}", block("    "))),
        ("- [ ] a\n  ===\n", format!("- [x] a\n  ===\n{}", block("  "))),
        ("- [ ] [a](\n  b)\n", format!("- [x] [a](\n  b)\n{}", block("  "))),
        (
            "- [ ] a\n  <!-- careen: x -->\n",
            format!("- [x] a\n  <!-- careen: x -->\n{}", block("  ")),
        ),
        ("- [ ] a\n\n| b |\n|---|\n", format!("- [x] a\n{}\n| b |\n|---|\n", block("  "))),
    ] {
        assert_eq!(ticked(text), expected);
    }
}

#[test]
fn code_blocks_get_ticks_and_no_blocks() {
    let text = "```\n1. [ ] a <!-- careen: x -->\n```\n\n    - [ ] b\n";
    assert_eq!(ticked(text), text.replace("[ ]", "[x]"));
}

#[test]
fn line_breaks_stay_as_they_are() {
    assert_eq!(ticked("- [ ] a\r\n"), format!("- [x] a\n{}", block("  ")).replace('\n', "\r\n"));
    assert_eq!(ticked("# b\r\n\r\n- [ ] a").matches("\r\n").count(), 5);
    assert_eq!(ticked("- [ ] a"), format!("- [x] a\n{}", block("  ")).trim_end());
    assert!(ticked("\u{feff}- [ ] a\n").starts_with("\u{feff}- [x] a\n  <!--"));
}

#[test]
fn what_was_written_before_is_replaced_moved_or_taken_away() {
    let old = "- [x] a\n  <!-- careen:evidence -->\n  - old\n  - older\n  <!-- /careen:evidence -->\n  \
               - [x] b\n";
    let list = read(old);
    assert_eq!(
        tick(&list, &proven(&list, &["proof"])),
        format!("- [x] a\n{}  - [x] b\n{}", block("  "), block("    "))
    );
    let answer = |proven| Answer { line: 1, proven, evidence: vec!["proof".to_owned()] };
    assert_eq!(tick(&list, &[answer(false)]), "- [ ] a\n  - [x] b\n");
    // Nobody answers for the item any more: its box is a person's, the block was ours.
    assert_eq!(tick(&list, &[]), "- [x] a\n  - [x] b\n");
    // Two blocks, one of them below what belongs to the item.
    let list = read(&format!("- [ ] a\n{0}  - b\n{0}", block("  ")));
    assert_eq!(list.troubles, []);
    assert_eq!(tick(&list, &[answer(true)]), format!("- [x] a\n{}  - b\n", block("  ")));
    // At the end of a file without a line break.
    let list = read(format!("- [x] a\n{}", block("  ")).trim_end());
    assert_eq!(tick(&list, &[answer(false)]), "- [ ] a");
}

#[test]
fn ticks_that_are_right_stay_as_they_are_written() {
    let list = read("- [X] a\n- [\t] b\n- [ ] c\n");
    let answers: Vec<_> = [(1, true), (2, false), (3, true)]
        .map(|(line, proven)| Answer { line, proven, evidence: Vec::new() })
        .into();
    assert_eq!(tick(&list, &answers), "- [X] a\n- [\t] b\n- [x] c\n");
}

#[test]
fn nothing_below_a_broken_block_is_rewritten() {
    let text = "- [ ] a\n- [ ] b\n  <!-- careen:evidence -->\n  - c\n- [ ] d\n";
    let list = read(text);
    assert_eq!(list.items.len(), 3);
    let once = tick(&list, &proven(&list, &["proof"]));
    assert_eq!(once, text.replacen("- [ ] a\n", &format!("- [x] a\n{}", block("  ")), 1));
}

#[test]
fn evidence_cannot_leave_its_block() {
    let lines = [
        "a\n- [ ] b",
        "<!-- /careen:evidence -->",
        "[ ] c",
        "```",
        "<div>",
        "---",
        "<!-- d",
        "",
        "- [ ] e",
    ];
    let list = read("- [ ] a\n- [ ] z\n");
    let once = tick(&list, &proven(&list, &lines));
    let again = read(&once);
    assert_eq!(again.troubles, [], "{once}");
    assert_eq!(
        again.items.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["a", "z"],
        "{once}"
    );
    assert_eq!(tick(&again, &proven(&again, &lines)), once);
}

#[test]
fn what_is_too_large_is_left_alone() {
    let text = "- [ ] a\n".repeat(600_000);
    let list = read(&text);
    assert_eq!(tick(&list, &[Answer { line: 1, proven: true, evidence: Vec::new() }]), text);
}

/// Lines of lists as people write them, and worse.
fn line() -> impl Strategy<Value = String> {
    let indent =
        prop_oneof![Just(""), Just("  "), Just("    "), Just("      "), Just("\t"), Just("   ")];
    let quote = prop_oneof![6 => Just(""), 1 => Just("> "), 1 => Just(">")];
    let marker = prop_oneof![
        6 => Just("- [ ] "), 2 => Just("* [x] "), 1 => Just("1. [ ] "), 1 => Just("2) [X] "),
        1 => Just("-\t[ ] "), 2 => Just("- "), 3 => Just(""), 1 => Just("- - [ ] "),
    ];
    let words = prop_oneof![
        8 => Just("words"), 1 => Just("**bold** [link](x)"), 1 => Just("größe 🚢"),
        2 => Just("bound <!-- careen: a, b -->"), 1 => Just("<!-- careen: c -->"),
        1 => Just("| a | b |"), 1 => Just("|---|---|"), 1 => Just("```"), 1 => Just("---"),
        1 => Just("==="), 1 => Just("# Heading"), 1 => Just("<div>"), 1 => Just("`code"),
        1 => Just("<!-- careen:evidence -->"), 1 => Just("<!-- /careen:evidence -->"),
        1 => Just("<!-- open"), 1 => Just("-->"), 2 => Just(""),
    ];
    (quote, indent, marker, words)
        .prop_map(|(quote, indent, marker, words)| format!("{quote}{indent}{marker}{words}"))
}

fn lists() -> impl Strategy<Value = String> {
    let end = prop_oneof![3 => Just("\n"), 1 => Just("\r\n")];
    (proptest::collection::vec(line(), 0..14), end, any::<bool>()).prop_map(|(lines, end, ends)| {
        let text = lines.join(end);
        if ends { text + end } else { text }
    })
}

/// Answers as an audit gives them: by the place of the item, not by its line.
fn answers(list: &Checklist, pattern: u32) -> Vec<Answer> {
    let items = list.items.iter().enumerate();
    items
        .map(|(index, item)| Answer {
            line: item.line,
            proven: pattern >> (index % 32) & 1 == 1,
            evidence: (0..index % 3).map(|line| format!("proof {line}")).collect(),
        })
        .collect()
}

/// The text without blocks, with every box alike.
fn bare(text: &str) -> String {
    let mut inside = false;
    let lines = text.split_inclusive('\n').filter(|line| {
        let opens = line.contains("<!-- careen:evidence -->");
        let closes = line.contains("<!-- /careen:evidence -->");
        inside = (inside || opens) && !closes;
        !inside && !closes
    });
    lines.collect::<String>().trim_end().replace("[x]", "[ ]").replace("[X]", "[ ]")
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1_000))]
    #[test]
    fn ticking_twice_is_ticking_once(
        text in lists(),
        pattern in any::<u32>(),
        other in any::<u32>(),
    ) {
        let list = read(&text);
        let once = tick(&list, &answers(&list, pattern));
        let again = read(&once);
        let facts = |list: &Checklist| -> Vec<_> {
            let items = list.items.iter();
            items.map(|it| (it.text.clone(), it.section.clone(), it.bindings.clone(), it.phase)).collect()
        };
        proptest::prop_assert_eq!(facts(&again), facts(&list), "{}", once);
        if !text.contains("careen:evidence") {
            proptest::prop_assert_eq!(bare(&once), bare(&text));
            // What was proven before leaves no trace.
            let small = |text: String| text.replace("[X]", "[x]");
            let turned = tick(&again, &answers(&again, other));
            proptest::prop_assert_eq!(small(turned), small(tick(&list, &answers(&list, other))));
        }
        proptest::prop_assert_eq!(tick(&again, &answers(&again, pattern)), once);
    }
}
