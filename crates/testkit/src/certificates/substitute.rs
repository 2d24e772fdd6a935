//! Blobs in the lines of examples.

use data_encoding::BASE64;

use super::Blobs;

/// Endings of names of blobs that are no text; their values are base64 already.
const BINARY: [&str; 6] = [".der", ".p12", ".jks", ".jceks", ".p7b", ".bin"];

/// Puts blobs into lines. A blob alone on its line is indented as the line is. Returns the text
/// and, for each given line, the number of the line where it now begins.
#[must_use]
pub fn substitute(lines: &[String], blobs: &Blobs) -> (String, Vec<u32>) {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(lines.len());
    let mut number = 1;
    for line in lines {
        starts.push(number);
        let mut line = line.clone();
        let indent: String = line.chars().take_while(|character| *character == ' ').collect();
        while let Some(from) = line.find("${") {
            let Some(length) = line[from..].find('}') else { break };
            let name = line[from + 2..from + length].to_owned();
            let (name, encoded) = match name.strip_suffix("|base64") {
                Some(name) => (name.to_owned(), true),
                None => (name, false),
            };
            let Some(blob) = blobs.get(&name) else { break };
            let value = if BINARY.iter().any(|ending| name.ends_with(ending)) {
                blob.clone()
            } else if encoded {
                BASE64.encode(blob.as_bytes())
            } else {
                blob.trim_end().replace('\n', &format!("\n{indent}"))
            };
            line.replace_range(from..=from + length, &value);
        }
        number += 1 + u32::try_from(line.matches('\n').count()).expect("few lines");
        text.push_str(&line);
        text.push('\n');
    }
    (text, starts)
}
