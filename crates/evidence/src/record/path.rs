//! Paths of reports, which lead nowhere else.

/// The path of a report without `./`, if it stays in its folder.
///
/// # Errors
///
/// Why it does not, in one sentence.
pub(super) fn inside(path: &str) -> Result<String, String> {
    let bare = path.strip_prefix("./").unwrap_or(path);
    let is_drive = bare.as_bytes().get(1) == Some(&b':');
    if bare.is_empty() || bare == "." {
        return Err("`file` is empty: name the report".to_owned());
    }
    if bare.len() > 1_000 || bare.contains(char::is_control) {
        return Err("`file` is no path that anybody writes".to_owned());
    }
    if bare.contains('\\') {
        return Err("`file` has a `\\`: write `/` between folders, on every system".to_owned());
    }
    if bare.starts_with('/') || is_drive {
        return Err("`file` is absolute: name it relative to the audited folder".to_owned());
    }
    if bare.split('/').any(|part| part == "..") {
        return Err("`file` leaves the audited folder: copy the report into it".to_owned());
    }
    if bare.split('/').any(|part| part.is_empty() || part == ".") {
        return Err("`file` has an empty part or `.`: write it as `folder/report.xml`".to_owned());
    }
    Ok(bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(inside("./a/b.xml").as_deref(), Ok("a/b.xml"));
        assert_eq!(inside("a..b").as_deref(), Ok("a..b"));
        for (path, part) in [
            ("", "empty"),
            ("./", "empty"),
            ("/etc/passwd", "absolute"),
            ("C:/x", "absolute"),
            ("..", "leaves"),
            ("a/../../b", "leaves"),
            ("a\\b", "`/`"),
            ("a//b", "empty part"),
            ("a\u{7}", "no path"),
        ] {
            let error = inside(path).unwrap_err();
            assert!(error.contains(part), "{path}: {error}");
        }
    }
}
