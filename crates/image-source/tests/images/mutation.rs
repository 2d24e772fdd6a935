use careen_image_source::{Limits, Scheme, open};
use serde_json::json;

use crate::support::{Layout, MANIFEST, file, gzip, memory, read, read_with, tar_of};

/// A generator that is the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    /// Changes a few bytes, cuts, or doubles a part.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self.below(6) {
            0 => bytes.truncate(self.below(bytes.len())),
            1 => {
                let at = self.below(bytes.len());
                let part = bytes[at..].to_vec();
                bytes.extend(part);
            }
            _ => {
                for _ in 0..=self.below(6) {
                    let at = self.below(bytes.len());
                    bytes[at] = u8::try_from(self.below(256)).unwrap();
                }
            }
        }
        bytes
    }
}

#[test]
fn mutated_layers_are_read_without_harm() {
    let tar = tar_of(&[("a", b"x"), ("folder/b", &[7; 3000])]);
    let limits = Limits { unpacked: 1 << 20, entries: 1000, ..Limits::default() };
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for seed in [tar.clone(), gzip(&tar), zstd::encode_all(tar.as_slice(), 1).unwrap()] {
        for _ in 0..400 {
            let stored = dice.mutated(&seed);
            let (image, _) = read_with(&memory(&[(&stored, &tar)]), limits).unwrap();
            let layer = &image.layers[0];
            // What is not the layer that the configuration lists is never silently taken.
            assert!(!layer.problems.is_empty() || layer.found_diff_id == layer.diff_id);
            assert!(layer.entries.len() <= 1000);
        }
    }
}

#[test]
fn mutated_archives_are_opened_without_harm() {
    let mut layout = Layout::new();
    let image = layout.image(&tar_of(&[("a", b"x")]));
    layout.list(MANIFEST, &image, json!({}));
    let seed = layout.archive();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut good = 0;
    for _ in 0..300 {
        let (_folder, path) = file(&dice.mutated(&seed));
        for scheme in [Scheme::OciArchive, Scheme::DockerArchive] {
            if let Ok(source) = open(scheme, &path)
                && let Ok(image) = read(&*source)
            {
                good += usize::from(image.layers.iter().all(|layer| layer.problems.is_empty()));
            }
        }
    }
    // Changes in padding and in owners change nothing.
    assert!(good > 0 && good < 600, "{good}");
}
