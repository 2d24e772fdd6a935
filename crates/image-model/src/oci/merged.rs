use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use super::links::{LINKS_MAX, Links};
use super::{Entry, EntryKind, Layer, Whiteout};

/// What a container sees: the layers over each other.
///
/// An entry lies where a runtime unpacks it: with `x` a link to `etc`, the entry `x/passwd` is
/// `etc/passwd`. Its own path stays as it is written.
#[derive(Debug, Default)]
pub struct Merged<'a> {
    paths: BTreeMap<Cow<'a, str>, (usize, &'a Entry)>,
    /// Entries that a later layer replaced or took away: layer, entry, and the later layer.
    hidden: Vec<(usize, &'a Entry, usize)>,
}

impl<'a> Merged<'a> {
    /// Puts layers over each other, lowest first.
    #[must_use]
    pub fn of(layers: &'a [Layer]) -> Self {
        let mut merged = Self::default();
        let mut links = Links::default();
        for (at, layer) in layers.iter().enumerate() {
            // What a layer takes away is below it, in whatever order its entries stand.
            for entry in &layer.entries {
                match entry.whiteout() {
                    Some(Whiteout::Path(path)) => {
                        let path = links.place(&path);
                        links.remove(&path);
                        links.remove_inside(&path);
                        merged.hide(&path, at);
                        merged.hide_inside(&path, at);
                    }
                    Some(Whiteout::Inside(folder)) => {
                        let place = links.folder(folder);
                        let folder = place.as_deref().unwrap_or(folder);
                        links.remove_inside(folder);
                        merged.hide_inside(folder, at);
                    }
                    None => {}
                }
            }
            let is_there = |entry: &&Entry| {
                let is_folder = entry.kind == EntryKind::Directory;
                !entry.name().starts_with(".wh.") && (is_folder || !entry.path.is_empty())
            };
            // A link counts for what follows it, in its own layer too.
            let mut places = Vec::new();
            for entry in layer.entries.iter().filter(is_there) {
                let place = links.place(&entry.path);
                match &entry.link {
                    Some(target) if entry.kind == EntryKind::Symlink => {
                        links.remove_inside(&place);
                        links.insert(&place, target);
                    }
                    _ => links.remove(&place),
                }
                places.push((place, entry));
            }
            // What is no folder takes away what lay in a folder of its name. All of it goes before
            // anything of this layer is there, so that nothing is looked at twice.
            if !merged.paths.is_empty() {
                for (place, entry) in &places {
                    if entry.kind != EntryKind::Directory {
                        merged.hide_inside(place, at);
                    }
                }
            }
            for (place, entry) in places {
                if let Some((below, old)) = merged.paths.insert(place, (at, entry))
                    && below < at
                    && old.kind != EntryKind::Directory
                {
                    merged.hidden.push((below, old, at));
                }
            }
        }
        merged
    }

    fn hide(&mut self, path: &str, by: usize) {
        if let Some((layer, entry)) = self.paths.remove(path) {
            self.hidden.push((layer, entry, by));
        }
    }

