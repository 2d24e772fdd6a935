use std::sync::Arc;

use careen_audit_model::Phase;
use careen_text::Source;

use super::parse;
use crate::{Binding, Checklist};

fn read(text: &str) -> Checklist {
    parse(&Source::new("list.md", text))
}

/// `line text` of each item, an `x` in front of ticked ones.
fn items(text: &str) -> Vec<String> {
    let items = read(text).items;
    items
        .iter()
        .map(|item| format!("{}{} {}", if item.ticked { "x" } else { "" }, item.line, item.text))
        .collect()
}

/// `line:column message` of each trouble.
fn troubles(text: &str) -> Vec<String> {
    let list = read(text).troubles;
    list.iter().map(|it| format!("{}:{} {}", it.line, it.column, it.message)).collect()
}

fn named(names: &[&str]) -> Vec<Binding> {
    names.iter().map(|name| Binding::Named((*name).to_owned())).collect()
}

#[test]
fn every_marker_and_box_is_an_item() {
    let text = "- [ ] a\n* [x] b\n+ [X] c\n\n1. [ ] d\n\n1) [ ] e\n";
    assert_eq!(items(text), ["1 a", "x2 b", "x3 c", "5 d", "7 e"]);
    assert_eq!(read(text).troubles, []);
}

#[test]
fn items_stand_at_any_depth_and_in_quotes() {
    let text =
        "- a\n  - [ ] b\n    1. [ ] c\n       text\n\n> - [ ] d\n>   > * [ ] e\n\n- - [ ] f\n";
    assert_eq!(items(text), ["2 b", "3 c text", "6 d", "7 e", "9 f"]);
}

#[test]
fn lists_may_be_loose() {
    let text = "- [ ] a\n\n  more\n\n- [ ] b\n  ===\n\n- [ ]\n  c <!-- careen: x -->\n\n  <!-- careen: y -->\n";
    assert_eq!(items(text), ["1 a", "5 b", "8 c"]);
    assert_eq!(read(text).items[2].bindings, named(&["x", "y"]));
}

#[test]
fn code_blocks_hold_items_too() {
    let text = "Steps:\n```text\n1. [ ] a\n- [x] **b** <!-- careen: c -->\nno item\n- [ ]\n```\n\n\
                > ~~~\n> - [ ] d\n> ~~~\n\n    - [ ] e\n";
    assert_eq!(items(text), ["3 a", "x4 b", "10 d", "13 e"]);
    assert_eq!(read(text).items[1].bindings, named(&["c"]));
    assert_eq!(troubles(text).len(), 1);
    assert!(troubles(text)[0].starts_with("6:4 the item has no words"), "{:?}", troubles(text));
}

#[test]
fn what_only_looks_like_a_box_is_no_item() {
    for text in [
        "- [ ](https://example.com)\n",
        "Write `- [ ] a` for an item.\n",
        "Some [ ] prose\n",
        "---\ntitle: a\nlist:\n- [ ] b\n---\n",
        "<!--\n- [ ] a\n-->\n",
        "| a | b |\n|---|---|\n| - [ ] a | - [x] b |\n",
        "- [y] a\n- [] b\n",
    ] {
        let list = read(text);
        assert_eq!(list.items, [], "{text}");
        assert_eq!(list.troubles, [], "{text}");
    }
}

#[test]
fn lines_that_people_take_for_items_are_told() {
    for text in [
        "<details>\n- [ ] a\n</details>\n",
        "Text\n2. [ ] a\n",
        "- [ ] a\n      - [ ] b\n",
        "-      [ ] a\n",
    ] {
        let found = troubles(text);
        assert!(found.iter().any(|it| it.contains("looks like an item")), "{text}: {found:?}");
    }
    assert!(troubles("a\n\n<!-- b\n- [ ] c\n")[0].contains("never ends"));
}

#[test]
fn items_without_words_are_told() {
    for text in ["- [ ] ", "- [ ]", "- [ ] <!-- careen: a -->\n"] {
        let list = read(text);
        assert!(list.troubles.iter().any(|it| it.message.contains("no words")), "{text:?}");
        assert_eq!(list.items, [], "{text:?}");
    }
}

#[test]
fn a_text_is_what_people_read() {
    let text = "- [ ] The *new* **`api`** of [ours](x) <!-- a note --> &amp;\n  goes <b>on</b>\n\
                lazily\\\n  here ![and](x) ~~not~~\n";
    assert_eq!(items(text), ["1 The new api of ours & goes on lazily here and not"]);
}

