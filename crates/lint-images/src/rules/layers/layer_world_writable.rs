use std::collections::BTreeMap;

use careen_image_model::oci::{Entry, EntryKind};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::entries::{folder_of, folders_above};
use crate::subject::Built;

rule! {
    /// What everybody may write, every process in the container may change, whatever user it runs
    /// as: a program that another one starts later, a configuration, a library. In a folder
    /// without the sticky bit everybody may replace the files of others besides. Mostly it stems
    /// from a `chmod -R 777` that was to make a service run as a plain user: give it the files it
    /// must write, with `COPY --chown`, and no others. Links and devices have no modes of their
    /// own.
    ///
    /// A plain Debian or Alpine image has none: `/tmp` is sticky.
    ///
    /// ```image bad file=app
    /// # finds layer-1/app: folder `app` of image `app` may be written by everybody, and so may 2 entries in it
    /// # finds layer-1/etc/app.conf: `etc/app.conf` of image `app` may be written by everybody
    /// # finds layer-1/srv/a: `srv/a` of image `app` may be written by everybody, and so may 1 more file beside it
    /// layers:
    ///   - app/: {mode: "777"}
    ///     app/a: {mode: "666"}
    ///     app/b/: {mode: "777"}
    ///     app/b/c: {mode: "644"}
    ///     etc/app.conf: {mode: "646"}
    ///     etc/ok.conf: {mode: "664"}
    ///     srv/a: {mode: "777"}
    ///     srv/b: {mode: "777"}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - tmp/: {mode: "1777"}
    ///     lib: {mode: "777", link: usr/lib}
    ///     app/a: {mode: "666"}
    ///     dev/null: {mode: "666", device: character}
    ///   - app/a: {mode: "644"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-world-writable",
        summary: "image ships a file that everybody may write",
        remedy: "Take the right away with `chmod o-w`, and give the file to the user that must write it.",
        severity: Low,
        check: Check::Image(check),
        security: true,
        cwe: &[732],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://man7.org/linux/man-pages/man7/inode.7.html"],
    }
}

/// Entries that are reported as one.
struct Group<'a> {
    layer: usize,
    first: &'a Entry,
    more: usize,
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    // What lies in a folder that everybody may write goes with it, the rest by folder.
    let mut folders: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    let mut beside: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    for (layer, entry) in built.merged.entries() {
        if entry.mode & 0o002 == 0 {
            continue;
        }
        let is_folder = entry.kind == EntryKind::Directory;
        if !is_folder && entry.kind != EntryKind::File || is_folder && entry.mode & 0o1000 != 0 {
            continue;
        }
        let outer = folders_above(&entry.path).find(|folder| folders.contains_key(folder));
        let group = Group { layer, first: entry, more: 0 };
        if let Some(outer) = outer.and_then(|outer| folders.get_mut(outer)) {
            outer.more += 1;
        } else if is_folder {
            folders.insert(&entry.path, group);
        } else {
            let known = beside.entry(folder_of(&entry.path));
            known.and_modify(|group| group.more += 1).or_insert(group);
        }
    }
    let name = built.name();
    for Group { layer, first, more } in folders.into_values() {
        let inside = match more {
            0 => String::new(),
            1 => ", and so may 1 entry in it".to_owned(),
            more => format!(", and so may {more} entries in it"),
        };
        let path = &first.path;
        let message =
            format!("folder `{path}` of image `{name}` may be written by everybody{inside}");
        built.report_entry(out, layer, first, message);
    }
    for Group { layer, first, more } in beside.into_values() {
        let others = match more {
            0 => String::new(),
            1 => ", and so may 1 more file beside it".to_owned(),
            more => format!(", and so may {more} more files beside it"),
        };
        let path = &first.path;
        let message = format!("`{path}` of image `{name}` may be written by everybody{others}");
        built.report_entry(out, layer, first, message);
    }
}
