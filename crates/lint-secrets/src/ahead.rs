//! What follows a word that a token may stand behind, looked at once for all shapes that wait for
//! the word: nearly always nothing follows that is long enough for any of them.

use crate::charset::Set;
use crate::shape::{Part, REACH, Shape, assigns};

/// What hardly any token holds.
const LOOSE: &[u8] = b" \t\r\n\"'`(),;<>{}";
/// What a run is made of.
static SOLID: Set = Set::without(LOOSE);
/// Runs are not followed further, in bytes.
const LONGEST: usize = 4_096;

/// The length of the run that a shape needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need(u16);

impl Need {
    /// What a token of this shape takes; nothing is known of one that may hold gaps.
    pub(crate) fn of(shape: &Shape) -> Self {
        let is_solid = shape.parts.iter().all(|part| match part {
            Part::Is(text) => text.bytes().all(|byte| SOLID.has(byte)),
            Part::Of(set, ..) => !LOOSE.iter().any(|&byte| set.has(byte)),
        });
        Self(if is_solid {
            u16::try_from(shape.least().min(LONGEST)).unwrap_or(u16::MAX)
        } else {
            1
        })
    }
}

/// What follows the last word that was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    from: usize,
    /// The longest run that starts within reach, behind something that assigns; 0 if nothing does.
    longest: usize,
}

impl Ahead {
    /// Whether a token with this need may stand behind the word that ends at `from`, which is not
    /// 0.
    pub(crate) fn meets(&mut self, text: &str, from: usize, need: Need) -> bool {
        if self.from != from {
            let bytes = text.as_bytes().get(from..).unwrap_or_default();
            *self = Self { from, longest: longest(bytes) };
        }
        self.longest >= usize::from(need.0)
    }
}

fn longest(bytes: &[u8]) -> usize {
    let near = bytes.get(..REACH).unwrap_or(bytes);
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let near = near.iter().position(ends).and_then(|end| near.get(..end)).unwrap_or(near);
    let Some(start) = near.iter().position(|&byte| assigns(byte)) else { return 0 };
    // What assigns may be the first byte of a token.
    let (mut longest, mut run) = (1, 0);
    for &byte in near.get(start..).unwrap_or_default() {
        run = if SOLID.has(byte) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let beyond = bytes.get(near.len()..).filter(|_| run > 0).unwrap_or_default();
    longest.max(run + SOLID.run(beyond, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::{Ahead, Need, longest};
    use crate::catalogue;
    use crate::check::Check;
    use crate::shape::{Anchor, Part, REACH};

    #[test]
    fn runs_count_behind_what_assigns() {
        for (text, length) in [
            ("", 0),
            ("_key abcdef", 0),
            ("_key\n= abcdef", 0),
            ("_key = \"abcdef\"", 6),
            ("_key: ab-cd/ef.gh", 11),
            ("_key=abcdef\n = abcdefghi", 7),
            ("(a, b)", 1),
        ] {
            assert_eq!(longest(text.as_bytes()), length, "{text}");
        }
        let far = format!("={}{}", " ".repeat(REACH - 2), "x".repeat(100));
        assert_eq!(longest(far.as_bytes()), 100);
        assert_eq!(longest(format!("={}x", " ".repeat(REACH)).as_bytes()), 1);
    }

    #[test]
    fn whatever_is_found_is_met() {
        let (mut strict, mut found) = (0, 0);
        let shapes = catalogue::own().filter_map(|rule| match &rule.check {
            Check::Token(shapes) => Some(*shapes),
            Check::Found(_) => None,
        });
        for shape in shapes.flatten().filter(|shape| matches!(shape.anchor, Anchor::Near(_))) {
            let need = Need::of(shape);
            strict += usize::from(need.0 >= 8);
            let mut token = String::new();
            for part in shape.parts {
                match part {
                    Part::Is(text) => token.push_str(text),
                    Part::Of(set, least, _) => {
                        let bytes: Vec<u8> = (b'!'..=b'~').filter(|&it| set.has(it)).collect();
                        let pick =
                            |at: usize| char::from(bytes[at * at * 31 % 8_191 % bytes.len()]);
                        token.extend((7..7 + usize::from(*least)).map(pick));
                    }
                }
            }
            let far = " ".repeat(REACH - 2);
            for (before, after) in [("=", ""), (": \"", "\""), ("(", ")"), (":=", "\n"), (&far, "")]
            {
                let text = format!("x={before}{token}{after}");
                let is_found = shape.find(&text, 0, 1).is_some();
                found += usize::from(is_found);
                assert!(!is_found || Ahead::default().meets(&text, 1, need), "{}", shape.kind);
            }
        }
        assert!(strict > 100 && found > 500, "{strict} {found}");
        let mut ahead = Ahead::default();
        assert!(ahead.meets("a = bcdef", 1, Need(5)) && !ahead.meets("a = bcdef", 1, Need(6)));
    }
}