    fn hide_inside(&mut self, folder: &str, by: usize) {
        // Everything between `folder/` and `folder0` lies inside: `0` follows `/`.
        let (from, to) = (format!("{folder}/"), format!("{folder}0"));
        let gone: Vec<Cow<'a, str>> = if folder.is_empty() {
            self.paths.keys().cloned().collect()
        } else {
            let range = (Bound::Included(from.as_str()), Bound::Excluded(to.as_str()));
            self.paths.range::<str, _>(range).map(|(path, _)| path.clone()).collect()
        };
        for path in gone {
            self.hide(&path, by);
        }
    }

    /// What stands at a path, links not followed, with the index of its layer.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<(usize, &'a Entry)> {
        self.paths.get(path.trim_start_matches('/')).copied()
    }

    /// What a program that opens a path gets, links followed inside the root.
    #[must_use]
    pub fn resolve(&self, path: &str) -> Option<(usize, &'a Entry)> {
        let mut rest: Vec<String> = parts(path).rev().map(str::to_owned).collect();
        let mut at = String::new();
        let mut links = 0;
        let mut found = None;
        let mut hardlink = None;
        while let Some(part) = rest.pop() {
            if part == ".." {
                at.truncate(at.rfind('/').unwrap_or(0));
                continue;
            }
            let folder = at.len();
            if !at.is_empty() {
                at.push('/');
            }
            at.push_str(&part);
            found = self.get(&at);
            match found {
                Some((_, entry)) if entry.kind == EntryKind::Symlink => {
                    links += 1;
                    if links > LINKS_MAX {
                        return hardlink;
                    }
                    let target = entry.link.as_deref().unwrap_or_default();
                    at.truncate(if target.starts_with('/') { 0 } else { folder });
                    rest.extend(parts(target).rev().map(str::to_owned));
                }
                Some((_, entry)) if entry.kind == EntryKind::Hardlink && rest.is_empty() => {
                    links += 1;
                    hardlink = hardlink.or(found);
                    if links > LINKS_MAX {
                        return hardlink;
                    }
                    at.clear();
                    rest.extend(
                        parts(entry.link.as_deref().unwrap_or_default()).rev().map(str::to_owned),
                    );
                }
                _ => {}
            }
        }
        if hardlink.is_some() {
            // What it leads to may be gone; its content is there all the same.
            return found.filter(|(_, entry)| entry.kind == EntryKind::File).or(hardlink);
        }
        found.filter(|(_, entry)| entry.kind != EntryKind::Symlink)
    }

    /// Everything that is there, in order of path, with the index of its layer.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &'a Entry)> {
        self.paths.values().copied()
    }

    /// What is no longer there but still ships: the index of its layer, the entry, and the index
    /// of the layer that hid it.
    #[must_use]
    pub fn hidden(&self) -> &[(usize, &'a Entry, usize)] {
        &self.hidden
    }

    /// Whether anything is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

#[cfg(test)]
mod tests {
    use super::super::{Descriptor, Digest, Entry, EntryKind, Layer};
    use super::Merged;

    fn layer(entries: &[(&str, EntryKind, Option<&str>)]) -> Layer {
        let entry = |&(path, kind, link): &(&str, EntryKind, Option<&str>)| Entry {
            path: path.into(),
            kind,
            mode: 0o644,
            uid: 0,
            gid: 0,
            size: 1,
            link: link.map(Into::into),
            capability: None,
        };
        Layer {
            descriptor: Descriptor {
                media_type: String::new(),
                digest: Digest::of_sha256(&[0; 32]).unwrap(),
                size: 0,
                urls: Vec::new(),
                annotations: Default::default(),
                artifact_type: None,
                platform: None,
            },
            diff_id: None,
            found_diff_id: None,
            entries: entries.iter().map(entry).collect(),
            unpacked: 0,
            problems: Vec::new(),
        }
    }

    use EntryKind::{Directory as D, File as F, Hardlink as H, Symlink as S};

    #[test]
    fn later_layers_hide_what_is_below() {
        let layers = [
            layer(&[
                ("app", D, None),
                ("app/.env", F, None),
                ("app/a", F, None),
                ("app0", F, None),
            ]),
            layer(&[("app/.wh..env", F, None), ("app/a", F, None)]),
            layer(&[("app/b", F, None), ("app/.wh..wh..opq", F, None)]),
        ];
        let merged = Merged::of(&layers);
        let there: Vec<_> = merged.entries().map(|(layer, entry)| (layer, &*entry.path)).collect();
        assert_eq!(there, [(0, "app"), (2, "app/b"), (0, "app0")]);
        let hidden: Vec<_> =
            merged.hidden().iter().map(|(layer, entry, by)| (*layer, &*entry.path, *by)).collect();
        assert_eq!(hidden, [(0, "app/.env", 1), (0, "app/a", 1), (1, "app/a", 2)]);
    }

    #[test]
    fn what_is_no_folder_takes_away_what_was_inside() {
        let layers = [
            layer(&[("app", D, None), ("app/a", F, None), ("app-b", F, None)]),
            layer(&[("app", S, Some("/srv")), ("app/c", F, None)]),
            // An entry for the root that is no folder is none.
            layer(&[("", F, None), ("", D, None)]),
        ];
        let merged = Merged::of(&layers);
        let there: Vec<_> = merged.entries().map(|(_, entry)| &*entry.path).collect();
        assert_eq!(there, ["", "app", "app-b", "app/c"]);
        // It went through the link that stands in front of it.
        assert!(merged.get("app/c").is_none() && merged.get("srv/c").is_some());
        let hidden: Vec<_> =
            merged.hidden().iter().map(|(_, entry, by)| (&*entry.path, *by)).collect();
        assert_eq!(hidden, [("app/a", 1)]);
    }

    #[test]
    fn entries_lie_where_links_among_their_folders_lead() {
        let layers = [
            layer(&[
                ("etc", D, None),
                ("etc/passwd", F, None),
                ("etc/shadow", F, None),
                ("opt/keys/a", F, None),
                ("x", S, Some("etc")),
                ("y", S, Some("/x/../opt")),
            ]),
            layer(&[("x/passwd", F, None), ("y/keys/.wh..wh..opq", F, None)]),
            layer(&[("x/.wh.shadow", F, None), ("y", D, None), ("y/passwd", F, None)]),
            layer(&[("y/b", F, None), ("y/c", H, Some("x/passwd"))]),
        ];
        let merged = Merged::of(&layers);
        let path = |path: &str| merged.resolve(path).map(|(at, entry)| (at, &*entry.path));
        assert_eq!(path("/etc/passwd"), Some((1, "x/passwd")));
        assert_eq!(path("/x/passwd"), Some((1, "x/passwd")));
        assert_eq!(path("y/c"), Some((1, "x/passwd")));
        assert_eq!(path("y/passwd"), Some((2, "y/passwd")));
        let hidden: Vec<_> =
            merged.hidden().iter().map(|(_, entry, by)| (&*entry.path, *by)).collect();
        assert_eq!(hidden, [("opt/keys/a", 1), ("etc/passwd", 1), ("etc/shadow", 2), ("y", 2)]);
    }

    #[test]
    fn hostile_layers_are_put_together_in_time() {
        // Every pair of entries looked at once would take hours.
        let names: Vec<String> = (0..50_000).map(|at| format!("d/{at}")).collect();
        let mut whiteouts: Vec<_> = names.iter().map(|_| (".wh.d", F, None)).collect();
        whiteouts.extend(names.iter().map(|_| ("d/.wh..wh..opq", F, None)));
        let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), F, None)).collect();
        files.extend(names.iter().map(|_| ("d", F, None)));
        let layers = [layer(&files), layer(&files), layer(&whiteouts), layer(&files)];
        let merged = Merged::of(&layers);
        assert_eq!(merged.entries().count(), 50_001);
        assert_eq!(merged.hidden().len(), 2 * 50_001);
    }

    #[test]
    fn links_stay_inside_the_root() {
        let layers = [layer(&[
            ("bin", S, Some("usr/bin")),
            ("usr", D, None),
            ("usr/bin", D, None),
            ("usr/bin/sh", S, Some("/bin/../bin/dash")),
            ("usr/bin/dash", F, None),
            ("usr/bin/rbash", H, Some("usr/bin/dash")),
            ("loop", S, Some("loop")),
            ("out", S, Some("../../../../usr/bin/dash")),
        ])];
        let merged = Merged::of(&layers);
        let path = |path: &str| merged.resolve(path).map(|(_, entry)| &*entry.path);
        assert_eq!(path("/bin/sh"), Some("usr/bin/dash"));
        assert_eq!(path("out"), Some("usr/bin/dash"));
        assert_eq!(path("bin/rbash"), Some("usr/bin/dash"));
        assert_eq!(path("loop"), None);
        assert_eq!(path("bin/none"), None);
    }
}
