//! A document that is open in the editor.

use std::path::PathBuf;
use std::sync::Arc;

use careen_text::LineIndex;
use lsp_types::{Diagnostic, Position, Range, TextDocumentContentChangeEvent, Uri};

use crate::Text;
use crate::encoding::Encoding;
use crate::shown::Shown;
use crate::uri;

/// The document, and what is known about it.
#[derive(Debug)]
pub(crate) struct Document {
    /// As the editor writes it.
    pub(crate) uri: Uri,
    /// Where it is on disk, without symbolic links.
    pub(crate) path: Option<PathBuf>,
    /// The folder of the workspace that holds it.
    pub(crate) folder: Option<PathBuf>,
    language: String,
    pub(crate) version: i32,
    pub(crate) text: Arc<str>,
    lines: LineIndex,
    /// What a look at the document alone tells.
    pub(crate) own: Vec<Shown>,
    /// What a look at the whole folder tells besides.
    pub(crate) across: Vec<Shown>,
    /// The version that `own` is about.
    pub(crate) checked: Option<i32>,
    /// Whether ignore files or the configuration leave it out.
    pub(crate) ignored: bool,
    /// What was written since a check of the folder began, while that lasts.
    pub(crate) since: Option<Vec<(Range, String)>>,
    /// What the editor was told last.
    pub(crate) told: Vec<Diagnostic>,
}

impl Document {
    pub(crate) fn new(uri: Uri, language: String, version: i32, text: String) -> Self {
        let lines = LineIndex::new(&text);
        Self {
            uri,
            path: None,
            folder: None,
            language,
            version,
            text: text.into(),
            lines,
            own: Vec::new(),
            across: Vec::new(),
            checked: None,
            ignored: false,
            since: None,
            told: Vec::new(),
        }
    }

    /// The name that tells the kind of the document.
    pub(crate) fn name(&self) -> String {
        let name = uri::name(self.uri.as_str());
        if self.path.is_some() {
            return name;
        }
        // What has no file is of the kind that the editor says.
        match self.language.as_str() {
            "dockerfile" => "Dockerfile".to_owned(),
            "dockercompose" | "yaml" => "untitled.yaml".to_owned(),
            "json" | "jsonc" => "untitled.json".to_owned(),
            "dotenv" => ".env".to_owned(),
            "helm" => "templates/untitled.yaml".to_owned(),
            "" | "plaintext" => name,
            other if other.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                format!("untitled.{}", extension(other))
            }
            _ => name,
        }
    }

    /// Whether it configures careen. What is wrong with it is told from its text as it is here, not
    /// from the file that runs read.
    pub(crate) fn is_configuration(&self) -> bool {
        matches!(self.name().as_str(), "careen.yaml" | ".careen.yaml")
    }

    /// The document for a checker.
    pub(crate) fn to_check(&self) -> Text {
        Text {
            path: self.path.clone(),
            name: self.name(),
            folder: self.folder.clone(),
            text: Arc::clone(&self.text),
        }
    }

    /// The text of a 1-based line, without its break.
    pub(crate) fn line(&self, number: u32) -> &str {
        self.lines.line_text(&self.text, number)
    }

    /// The byte at which a position is. Beyond the end of a line is its end, as the protocol says;
    /// beyond the last line is the end of the text.
    pub(crate) fn offset(&self, at: Position, encoding: Encoding) -> usize {
        let number = at.line.saturating_add(1);
        if number > self.lines.line_count() {
            return self.text.len();
        }
        let start = self.lines.line_span(number).start as usize;
        start + encoding.byte(self.line(number), at.character)
    }

    /// The position of a byte.
    pub(crate) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let at = self.lines.position(&self.text, offset);
        let region = careen_rule::Region { start: at, end: at };
        encoding.range(region, |number| Some(self.line(number))).start
    }

    /// Takes changes in, in their order, and moves what is shown along.
    pub(crate) fn change(
        &mut self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) {
        self.version = version;
        for change in changes {
            let Some(range) = change.range else {
                self.own.clear();
                self.across.clear();
                // All places are gone.
                if let Some(since) = &mut self.since {
                    let end = Position::new(u32::MAX, u32::MAX);
                    since.push((Range::new(Position::new(0, 0), end), change.text.clone()));
                }
                self.set(change.text.clone());
                continue;
            };
            let (start, end) = (range.start.min(range.end), range.start.max(range.end));
            let range = Range::new(start, end);
            self.own.retain_mut(|shown| shown.follow(range, &change.text, encoding));
            self.across.retain_mut(|shown| shown.follow(range, &change.text, encoding));
            let (from, to) = (self.offset(start, encoding), self.offset(end, encoding));
            let mut text = String::with_capacity(self.text.len() + change.text.len());
            text.push_str(self.text.get(..from).unwrap_or_default());
            text.push_str(&change.text);
            text.push_str(self.text.get(to.max(from)..).unwrap_or_default());
            self.set(text);
            if let Some(since) = &mut self.since {
                since.push((range, change.text.clone()));
            }
        }
    }

    fn set(&mut self, text: String) {
        self.lines = LineIndex::new(&text);
        self.text = text.into();
    }

    /// All that is shown, in order of place.
    pub(crate) fn shown(&self) -> Vec<&Shown> {
        if self.ignored {
            return Vec::new();
        }
        let mut shown: Vec<&Shown> = self.own.iter().chain(&self.across).collect();
        shown.sort_by_key(|shown| (shown.range.start, shown.range.end));
        shown
    }
}

fn extension(language: &str) -> &str {
    match language {
        "javascript" => "js",
        "typescript" => "ts",
        "python" => "py",
        "shellscript" => "sh",
        "terraform" => "tf",
        "markdown" => "md",
        "rust" => "rs",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

    use super::Document;
    use crate::encoding::Encoding;

    fn document(text: &str) -> Document {
        let uri = Uri::from_str("untitled:Untitled-1").unwrap();
        Document::new(uri, "yaml".to_owned(), 1, text.to_owned())
    }

    fn edit(range: [u32; 4], text: &str) -> TextDocumentContentChangeEvent {
        let [a, b, c, d] = range;
        TextDocumentContentChangeEvent {
            range: Some(Range::new(Position::new(a, b), Position::new(c, d))),
            range_length: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn changes_are_applied_in_order() {
        let mut it = document("a: 🚢b\r\nc: ü\r\n");
        it.change(
            2,
            &[
                // Behind the ship, which is two units.
                edit([0, 5, 0, 6], "x"),
                edit([1, 3, 1, 99], "d"),
                edit([9, 0, 9, 0], "e"),
                edit([1, 0, 0, 6], "!"),
            ],
            Encoding::Utf16,
        );
        assert_eq!((&*it.text, it.version), ("a: 🚢x!c: d\r\ne", 2));
        let all = TextDocumentContentChangeEvent {
            range: None,
            range_length: None,
            text: "new".to_owned(),
        };
        it.change(3, &[all], Encoding::Utf16);
        assert_eq!(&*it.text, "new");
    }

    #[test]
    fn positions_and_bytes_agree() {
        let it = document("ü🚢\r\nx");
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (offset, _) in it.text.char_indices().filter(|(_, c)| !c.is_control()) {
                let at = it.position(offset, encoding);
                assert_eq!(it.offset(at, encoding), offset, "{encoding:?}");
            }
        }
        assert_eq!(it.offset(Position::new(0, 99), Encoding::Utf16), 6);
        assert_eq!(it.offset(Position::new(u32::MAX, 0), Encoding::Utf16), it.text.len());
    }

    #[test]
    fn languages_give_names() {
        assert_eq!(document("").name(), "untitled.yaml");
    }
}
