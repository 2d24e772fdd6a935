use std::io;

use careen_image_model::oci::{Entry, EntryKind, Layer, LayerProblem, LayerProblemKind as Kind};

use crate::decompress::{LimitHit, Unpacked};
use crate::limits::Limits;
use crate::read::Prepared;
use crate::source::{Blob, ImageSource, SourceError};
use crate::tape::{Header, Tape, TapeLimits};
use crate::verify::Mismatch;

const OTHER: &str = "the stored layer is not the one that the manifest lists";
/// Problems of one layer that are kept.
const PROBLEMS_MAX: usize = 200;

/// A file of a layer that was asked for.
#[derive(Debug)]
pub struct LayerFile<'a> {
    /// The file.
    pub entry: &'a Entry,
    /// All of its content.
    pub bytes: Vec<u8>,
}

/// Streams one layer, without unpacking it to anywhere: the digests of what is stored and of what
/// is unpacked are taken in passing, every entry is noted, and `take` gets those files that it
/// `wants`, if they are not too large.
///
/// What goes wrong is a problem of the layer, never an error.
pub fn walk_layer(
    source: &dyn ImageSource,
    prepared: &Prepared,
    at: usize,
    limits: Limits,
    wants: &dyn Fn(&Entry) -> bool,
    take: &mut dyn FnMut(LayerFile<'_>),
) -> Option<Layer> {
    let descriptor = prepared.manifest.layers.get(at)?.clone();
    let diff_id = prepared.config.diff_ids().get(at).cloned().flatten();
    let mut layer = Layer {
        descriptor,
        diff_id,
        found_diff_id: None,
        entries: Vec::new(),
        unpacked: 0,
        problems: Vec::new(),
    };
    if at >= limits.layers {
        let message = format!("it is beyond the {} layers that are looked at", limits.layers);
        layer.problem(Kind::Limit, "", message);
        return Some(layer);
    }
    let stored: Blob<'_> = if source.keeps_digests() {
        match source.verified(&layer.descriptor) {
            Ok(blob) => Box::new(blob),
            Err(error) => return Some(layer.unread(&error)),
        }
    } else {
        match source.raw_blob(&layer.descriptor) {
            Ok(blob) => blob,
            Err(error) => return Some(layer.unread(&error)),
        }
    };
    let share = prepared.share(at, limits.kept);
    match stream(stored, &mut layer, share, limits, wants, take) {
        Ok(()) => {
            if layer.diff_id.is_some() && layer.found_diff_id != layer.diff_id {
                let message = "the unpacked layer is not the one that the configuration lists";
                layer.problem(Kind::Digest, "", message.to_owned());
            }
        }
        Err(error) => {
            let (mut kind, mut message) = meaning(&error);
            // Other bytes than the manifest's are damaged long before their end shows that they
            // are others.
            if kind == Kind::Damaged && source.keeps_digests() && is_other(source, &layer) {
                kind = Kind::Digest;
                OTHER.clone_into(&mut message);
            }
            layer.problem(kind, "", message);
        }
    }
    Some(layer)
}

/// Whether the stored bytes are not those that the manifest lists.
fn is_other(source: &dyn ImageSource, layer: &Layer) -> bool {
    let descriptor = &layer.descriptor;
    let Ok(mut stored) = source.verified(descriptor) else { return false };
    match io::copy(&mut stored, &mut io::sink()) {
        Ok(_) => false,
        Err(error) => {
            matches!(SourceError::of(&error, descriptor), SourceError::WrongDigest { .. })
        }
    }
}

