//! Carets in examples: what a test expects, in the words of the example.

use careen_rule::Judged;

/// One expected finding of the rule that the example belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Index of the template line above the carets.
    pub(crate) line: usize,
    /// First column, 1-based, in code points.
    pub(crate) column: u32,
    /// One past the last column.
    pub(crate) end: u32,
    /// How the message begins.
    pub(crate) message: String,
}

/// An example taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Annotated {
    /// The lines of the file, without carets.
    pub(crate) lines: Vec<String>,
    pub(crate) expected: Vec<Expected>,
}

/// Takes an example apart. The marks `·` inside broken tokens are taken out.
pub(crate) fn read(body: &str) -> Annotated {
    let mut example = Annotated::default();
    for line in body.lines() {
        if let Some(expected) = caret(line, example.lines.len()) {
            example.expected.push(expected);
        } else if !line.trim_start().starts_with("# also:") {
            example.lines.push(line.replace('·', ""));
        }
    }
    example
}

fn caret(line: &str, lines: usize) -> Option<Expected> {
    let rest = line.trim_start();
    let rest = if line.starts_with('^') { line } else { rest.strip_prefix('#')?.trim_start() };
    if !rest.starts_with('^') {
        return None;
    }
    let before = line.chars().count() - rest.chars().count();
    let carets = rest.chars().take_while(|&character| character == '^').count();
    let column = u32::try_from(before + 1).ok()?;
    Some(Expected {
        line: lines.checked_sub(1)?,
        column,
        end: column + u32::try_from(carets).ok()?,
        message: rest.trim_start_matches('^').trim().to_owned(),
    })
}

impl Expected {
    /// Whether a finding is the expected one. `line` is where the template line begins in the
    /// file that was checked. A finding over several lines is marked on its first; an empty one
    /// by one caret.
    pub(crate) fn is_met_by(&self, finding: &Judged, line: u32) -> bool {
        let region = finding.region;
        let end = if region.end.line > region.start.line {
            self.end
        } else {
            region.end.column.max(region.start.column + 1)
        };
        region.start.line == line
            && region.start.column == self.column
            && end == self.end
            && finding.message.starts_with(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn takes_examples_apart() {
        let example =
            read("- name: web\n# also: b, c\n#       ^^^ container `web`\nkey: gh·p_x\n^^^ k\n");
        assert_eq!(example.lines, ["- name: web", "key: ghp_x"]);
        let [first, second] = example.expected.as_slice() else { panic!("{example:?}") };
        assert_eq!((first.line, first.column, first.end), (0, 9, 12));
        assert_eq!(first.message, "container `web`");
        assert_eq!((second.line, second.column, second.end), (1, 1, 4));
    }
}