#[test]
fn places_are_exact_whatever_the_lines_look_like() {
    let text = "\u{feff}# Grüße 🚢\r\n\r\n-\t[ ] eins\r\n\t-\t[x] zwei 🚢\r\n\r\n```\r\n- [ ] drei\r\n```\r\n";
    assert_eq!(items(text), ["3 eins", "x4 zwei 🚢", "7 drei"]);
    assert_eq!(
        troubles("- [ ] größe 🚢 <!-- careen: a, b=c -->\n")[0].split(' ').next(),
        Some("1:31")
    );
}

#[test]
fn headings_are_sections_and_the_first_is_the_title() {
    let list =
        read("Titel\n=====\n- [ ] a\n\n## âœ… *B*\n- [ ] b\n### C\n- [ ] c\n\nD\n---\n- [ ] d\n");
    assert_eq!(list.title.as_deref(), Some("Titel"));
    let sections: Vec<_> = list.items.iter().map(|it| it.section.join("/")).collect();
    assert_eq!(sections, ["", "âœ… B", "âœ… B/C", "D"]);
    // Where the first heading has equals, it is a section as they are.
    let list = read("## A\n- [ ] a\n## B\n- [ ] b\n");
    assert_eq!(list.title.as_deref(), Some("A"));
    assert_eq!(list.items[0].section, ["A"]);
}

#[test]
fn comments_bind_the_item_they_stand_on() {
    let text = "- [ ] a <!-- careen: x, y --> more <!-- careen: sign-off role=dba -->\n\
                - [ ] b\n  <!-- careen: z -->\n  - [ ] c <!-- careen:\n      w -->\n- [ ] d\n";
    let list = read(text);
    assert_eq!(list.troubles, []);
    assert_eq!(list.items[0].text, "a more");
    let role = Binding::SignOff { role: "dba".to_owned(), max_age: None };
    assert_eq!(list.items[0].bindings, [named(&["x", "y"]), vec![role]].concat());
    assert_eq!(list.items[1].bindings, named(&["z"]));
    assert_eq!(list.items[2].bindings, named(&["w"]));
    assert_eq!(list.items[3].bindings, []);
}

#[test]
fn a_heading_gives_a_phase_to_what_is_below() {
    let text = "# A\n- [ ] a\n## After <!-- careen: phase=after -->\n- [ ] b\n### Deeper\n\
                - [ ] c\n- [ ] d <!-- careen: phase=before -->\n## Next\n- [ ] e\n";
    let phases: Vec<_> = read(text).items.iter().map(|item| item.phase).collect();
    use Phase::{After, Before};
    assert_eq!(phases, [Before, After, After, Before, Before]);
    assert!(troubles("# A <!-- careen: x -->\n")[0].contains("nothing but a phase"));
    assert!(troubles("# A <!-- careen: phase=x -->\n")[0].contains("no phase"));
}

#[test]
fn what_cannot_be_understood_is_left_to_a_person() {
    for (text, part) in [
        ("- [ ] a <!-- careen: x, evidence k6 -->\n", "comment of its own"),
        ("- [ ] a <!-- careen: x --> <!-- careen: evidence k7 -->\n", "did you mean `k6`"),
        ("- [ ] a <!-- careen: manual --> <!-- careen: x -->\n", "`manual` and bound"),
        ("- [ ] a <!-- careen: -->\n", "says nothing"),
        ("```\n- [ ] a <!-- careen: x y -->\n```\n", "comma is missing"),
    ] {
        let list = read(text);
        assert_eq!(list.items[0].bindings, [Binding::Manual], "{text}");
        assert!(list.troubles[0].message.contains(part), "{text}: {:?}", list.troubles);
    }
}

#[test]
fn one_name_twice_is_told_and_kept_once() {
    let list = read("- [ ] a <!-- careen: x, x --> <!-- careen: x -->\n");
    assert_eq!(list.items[0].bindings, named(&["x"]));
    assert_eq!(list.troubles.len(), 2);
    assert!(list.troubles[0].message.contains("`x` twice"), "{:?}", list.troubles);
}

