//! The images that run.

use std::collections::BTreeMap;

use careen_model::{ImageHolder, Snapshot, named_images};

use super::{ImageUse, Survey, counts, place};
use crate::Subject;

pub(super) fn see(snapshot: &Snapshot, survey: &mut Survey) {
    let mut images: BTreeMap<String, ImageUse> = BTreeMap::new();
    for file in snapshot.files().iter().filter(|file| counts(file)) {
        for image in named_images(file) {
            let Ok(reference) = &image.reference else { continue };
            let at = place(file, image.span());
            let text = image.text.clone();
            survey.see(Subject::Images, at.clone(), format!("image `{text}`"));
            if snapshot.remote(&text).is_some() {
                survey.see(Subject::ExaminedImages, at.clone(), format!("image `{text}`"));
            }
            if matches!(image.holder, ImageHolder::Container(_)) {
                let digest = reference.digest().map(str::to_owned);
                let used = ImageUse { reference: text.clone(), digest, place: at };
                images.entry(text).or_insert(used);
            }
        }
    }
    for (file, _) in snapshot.images() {
        let what = format!("image in `{}`", file.source.path());
        let at = place(file, careen_text::Span::default());
        survey.see(Subject::Images, at, what);
    }
    survey.images = images.into_values().collect();
}
