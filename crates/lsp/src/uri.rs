//! Paths and the addresses that editors have for them (RFC 8089, RFC 3986).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;

/// The path that a `file:` address names; `None` for other addresses, and for other machines.
pub(crate) fn to_path(uri: &str) -> Option<PathBuf> {
    let bytes = path_bytes(uri, cfg!(windows))?;
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
    }
    #[cfg(not(unix))]
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The address of an absolute path.
pub(crate) fn of_path(path: &Path) -> Option<Uri> {
    #[cfg(unix)]
    let bytes = {
        use std::os::unix::ffi::OsStrExt as _;
        path.as_os_str().as_bytes().to_vec()
    };
    #[cfg(not(unix))]
    let bytes = path.to_str()?.as_bytes().to_vec();
    Uri::from_str(&address(&bytes, cfg!(windows))?).ok()
}

/// The last part of an address's path, decoded.
pub(crate) fn name(uri: &str) -> String {
    let end = uri.find(['?', '#']).unwrap_or(uri.len());
    let path = uri.get(..end).unwrap_or(uri);
    let path = path.split_once(':').map_or(path, |(_, path)| path);
    let last = path.rsplit('/').next().unwrap_or_default();
    let bytes = decoded(last).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn path_bytes(uri: &str, windows: bool) -> Option<Vec<u8>> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let host = if host.eq_ignore_ascii_case("localhost") { "" } else { host };
    let path = decoded(path).filter(|path| path.first() == Some(&b'/') && !path.contains(&0))?;
    if !windows {
        return host.is_empty().then_some(path);
    }
    let path = match path.as_slice() {
        // `/c:/folder` is `C:\folder`, however the letter is written.
        [b'/', letter, b':', rest @ ..] if letter.is_ascii_alphabetic() => {
            let mut path = vec![letter.to_ascii_uppercase(), b':'];
            path.extend(if rest.is_empty() { b"/" } else { rest });
            path
        }
        _ if host.is_empty() => path,
        // A share of another machine.
        _ => [b"//", host.as_bytes(), &path].concat(),
    };
    Some(path.into_iter().map(|byte| if byte == b'/' { b'\\' } else { byte }).collect())
}

/// Takes `%xx` apart; `None` where that is malformed.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
            rest = after;
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

fn address(path: &[u8], windows: bool) -> Option<String> {
    let mut address = "file://".to_owned();
    let slashed: Vec<u8>;
    let mut rest = path;
    if windows {
        slashed = path.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
        rest = slashed.as_slice();
        // What `canonicalize` puts in front of a path.
        if let Some(share) = rest.strip_prefix(b"//?/UNC") {
            rest = share.strip_prefix(b"/")?;
        } else if let Some(plain) = rest.strip_prefix(b"//?/") {
            rest = plain;
            address.push('/');
        } else if let Some(share) = rest.strip_prefix(b"//") {
            rest = share;
        } else {
            address.push('/');
        }
    } else if rest.first() != Some(&b'/') {
        return None;
    }
    for &byte in rest {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{address, name, of_path, path_bytes, to_path};

    fn path(uri: &str, windows: bool) -> Option<String> {
        path_bytes(uri, windows).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn addresses_become_paths() {
        for (uri, expected) in [
            ("file:///a/b.yaml", Some("/a/b.yaml")),
            ("FILE://localhost/a%20b/%C3%BC%23.yaml", Some("/a b/ü#.yaml")),
            ("file:/a", Some("/a")),
            ("file:///a?x#y", Some("/a")),
            ("file://server/share/a", None),
            ("file:///a%2", None),
            ("file:///a%+1", None),
            ("file:///a%00b", None),
            ("file:a", None),
            ("untitled:Untitled-1", None),
            ("", None),
        ] {
            assert_eq!(path(uri, false).as_deref(), expected, "{uri}");
        }
    }

    #[test]
    fn drives_and_shares_are_known() {
        for (uri, expected) in [
            ("file:///c%3A/Users/me/a.yaml", "C:\\Users\\me\\a.yaml"),
            ("file:///C:/a", "C:\\a"),
            ("file:///c:", "C:\\"),
            ("file://server/share/a", "\\\\server\\share\\a"),
        ] {
            assert_eq!(path(uri, true).as_deref(), Some(expected), "{uri}");
        }
        for (path, expected) in [
            ("C:\\Users\\a b", "file:///C%3A/Users/a%20b"),
            ("\\\\?\\C:\\a", "file:///C%3A/a"),
            ("\\\\?\\UNC\\server\\share", "file://server/share"),
            ("\\\\server\\share", "file://server/share"),
        ] {
            assert_eq!(address(path.as_bytes(), true).as_deref(), Some(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn paths_come_back() {
        for path in ["/a/b.yaml", "/a b/ü#?%/[x]🚢.yaml", "/"] {
            let uri = of_path(Path::new(path)).unwrap();
            assert_eq!(to_path(uri.as_str()).as_deref(), Some(Path::new(path)), "{}", uri.as_str());
        }
        assert!(of_path(Path::new("relative")).is_none());
    }

    #[test]
    fn names_are_the_last_part() {
        assert_eq!(name("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name("vscode-vfs://github/a/Docker%66ile?x"), "Dockerfile");
    }
}
