//! What is told about a finding under the pointer.

use std::fmt::Write as _;

use careen_rule::Judged;
use careen_text::sanitize_line;

use crate::comment;

/// Findings of one place whose manual is shown.
const MOST: usize = 3;

/// The manual of every rule that found something, in Markdown.
pub(crate) fn manual(findings: &[&Judged], name: &str) -> String {
    let mut page = String::new();
    let mut told: Vec<&str> = Vec::new();
    for judged in findings {
        if told.len() == MOST {
            break;
        }
        let rule = judged.rule;
        if !page.is_empty() {
            page.push_str("\n\n---\n\n");
        }
        let _ = write!(
            page,
            "**{}**\n\n`{}` · severity {} · confidence {}",
            escaped(&judged.message),
            rule.id,
            judged.severity,
            judged.confidence
        );
        if let Some(lowered) = &judged.lowered {
            let _ = write!(page, " · not {}, because {}", lowered.from, lowered.because);
        }
        if told.contains(&rule.id) {
            continue;
        }
        told.push(rule.id);
        let _ = write!(page, "\n\n{}", rule.manual());
        if !rule.options.is_empty() {
            let _ = write!(
                page,
                "\n\n## Options in `careen.yaml`\n\n```yaml\nrules:\n  {}:\n",
                rule.id
            );
            for option in rule.options {
                let _ = writeln!(page, "    # {}\n    {}: …", option.summary, option.name);
            }
            page.push_str("```");
        }
        if let Some(syntax) = comment::syntax(name) {
            let _ = write!(
                page,
                "\n\n## Accept it\n\nIn front of it, on a line of its own: \
                 `{}careen: ignore[{}] say why{}`",
                syntax.open, rule.id, syntax.close
            );
        }
    }
    page
}

/// Text from a file, as Markdown that shows it and does nothing else.
fn escaped(text: &str) -> String {
    let text = sanitize_line(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    let paired = text.matches('`').count().is_multiple_of(2);
    // What stands between back quotes is code already, unless it could end there.
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1 && paired;
        if index > 0 {
            escaped.push_str(if paired { "`" } else { "\\`" });
        }
        for character in part.chars() {
            if !is_code && "\\*_{}[]()<>#+-.!|~&:".contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_from_files_is_inert() {
        assert_eq!(escaped("`a*b` [x](y) <img>"), "`a*b` \\[x\\]\\(y\\) \\<img\\>");
        assert_eq!(escaped("a ` *b*"), "a \\` \\*b\\*");
        assert_eq!(escaped("a\nb"), "a\\\\u\\{a\\}b");
    }
}
