//! Where blobs stand in their packs, so that they can be read in that order.
//!
//! A pack holds most versions of a file as differences to another version, written close to it.
//! Read in the order of the pack, the other version was read just before and is still at hand; read
//! in any other order, it is unpacked again for each of them.

use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::hashtable::HashMap;
use gix::odb::pack::index;

use super::Blob;

/// Sorts blobs by pack and offset; those in no pack come last. An index that cannot be read costs
/// time, nothing else.
pub(super) fn sort(repository: &gix::ThreadSafeRepository, blobs: &mut [Blob]) {
    let positions: HashMap<ObjectId, usize> =
        blobs.iter().enumerate().map(|(at, blob)| (blob.id, at)).collect();
    let mut order: Vec<(usize, u64)> = vec![(usize::MAX, 0); blobs.len()];
    for (pack, path) in indices(&repository.objects_dir().join("pack")).iter().enumerate() {
        let Ok(file) = index::File::at(path, blobs.first().map_or(gix::hash::Kind::Sha1, kind))
        else {
            continue;
        };
        let mut offsets: Vec<(u64, Option<usize>)> = file
            .iter()
            .map(|entry| (entry.pack_offset, positions.get(&entry.oid).copied()))
            .collect();
        offsets.sort_unstable();
        let next = offsets.iter().skip(1).map(|(offset, _)| Some(*offset)).chain([None]);
        for ((offset, at), next) in offsets.iter().zip(next) {
            let Some(at) = *at else { continue };
            let (Some(order), Some(blob)) = (order.get_mut(at), blobs.get_mut(at)) else {
                continue;
            };
            if order.0 == usize::MAX {
                *order = (pack, *offset);
                let bytes = next.map_or(0, |next| next.saturating_sub(*offset));
                blob.packed = u32::try_from(bytes).unwrap_or(u32::MAX);
            }
        }
    }
    let mut keyed: Vec<((usize, u64), Blob)> =
        order.into_iter().zip(blobs.iter().copied()).collect();
    keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    for (blob, (_, sorted)) in blobs.iter_mut().zip(keyed) {
        *blob = sorted;
    }
}

fn kind(blob: &Blob) -> gix::hash::Kind {
    blob.id.kind()
}

/// The indices of packs in a folder, by name.
fn indices(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    paths.sort();
    paths
}
