use std::fmt;

use careen_rule::Judged;

/// What the rule of an example finds in an image.
#[derive(Debug)]
pub(crate) struct Found {
    path: String,
    /// The exact text at the place, where the example says it.
    text: Option<String>,
    message: String,
}

impl Found {
    /// Reads a line `# finds PATH @ TEXT: message` of the recipe of the image with that name.
    pub(crate) fn parse(image: &str, line: &str) -> Option<Self> {
        let rest = line.trim_start().strip_prefix("# finds ")?;
        let (place, message) = rest.split_once(": ")?;
        let (path, text) = match place.split_once(" @ ") {
            Some((path, text)) => (path, Some(text.to_owned())),
            None => (place, None),
        };
        Some(Self { path: format!("{image}!{path}"), text, message: message.to_owned() })
    }

    pub(crate) fn is_met_by(&self, finding: &Judged) -> bool {
        let at = self.text.as_ref().is_none_or(|text| {
            let snippet = &finding.snippet;
            snippet.text.get(snippet.start..snippet.end) == Some(text.as_str())
        });
        *finding.path == *self.path && at && finding.message.starts_with(&self.message)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.as_deref().unwrap_or("anything");
        write!(f, "{} @ {text}: {}", self.path, self.message)
    }
}
