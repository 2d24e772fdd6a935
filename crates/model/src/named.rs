use crate::{File, Snapshot, named_images};

/// References of a run that registries are asked about; what follows is left out.
const REFERENCES_MAX: usize = 2_000;

/// What an image says it was built on.
const BASE_NAME: &str = "org.opencontainers.image.base.name";

/// The texts of the images that files name, each once, in order of text: those a registry can be
/// asked about.
#[must_use]
pub fn named_references(snapshot: &Snapshot) -> Vec<String> {
    let mut texts: Vec<String> = snapshot.files().iter().flat_map(of_file).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.truncate(REFERENCES_MAX);
    texts
}

fn of_file(file: &File) -> Vec<String> {
    let named = named_images(file).into_iter().filter(|image| image.reference.is_ok());
    let mut texts: Vec<String> = named.map(|image| image.text).collect();
    if let Some(image) = &file.image {
        let noted = image.manifest.annotations.get(BASE_NAME).map(String::as_str);
        texts.extend(noted.or_else(|| image.config.label(BASE_NAME)).map(str::to_owned));
    }
    texts
}
