//! What registries said that no digest proves: where tags lead, and what refers to a manifest.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

use careen_image_source::digest_of;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::cache::{Cache, place};

/// Bytes of one record.
const RECORD_MAX: u64 = 64 << 20;

/// What was said, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record<T> {
    /// What it is about; a file's name is its digest.
    about: String,
    /// Seconds since 1970.
    pub(crate) seen: i64,
    pub(crate) said: T,
}

impl Cache {
    /// Keeps what was said about something.
    pub(crate) fn note<T: Serialize>(&self, kind: &str, about: &str, seen: i64, said: T) {
        let record = Record { about: about.to_owned(), seen, said };
        if let Some(path) = self.record_path(kind, about)
            && let Ok(bytes) = serde_json::to_vec(&record)
            && let Some(mut draft) = self.draft()
            && draft.write_all(&bytes).is_ok()
        {
            place(draft, &path);
        }
    }

    /// What was said about it last.
    pub(crate) fn recall<T: DeserializeOwned>(&self, kind: &str, about: &str) -> Option<Record<T>> {
        let file = File::open(self.record_path(kind, about)?).ok()?;
        let mut bytes = Vec::new();
        file.take(RECORD_MAX).read_to_end(&mut bytes).ok()?;
        let record: Record<T> = serde_json::from_slice(&bytes).ok()?;
        (record.about == about).then_some(record)
    }

    fn record_path(&self, kind: &str, about: &str) -> Option<PathBuf> {
        let name = digest_of("sha256", about.as_bytes())?;
        Some(self.root().join(kind).join(format!("{}.json", name.hex())))
    }
}

#[cfg(test)]
mod tests {
    use crate::cache::Cache;

    #[test]
    fn records_are_told_apart_by_what_they_are_about() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        cache.note("tags", "a.test/b:c", 7, Some("x"));
        let record = cache.recall::<Option<String>>("tags", "a.test/b:c").unwrap();
        assert_eq!((record.seen, record.said.as_deref()), (7, Some("x")));
        assert!(cache.recall::<Option<String>>("tags", "a.test/b:d").is_none());
        assert!(cache.recall::<Option<String>>("referrers", "a.test/b:c").is_none());

        let [a, b] = ["a.test/b:c", "e"].map(|about| cache.record_path("tags", about).unwrap());
        std::fs::copy(a, b).unwrap();
        assert!(cache.recall::<Option<String>>("tags", "e").is_none(), "a record of another");
    }
}
