//! The options of a line: `namespaces="careen,git",valid-before="20270101Z"`.

use careen_text::closest;
use time::{Date, Month, PrimitiveDateTime, Time};

use super::line::Fault;
use crate::fields::quoted;
use crate::pattern::Patterns;

const KNOWN: [&str; 4] = ["cert-authority", "namespaces", "valid-after", "valid-before"];

/// What a line demands besides the principal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Whether the key is one of an authority that issues certificates.
    pub(crate) authority: bool,
    /// Namespaces that the key may sign in; none for all.
    pub(crate) namespaces: Option<Patterns>,
    /// The first second at which it is valid.
    pub(crate) valid_after: Option<i64>,
    /// The last second at which it is valid.
    pub(crate) valid_before: Option<i64>,
}

impl Options {
    /// Reads options; offsets of faults are those in `text`, which holds nothing else.
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        let mut options = Self::default();
        let mut at = 0;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let name = rest.split(['=', ',']).next().unwrap_or_default();
            let lower = name.to_ascii_lowercase();
            let fault = |message: String| Fault { offset: at, message };
            if !KNOWN.contains(&&*lower) {
                let near = closest(&lower, KNOWN);
                let near =
                    near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
                let known = KNOWN.join(", ");
                let name = quoted(name);
                return Err(fault(format!(
                    "no option is called `{name}`{near}: there are {known}"
                )));
            }
            let after = rest.get(name.len()..).unwrap_or_default();
            let value = match after.strip_prefix('=') {
                Some(value) => Some(dequoted(value).ok_or_else(|| {
                    fault(format!("the value of `{lower}` is in double quotes: {lower}=\"…\""))
                })?),
                None => None,
            };
            let length = name.len() + value.as_ref().map_or(0, |(_, length)| 1 + length);
            options.set(&lower, value.map(|(value, _)| value)).map_err(fault)?;
            match text.get(at + length..).unwrap_or_default().chars().next() {
                None => break,
                Some(',') => at += length + 1,
                Some(_) => {
                    let message = format!("after `{lower}` stands neither a comma nor a space");
                    return Err(Fault { offset: at + length, message });
                }
            }
        }
        match (options.valid_after, options.valid_before) {
            (Some(after), Some(before)) if before <= after => {
                let message = "valid-before is not after valid-after: the key is never valid";
                Err(Fault { offset: 0, message: message.to_owned() })
            }
            _ => Ok(options),
        }
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), String> {
        let twice = || format!("`{name}` is given twice");
        let Some(value) = value else {
            if name != "cert-authority" {
                return Err(format!("`{name}` has no value: {name}=\"…\""));
            }
            self.authority = true;
            return Ok(());
        };
        match name {
            "cert-authority" => return Err("`cert-authority` has no value".to_owned()),
            "namespaces" => {
                if self.namespaces.replace(Patterns::new(value)).is_some() {
                    return Err(twice());
                }
            }
            _ => {
                let Some(moment) = timestamp(&value) else {
                    let value = quoted(&value);
                    return Err(format!(
                        "`{name}` is \"{value}\", which is no time: write YYYYMMDDZ or YYYYMMDDHHMMSSZ"
                    ));
                };
                let place = if name == "valid-after" {
                    &mut self.valid_after
                } else {
                    &mut self.valid_before
                };
                if place.replace(moment).is_some() {
                    return Err(twice());
                }
            }
        }
        Ok(())
    }
}

/// The value at the start of a text that begins with a quote, and how many bytes it takes with its
/// quotes. `\"` stands for a quote inside.
fn dequoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    characters.next().filter(|&(_, first)| first == '"')?;
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, at + 1)),
            '\\' if characters.peek().is_some_and(|&(_, next)| next == '"') => {
                characters.next();
                value.push('"');
            }
            _ => value.push(character),
        }
    }
    None
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with or without a `Z`, as UTC.
pub(super) fn timestamp(text: &str) -> Option<i64> {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
    let byte = |from: usize| number(from, from + 2).and_then(|value| u8::try_from(value).ok());
    let month = Month::try_from(byte(4)?).ok()?;
    let date = Date::from_calendar_date(number(0, 4)?.into(), month, byte(6)?).ok()?;
    let (hour, minute) = if digits.len() > 8 { (byte(8)?, byte(10)?) } else { (0, 0) };
    let second = if digits.len() > 12 { byte(12)? } else { 0 };
    let time = Time::from_hms(hour, minute, second).ok()?;
    let moment = PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp();
    (moment >= 0).then_some(moment)
}
