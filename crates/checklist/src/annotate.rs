use std::collections::BTreeMap;

use careen_text::Source;

use crate::layout::{line_break, read};
use crate::parse::offset;
use crate::{Binding, Checklist, parse};

/// What is left out of one line may change how others are read, in a list made for that: then nothing is
/// written.
const MOST_ROUNDS: usize = 4;

/// A checklist with comments that bind some of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotated {
    /// The text.
    pub text: String,
    /// How many comments were added.
    pub written: usize,
}

/// Adds `<!-- careen: NAME -->` at the end of items' lines, by line, and changes nothing else.
///
/// A comment that would not be read as one, because the line ends inside of code or of a link, is left out;
/// so is one for a line without an item.
#[must_use]
pub fn annotate(checklist: &Checklist, names: &BTreeMap<u32, String>) -> Annotated {
    let mut names = names.clone();
    for _ in 0..MOST_ROUNDS {
        let text = write(checklist, &names);
        let read = parse(&Source::new(checklist.source.path(), text.clone()));
        let before = names.len();
        names.retain(|line, name| is_bound(checklist, &read, *line, name));
        if names.len() == before {
            return Annotated { text, written: before };
        }
    }
    Annotated { text: checklist.source.text().to_owned(), written: 0 }
}

fn write(checklist: &Checklist, names: &BTreeMap<u32, String>) -> String {
    let source = &checklist.source;
    let text = source.text();
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    let layout = read(source);
    for item in &layout.items {
        let Some(name) = names.get(&source.position(offset(item.mark)).line) else { continue };
        let end = line_break(text, item.mark).map_or(text.len(), |(end, _)| end);
        let line = text.get(at..end).unwrap_or_default();
        // Blanks at the end of a line mean something in Markdown.
        let words = line.trim_end_matches([' ', '\t']);
        result.push_str(words);
        for part in [" <!-- careen: ", name, " -->"] {
            result.push_str(part);
        }
        at += words.len();
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// Whether the item says the same words as before, and is bound to the name.
fn is_bound(before: &Checklist, after: &Checklist, line: u32, name: &str) -> bool {
    // Items are in the order of their lines.
    let item = |list: &Checklist| {
        let place = list.items.binary_search_by_key(&line, |item| item.line).ok()?;
        list.items.get(place).cloned()
    };
    match (item(before), item(after)) {
        (Some(before), Some(after)) => {
            let added = Binding::Named(name.to_owned());
            before.text == after.text && after.bindings.contains(&added)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use careen_text::Source;

    use super::annotate;
    use crate::parse;

    fn annotated(text: &str, names: &[(u32, &str)]) -> (String, usize) {
        let names: BTreeMap<_, _> =
            names.iter().map(|(line, name)| (*line, (*name).to_owned())).collect();
        let result = annotate(&parse(&Source::new("list.md", text)), &names);
        (result.text, result.written)
    }

    #[test]
    fn comments_stand_at_the_end_of_the_line() {
        let text = "\u{feff}- [ ] a  \r\n  b\r\n- [ ] c\r\n\r\n```\r\n1. [ ] d\r\n```\r\n> - [x] e";
        let (result, written) = annotated(text, &[(1, "x"), (6, "y"), (8, "z"), (9, "none")]);
        assert_eq!(
            result,
            "\u{feff}- [ ] a <!-- careen: x -->  \r\n  b\r\n- [ ] c\r\n\r\n```\r\n\
             1. [ ] d <!-- careen: y -->\r\n```\r\n> - [x] e <!-- careen: z -->"
        );
        assert_eq!(written, 3);
    }

    #[test]
    fn what_would_be_no_comment_is_left_out() {
        for text in [
            "- [ ] a `b\n  c`\n",
            "- [ ] [a\n  b](c \"d\n  e\")\n- [ ] `f\n  g`\n",
            "- [ ] a\\\n  b\n",
        ] {
            let (result, written) = annotated(text, &[(1, "x")]);
            let is_sound = written == 1 || result == text;
            assert!(is_sound, "{text}: {result}");
        }
        assert_eq!(annotated("- [ ] a `b\n  c`\n", &[(1, "x")]).1, 0);
    }
}
