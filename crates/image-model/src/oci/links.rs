use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hasher};
use std::ops::Bound;

/// Links followed in one path; the kernel's own bound.
pub(super) const LINKS_MAX: usize = 40;
/// Bytes of a path beyond which no kernel follows it.
const PATH_MAX: usize = 4096;
/// Bytes of paths that are walked for the sake of links in one image. Beyond, paths are taken as
/// they are written.
const WALKED_MAX: usize = 256 << 20;

/// The symbolic links of a file system in the making: where each lies, and where it leads.
#[derive(Debug, Default)]
pub(super) struct Links<'a> {
    targets: BTreeMap<String, &'a str>,
    /// Hashes of all paths that were a link once: most paths go through none, and are told by this
    /// without a look at the others.
    hashes: HashSet<u64>,
    walked: usize,
}

impl<'a> Links<'a> {
    /// A link now lies at a path.
    pub(super) fn insert(&mut self, path: &str, target: &'a str) {
        let mut hasher = DefaultHasher::new();
        for part in path.split('/') {
            step(&mut hasher, part);
        }
        self.hashes.insert(hasher.finish());
        self.targets.insert(path.to_owned(), target);
    }

    /// What lies at a path is no link.
    pub(super) fn remove(&mut self, path: &str) {
        if !self.targets.is_empty() {
            self.targets.remove(path);
        }
    }

    /// Nothing lies in a folder any more.
    pub(super) fn remove_inside(&mut self, folder: &str) {
        if self.targets.is_empty() {
            return;
        }
        if folder.is_empty() {
            self.targets.clear();
            return;
        }
        let (from, to) = (format!("{folder}/"), format!("{folder}0"));
        let range = (Bound::Included(from.as_str()), Bound::Excluded(to.as_str()));
        let gone: Vec<String> =
            self.targets.range::<str, _>(range).map(|(path, _)| path.clone()).collect();
        for path in gone {
            self.targets.remove(&path);
        }
    }

    /// Where an entry with that path comes to lie when it is unpacked: links among its folders are
    /// followed inside the root, one in the last place is not.
    pub(super) fn place<'p>(&mut self, path: &'p str) -> Cow<'p, str> {
        match path.rsplit_once('/') {
            Some((folder, name)) => match self.folder(folder) {
                Some(folder) if folder.is_empty() => Cow::Owned(name.to_owned()),
                Some(folder) => Cow::Owned(format!("{folder}/{name}")),
                None => Cow::Borrowed(path),
            },
            None => Cow::Borrowed(path),
        }
    }

    /// Where a folder lies, if that is not where its path says.
    pub(super) fn folder(&mut self, path: &str) -> Option<String> {
        if self.targets.is_empty() {
            return None;
        }
        let (mut end, mut target) = self.first_link(path)?;
        let mut path = path.to_owned();
        for _ in 0..LINKS_MAX {
            let (link, rest) = path.split_at_checked(end)?;
            let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
            let base = if target.starts_with('/') { "" } else { folder };
            path = joined(&[base, target, rest])?;
            match self.first_link(&path) {
                Some(next) => (end, target) = next,
                None => return Some(path),
            }
        }
        None
    }

    /// The first link on a path: where its name ends, and its target.
    fn first_link(&mut self, path: &str) -> Option<(usize, &'a str)> {
        self.walked = self.walked.saturating_add(path.len());
        if self.walked > WALKED_MAX {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        let mut end = 0;
        for part in path.split('/') {
            end += part.len();
            step(&mut hasher, part);
            if self.hashes.contains(&hasher.finish())
                && let Some(target) = path.get(..end).and_then(|link| self.targets.get(link))
            {
                return Some((end, target));
            }
            end += 1;
        }
        None
    }
}

fn step(hasher: &mut DefaultHasher, part: &str) {
    hasher.write(part.as_bytes());
    hasher.write(b"/");
}

/// Parts of a path put together, without `.` and `..`; none where it gets too long.
fn joined(parts: &[&str]) -> Option<String> {
    let mut path = String::new();
    for part in parts.iter().flat_map(|part| part.split('/')) {
        match part {
            "" | "." => {}
            // The root is its own parent.
            ".." => path.truncate(path.rfind('/').unwrap_or(0)),
            name => {
                if path.len() + name.len() > PATH_MAX {
                    return None;
                }
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(name);
            }
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::{Links, WALKED_MAX};

    #[test]
    fn folders_lie_where_links_lead() {
        let mut links = Links::default();
        assert_eq!(links.place("x/passwd"), "x/passwd");
        for (path, target) in [
            ("x", "etc"),
            ("usr/lib64", "lib"),
            ("a/b/up", "../../x/./y"),
            ("out", "../../../../srv"),
            ("root", "/"),
            ("loop", "pool"),
            ("pool", "loop/."),
        ] {
            links.insert(path, target);
        }
        for (path, place) in [
            ("x", "x"),
            ("x/passwd", "etc/passwd"),
            ("usr/lib64/a/b", "usr/lib/a/b"),
            ("usr/lib6/a", "usr/lib6/a"),
            ("a/b/up/z/f", "etc/y/z/f"),
            ("out/f", "srv/f"),
            ("root/f", "f"),
            ("root/root/x/f", "etc/f"),
            // Nobody could unpack that.
            ("loop/f", "loop/f"),
        ] {
            assert_eq!(links.place(path), place, "{path}");
        }
        links.remove("x");
        assert_eq!(links.place("x/passwd"), "x/passwd");
        links.remove_inside("a/b");
        assert_eq!(links.place("a/b/up/f"), "a/b/up/f");
    }

    #[test]
    fn work_is_bounded() {
        let mut links = Links::default();
        // Each leads to the next, in as many bytes as fit.
        let far = format!("{}/", "./".repeat(30_000));
        let targets: Vec<String> = (1..40).map(|at| format!("{far}l{at}")).collect();
        for (at, target) in targets.iter().enumerate() {
            links.insert(&format!("l{at}"), target);
        }
        assert_eq!(links.place("l0/f"), "l39/f");
        links.walked = WALKED_MAX;
        assert_eq!(links.place("l0/f"), "l0/f");
    }
}