fn stream(
    stored: Blob<'_>,
    layer: &mut Layer,
    share: usize,
    limits: Limits,
    wants: &dyn Fn(&Entry) -> bool,
    take: &mut dyn FnMut(LayerFile<'_>),
) -> io::Result<()> {
    let tape_limits = TapeLimits { path: limits.path, extension: 1 << 20 };
    let mut tape = Tape::new(Unpacked::new(stored, limits)?, tape_limits);
    let mut walked = walk(&mut tape, layer, share, limits, wants, take);
    let mut rest = tape.into_inner();
    if walked.is_ok() {
        // Padding, and whatever else is behind the end: the digests are over all of it.
        walked = io::copy(&mut rest, &mut io::sink()).map(|_| ());
        if walked.is_ok() {
            layer.found_diff_id = rest.digest();
        }
    }
    layer.unpacked = rest.unpacked();
    walked
}

fn walk(
    tape: &mut Tape<Unpacked<'_>>,
    layer: &mut Layer,
    share: usize,
    limits: Limits,
    wants: &dyn Fn(&Entry) -> bool,
    take: &mut dyn FnMut(LayerFile<'_>),
) -> io::Result<()> {
    let hit = |why: String| io::Error::new(io::ErrorKind::InvalidData, LimitHit(why));
    let (mut paths, mut kept) = (0, 0usize);
    while let Some(Header { entry, size, escapes, link_escapes }) = tape.next_header()? {
        if layer.entries.len() == limits.entries {
            return Err(hit(format!("it has more than {} entries", limits.entries)));
        }
        let names = entry.path.len() + entry.link.as_ref().map_or(0, |link| link.len());
        paths += names;
        if paths > limits.paths {
            return Err(hit(format!("its paths are more than {} bytes", limits.paths)));
        }
        let bytes = names + size_of::<Entry>() + entry.capability.as_ref().map_or(0, |it| it.len());
        kept = bytes.saturating_add(kept);
        if kept > share {
            return Err(hit(format!("its entries take more than {share} bytes")));
        }
        if let Some(written) = escapes {
            let message = "leads out of the root of the image".to_owned();
            layer.problem(Kind::Escape, &written, message);
        }
        if let Some(written) = link_escapes {
            let message = format!("is a hard link to `{written}`, which is out of the root");
            layer.problem(Kind::Escape, &entry.path, message);
        }
        if entry.path.is_empty() && entry.kind != EntryKind::Directory {
            let message = "an entry that is no folder has no name".to_owned();
            layer.problem(Kind::Damaged, "", message);
            continue;
        }
        if matches!(entry.name(), ".wh.." | ".wh...") {
            let message = "is a whiteout of the folder around it".to_owned();
            layer.problem(Kind::Escape, &entry.path, message);
        }
        if entry.kind == EntryKind::File && size > 0 && size <= limits.file && wants(&entry) {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            tape.content(size, &mut bytes)?;
            take(LayerFile { entry: &entry, bytes });
        }
        layer.entries.push(entry);
    }
    Ok(())
}

/// What an error while a layer was read means.
fn meaning(error: &io::Error) -> (Kind, String) {
    let inner = error.get_ref();
    if inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Mismatch>) {
        return (Kind::Digest, OTHER.to_owned());
    }
    if let Some(LimitHit(why)) = inner.and_then(|inner| inner.downcast_ref()) {
        return (Kind::Limit, format!("{why}, and the rest was not looked at"));
    }
    if let Some(known) = inner.and_then(|inner| inner.downcast_ref::<SourceError>()) {
        return (Kind::Unreadable, known.to_string());
    }
    (Kind::Damaged, format!("{error}, and the rest was not looked at"))
}

trait Report {
    fn problem(&mut self, kind: Kind, path: &str, message: String);
    fn unread(self, error: &SourceError) -> Self;
}

impl Report for Layer {
    fn problem(&mut self, kind: Kind, path: &str, message: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(LayerProblem { kind, path: path.into(), message });
        }
    }

    fn unread(mut self, error: &SourceError) -> Self {
        let foreign = !self.descriptor.urls.is_empty()
            || self.descriptor.media_type.contains("foreign")
            || self.descriptor.media_type.contains("nondistributable");
        let kind = match error {
            SourceError::NotFound(_) if foreign => Kind::Foreign,
            SourceError::WrongDigest { .. } => Kind::Digest,
            _ => Kind::Unreadable,
        };
        self.problem(kind, "", error.to_string());
        self
    }
}
