//! JSON that can be looked at: what could move a cursor or reorder text is written as an escape, so
//! that a terminal and the log of a build server are safe and the data is the same.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::inert;

/// Writes `value` on one line, or indented, with a line break at the end.
pub(crate) fn write(
    value: &impl Serialize,
    indented: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if indented {
        let formatter = Harmless(PrettyFormatter::new());
        value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    } else {
        let formatter = Harmless(CompactFormatter);
        value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    }
    out.write_all(b"\n")
}

struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_harmless(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut bytes = [0; 4];
        for character in fragment.chars() {
            let text = character.encode_utf8(&mut bytes);
            // A build server would not see a command any more, and data is what it was.
            if is_harmless(text) && character != '#' {
                writer.write_all(text.as_bytes())?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

fn is_harmless(text: &str) -> bool {
    matches!(inert::line(text), Cow::Borrowed(_))
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn hostile_characters_are_escaped_and_come_back() {
        let text = "ü🚢\u{1b}[31m\u{9b}\u{202e}\u{e0041}\n";
        for indented in [false, true] {
            let mut bytes = Vec::new();
            write(&[text], indented, &mut bytes).unwrap();
            let json = String::from_utf8(bytes).unwrap();
            assert!(json.contains(r#""ü🚢\u001b[31m\u009b\u202e\udb40\udc41\n""#), "{json}");
            assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
        }
    }

    #[test]
    fn commands_of_build_servers_are_no_commands() {
        let text = "a ##vso[task.complete]";
        let mut bytes = Vec::new();
        write(&[text], false, &mut bytes).unwrap();
        let json = String::from_utf8(bytes).unwrap();
        assert!(!json.contains("##"), "{json}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
