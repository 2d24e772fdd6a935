//! How fast layers are walked, beside decompressing them alone. `cargo xtask bench layers` runs
//! this.
//!
//! A layer of 256 MiB is made of words in no order, some of them common and most of them rare, which
//! compress about as program files and texts do. Rounds are interleaved, so that what else the
//! machine does hits all alike; medians are shown. Verifying costs two digests, so decompressing
//! with them is shown too.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark: its output is the terminal, its subject the clock"
)]

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::time::Instant;

use careen_engine::{ImageInput, Images};
use careen_image_source::{
    Hasher, ImageSource, Limits, MemorySource, Selection, prepare, walk_layer,
};
use careen_testkit::Xorshift;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

const MIB: usize = 1 << 20;
const FILES: usize = 256;
const ROUNDS: usize = 5;
/// Walking may take so many times what decompressing takes.
const MOST_RATIO: f64 = 2.0;

fn main() {
    let tar = archive();
    let mut stored = GzEncoder::new(Vec::new(), Compression::default());
    stored.write_all(&tar).expect("memory takes all");
    let stored = stored.finish().expect("memory takes all");
    let source = image(&stored);
    let name = "app".into();
    let prepared = prepare(&source, &name, &Selection::default()).expect("our own image");
    let mut times = [const { Vec::new() }; 4];
    for round in 0..=ROUNDS {
        let mut measure = |at: usize, work: &dyn Fn()| {
            let start = Instant::now();
            work();
            if round > 0 {
                times[at].push(start.elapsed().as_secs_f64());
            }
        };
        measure(0, &|| {
            let decoder = MultiGzDecoder::new(stored.as_slice());
            black_box(io::copy(&mut { decoder }, &mut io::sink()).expect("our own layer"));
        });
        measure(1, &|| {
            let mut hasher = Hasher::new("sha256").expect("SHA-256 is known");
            hasher.update(&stored);
            black_box(hasher.finish());
            let mut hasher = Hasher::new("sha256").expect("SHA-256 is known");
            let mut decoder = MultiGzDecoder::new(stored.as_slice());
            let mut buffer = vec![0; 128 << 10];
            loop {
                let read = decoder.read(&mut buffer).expect("our own layer");
                if read == 0 {
                    break;
                }
                hasher.update(buffer.get(..read).unwrap_or_default());
            }
            black_box(hasher.finish());
        });
        measure(2, &|| {
            let layer =
                walk_layer(&source, &prepared, 0, Limits::default(), &|_| false, &mut |_| {});
            assert!(layer.is_some_and(|layer| layer.entries.len() == FILES));
        });
        measure(3, &|| {
            let mut read = 0;
            let limits = Limits::default();
            let mut take = |file: careen_image_source::LayerFile<'_>| read += file.bytes.len();
            black_box(walk_layer(&source, &prepared, 0, limits, &|_| true, &mut take));
            black_box(read);
        });
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    });
    let speed = |seconds: f64| (tar.len() / MIB) as f64 / seconds;
    println!("a layer of {} MiB, {} MiB as gzip", tar.len() / MIB, stored.len() / MIB);
    for (what, seconds) in [
        "decompressing alone",
        "decompressing with both digests",
        "walking",
        "walking, every file handed over",
    ]
    .iter()
    .zip(medians)
    {
        let ratio = seconds / medians[0];
        println!("  {what:<34} {:>7.0} MiB/s  {ratio:>5.2} times", speed(seconds));
    }
    let over = medians[2] / medians[0] > MOST_RATIO;
    println!(
        "{}",
        if over { "OVER the budget of 2 times" } else { "within the budget of 2 times" }
    );
    // The types of a whole run are the same.
    black_box(Images {
        inputs: vec![ImageInput { name, source: Box::new(source) }],
        ..Images::default()
    });
    if over {
        std::process::exit(1);
    }
}

fn archive() -> Vec<u8> {
    let mut random = Xorshift::new(7);
    let word = |random: &mut Xorshift| -> Vec<u8> {
        let length = 2 + random.below(9);
        (0..length).map(|_| (random.number() >> 24) as u8).collect()
    };
    let words: Vec<Vec<u8>> = (0..8192).map(|_| word(&mut random)).collect();
    let mut builder = tar::Builder::new(Vec::new());
    for at in 0..FILES {
        let mut content = Vec::with_capacity(MIB + 16);
        while content.len() < MIB {
            // The smaller of two is common, so words are as unevenly used as in a language.
            let word = random.below(words.len()).min(random.below(words.len()));
            content.extend_from_slice(words.get(word).map_or(&[][..], Vec::as_slice));
        }
        content.truncate(MIB);
        let mut header = tar::Header::new_gnu();
        header.set_size(MIB as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, format!("opt/app/file-{at}"), content.as_slice())
            .expect("memory takes all");
    }
    builder.into_inner().expect("memory takes all")
}

fn image(stored: &[u8]) -> MemorySource {
    let mut source = MemorySource::default();
    let layer = source.push("application/vnd.oci.image.layer.v1.tar+gzip", stored.to_vec());
    let config = source.push("application/vnd.oci.image.config.v1+json", b"{}".to_vec());
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "config": config,
        "layers": [layer],
    });
    source.push_document(
        "application/vnd.oci.image.manifest.v1+json",
        manifest.to_string().into_bytes(),
    );
    let _: &dyn ImageSource = &source;
    source
}