#[test]
fn comments_elsewhere_bind_nothing_and_say_so() {
    for text in [
        "<!-- careen: x -->\n\n- [ ] a\n",
        "Prose <!-- careen: x -->\n",
        "- [ ] a\n\n<!-- careen: x -->\n",
        "<div>\n<!-- careen: x -->\n</div>\n",
    ] {
        assert!(troubles(text)[0].contains("on the line of no item"), "{text}");
    }
    // A suppression of findings is no binding.
    assert_eq!(troubles("<!-- careen: ignore[a] because -->\n"), [""; 0]);
}

#[test]
fn blocks_of_evidence_hold_neither_items_nor_bindings() {
    let text = "- [x] a <!-- careen: x -->\n  <!-- careen:evidence -->\n  - [ ] b <!-- careen: y -->\n  \
                <!-- /careen:evidence -->\n  - [ ] c\n";
    assert_eq!(items(text), ["x1 a", "5 c"]);
    assert_eq!(troubles(text), [""; 0]);
    for (text, part) in [
        (
            "- [ ] a\n  <!-- careen:evidence -->\n  - b\n- [ ] c\n",
            "2:3 this block of evidence never",
        ),
        ("- [ ] a\n  <!-- /careen:evidence -->\n", "2:3 a block of evidence ends here"),
        (
            "<!-- careen:evidence -->\n- b\n\n<!-- /careen:evidence -->\n- [ ] c\n",
            "1:1 this block of",
        ),
    ] {
        let found = troubles(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(part), "{text}: {found:?}");
        assert_eq!(items(text).len(), text.matches("[ ]").count(), "{text}");
    }
}

#[test]
fn limits_are_told() {
    let list = read(&"- [ ] a\n".repeat(20_002));
    assert_eq!(list.items.len(), 20_000);
    assert_eq!(list.troubles.len(), 1);
    assert_eq!(list.troubles[0].line, 20_001);
    let list = parse(&Source::new("list.md", "x".repeat((4 << 20) + 1)));
    assert!(list.items.is_empty() && list.troubles[0].message.contains("split it"));
    let list = read(&format!("- [ ] {}\n", "a".repeat(5_000)));
    assert!(list.items[0].text.chars().count() <= 1_001);
}

#[test]
fn hostile_lists_are_read_in_time() {
    for text in [
        "> ".repeat(50_000) + "- [ ] a\n",
        "- ".repeat(50_000) + "[ ] a\n",
        "<!-- careen:evidence -->\n".repeat(20_000),
        "- [ ] a\n  <!-- careen:evidence -->\n".repeat(20_000),
        "- [ ] a <!-- careen: x x -->\n".repeat(19_000),
        "<!--".repeat(100_000),
        "- [ ] a [".repeat(50_000),
    ] {
        let _ = read(&text);
    }
}

proptest::proptest! {
    #[test]
    fn anything_is_read(text in "(- \\[ \\] |\\* \\[x\\] |> |  |\t|```\n|\n|\r\n|<!-- careen:|evidence| -->|#|---\n|\\||[a-c<ü`\\[\\]]){0,40}") {
        let list = parse(&Arc::clone(&Source::new("a", text)));
        for item in &list.items {
            proptest::prop_assert!(!item.text.is_empty());
            let line = list.source.lines().line_text(list.source.text(), item.line);
            proptest::prop_assert!(line.contains('['), "{} {line:?}", item.line);
        }
    }
}

#[test]
fn a_first_line_behind_a_byte_order_mark_counts() {
    assert_eq!(items("\u{feff}- [ ] a\n"), ["1 a"]);
    assert!(troubles("\u{feff}-      [ ] a\n")[0].starts_with("1:1 looks like"));
}

#[test]
fn a_demand_stands_in_a_comment_as_it_is_written() {
    let demand =
        "evidence k6 file=perf/*.json p99<=500ms requests>100 error-rate<=0.1% max-age=14d";
    for text in [
        format!("- [ ] a <!-- careen: {demand} -->\n"),
        format!("~~~\n- [ ] a <!-- careen: {demand} -->\n"),
    ] {
        let list = read(&text);
        assert_eq!((list.troubles.as_slice(), list.items[0].text.as_str()), (&[][..], "a"));
        let [Binding::Evidence(demand)] = list.items[0].bindings.as_slice() else {
            panic!("{list:?}")
        };
        assert_eq!(
            (demand.claims.len(), demand.files.as_slice()),
            (3, &["perf/*.json".to_owned()][..])
        );
    }
}
