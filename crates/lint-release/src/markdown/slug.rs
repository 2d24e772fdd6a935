//! Anchors of headings, as GitHub makes them.

/// The anchor of a heading: lower case, a dash for a space, punctuation dropped.
pub(crate) fn slug(heading: &str) -> String {
    heading.trim().chars().flat_map(kept).collect()
}

fn kept(character: char) -> Vec<char> {
    match character {
        ' ' => vec!['-'],
        '-' | '_' => vec![character],
        _ if character.is_alphanumeric() => character.to_lowercase().collect(),
        _ => Vec::new(),
    }
}

/// An anchor without what readers and renderers disagree about: case, and marks that belong to the
/// character before.
pub(crate) fn fold(anchor: &str) -> String {
    let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_');
    anchor.chars().filter(is_part).flat_map(char::to_lowercase).collect()
}

/// The same with one dash for several and none around.
pub(super) fn loosen(anchor: &str) -> String {
    let words: Vec<&str> = anchor.split(['-', '_']).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::{loosen, slug};

    #[test]
    fn anchors_are_those_of_github() {
        for (heading, anchor) in [
            ("Getting started", "getting-started"),
            ("A & B", "a--b"),
            ("What's new in 1.5?", "whats-new-in-15"),
            ("snake_case and `code`", "snake_case-and-code"),
            ("Größe", "größe"),
            ("部署", "部署"),
            ("🚀 Go", "-go"),
        ] {
            assert_eq!(slug(heading), anchor, "{heading}");
        }
        assert_eq!(loosen("-a--b"), "a-b");
    }
}
