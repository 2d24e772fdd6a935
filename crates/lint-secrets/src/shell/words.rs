//! Commands of a shell, split into words with their places.

use super::REACH;
use crate::shape::Match;

/// Words of one command that are looked at.
const MOST_WORDS: usize = 64;
/// The longest command that is looked at, in bytes.
const LONGEST: usize = 2_048;

/// Where the command starts that holds the byte at `at`.
pub(super) fn start(text: &str, at: usize) -> usize {
    let from = at.saturating_sub(REACH);
    let head = text.as_bytes().get(from..at).unwrap_or_default();
    let own = head.iter().rev().take_while(|&&byte| !b"\n;|&(`\"'".contains(&byte)).count();
    // A line break that is escaped in the string that holds the command ends one too.
    let line = head.get(head.len() - own..).unwrap_or_default();
    let escape = memchr::memmem::rfind(line, b"\\n").map_or(0, |escape| escape + 2);
    let mut start = at - own + escape;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    start
}

/// The words of the command from `from` on, without the quotes around whole words.
pub(super) fn words(text: &str, from: usize) -> Vec<Match> {
    let bytes = text.as_bytes();
    let end = bytes.len().min(from + LONGEST);
    let byte = |at: usize| if at < end { bytes.get(at).copied() } else { None };
    let close = |from: usize, quote: u8| {
        let rest = bytes.get(from..end)?;
        let length = rest.iter().take_while(|&&each| each != quote && each != b'\n').count();
        (rest.get(length) == Some(&quote)).then_some(from + length)
    };
    let mut words = Vec::new();
    let mut at = from;
    while words.len() < MOST_WORDS {
        match byte(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\\') if matches!(byte(at + 1), Some(b'\n' | b'\r')) => {
                at += if byte(at + 1) == Some(b'\r') { 3 } else { 2 };
            }
            Some(b'\\') if matches!(byte(at + 1), Some(b'n' | b'r')) => break,
            None | Some(b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b'`') => break,
            Some(quote @ (b'"' | b'\'')) => {
                let Some(last) = close(at + 1, quote) else { break };
                words.push(Match { start: at + 1, end: last });
                at = last + 1;
            }
            Some(_) => {
                let start = at;
                let mut open = false;
                while let Some(each) = byte(at) {
                    let escape = each == b'\\' && matches!(byte(at + 1), Some(b'n' | b'r'));
                    if escape || b" \t\n\r;|&)`".contains(&each) {
                        break;
                    }
                    at += 1;
                    if matches!(each, b'"' | b'\'') {
                        let Some(last) = close(at, each) else {
                            open = true;
                            at -= 1;
                            break;
                        };
                        at = last + 1;
                    }
                }
                words.push(Match { start, end: at });
                if open {
                    break;
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    fn split(text: &str) -> Vec<&str> {
        words(text, 0).iter().map(|at| &text[at.start..at.end]).collect()
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        assert_eq!(split("curl -u 'a b' \"c\" x; y"), ["curl", "-u", "a b", "c", "x"]);
        assert_eq!(split("a \\\n  b | c"), ["a", "b"]);
        assert_eq!(split("a -p\"x y\" b"), ["a", "-p\"x y\"", "b"]);
        assert_eq!(split("a https://x/y\"]"), ["a", "https://x/y"]);
        assert_eq!(split("a 'b"), ["a"]);
        assert_eq!(split("a b\\nc d"), ["a", "b"]);
        assert_eq!(split(""), [""; 0]);
    }
}
