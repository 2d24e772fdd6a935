//! Hostnames of listeners and routes.

/// Whether some name is meant by both. `*.` stands for one label or more; no hostname at all
/// stands for every name.
pub(crate) fn intersect(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one.eq_ignore_ascii_case(other) || covers(one, other) || covers(other, one)
        }
        _ => true,
    }
}

/// Whether a wildcard covers a name or a narrower wildcard.
fn covers(wildcard: &str, name: &str) -> bool {
    let Some(suffix) = wildcard.strip_prefix('*').filter(|suffix| suffix.starts_with('.')) else {
        return false;
    };
    let name = name.strip_prefix('*').unwrap_or(name);
    let Some(at) = name.len().checked_sub(suffix.len()) else { return false };
    name.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        && (at > 0 || name.starts_with('.'))
        && name.len() > suffix.len()
}

#[cfg(test)]
mod tests {
    use super::intersect;

    #[test]
    fn wildcards_stand_for_any_number_of_labels() {
        for (one, other, expected) in [
            ("a.example.com", "A.example.com", true),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "b.a.example.com", true),
            ("*.example.com", "*.a.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "badexample.com", false),
            ("a.example.com", "b.example.com", false),
            ("*.a.example.com", "*.b.example.com", false),
            ("*", "a.example.com", false),
            ("ü.example.com", "*.example.com", true),
        ] {
            assert_eq!(intersect(Some(one), Some(other)), expected, "{one} {other}");
            assert_eq!(intersect(Some(other), Some(one)), expected, "{other} {one}");
        }
        assert!(intersect(None, Some("a.example.com")) && intersect(None, None));
    }
}
