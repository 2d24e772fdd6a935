//! The syntax of label keys and values.

use crate::hostname::is_label;

/// Characters of a value, and of the name part of a key.
const LONGEST: usize = 63;
/// Characters of the prefix of a key, a DNS subdomain.
const LONGEST_PREFIX: usize = 253;

/// Why the API server refuses a label value, if it does.
pub(crate) fn problem_of_value(value: &str) -> Option<&'static str> {
    if value.is_empty() { None } else { problem_of_name(value) }
}

/// Why the API server refuses a label key, if it does.
pub(crate) fn problem_of_key(key: &str) -> Option<&'static str> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if prefix.is_some_and(|prefix| !is_subdomain(prefix)) {
        return Some("has a prefix that is no DNS name");
    }
    if name.is_empty() { Some("is empty") } else { problem_of_name(name) }
}

fn problem_of_name(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST {
        return Some("is longer than 63 characters");
    }
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.bytes().all(inner) {
        return Some("holds something else than letters, digits, `-`, `_` and `.`");
    }
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if edge(name.as_bytes().first()) && edge(name.as_bytes().last()) {
        None
    } else {
        Some("does not begin and end with a letter or digit")
    }
}

fn is_subdomain(name: &str) -> bool {
    name.len() <= LONGEST_PREFIX && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{problem_of_key, problem_of_value};

    #[test]
    fn names_are_judged_as_the_api_server_does() {
        for value in ["", "a", "v1.2_3-x", "A0", &"a".repeat(63)] {
            assert_eq!(problem_of_value(value), None, "{value}");
        }
        for value in ["-a", "a-", "a b", "a/b", "ü", &"a".repeat(64)] {
            assert!(problem_of_value(value).is_some(), "{value}");
        }
        for key in ["app", "app.kubernetes.io/name", "example.com/a_b"] {
            assert_eq!(problem_of_key(key), None, "{key}");
        }
        for key in ["", "/a", "a/", "Example.com/a", "a/b/c", "-a.io/x"] {
            assert!(problem_of_key(key).is_some(), "{key}");
        }
    }
}
