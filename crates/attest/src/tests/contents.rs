//! What a file may say, and what is told of one that says something else.

use proptest::prelude::*;

use super::*;

/// The troubles as `line:column message`.
fn troubles(path: &str, text: &str) -> Vec<String> {
    let found = judged(&[document(path, text)], &Signers::default());
    assert!(found.sign_offs.is_empty() && found.waivers.is_empty(), "{text}");
    found
        .troubles
        .iter()
        .map(|each| format!("{}:{} {}", each.line, each.column, each.message))
        .collect()
}

/// Replaces a line of a sign-off and tells what is wrong then.
fn with(key: &str, line: &str) -> String {
    let text = sign_off().to_yaml();
    let rest = |old: &&str| key != "evidence" || !(old.starts_with("- ") || old.starts_with(' '));
    let lines = text.lines().filter(rest).map(|old| {
        if old.starts_with(&format!("{key}:")) { line.to_owned() } else { old.to_owned() }
    });
    let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    troubles(&sign_off().path, &text).join("; ")
}

#[test]
fn what_is_written_is_read() {
    let (sign_off, waiver) = (sign_off(), waiver());
    let documents = [
        document(&sign_off.path, sign_off.to_yaml()),
        document(&waiver.path, waiver.to_yaml()),
        document(".careen/evidence/k6.json", "{}"),
        document(".careen/allowed_signers", "# nobody"),
    ];
    let found = judged(&documents, &Signers::default());
    assert_eq!(found.troubles, []);
    assert_eq!((found.sign_offs, found.waivers), (vec![sign_off.clone()], vec![waiver.clone()]));
    assert!(!sign_off.is_over(NOW) && sign_off.is_over(NOW + 90 * DAY));
    assert!(!waiver.is_over(NOW + 30 * DAY - 1) && waiver.is_over(NOW + 30 * DAY));
    let text = sign_off.to_yaml();
    assert!(text.starts_with("# Verify: ssh-keygen -Y verify -n careen -f .careen/allowed_signers -I dba@example.com -s .careen/sign-offs/migrations-tested/dba.yaml.sig < .careen/sign-offs/migrations-tested/dba.yaml\ncareen: sign-off/1\n"), "{text}");
    assert!(text.contains("\nexpires: 2027-02-28\n"), "{text}");
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (key, line, expected) in [
        ("statement", "statement: \"\"", "4:12 `statement` is empty: write it down"),
        ("statement", "", "2:1 a sign-off needs `statement`, and has none"),
        ("statement", "statement: [a]", "4:12 `statement` is a text"),
        ("approved", "approved: yes", "5:11 `approved` is `yes`, which is not `true` or `false`"),
        ("role", "rolle: dba", "6:1 a sign-off has no key `rolle` (did you mean `role`?)"),
        ("role", "role: DBA", "6:7 `role` is `DBA`, which is not a name of a-z"),
        ("control", "control: ../../etc", "3:10 `control` is `../../etc`, which is not a name"),
        ("by", "by: \"*@example.com\"", "7:5 `by` is `*@example.com`, which is not an address"),
        ("at", "at: yesterday", "8:5 `at` is `yesterday`, which is not a time, such as"),
        ("expires", "expires: 2027-02-30", "9:10 `expires` is `2027-02-30`, which is not a day"),
        ("expires", "at: 2026-11-25", "9:1 "),
        ("commit", "commit: HEAD", "10:9 `commit` is `HEAD`, which is not the full id of a commit"),
        ("tree", "tree: sha256:abc", "11:7 `tree` is `sha256:abc`, which is not `sha256:` and 64"),
        (
            "careen",
            "careen: sign-off/2",
            "2:9 `careen` is `sign-off/2`: this version reads `sign-off/1`",
        ),
        ("commit", "commit: !!str abc", "10:15 has a YAML tag: write the value itself"),
        ("tree", "<<: {a: b}", "11:1 has a YAML merge key"),
        ("evidence", "evidence: {}", "12:11 `evidence` is a list of `file` and `sha256`"),
        (
            "evidence",
            "evidence: [{file: ../x, sha256: 00}]",
            "12:19 `file` is `../x`, which is not a path",
        ),
        (
            "evidence",
            "evidence: [{file: x}]",
            "12:12 an item of `evidence` has `file` and `sha256`",
        ),
        (
            "evidence",
            "evidence: [{fil: x, sha256: y}]",
            "12:13 an item of `evidence` has no key `fil` (did you mean `file`?)",
        ),
    ] {
        let told = with(key, line);
        let told = told.split("; ").any(|each| each.starts_with(expected));
        assert!(told, "{line}: {:?} instead of {expected}", with(key, line));
    }
    let waiver = waiver();
    for key in ["owner", "reason", "compensating", "expires", "at", "control", "careen"] {
        let text: Vec<String> = waiver
            .to_yaml()
            .lines()
            .filter(|line| !line.starts_with(&format!("{key}:")))
            .map(str::to_owned)
            .collect();
        let told = troubles(&waiver.path, &text.join("\n"));
        assert_eq!(told, [format!("2:1 a waiver needs `{key}`, and has none")]);
    }
}

