use super::{Descriptor, Digest};

/// A layer, as it was read: what lies in it, not what the files hold.
#[derive(Clone, Debug)]
pub struct Layer {
    /// How the manifest points at it.
    pub descriptor: Descriptor,
    /// The digest that the configuration gives for the unpacked layer.
    pub diff_id: Option<Digest>,
    /// The digest that the unpacked layer has; absent where it was not read to its end.
    pub found_diff_id: Option<Digest>,
    /// What lies in it, in its order.
    pub entries: Vec<Entry>,
    /// Bytes of the unpacked layer that were read.
    pub unpacked: u64,
    /// What is wrong with it.
    pub problems: Vec<LayerProblem>,
}

/// An entry of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path from the root on, without a leading `/` and without `.` and `..`.
    pub path: Box<str>,
    /// What it is.
    pub kind: EntryKind,
    /// The permission bits, with setuid (0o4000), setgid (0o2000) and the sticky bit (0o1000).
    pub mode: u32,
    /// The owner.
    pub uid: u64,
    /// The group.
    pub gid: u64,
    /// Bytes of a file.
    pub size: u64,
    /// Where a link leads, as written.
    pub link: Option<Box<str>>,
    /// The bytes of the `security.capability` attribute.
    pub capability: Option<Box<[u8]>>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A further name of a file.
    Hardlink,
    /// A character device.
    CharacterDevice,
    /// A block device.
    BlockDevice,
    /// A pipe.
    Fifo,
    /// Something else.
    Other,
}

/// What an entry takes away from the layers below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whiteout<'a> {
    /// The file or folder with that path.
    Path(String),
    /// Everything in that folder.
    Inside(&'a str),
}

impl Entry {
    /// What it takes away from the layers below, if that is what it is for.
    #[must_use]
    pub fn whiteout(&self) -> Option<Whiteout<'_>> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let hidden = name.strip_prefix(".wh.")?;
        if hidden == ".wh..opq" {
            return Some(Whiteout::Inside(folder));
        }
        // `.wh..wh.plnk` and the like are the file system's own.
        (!hidden.starts_with(".wh.") && !hidden.is_empty()).then(|| {
            Whiteout::Path(if folder.is_empty() {
                hidden.to_owned()
            } else {
                format!("{folder}/{hidden}")
            })
        })
    }

    /// The name without its folders.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Something wrong with a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerProblem {
    /// What it is.
    pub kind: LayerProblemKind,
    /// The path of the entry at fault, as written; empty where it is the layer itself.
    pub path: Box<str>,
    /// The defect in words: one sentence fragment.
    pub message: String,
}

/// The kinds of [`LayerProblem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerProblemKind {
    /// A path or a hard link leads out of the root.
    Escape,
    /// The bytes are not those that the manifest names.
    Digest,
    /// The compression or the archive is damaged, or means two things at once.
    Damaged,
    /// A limit was hit; the rest was not looked at.
    Limit,
    /// The bytes are not there: the layer lies elsewhere.
    Foreign,
    /// The layer could not be read.
    Unreadable,
}

impl LayerProblemKind {
    /// Whether part of the layer was not looked at.
    #[must_use]
    pub const fn is_incomplete(self) -> bool {
        !matches!(self, Self::Escape | Self::Digest)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, EntryKind, Whiteout};

    fn entry(path: &str) -> Entry {
        Entry {
            path: path.into(),
            kind: EntryKind::File,
            mode: 0o644,
            uid: 0,
            gid: 0,
            size: 0,
            link: None,
            capability: None,
        }
    }

    #[test]
    fn whiteouts_name_what_they_take_away() {
        assert_eq!(entry("app/.env").whiteout(), None);
        assert_eq!(entry("app/.wh..env").whiteout(), Some(Whiteout::Path("app/.env".to_owned())));
        assert_eq!(entry(".wh.app").whiteout(), Some(Whiteout::Path("app".to_owned())));
        assert_eq!(entry("app/.wh..wh..opq").whiteout(), Some(Whiteout::Inside("app")));
        assert_eq!(entry("app/.wh..wh.plnk").whiteout(), None);
    }
}
