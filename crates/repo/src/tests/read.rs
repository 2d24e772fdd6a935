use std::fs;

use careen_rule::NoteKind;

use super::{Folder, content};
use crate::{Limits, Options, Outcome, open};

fn outcome(content: &[u8], limit: u64) -> (Outcome, Vec<u8>) {
    let folder = Folder::new();
    folder.write("file", content);
    let limits = Limits { max_file_bytes: limit, ..Limits::default() };
    let listing = folder.list(&Options { limits, ..Options::default() });
    let mut buffer = b"left over".to_vec();
    let outcome = open(&listing).read(&listing.entries[0], &mut buffer);
    (outcome, buffer)
}

#[test]
fn text_is_read_whole() {
    for size in [0, 1, 8191, 8192, 8193, 100_000] {
        let text = vec![b'x'; size];
        assert_eq!(outcome(&text, 100_000), (Outcome::Text, text));
    }
}

#[test]
fn a_nul_at_the_start_is_binary_and_a_late_one_is_not() {
    assert_eq!(outcome(b"\x7fELF\0", 100).0, Outcome::Binary);
    let mut late = vec![b'x'; 8192];
    late.push(0);
    assert_eq!(outcome(&late, 100_000), (Outcome::Text, late));
    let mut early = vec![b'x'; 8191];
    early.push(0);
    early.extend([b'y'; 50_000]);
    let (outcome, buffer) = outcome(&early, 100_000);
    assert_eq!(outcome, Outcome::Binary);
    assert!(buffer.len() <= 8192);
}

#[test]
fn utf16_with_a_mark_is_text() {
    for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
        let text = [&mark[..], b"a\0b\0"].concat();
        assert_eq!(outcome(&text, 100), (Outcome::Text, text));
    }
}

#[test]
fn a_large_text_is_a_note_and_a_large_binary_is_not() {
    for (size, limit) in [(101, 100), (10_000, 9_999), (8193, 8192), (20_000, 8191)] {
        let (outcome, buffer) = outcome(&vec![b'x'; size], limit);
        let Outcome::Skipped(note) = outcome else { panic!("{size} bytes were read") };
        assert_eq!((note.kind, note.incomplete), (NoteKind::Limit, false));
        assert!(buffer.is_empty());
    }
    assert_eq!(outcome(&[b'x'; 100], 100).0, Outcome::Text);
    assert_eq!(outcome(&[0; 20_000], 10_000).0, Outcome::Binary);
}

#[test]
fn what_is_gone_or_replaced_is_a_note() {
    let folder = Folder::new();
    folder.write("gone", "").write("now-a-folder", "").write("now-a-link", "");
    let listing = folder.tree();
    for name in ["gone", "now-a-folder", "now-a-link"] {
        fs::remove_file(folder.path.join(name)).unwrap();
    }
    fs::create_dir(folder.path.join("now-a-folder")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", folder.path.join("now-a-link")).unwrap();
    let reader = open(&listing);
    let mut buffer = Vec::new();
    let notes: Vec<_> = listing
        .entries
        .iter()
        .map(|entry| match reader.read(entry, &mut buffer) {
            Outcome::Skipped(note) => (note.kind, note.incomplete),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(notes[0], (NoteKind::Information, false));
    assert_eq!(notes[1], (NoteKind::Unreadable, true));
    #[cfg(unix)]
    assert_eq!(notes[2], (NoteKind::Unreadable, true));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_a_note() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("shut", "");
    fs::set_permissions(folder.path.join("shut"), fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser can read everything.
    if fs::read(folder.path.join("shut")).is_ok() {
        return;
    }
    let listing = folder.tree();
    let Outcome::Skipped(note) = open(&listing).read(&listing.entries[0], &mut Vec::new()) else {
        panic!("it was read");
    };
    assert!(note.incomplete);
    assert!(note.message.contains("permission denied"));
}

#[test]
fn one_reader_serves_many_threads() {
    let Some(folder) = Folder::repository() else { return };
    for index in 0..40 {
        folder.write(&format!("{index}"), format!("content {index}"));
    }
    folder.git(&["add", "--all"]);
    let listing = folder.staged();
    assert_eq!(listing.entries.len(), 40);
    let reader = open(&listing);
    std::thread::scope(|scope| {
        for entries in listing.entries.chunks(10) {
            let reader = &reader;
            scope.spawn(move || {
                let mut buffer = Vec::new();
                for entry in entries {
                    assert_eq!(reader.read(entry, &mut buffer), Outcome::Text);
                    assert_eq!(buffer, format!("content {}", entry.path).into_bytes());
                }
            });
        }
    });
    assert_eq!(content(&listing, "7"), b"content 7");
}
