use std::fmt::Write as _;

/// A file path as a URI reference (RFC 3986): percent-encoded, without `.` segments, doubled
/// slashes or a leading `./`. An absolute path becomes a `file:` URI; everything else stays
/// relative, to be resolved against the repository root. `path` is `/`-separated; a backslash is a
/// character of a file name and is encoded as such.
#[must_use]
pub fn artifact_uri(path: &str) -> String {
    let absolute = path.starts_with('/') || has_drive(path);
    let mut uri = String::with_capacity(path.len() + 8);
    if absolute {
        uri.push_str("file://");
    }
    let segments = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    for (number, segment) in segments.enumerate() {
        if absolute || number > 0 {
            uri.push('/');
        }
        for &byte in segment.as_bytes() {
            let drive = absolute && number == 0 && byte == b':' && has_drive(path);
            if is_plain(byte) || drive {
                uri.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    if uri.is_empty() {
        // The empty reference means "this document", which a log never is about.
        uri.push('.');
    }
    uri
}

/// The path that the percent-encoded part of a URI stands for; `None` if it is not encoded well, or
/// stands for what is no text. A path that nobody encoded is often that.
#[must_use]
pub fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = tail else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        bytes.push(digit(*high)? << 4 | digit(*low)?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

/// `C:/…`.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// The unreserved characters, and those of `pchar` that file names like to have. No `:`, which in a
/// first segment would read as a scheme.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~@+=,".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{artifact_uri, decoded};

    #[test]
    fn plain_paths_stay() {
        assert_eq!(artifact_uri("deploy/web-1_a.yaml"), "deploy/web-1_a.yaml");
        assert_eq!(artifact_uri("./deploy/./web.yaml"), "deploy/web.yaml");
        assert_eq!(artifact_uri("deploy//web.yaml"), "deploy/web.yaml");
        assert_eq!(artifact_uri("../web.yaml"), "../web.yaml");
    }

    #[test]
    fn everything_else_is_encoded() {
        assert_eq!(artifact_uri("a b/ü#?.yaml"), "a%20b/%C3%BC%23%3F.yaml");
        assert_eq!(artifact_uri("a\n\u{1b}[31m"), "a%0A%1B%5B31m");
        assert_eq!(artifact_uri("a:b\\c%"), "a%3Ab%5Cc%25");
    }

    #[test]
    fn absolute_paths_are_file_uris() {
        assert_eq!(artifact_uri("/tmp/a b"), "file:///tmp/a%20b");
        assert_eq!(artifact_uri("C:/a:b"), "file:///C:/a%3Ab");
    }

    #[test]
    fn there_is_always_something() {
        assert_eq!(artifact_uri(""), ".");
        assert_eq!(artifact_uri("./"), ".");
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        assert_eq!(decoded("a%20b/%c3%BC%23.yaml").as_deref(), Some("a b/ü#.yaml"));
        for odd in ["100%", "%4", "%zz", "%ff"] {
            assert_eq!(decoded(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn a_relative_path_comes_back(path in "[a-z ü%#?:&\\\\]{1,9}(/[a-z ü%#]{1,9}){0,3}") {
            prop_assert_eq!(decoded(&artifact_uri(&path)), Some(path));
        }

        #[test]
        fn only_uri_characters_come_out(path in any::<String>()) {
            let uri = artifact_uri(&path);
            prop_assert!(!uri.is_empty());
            prop_assert!(!uri.starts_with("./"));
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
}
