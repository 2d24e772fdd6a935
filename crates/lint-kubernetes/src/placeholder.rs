//! Values that another tool fills in before the API server sees them.

/// Whether the text holds a place for a value: `${NAME}`, `$(NAME)`, `{{ name }}`, `<name>`, `__NAME__` or an
/// encrypted value of SOPS. What it becomes is not known, so that nothing can be said of it.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']);
    text.contains("${")
        || text.contains("$(")
        || text.contains("{{")
        || (text.starts_with('<') && text.ends_with('>'))
        || text.starts_with("ENC[")
        || (text.starts_with("@@") && text.ends_with("@@"))
        || (text.starts_with("__") && text.ends_with("__"))
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn only_places_for_values_are_placeholders() {
        for text in [
            "${A}",
            "x-$(A)",
            "'{{ a }}'",
            "<path:a#b>",
            "ENC[AES256_GCM,data:a]",
            "@@A@@",
            "__A__",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "a", "$", "a < b", "ENCRYPTED"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
