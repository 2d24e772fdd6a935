use std::io;

use careen_image_model::oci::EntryKind;
use proptest::prelude::*;

use super::{Header, Tape, TapeLimits, clean};
use crate::header::BLOCK;

const LIMITS: TapeLimits = TapeLimits { path: 4096, extension: 1 << 20 };

fn read(bytes: &[u8]) -> io::Result<Vec<Header>> {
    let mut tape = Tape::new(bytes, LIMITS);
    let mut headers = Vec::new();
    while let Some(header) = tape.next_header()? {
        headers.push(header);
    }
    Ok(headers)
}

fn paths(bytes: &[u8]) -> io::Result<Vec<String>> {
    Ok(read(bytes)?.into_iter().map(|header| header.entry.path.into_string()).collect())
}

fn why(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

/// A header, changed by `change` before its checksum is taken.
fn raw(name: &str, kind: u8, size: u64, change: impl FnOnce(&mut [u8; BLOCK])) -> Vec<u8> {
    let mut block = [0; BLOCK];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[108..115].copy_from_slice(b"0000001");
    block[116..123].copy_from_slice(b"0000002");
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    change(&mut block);
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.to_vec()
}

fn plain(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    [raw(name, kind, content.len() as u64, |_| ()), padded(content)].concat()
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.resize(content.len().div_ceil(BLOCK) * BLOCK, 0);
    bytes
}

fn pax(kind: u8, records: &[(&str, &str)]) -> Vec<u8> {
    let mut content = String::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length.to_string().len() + rest != length {
            length += 1;
        }
        content.push_str(&format!("{length} {key}={value}\n"));
    }
    plain("pax", kind, content.as_bytes())
}

fn end() -> Vec<u8> {
    vec![0; 2 * BLOCK]
}