#[test]
fn files_that_are_none_are_told() {
    let path = &sign_off().path;
    let large = format!("# {}\n", "x".repeat(64 << 10));
    for (text, expected) in [
        ("", "1:1 is empty: a sign-off has the keys `careen`, `control`"),
        ("- a", "1:1 a sign-off is a mapping with the keys"),
        ("a: 1\n---\nb: 2\n", "2:1 holds a second document"),
        ("a: [", "1:"),
        (&large, "1:1 is larger than 64 KiB"),
    ] {
        assert!(
            troubles(path, text)[0].starts_with(expected),
            "{text}: {:?}",
            troubles(path, text)
        );
    }
    let found = judged(&[document(path, vec![b'a', b':', 0xff])], &Signers::default());
    assert!(found.troubles[0].message.starts_with("is not UTF-8"), "{:?}", found.troubles);
    let stray = document(".careen/sign-offs/dba.yaml", "");
    let alone = document(".careen/waivers/x.yaml.sig", "");
    let found = judged(&[stray, alone], &Signers::default());
    let told: Vec<_> = found.troubles.iter().map(|each| (&*each.path, &*each.message)).collect();
    assert!(told[0].1.starts_with("is not read: a sign-off is .careen/sign-offs/"), "{told:?}");
    assert!(told[1].1.starts_with("signs .careen/waivers/x.yaml, which is not there"), "{told:?}");
}

#[test]
fn not_more_than_ten_thousand_are_read() {
    let documents: Vec<_> = (0..10_002)
        .map(|number| document(&format!(".careen/waivers/c-{number:05}.yaml"), ""))
        .collect();
    let found = judged(&documents, &Signers::default());
    let last = found.troubles.last().unwrap();
    assert_eq!(found.troubles.len(), 10_001);
    assert_eq!(&*last.path, ".careen/waivers/c-10000.yaml");
    assert!(last.message.starts_with("2 files from here on are not read"), "{}", last.message);
}

proptest! {
    #[test]
    fn nothing_panics(
        yaml in prop::collection::vec(any::<u8>(), 0..400),
        signature in prop::collection::vec(any::<u8>(), 0..400),
        path in "\\.careen/(sign-offs/a/dba|waivers/a|[a-z/.]{0,12})\\.yaml",
    ) {
        let documents = [document(&path, yaml), document(&format!("{path}.sig"), signature)];
        prop_assert!(!holds(&judged(&documents, &of_dba())));
    }

    /// Bytes in the right form reach further.
    #[test]
    fn no_signature_panics(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = sign_off().to_yaml();
        let bytes = [b"SSHSIG\0\0\0\x01", &body[..]].concat();
        let path = sign_off().path;
        let documents = [document(&path, text), document(&format!("{path}.sig"), pem(&bytes))];
        prop_assert!(!holds(&judged(&documents, &of_dba())));
    }

    #[test]
    fn what_people_write_comes_back(
        statement in "\\PC{0,40}[a-z]\\PC{0,40}",
        reason in any::<String>(),
        file in "[^/\\\\\\pC]{3,20}",
    ) {
        let mut sign_off = sign_off();
        sign_off.statement = statement;
        sign_off.evidence[0].path = file;
        let mut waiver = waiver();
        waiver.reason = format!("{reason}.");
        let documents =
            [document(&sign_off.path, sign_off.to_yaml()), document(&waiver.path, waiver.to_yaml())];
        let found = judged(&documents, &Signers::default());
        prop_assert_eq!(found.troubles, []);
        prop_assert_eq!(found.sign_offs, vec![sign_off]);
        prop_assert_eq!(found.waivers, vec![waiver]);
    }
}
