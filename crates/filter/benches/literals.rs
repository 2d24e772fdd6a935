//! How fast literals are found, beside counting newlines and beside other searchers.
//! `cargo xtask bench secrets` runs this.
//!
//! Arguments are folders to read the text from, and `--literals FILE` for a set of one's own: a
//! literal per line, after `=` if it is to match as it is, after `~` if in either case. With
//! `--others`, the searchers of `aho-corasick` are measured too, which takes minutes.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark: its output is the terminal, its subject the clock"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use aho_corasick::{AhoCorasick, AhoCorasickKind, packed};
use careen_filter::{Backend, Filter, Literal};

const ROUNDS: usize = 3;
/// The most text that is read.
const MOST: usize = 300_000_000;
/// Windows that a packed searcher of `aho-corasick` takes.
const GROUP: usize = 64;

/// A literal, and whether it matches in either case.
type Owned = (Vec<u8>, bool);

fn main() {
    let mut files = Vec::new();
    let mut total = 0;
    let (mut own, mut others) = (None, false);
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--literals" => own = arguments.next(),
            "--others" => others = true,
            folder => read(Path::new(folder), &mut files, &mut total),
        }
    }
    if files.is_empty() {
        println!("literals: no text to search: name a folder");
        return;
    }
    let count = files.len();
    println!("one thread, {count} files, {:.0} MB in memory, best of {ROUNDS}", total as f64 / 1e6);
    let newlines = best(|| {
        for file in &files {
            black_box(memchr::memchr_iter(b'\n', file).count());
        }
    });
    let floor = newlines.as_secs_f64();
    row("newlines counted", newlines, total, floor, "");
    let mut sets: Vec<(String, Vec<Owned>)> = [(300, 0), (500, 500), (1500, 1500)]
        .map(|(tokens, words)| {
            let name = format!("{tokens} prefixes, {words} words");
            (name, made(tokens, words))
        })
        .into();
    if let Some(path) = own {
        sets = vec![(path.clone(), listed(&path))];
    }
    for (name, set) in &sets {
        println!("{name}");
        let literals: Vec<Literal<'_>> =
            set.iter().map(|(bytes, fold)| Literal { bytes, fold: *fold }).collect();
        let start = Instant::now();
        black_box(Filter::new(&literals));
        let built = start.elapsed().as_secs_f64() * 1e3;
        println!("  {:<28}{built:>9.2} ms wall", "filter built");
        for backend in Backend::all() {
            let filter = Filter::with_backend(&literals, backend);
            let mut hits = 0_usize;
            let took = best(|| {
                hits = 0;
                for file in &files {
                    filter.each(file, |_, _| hits += 1);
                }
            });
            let name = format!("filter, {}", backend.name());
            row(&name, took, total, floor, &format!("{hits} hits"));
        }
        if others {
            compare(set, &files, total, floor);
        }
    }
}

/// The searchers of `aho-corasick` on the same literals.
fn compare(set: &[Owned], files: &[Vec<u8>], total: usize, floor: f64) {
    let patterns: Vec<Vec<u8>> = set.iter().map(|(bytes, _)| bytes.to_ascii_lowercase()).collect();
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(&patterns)
        .expect("a few thousand literals fit");
    let took = best(|| {
        for file in files {
            black_box(automaton.find_overlapping_iter(file).count());
        }
    });
    row("aho-corasick, automaton", took, total, floor, "all in either case");
    let windows: Vec<Vec<u8>> =
        set.iter().map(|(bytes, _)| bytes[..bytes.len().min(4)].to_vec()).collect();
    let searchers: Option<Vec<_>> = windows
        .chunks(GROUP)
        .map(|group| packed::Config::new().builder().extend(group).build())
        .collect();
    let Some(searchers) = searchers else { return };
    let took = best(|| {
        for searcher in &searchers {
            for file in files {
                black_box(searcher.find_iter(file).count());
            }
        }
    });
    row("aho-corasick, packed groups", took, total, floor, "windows as written, not checked");
}

fn row(name: &str, took: Duration, total: usize, floor: f64, note: &str) {
    let seconds = took.as_secs_f64();
    let speed = total as f64 / 1e9 / seconds;
    println!("  {name:<28}{speed:>9.2} GB/s {:>6.1}x  {note}", seconds / floor);
}

/// The least that a run takes, in time of the processor where the system tells it: what else the
/// machine does matters less then.
fn best(mut run: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let (start, spent) = (Instant::now(), on_processor());
        run();
        let elapsed = start.elapsed();
        spent.zip(on_processor()).map_or(elapsed, |(before, after)| after.saturating_sub(before))
    });
    rounds.min().unwrap_or_default()
}

/// How long this thread has run: the scheduler's own account, in nanoseconds.
fn on_processor() -> Option<Duration> {
    let account = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    account.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Reads the files below the folder, in order, until there is enough text.
fn read(path: &Path, files: &mut Vec<Vec<u8>>, total: &mut usize) {
    let Ok(entries) = fs::read_dir(path) else { return };
    let mut paths: Vec<_> = entries.flatten().collect();
    paths.sort_by_key(fs::DirEntry::file_name);
    for entry in paths {
        let Ok(kind) = entry.file_type() else { continue };
        if *total >= MOST || entry.file_name() == ".git" {
            continue;
        }
        if kind.is_dir() {
            read(&entry.path(), files, total);
        } else if kind.is_file()
            && let Ok(text) = fs::read(entry.path())
            && std::str::from_utf8(&text).is_ok()
        {
            *total += text.len();
            files.push(text);
        }
    }
}

/// The literals of a file.
fn listed(path: &str) -> Vec<Owned> {
    let text = fs::read_to_string(path).expect("the list of literals can be read");
    let lines = text.lines().filter_map(|line| {
        let fold = line.starts_with('~');
        let literal = line.strip_prefix(['~', '='])?;
        (literal.len() >= 3).then(|| (literal.as_bytes().to_vec(), fold))
    });
    lines.collect()
}

/// Made literals: heads of tokens, which match as they are, and words, which match in either
/// case. The same in every run.
fn made(tokens: usize, words: usize) -> Vec<Owned> {
    const SYLLABLES: [&str; 40] = [
        "ac", "ba", "ber", "cam", "con", "da", "den", "do", "el", "fi", "flow", "gra", "hub", "in",
        "jet", "key", "la", "li", "log", "mar", "mo", "net", "or", "pa", "pay", "port", "qu", "re",
        "sen", "sky", "sta", "stack", "tel", "to", "tra", "ver", "vi", "wave", "xe", "zen",
    ];
    const SEPARATORS: [&str; 6] = ["_", "-", "_live_", "-v1-", ".", "_pat_"];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % bound
    };
    let mut made = Vec::new();
    for _ in 0..tokens {
        let mut literal = String::new();
        for _ in 0..2 + below(4) {
            literal.push(char::from(b'a' + u8::try_from(below(26)).unwrap_or(0)));
        }
        if below(5) == 0 {
            literal.make_ascii_uppercase();
        }
        literal.push_str(SEPARATORS[below(SEPARATORS.len())]);
        made.push((literal.into_bytes(), false));
    }
    for _ in 0..words {
        let word: String = (0..2 + below(3)).map(|_| SYLLABLES[below(SYLLABLES.len())]).collect();
        made.push((word.into_bytes(), true));
    }
    made.retain(|(bytes, _)| bytes.len() > 3);
    made
}
