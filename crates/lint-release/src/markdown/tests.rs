use careen_text::Source;

use super::Page;

fn links(text: &str) -> Vec<(String, String)> {
    let source = Source::new("a.md", text);
    let page = Page::read(&source);
    let shown = |link: &super::Link| (link.target.clone(), source.slice(link.span).to_owned());
    page.links.iter().map(shown).collect()
}

#[test]
fn targets_stand_where_they_are_written() {
    for (text, target, written) in [
        ("[a](b.md)", "b.md", "b.md"),
        ("\u{feff}# ü\r\n\r\nsee [ü](ü.md \"t\")\r\n", "ü.md", "ü.md"),
        ("![a](<b c.png>)", "b c.png", "b c.png"),
        ("[a\\](x)](b\\_c.md)", "b_c.md", "b\\_c.md"),
        ("[a](b(c).md)", "b(c).md", "b(c).md"),
        ("[](b.md)", "b.md", "b.md"),
        ("[`x](y`](b.md)", "b.md", "b.md"),
        ("[a][r]\n\n[r]: b.md 'title'\n", "b.md", "b.md"),
        ("[r]\n\n[r]:\n  <b.md>\n", "b.md", "b.md"),
        ("<p>\n<img alt=\"a>b\" src=\"b.png\" width=1>\n</p>", "b.png", "b.png"),
        ("text <a href='b.md'>b</a>", "b.md", "b.md"),
        ("> quoted [a](b.md)\n", "b.md", "b.md"),
        ("| a |\n|---|\n| [a](b.md) |\n", "b.md", "b.md"),
    ] {
        assert_eq!(links(text), [(target.to_owned(), written.to_owned())], "{text}");
    }
}

#[test]
fn an_image_in_a_link_is_two() {
    let found = links("[![i](a.svg)](b.md)");
    let written: Vec<_> = found.iter().map(|(_, written)| written.as_str()).collect();
    assert_eq!(written, ["a.svg", "b.md"]);
}

#[test]
fn what_is_no_link_is_none() {
    for text in [
        "`[a](b.md)`",
        "```\n[a](b.md)\n```\n",
        "<!-- [a](b.md) <img src=\"x\"> -->",
        "<!--\n<img src=\"x\">\n-->\n",
        "[a]",
        "[x] (y)",
    ] {
        assert!(links(text).is_empty(), "{text}");
    }
}

#[test]
fn anchors_are_those_of_headings_and_names() {
    let text = "---\na: 1\n---\n# One *two* [three](x)\n\nOne\n===\n## One\n<a name=\"own\"></a>\n\
                <h2 align=center>By <b>hand</b></h2>\n\n## Set {#given}\n";
    let page = Page::read(&Source::new("a.md", text));
    assert!(page.has_front_matter);
    for anchor in ["one-two-three", "one", "one-1", "own", "by-hand", "given", "user-content-own"] {
        assert!(page.has_anchor(anchor, true), "{anchor} of {:?}", page.anchors);
    }
    for anchor in ["two", "one-2", "a", ""] {
        assert!(!page.has_anchor(anchor, true), "{anchor}");
    }
    assert_eq!(page.closest_anchor("by-hands"), Some("by-hand"));
}

#[test]
fn dashes_count_where_asked() {
    let page = Page::read(&Source::new("a.md", "# A & B\n"));
    assert!(page.has_anchor("a--b", true));
    assert!(!page.has_anchor("a-b", true));
    assert!(page.has_anchor("a-b", false));
}

#[test]
fn sections_end_at_the_next_heading_of_their_level() {
    let text = "# A\none\n## B\ntwo\n# C\nthree\n";
    let page = Page::read(&Source::new("a.md", text));
    assert_eq!(page.section(0, text), "one\n## B\ntwo\n");
    assert_eq!(page.section(1, text), "two\n");
    assert_eq!(page.section(2, text), "three\n");
}

#[test]
fn hostile_pages_come_to_an_end() {
    let deep = "[".repeat(50_000) + &"](a)".repeat(50_000);
    let page = Page::read(&Source::new("a.md", deep));
    assert!(page.links.len() <= super::MOST);
    let many = "[a](b)\n\n# h\n\n".repeat(20_000);
    let page = Page::read(&Source::new("a.md", many));
    assert_eq!((page.links.len(), page.headings.len()), (super::MOST, super::MOST));
    for text in ["<", "<a href=", "<a href='ü", "<h1", "</h1>", "<!--", "[](", "[a]: <", "<a =ü=ü>"]
    {
        let _ = Page::read(&Source::new("a.md", text));
    }
}

#[test]
fn several_links_of_a_line_are_all_found() {
    let found =
        links("Begin with [the guide](docs/guide.md#instal) or look at [the API](docs/api.md).\n");
    let written: Vec<_> = found.iter().map(|(_, written)| written.as_str()).collect();
    assert_eq!(written, ["docs/guide.md#instal", "docs/api.md"]);
}
