use careen_text::Source;
use proptest::prelude::*;

use super::{Budget, Dockerignore, clean, parse};

fn read(text: &str) -> Dockerignore {
    parse(&Source::new(".dockerignore", text))
}

fn excluded(patterns: &str, path: &str) -> bool {
    read(patterns).excludes(path, &mut Budget::default()).is_some()
}

#[test]
fn patterns_fit_as_the_builder_does() {
    for (patterns, path, expected) in [
        ("a", "a", true),
        ("a", "a/b", true),
        ("a", "b/a", false),
        ("/a/", "a/b/c", true),
        ("./a", "a", true),
        ("a/../b", "b", true),
        ("*", "a/b", true),
        ("*.log", "x.log", true),
        ("*.log", "d/x.log", false),
        ("*/x", "d/x", true),
        ("*/x", "x", false),
        ("**/*.log", "x.log", true),
        ("**/*.log", "a/b/x.log", true),
        ("**/x", "x", true),
        ("**/x", "a/x/b", true),
        ("**/x", "ax", false),
        ("**x", "ax", true),
        ("a/**", "a", false),
        ("a/**", "a/b/c", true),
        ("a/**/c", "a/c", true),
        ("a/**/c", "a/b/d/c", true),
        ("a/**/c", "ab/c", false),
        ("**", "a", true),
        ("a?c", "abc", true),
        ("a?c", "a/c", false),
        ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false),
        ("\\*", "a", false),
        ("\\*", "*", true),
        ("# a\na", "a", true),
        ("#a", "#a", false),
        (" #a", "#a", true),
        ("a\n!a", "a", false),
        ("a\n! a", "a", false),
        ("!a\na", "a", true),
        ("a\n!a/b", "a/b", false),
        ("a\n!a/b", "a/c", true),
        ("a\n!a/b\na/b", "a/b", true),
        // Something below the folder is taken back in: the folder is there.
        ("*\n!dist/app.js", "dist", false),
        ("*\n!dist/app.js", "dist/other.js", true),
        ("*\n!**/*.js", "dist", false),
        ("*\n!src", "dist", true),
        ("*", ".", false),
        ("*", "..", false),
        ("*", "/a", true),
        ("\u{feff}a", "a", true),
        ("a\r\n", "a", true),
        ("[", "a", false),
        ("a\n[", "a", false),
        ("*.*", "a", false),
    ] {
        assert_eq!(excluded(patterns, path), expected, "{patterns:?} {path}");
    }
}

#[test]
fn the_deciding_line_is_told() {
    let file = read("# c\n  node_modules/ \n!x\n");
    let pattern = file.excludes("node_modules/a", &mut Budget::default()).unwrap();
    assert_eq!(file.source.slice(pattern.span), "node_modules/");
    assert_eq!(pattern.text, "node_modules");
}

#[test]
fn paths_are_cleaned() {
    for (path, expected) in
        [("a//b/./c/", "a/b/c"), ("../a/..", ".."), ("/..", "/"), ("./", "."), ("/a/../b", "/b")]
    {
        assert_eq!(clean(path), expected, "{path}");
    }
}

#[test]
fn hostile_patterns_end_with_the_budget() {
    let file = read(&"**/*a*/**/*b*/**/x\n".repeat(5_000));
    let mut budget = Budget(1_000_000);
    assert!(file.excludes(&"ab/".repeat(1_000), &mut budget).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_file_is_read(
        text in "[\\*\\?!/.#a\\[\\]\\\\^\\- \\n\u{e9}-]{0,40}",
        path in "[a/.*]{0,12}",
    ) {
        let file = read(&text);
        for pattern in &file.patterns {
            prop_assert!(file.source.text().get(pattern.span.range()).is_some());
        }
        let _ = file.excludes(&path, &mut Budget::default());
    }

    #[test]
    fn plain_paths_fit_themselves(path in "[a-c]{1,3}(/[a-c]{1,3}){0,3}") {
        prop_assert!(excluded(&path, &path));
        let (anywhere, below) = (format!("**/{path}"), format!("x/y/{path}"));
        prop_assert!(excluded(&anywhere, &below));
        let taken_back = format!("{path}\n!{path}");
        prop_assert!(!excluded(&taken_back, &path));
    }
}
