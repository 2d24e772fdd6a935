//! What a token looks like: literal text and counted classes of characters.
//!
//! `ghp_[A-Za-z0-9]{36}` is the text `ghp_` and 36 characters of a class. A count needs a class
//! before it; `\` takes the meaning from the character behind it. Nothing else has a meaning.

/// Bytes in one class, at most.
const MOST: u16 = 4_096;
/// Parts of one form, at most.
const MOST_PARTS: usize = 64;
/// The shortest literal that is worth a search, in bytes.
const SHORTEST_ANCHOR: usize = 3;

/// What stands where in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The very text.
    Is(String),
    /// Between so many and so many bytes of a class, written as ranges and single characters.
    Of(String, u16, u16),
}

/// The form of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    parts: Vec<Part>,
}

/// The literal that leads to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'f> {
    /// The part it is.
    pub part: usize,
    /// Its text.
    pub text: &'f str,
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            match character {
                '[' => {
                    if !literal.is_empty() {
                        parts.push(Part::Is(std::mem::take(&mut literal)));
                    }
                    let class = class(&mut rest)?;
                    let (least, most) = match rest.next_if_eq(&'{') {
                        Some(_) => counts(&mut rest)?,
                        None => (1, 1),
                    };
                    parts.push(Part::Of(class, least, most));
                }
                '\\' => literal.push(rest.next().ok_or("a form does not end with `\\`")?),
                '{' | '}' | ']' => {
                    return Err(format!(
                        "`{character}` stands alone: write `\\{character}` if it is part of the token"
                    ));
                }
                _ if character.is_ascii_graphic() || character == ' ' => literal.push(character),
                _ => return Err("a form is written in printable ASCII".to_owned()),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Is(literal));
        }
        match parts.len() {
            0 => Err("a form is not empty".to_owned()),
            1..=MOST_PARTS => Ok(Self { parts }),
            _ => Err(format!("a form has no more than {MOST_PARTS} parts")),
        }
    }

    /// Its parts in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The literal to search for: what the form starts with if that is long enough, else the
    /// longest inside of it. None where no literal is.
    #[must_use]
    pub fn anchor(&self) -> Option<Anchor<'_>> {
        let literals = self.parts.iter().enumerate().filter_map(|(part, each)| match each {
            Part::Is(text) if text.len() >= SHORTEST_ANCHOR => Some(Anchor { part, text }),
            Part::Is(_) | Part::Of(..) => None,
        });
        let mut best: Option<Anchor<'_>> = None;
        for anchor in literals {
            if anchor.part == 0 && anchor.text.len() > SHORTEST_ANCHOR {
                return Some(anchor);
            }
            if best.is_none_or(|best| anchor.text.len() > best.text.len()) {
                best = Some(anchor);
            }
        }
        best
    }

    /// Whether `token` as a whole has this form.
    #[must_use]
    pub fn fits(&self, token: &str) -> bool {
        fits(&self.parts, token.as_bytes(), &mut 10_000)
    }

    /// The fewest and the most bytes a token of this form has.
    #[must_use]
    pub fn length(&self) -> (usize, usize) {
        self.parts.iter().fold((0, 0), |(least, most), part| match part {
            Part::Is(text) => (least + text.len(), most + text.len()),
            Part::Of(_, few, many) => (least + usize::from(*few), most + usize::from(*many)),
        })
    }
}

/// Whether the parts make up all of `bytes`, tried in no more than so many steps.
fn fits(parts: &[Part], bytes: &[u8], steps: &mut u32) -> bool {
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    match parts.split_first() {
        None => bytes.is_empty(),
        Some((Part::Is(text), rest)) => {
            bytes.strip_prefix(text.as_bytes()).is_some_and(|bytes| fits(rest, bytes, steps))
        }
        Some((Part::Of(class, least, most), rest)) => {
            let run = bytes.iter().take(usize::from(*most)).take_while(|&&b| holds(class, b));
            let run = run.count();
            (usize::from(*least)..=run)
                .rev()
                .any(|length| bytes.get(length..).is_some_and(|bytes| fits(rest, bytes, steps)))
        }
    }
}