fn archive(names: &[&str]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for name in names {
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        header.set_mode(0o4755);
        builder.append_data(&mut header, name, b"abc".as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn names_of_any_length_are_read() {
    let long = "d/".repeat(120) + "file";
    let bytes = archive(&["a", &long, "./b/./c"]);
    assert_eq!(paths(&bytes).unwrap(), ["a", &long, "b/c"]);
    assert_eq!(read(&bytes).unwrap()[0].entry.mode, 0o4755);
}

#[test]
fn damage_is_told() {
    let bytes = archive(&["a", "b"]);
    assert!(paths(&bytes[..514]).is_err(), "in the middle of a file");
    assert!(paths(&bytes[..1030]).is_err(), "in the middle of a header");
    assert_eq!(paths(&bytes[..700]).unwrap(), ["a"], "padding at the end may be missing");
    let mut wrong = bytes;
    wrong[0] ^= 1;
    assert!(paths(&wrong).is_err());
    assert_eq!(paths(&[]).unwrap(), Vec::<String>::new());
}

#[test]
fn paths_that_lead_out_are_told() {
    assert_eq!(clean("/etc/passwd"), ("etc/passwd".into(), false));
    assert_eq!(clean("a/../b/./c"), ("b/c".into(), false));
    assert_eq!(clean("../../etc"), ("etc".into(), true));
    assert_eq!(clean("a/../../etc"), ("etc".into(), true));
}

#[test]
fn the_size_of_an_extension_counts() {
    // Whoever goes by the header takes the content for entries: CVE-2025-62518.
    let inner = plain("hidden", b'0', b"");
    let bytes = [
        pax(b'x', &[("size", &inner.len().to_string())]),
        raw("outer", b'0', 0, |_| ()),
        inner,
        plain("next", b'0', b"x"),
        end(),
    ]
    .concat();
    assert_eq!(paths(&bytes).unwrap(), ["outer", "next"]);
    assert_eq!(read(&bytes).unwrap()[0].size, 512);
    for bad in ["x", "-1", "99999999999999999999"] {
        let bytes = [pax(b'x', &[("size", bad)]), plain("a", b'0', b"")].concat();
        assert_eq!(why(&bytes), "an extension header is malformed", "{bad}");
    }
}

#[test]
fn a_line_break_in_a_value_begins_no_record() {
    let bytes =
        [pax(b'x', &[("comment", "\n\n12 path=evil\n"), ("path", "good")]), plain("x", b'0', b"")];
    assert_eq!(paths(&bytes.concat()).unwrap(), ["good"]);
}

#[test]
fn numbers_may_be_binary() {
    let binary = |block: &mut [u8; BLOCK]| {
        block[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    };
    let bytes = [raw("a", b'0', 0, binary), padded(b"abc"), plain("b", b'0', b"")].concat();
    assert_eq!(paths(&bytes).unwrap(), ["a", "b"]);
    let negative = raw("a", b'0', 0, |block| block[124..136].fill(0xff));
    assert_eq!(why(&negative), "a header has no valid size");
    let wide = |block: &mut [u8; BLOCK]| {
        // What is in front of the last eight bytes counts too.
        block[124..136].copy_from_slice(&[0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    };
    assert_eq!(why(&raw("a", b'0', 0, wide)), "a header has no valid size");
    let blank = raw("a/", b'5', 0, |block| block[124..136].fill(b' '));
    assert_eq!(paths(&blank).unwrap(), ["a"]);
    let mode = raw("a", b'0', 0, |block| block[100..107].copy_from_slice(b"rwsr-xr"));
    assert_eq!(why(&mode), "a header has no valid mode");
}

#[test]
fn only_files_have_content() {
    let linked = |size| raw("a", b'1', size, |block| block[157..158].copy_from_slice(b"b"));
    let bytes = [linked(700), plain("b", b'0', b"")].concat();
    let found = read(&bytes).unwrap();
    assert_eq!(found[0].entry.kind, EntryKind::Hardlink);
    assert_eq!((found[0].size, &*found[1].entry.path), (0, "b"));
    for kind in [b'2', b'3', b'4', b'5', b'6', b'V', b'M'] {
        let bytes = plain("a", kind, b"abc");
        assert_eq!(why(&bytes), "an entry that is no file has content", "{kind}");
    }
    // A folder for one reader, a file for the other.
    assert_eq!(why(&plain("a/", 0, b"abc")), "an entry that is no file has content");
    assert_eq!(why(&plain("a/", b'0', b"abc")), "an entry that is no file has content");
    assert_eq!(read(&plain("a/", 0, b"")).unwrap()[0].entry.kind, EntryKind::Directory);
}

#[test]
fn sparse_files_are_refused() {
    let sparse = "a file is stored sparse, which is not read";
    assert_eq!(why(&plain("a", b'S', b"")), sparse);
    let bytes = [pax(b'x', &[("GNU.sparse.name", "b")]), plain("a", b'0', b"")].concat();
    assert_eq!(why(&bytes), sparse);
}

#[test]
fn the_end_is_the_end() {
    let first = plain("a", b'0', b"x");
    let more = plain("hidden", b'0', b"");
    let none: Vec<u8> = Vec::new();
    for behind in [none, vec![0; BLOCK], end(), [end(), more.clone()].concat()] {
        assert_eq!(paths(&[first.clone(), behind].concat()).unwrap(), ["a"]);
    }
    let lone = [first, vec![0; BLOCK], more].concat();
    assert_eq!(why(&lone), "the archive goes on behind its end");
}

#[test]
fn two_names_are_refused() {
    let file = plain("short", b'0', b"");
    let long = |name: &str| plain("././@LongLink", b'L', format!("{name}\0").as_bytes());
    let named = |name: &str| pax(b'x', &[("path", name)]);
    assert_eq!(paths(&[long("a"), named("a"), file.clone()].concat()).unwrap(), ["a"]);
    for front in [
        [long("a"), named("b")].concat(),
        [named("a"), named("a")].concat(),
        [long("a"), long("b")].concat(),
        pax(b'g', &[("path", "b")]),
        pax(b'g', &[("size", "0")]),
        [named("a"), pax(b'g', &[("comment", "b")])].concat(),
    ] {
        assert!(read(&[front, file.clone()].concat()).is_err());
    }
    let commit = pax(b'g', &[("comment", "d4ab953")]);
    assert_eq!(paths(&[commit, file].concat()).unwrap(), ["short"]);
}

#[test]
fn prefixes_are_those_of_their_format() {
    let prefixed = |magic: &'static [u8; 8], prefix: &'static [u8]| {
        raw("name", b'0', 0, move |block| {
            block[257..265].copy_from_slice(magic);
            block[345..345 + prefix.len()].copy_from_slice(prefix);
        })
    };
    assert_eq!(paths(&prefixed(b"ustar\x0000", b"etc")).unwrap(), ["etc/name"]);
    // The version is not looked at.
    assert_eq!(paths(&prefixed(b"ustar\0\0\0", b"etc")).unwrap(), ["etc/name"]);
    assert_eq!(paths(&prefixed(b"\0\0\0\0\0\0\0\0", b"etc")).unwrap(), ["name"]);
    assert_eq!(
        paths(&prefixed(b"ustar  \0", b"00000000001\x0000000000002\x00")).unwrap(),
        ["name"]
    );
    let both = why(&prefixed(b"ustar  \0", b"etc"));
    assert_eq!(both, "a header has a name that readers do not agree on");
    let star = raw("name", b'0', 0, |block| {
        block[345..476].fill(b'p');
        block[476..488].copy_from_slice(b"00000000001\0");
        block[508..512].copy_from_slice(b"tar\0");
    });
    assert_eq!(paths(&star).unwrap(), [format!("{}/name", "p".repeat(131))]);
}

#[test]
fn names_that_are_no_text_stay_apart() {
    let name = |byte: u8| raw("a", b'0', 0, move |block| block[1] = byte);
    let bytes = [name(0xff), name(0xfe)].concat();
    assert_eq!(paths(&bytes).unwrap(), ["a\\xff", "a\\xfe"]);
}

#[test]
fn extensions_are_bounded() {
    let comment = pax(b'g', &[("comment", "x")]);
    let file = plain("a", b'0', b"");
    assert!(read(&[comment.repeat(15), file.clone()].concat()).is_ok());
    let many = [comment.repeat(16), file.clone()].concat();
    assert_eq!(why(&many), "too many extension headers follow each other");
    let large = [raw("pax", b'x', (1 << 20) + 1, |_| ()), file.clone()].concat();
    assert_eq!(why(&large), "an extension header is too large");
    let long = [pax(b'x', &[("path", &"a".repeat(4097))]), file].concat();
    assert_eq!(why(&long), "a path is too long");
}

/// A generator that is the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// Every entry lies within the archive, and no two overlap.
fn check(bytes: &[u8]) {
    let mut tape = Tape::new(bytes, LIMITS);
    let mut last = 0;
    while let Ok(Some(header)) = tape.next_header() {
        let at = tape.offset();
        assert!(at >= last + BLOCK as u64 && at <= bytes.len() as u64);
        assert!(header.entry.path.len() <= 4 * LIMITS.path);
        assert!(!header.entry.path.split('/').any(|part| part == ".."));
        last = at;
    }
}

#[test]
fn mutated_archives_are_read_without_harm() {
    let seed = [
        archive(&["a", &("d/".repeat(120) + "file")]),
        pax(b'x', &[("path", "a/b"), ("size", "3")]),
        plain("x", b'0', b"abc"),
        plain("l", b'1', b""),
        end(),
    ]
    .concat();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..4000 {
        let mut bytes = seed.clone();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            bytes[at] = [0, b'0', b'7', b'x', b' ', 0x80, 0xff, b'\n'][dice.below(8)];
            // Most changes of a header would only make its checksum wrong.
            let block = at / BLOCK * BLOCK;
            if let Some(header) = bytes.get_mut(block..block + BLOCK) {
                header[148..156].copy_from_slice(b"        ");
                let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
                header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            }
        }
        if dice.below(8) == 0 {
            bytes.truncate(dice.below(bytes.len()));
        }
        check(&bytes);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        check(&bytes);
    }

    #[test]
    fn any_extension_is_read_without_harm(text in "([0-9]{1,3} [a-zG.]{0,8}=[0-9a\n]{0,8}\n?){0,6}") {
        check(&[plain("pax", b'x', text.as_bytes()), plain("a", b'0', b"abc"), end()].concat());
    }

    #[test]
    fn what_is_written_is_read(names in prop::collection::vec("[a-z]{1,150}", 1..5)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        prop_assert_eq!(paths(&archive(&names)).unwrap(), names);
    }
}
