use std::collections::HashMap;

/// Units one hash covers.
const WINDOW: usize = 100;
/// The multiplier of the rolling hash.
const BASE: u64 = 37;
/// What stands for the end of the text.
const END: u16 = u16::MAX;

/// `primaryLocationLineHash` of every line of `text`, in order: what GitHub's upload action computes
/// for a result that starts on that line, and what GitHub tells alerts apart by.
///
/// A line's value covers the 100 UTF-16 units from the line's start *forward*, blanks left out and
/// every line break counted as one, followed by the number of times that hash has occurred so far.
/// `text` is the file as lossily decoded UTF-8, byte order mark included. The empty text has one
/// line, and a final line break is followed by an empty line that has a value too.
///
/// One pass, two buffers of a hundred entries, whatever the length of the lines.
#[must_use]
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut hasher = LineHasher::new();
    let mut after_return = false;
    for unit in text.encode_utf16() {
        // A blank between `\r` and `\n` parts them: that is two line breaks for GitHub too.
        let returned = std::mem::take(&mut after_return);
        match unit {
            BLANK | TAB => {}
            NEWLINE if returned => {}
            RETURN => {
                after_return = true;
                hasher.push(NEWLINE);
            }
            unit => hasher.push(unit),
        }
    }
    hasher.finish()
}

const TAB: u16 = b'\t' as u16;
const NEWLINE: u16 = b'\n' as u16;
const RETURN: u16 = b'\r' as u16;
const BLANK: u16 = b' ' as u16;

/// A rolling hash over the last hundred units that reports where lines started.
struct LineHasher {
    hash: u64,
    /// [`BASE`] to the power of [`WINDOW`]: the weight of the unit that leaves the window.
    leaving: u64,
    window: [u16; WINDOW],
    /// Whether the unit at the same place of the window is the first of its line. Lines leave the
    /// window in the order they entered it, so their numbers need no storing.
    starts: [bool; WINDOW],
    at: usize,
    at_line_start: bool,
    seen: HashMap<u64, u32>,
    hashes: Vec<String>,
}

impl LineHasher {
    fn new() -> Self {
        Self {
            hash: 0,
            leaving: (0..WINDOW).fold(1, |power: u64, _| power.wrapping_mul(BASE)),
            window: [0; WINDOW],
            starts: [false; WINDOW],
            at: 0,
            at_line_start: true,
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }

    fn push(&mut self, unit: u16) {
        self.roll(unit, self.at_line_start);
        self.at_line_start = unit == NEWLINE;
    }

    /// Takes a unit in and the oldest out; `starts` says whether the new one begins a line.
    fn roll(&mut self, unit: u16, starts: bool) {
        let (Some(oldest), Some(start)) =
            (self.window.get_mut(self.at), self.starts.get_mut(self.at))
        else {
            return;
        };
        let oldest = std::mem::replace(oldest, unit);
        if std::mem::replace(start, starts) {
            let count = self.seen.entry(self.hash).or_insert(0);
            *count += 1;
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
        self.hash = BASE
            .wrapping_mul(self.hash)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving.wrapping_mul(u64::from(oldest)));
        self.at = (self.at + 1) % WINDOW;
    }

    fn finish(mut self) -> Vec<String> {
        self.push(END);
        for _ in 0..WINDOW {
            self.roll(0, false);
        }
        self.hashes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::line_hashes;

    #[test]
    fn an_empty_file_has_one_line() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn blanks_are_skipped() {
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(
            line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ]
        );
    }

    #[test]
    fn all_line_breaks_are_one() {
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(
                line_hashes(text),
                [
                    "e9496ae3ebfced30:1",
                    "fb7c023a8b9ccb3f:1",
                    "ce8ba1a563dcdaca:1",
                    "e20e36e16fcb0cc8:1",
                    "b3edc88f2938467e:1",
                    "c8e28b0b4002a3a0:1",
                    "c129715d7a2bc9a3:1",
                ]
            );
        }
    }

    #[test]
    fn equal_hashes_are_counted() {
        assert_eq!(
            line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10)),
            [
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }

    #[test]
    fn a_blank_parts_return_and_newline() {
        assert_eq!(line_hashes("a\r\nb").len(), 2);
        assert_eq!(line_hashes("a\r \nb").len(), 3);
    }

    #[test]
    fn units_are_those_of_utf16() {
        // The first 100 units decide: one character more than fifty pairs is out of the window.
        let pairs = "🚢".repeat(50);
        assert_eq!(line_hashes(&format!("{pairs}x")), line_hashes(&format!("{pairs}y")));
        let short = "🚢".repeat(49);
        assert_ne!(line_hashes(&format!("{short}x")), line_hashes(&format!("{short}y")));
    }

    /// The definition, written the slow way.
    fn slow(text: &str) -> Vec<String> {
        let mut units: Vec<u16> = Vec::new();
        let mut starts = vec![0];
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if character == ' ' || character == '\t' {
                continue;
            }
            let newline = character == '\n' || character == '\r';
            if character == '\r' && characters.peek() == Some(&'\n') {
                characters.next();
            }
            let character = if newline { '\n' } else { character };
            units.extend(character.encode_utf16(&mut [0; 2]).iter());
            if newline {
                starts.push(units.len());
            }
        }
        units.push(65535);
        units.extend([0; 100]);
        let mut hashes: Vec<String> = Vec::new();
        for start in starts {
            let hash = units[start..start + 100]
                .iter()
                .fold(0u64, |hash, &unit| hash.wrapping_mul(37).wrapping_add(u64::from(unit)));
            let hash = format!("{hash:x}:");
            let count = hashes.iter().filter(|seen| seen.starts_with(&hash)).count() + 1;
            hashes.push(format!("{hash}{count}"));
        }
        hashes
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(text in "[ab ü🚢\t\r\n]{0,400}") {
            prop_assert_eq!(line_hashes(&text), slow(&text));
        }
    }
}
