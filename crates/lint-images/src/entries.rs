//! Words about what lies in layers.

use careen_image_model::oci::{Entry, EntryKind};
use careen_model::{PathClass, path_class};

use crate::subject::Built;

/// Folders whose programs a shell finds.
const PROGRAM_FOLDERS: &[&str] =
    &["bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"];
/// Programs that many names lead to.
const MULTICALL: &[&str] = &["busybox", "toybox", "coreutils"];

/// The folders above a path, the innermost first, without the root.
pub(crate) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').filter_map(|(at, _)| path.get(..at))
}

/// The folder that an entry stands in; empty for the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A number of bytes for people: `12.5 MiB`.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// Whether a path belongs to a program or a library rather than to the image's own service:
/// test data, examples, documentation, and packages of others.
pub(crate) fn is_of_others(path: &str) -> bool {
    const PLACES: &[&str] = &[
        "lib/",
        "lib64/",
        "usr/include/",
        "usr/lib/",
        "usr/lib64/",
        "usr/local/go/",
        "usr/share/doc/",
        "usr/src/linux",
        "go/pkg/mod/",
        "root/go/pkg/mod/",
    ];
    PLACES.iter().any(|place| path.starts_with(place))
        || folders_above(path).any(|folder| {
            matches!(name_of(folder), "dist-packages" | "gems" | "bundle" | ".cargo" | ".m2")
        })
        || matches!(
            path_class(path),
            PathClass::Test | PathClass::Example | PathClass::Documentation | PathClass::Vendored
        )
}

/// The last name of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The programs with one of these names that a shell finds, with the indices of their layers.
/// What is only a name of a program with many names, such as busybox, is none.
pub(crate) fn programs<'b>(
    built: &'b Built<'_>,
    is_meant: impl Fn(&str) -> bool + 'b,
) -> impl Iterator<Item = (usize, &'b Entry)> {
    built.merged.entries().filter(move |(_, entry)| {
        if !is_meant(entry.name()) || !PROGRAM_FOLDERS.contains(&folder_of(&entry.path)) {
            return false;
        }
        match entry.kind {
            EntryKind::File => entry.mode & 0o111 != 0,
            EntryKind::Hardlink => true,
            EntryKind::Symlink => built
                .merged
                .resolve(&entry.path)
                .is_some_and(|(_, target)| !MULTICALL.contains(&target.name())),
            _ => false,
        }
    })
}

/// The paths of entries in one text: the first few, and how many more.
pub(crate) fn listed(found: &[(usize, &Entry)]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> =
        found.iter().take(SHOWN).map(|(_, entry)| format!("`{}`", entry.path)).collect();
    match found.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{folders_above, is_of_others, mebibytes};

    #[test]
    fn folders_go_outwards() {
        assert_eq!(folders_above("a/b/c").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(folders_above("a").count(), 0);
    }

    #[test]
    fn sizes_are_rounded_down() {
        assert_eq!(mebibytes(0), "0.0 MiB");
        assert_eq!(mebibytes((3 << 20) + (1 << 19)), "3.5 MiB");
        assert!(mebibytes(u64::MAX).ends_with(" MiB"));
    }

    #[test]
    fn packages_of_others_are_told_from_the_service() {
        for path in [
            "app/node_modules/x/Dockerfile",
            "usr/lib/python3/test/key.pfx",
            "usr/local/lib/python3.12/test/certdata/id_rsa",
            "root/.cargo/registry/src/x/.env",
        ] {
            assert!(is_of_others(path), "{path}");
        }
        for path in ["app/.env", "root/.ssh/id_rsa", "usr/share/nginx/html/.env"] {
            assert!(!is_of_others(path), "{path}");
        }
    }
}