/// Whether a class holds a byte.
fn holds(class: &str, byte: u8) -> bool {
    let mut rest = class.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        match more {
            [b'-', last, after @ ..] => {
                if (first..=*last).contains(&byte) {
                    return true;
                }
                rest = after;
            }
            _ => {
                if first == byte {
                    return true;
                }
                rest = more;
            }
        }
    }
    false
}

type Characters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

/// The characters of a class up to its `]`, each range and single character as it is written.
/// A `-` that stands for itself comes last.
fn class(rest: &mut Characters<'_>) -> Result<String, String> {
    let mut class = String::new();
    let mut dash = false;
    while let Some(character) = rest.next() {
        let character = match character {
            ']' if class.is_empty() && !dash => return Err("a class is not empty".to_owned()),
            ']' => {
                class.extend(dash.then_some('-'));
                return Ok(class);
            }
            '\\' => rest.next().unwrap_or('\\'),
            '-' => {
                // Where no range can be meant it stands for itself.
                dash = true;
                continue;
            }
            _ => character,
        };
        if !character.is_ascii() {
            return Err("a class is written in ASCII".to_owned());
        }
        class.push(character);
        if rest.peek() == Some(&'-') {
            let mut ahead = rest.clone();
            ahead.next();
            let last = match ahead.next() {
                Some('\\') => ahead.next(),
                other => other.filter(|&next| next != ']'),
            };
            if let Some(last) = last {
                if last < character || !last.is_ascii() {
                    return Err(format!("`{character}-{last}` is no range"));
                }
                class.push('-');
                class.push(last);
                *rest = ahead;
            }
        }
    }
    Err("a class ends with `]`".to_owned())
}

/// `36}` or `20,40}`.
fn counts(rest: &mut Characters<'_>) -> Result<(u16, u16), String> {
    let text: String = std::iter::from_fn(|| rest.next_if(|&next| next != '}')).take(16).collect();
    if rest.next() != Some('}') {
        return Err("a count ends with `}`".to_owned());
    }
    let (least, most) = text.split_once(',').unwrap_or((&text, &text));
    match (least.parse::<u16>(), most.parse::<u16>()) {
        (Ok(least), Ok(most)) if least <= most && (1..=MOST).contains(&most) => Ok((least, most)),
        _ => Err(format!("`{{{text}}}` is no count: write `{{36}}` or `{{20,40}}`, up to {MOST}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Part};

    fn of(class: &str, least: u16, most: u16) -> Part {
        Part::Of(class.to_owned(), least, most)
    }

    #[test]
    fn forms_are_literals_and_counted_classes() {
        let form = Form::parse("ghp_[A-Za-z0-9]{36}").unwrap();
        assert_eq!(form.parts(), [Part::Is("ghp_".to_owned()), of("A-Za-z0-9", 36, 36)]);
        assert_eq!(form.anchor().map(|anchor| anchor.text), Some("ghp_"));
        assert_eq!(form.length(), (40, 40));

        let form = Form::parse("[a-z-_]{2,4}T3Bl[0-9]").unwrap();
        assert_eq!(form.parts(), [of("a-z_-", 2, 4), Part::Is("T3Bl".to_owned()), of("0-9", 1, 1)]);
        assert_eq!(form.anchor().map(|anchor| anchor.part), Some(1));
        assert_eq!(Form::parse(r"a\[\{[\]\\]").unwrap().parts().len(), 2);
        assert_eq!(Form::parse("sk[a-z]{9}").unwrap().anchor(), None);
    }

    #[test]
    fn a_token_fits_its_form_as_a_whole() {
        let form = Form::parse("sk-[a-z-]{2,40}T3Bl[0-9]{2,4}").unwrap();
        assert!(form.fits("sk-ab-cdT3Bl123"));
        assert!(!form.fits("sk-ab-cdT3Bl12345"));
        assert!(!form.fits("sk-aT3Bl12"));
    }

    #[test]
    fn what_is_no_form_is_told() {
        for bad in [
            "",
            "[",
            "[]",
            "[a-z",
            "a{3}",
            "[a]{3",
            "[a]{x}",
            "[a]{9,2}",
            "[a]{9999}",
            "a]",
            "é",
            "[z-a]",
            "a\\",
        ] {
            assert!(Form::parse(bad).is_err(), "{bad}");
        }
    }
}
