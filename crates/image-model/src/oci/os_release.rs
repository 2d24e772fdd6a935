use std::sync::Arc;

use careen_text::{Source, Span};

/// What `/etc/os-release` says (os-release(5)).
#[derive(Clone, Debug)]
pub struct OsRelease {
    /// `debian`, `alpine`, …; `linux` where it is not said.
    pub id: String,
    /// `12`, `3.19.1`; absent for rolling releases.
    pub version: Option<String>,
    /// `Debian GNU/Linux 12 (bookworm)`.
    pub pretty_name: Option<String>,
    /// The file.
    pub source: Arc<Source>,
    /// Where the version stands, or else the id, or else the beginning.
    pub span: Span,
}

impl OsRelease {
    /// Reads the file.
    #[must_use]
    pub fn parse(source: &Arc<Source>) -> Self {
        let mut release = Self {
            id: "linux".to_owned(),
            version: None,
            pretty_name: None,
            source: Arc::clone(source),
            span: Span::at(0),
        };
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            let text = line.trim_end();
            let span = Span::of(start..start + text.len());
            start += line.len();
            let Some((name, value)) = text.split_once('=') else { continue };
            let value = value.trim_matches(['"', '\'']).to_owned();
            match name.trim() {
                "ID" => {
                    release.id = value;
                    if release.version.is_none() {
                        release.span = span;
                    }
                }
                "VERSION_ID" if !value.is_empty() => {
                    release.version = Some(value);
                    release.span = span;
                }
                "PRETTY_NAME" => release.pretty_name = Some(value),
                _ => {}
            }
        }
        release
    }
}
