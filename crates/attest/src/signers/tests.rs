use proptest::prelude::*;

use super::Signers;
use super::options::{Options, timestamp};
use crate::Document;
use crate::tests::Key;

fn read(text: &str) -> (Signers, Vec<String>) {
    let (signers, troubles) = Signers::read(&Document {
        path: "allowed_signers".into(),
        bytes: text.as_bytes().to_vec(),
    });
    let told = troubles.iter();
    let told = told.map(|each| format!("{}:{} {}", each.line, each.column, each.message)).collect();
    (signers, told)
}

#[test]
fn comments_and_blank_lines_say_nothing() {
    let key = Key::new(1).public();
    let (signers, troubles) = read(&format!("# us\n\n  \t\r\n   # more\na@b {key}\r\nc@d {key} x"));
    assert_eq!((signers.len(), troubles), (2, Vec::new()));
    assert!(read("").0.is_empty());
}

#[test]
fn bad_lines_are_told_and_give_nothing() {
    let key = Key::new(1).public();
    for (line, expected) in [
        (
            "a@b".to_owned(),
            "1:4 has no key: a line is principals, options, key type, key in base64",
        ),
        (format!("a@b {}", key.replace("AAAA", "!!!!")), "1:5 is no key of the type `ssh-ed25519`"),
        ("a@b ssh-ed25519".to_owned(), "1:5 `ssh-ed25519` is followed by no key in base64"),
        (
            format!("a@b namespace=\"careen\" {key}"),
            "1:5 no option is called `namespace` (did you mean `namespaces`?): there are",
        ),
        (format!("a@b valid-after=\"20260101Z\",x {key}"), "1:29 no option is called `x`"),
        (
            format!("a@b namespaces=careen {key}"),
            "1:5 the value of `namespaces` is in double quotes",
        ),
        (format!("a@b namespaces {key}"), "1:5 `namespaces` has no value"),
        (format!("a@b namespaces=\"a {key}"), "1:5 the value of `namespaces` is in double quotes"),
        (format!("a@b namespaces=\"a\"b {key}"), "1:19 after `namespaces` stands neither"),
        (
            format!("a@b namespaces=\"a\",namespaces=\"b\" {key}"),
            "1:20 `namespaces` is given twice",
        ),
        (
            format!("a@b valid-before=\"tomorrow\" {key}"),
            "1:5 `valid-before` is \"tomorrow\", which is no time: write YYYYMMDDZ",
        ),
        (
            format!("a@b valid-after=\"20270101\",valid-before=\"20260101\" {key}"),
            "1:5 valid-before is not after valid-after",
        ),
        (
            format!("*@b cert-authority {key}"),
            "1:5 cert-authority is not supported: this line gives nobody a right",
        ),
        (format!("a@b,,c {key}"), "1:1 a principal is empty"),
        (format!("\"a@b {key}"), "1:1 the quote in front of the principals has no end"),
        (format!("\u{feff}a@b {key}"), "1:1 begins with a byte order mark"),
        (format!("ü@b x {key}"), "1:5 no option is called `x`"),
        (
            "a@b ssh-ed25519-cert-v01@openssh.com AAAA".to_owned(),
            "1:5 a certificate is not supported",
        ),
        (format!("{} {key}", "a".repeat(17_000)), "1:1 is longer than 16 KiB"),
    ] {
        let (signers, troubles) = read(&line);
        assert!(signers.is_empty(), "{line}");
        assert!(troubles[0].starts_with(expected), "{line}: {troubles:?}");
    }
    let many = "# \n".repeat(10_001);
    assert!(read(&many).1[0].starts_with("10001:1 has more than 10000 lines"));
    let large = "#".repeat((1 << 20) + 1);
    assert!(read(&large).1[0].starts_with("1:1 is larger than 1 MiB"));
    let document = Document { path: "x".into(), bytes: b"\xff\n".to_vec() };
    assert!(Signers::read(&document).1[0].message.starts_with("is not UTF-8"));
}

#[test]
fn times_have_three_lengths() {
    assert_eq!(timestamp("20261201"), Some(1_796_083_200));
    assert_eq!(timestamp("20261201Z"), Some(1_796_083_200));
    assert_eq!(timestamp("202612010001"), Some(1_796_083_260));
    assert_eq!(timestamp("20261201000101z"), Some(1_796_083_261));
    for text in ["", "Z", "2026", "20261301", "20260230", "2026120124", "202612012400", "19600101"]
    {
        assert_eq!(timestamp(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Signers::read(&Document { path: "x".into(), bytes });
    }

    #[test]
    fn no_line_panics(line in "[a@*!,\"\\\\ ]{0,8} ?((cert-authority|namespaces|valid-after)[=,\"\\\\ a0é]{0,8}){0,3} ?(ssh-ed25519|sk-ssh-) ?[A-Za-z=]{0,60}") {
        let _ = read(&line);
        let _ = Options::read(&line);
    }
}
