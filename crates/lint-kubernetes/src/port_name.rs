//! Names of ports, as RFC 6335 has names of services.

/// The most letters and digits of a name.
const LONGEST: usize = 15;

/// What is wrong with the name of a port, in words that follow the name.
pub(crate) fn problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.len() > LONGEST {
        Some("is longer than 15 characters")
    } else if !name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        Some("may hold lower-case letters, digits and `-` only")
    } else if name.starts_with('-') || name.ends_with('-') {
        Some("may not begin or end with `-`")
    } else if name.contains("--") {
        Some("may not hold `--`")
    } else if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Some("needs a letter: a quoted number is a name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn names_are_those_of_services() {
        for name in ["http", "http-2", "a", "8080tcp", "abcdefghijklmno"] {
            assert_eq!(problem(name), None, "{name}");
        }
        for name in ["", "abcdefghijklmnop", "Http", "a_b", "-a", "a-", "a--b", "8080", "ü"] {
            assert!(problem(name).is_some(), "{name}");
        }
    }
}
