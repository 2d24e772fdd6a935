//! Hostnames of listeners and routes, of which a wildcard stands for one label or more.

/// What both stand for, where there is such a name: the narrower of the two. None of a listener
/// or route stands for every name, so that the other one's is left.
pub(crate) fn common<'a>(one: Option<&'a str>, other: &'a str) -> Option<&'a str> {
    let Some(one) = one else { return Some(other) };
    if one.eq_ignore_ascii_case(other) || covers(one, other) {
        Some(other)
    } else {
        covers(other, one).then_some(one)
    }
}

/// Whether a wildcard covers a name or a narrower wildcard.
pub(crate) fn covers(wildcard: &str, name: &str) -> bool {
    let Some(suffix) = wildcard.strip_prefix('*').filter(|suffix| suffix.starts_with('.')) else {
        return false;
    };
    let name = name.strip_prefix('*').unwrap_or(name);
    let Some(at) = name.len().checked_sub(suffix.len()) else { return false };
    at > 0 && name.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// Whether a listener for `closer` gets what one for `listener` would get too: the longer name
/// wins, and a name wins over a wildcard.
pub(crate) fn is_closer(closer: &str, listener: Option<&str>) -> bool {
    listener.is_none_or(|listener| covers(listener, closer))
}

#[cfg(test)]
mod tests {
    use super::{common, covers, is_closer};

    #[test]
    fn the_narrower_name_is_common() {
        assert_eq!(common(None, "a.example.com"), Some("a.example.com"));
        assert_eq!(common(Some("*.example.com"), "a.example.com"), Some("a.example.com"));
        assert_eq!(common(Some("b.a.example.com"), "*.example.com"), Some("b.a.example.com"));
        assert_eq!(common(Some("*.a.example.com"), "*.example.com"), Some("*.a.example.com"));
        assert_eq!(common(Some("*.example.com"), "example.com"), None);
        assert_eq!(common(Some("a.example.com"), "b.example.com"), None);
    }

    #[test]
    fn wildcards_cover_what_is_below() {
        assert!(
            covers("*.example.com", "A.Example.com") && covers("*.example.com", "*.b.example.com")
        );
        assert!(!covers("*.example.com", "*.example.com") && !covers("*", "a.b"));
        assert!(!covers("*.example.com", "ü") && !covers("a.example.com", "a.example.com"));
        assert!(is_closer("a.b", None) && is_closer("a.b.c", Some("*.b.c")));
        assert!(!is_closer("*.b.c", Some("a.b.c")));
    }
}
