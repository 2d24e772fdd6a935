//! Writing a configuration that was not there before.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::files::replace;

/// What a new configuration is called.
pub(crate) const NAME: &str = "careen.yaml";

/// Refuses to write where a configuration holds already. `held` is one that is in force.
pub(crate) fn verify(held: Option<&Path>, force: bool, what: &str) -> Result<()> {
    match held {
        Some(path) if !force => bail!(
            "{} is there already: `{what} --stdout` shows what would be written, `--force` writes it",
            path.display()
        ),
        _ => Ok(()),
    }
}

/// Writes the configuration of a folder as a whole or not at all.
pub(crate) fn write(folder: &Path, text: &str) -> Result<PathBuf> {
    let path = folder.join(NAME);
    replace(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// A path as a word of a shell, for commands that are proposed.
pub(crate) fn word(path: &Path) -> String {
    let text = careen_text::sanitize_line(&path.to_string_lossy()).into_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./~+:@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text;
    }
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::word;

    #[test]
    fn words_of_a_shell_are_whole() {
        for (path, expected) in [
            ("deploy", "deploy"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("-x", "'./-x'"),
            ("$(id)", "'$(id)'"),
            ("a\nb", r"'a\u{a}b'"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
    }
}
