//! What is refused, and why.

use super::*;

#[test]
fn a_signature_of_the_right_key_holds() {
    let sign_off = sign_off();
    let documents = signed(&sign_off.path, &sign_off.to_yaml(), &Key::new(1));
    let Vouched::Signed { principal, fingerprint } = vouched(&documents, &of_dba()) else {
        panic!("not signed")
    };
    assert_eq!(principal, DBA);
    assert!(fingerprint.starts_with("SHA256:") && fingerprint.len() == 50, "{fingerprint}");
    assert_eq!(vouched(&documents[..1], &of_dba()), Vouched::Claimed);
    let line = crate::signer_line(&documents[1].bytes, DBA).unwrap();
    assert_eq!(line, format!("{DBA} namespaces=\"careen\" {}", Key::new(1).public()));
    assert!(matches!(vouched(&documents, &signers(&line)), Vouched::Signed { .. }));
}

#[test]
fn one_byte_turns_it() {
    let sign_off = sign_off();
    let documents = signed(&sign_off.path, &sign_off.to_yaml(), &Key::new(1));
    let signers = of_dba();
    for which in 0..2 {
        for at in 0..documents[which].bytes.len() {
            for mask in [0x01, 0x20, 0x80] {
                let mut flipped = documents.clone();
                flipped[which].bytes[at] ^= mask;
                assert!(!holds(&judged(&flipped, &signers)), "{which}: byte {at} ^ {mask:#x}");
            }
        }
        let mut longer = documents.clone();
        longer[which].bytes.push(b'x');
        assert!(!holds(&judged(&longer, &signers)), "{which}");
        let mut shorter = documents.clone();
        let half = shorter[which].bytes.len() / 2;
        shorter[which].bytes.truncate(half);
        assert!(!holds(&judged(&shorter, &signers)), "{which}");
    }
}

#[test]
fn a_signature_over_something_else_is_refused() {
    let sign_off = sign_off();
    let mut documents = signed(&sign_off.path, &sign_off.to_yaml(), &Key::new(1));
    documents[0].bytes = sign_off.to_yaml().replace("copy of", "copy near").into_bytes();
    let why = refusal(&documents, &of_dba());
    assert!(why.starts_with("the signature is not over this content"), "{why}");
    let text = sign_off.to_yaml();
    for namespace in ["git", "file", "careen ", "Careen"] {
        documents[0].bytes = text.clone().into_bytes();
        documents[1].bytes = Key::new(1).sign(namespace, text.as_bytes());
        let why = refusal(&documents, &of_dba());
        let expected =
            format!("the signature is for the namespace `{namespace}`, which proves nothing");
        assert!(why.starts_with(&expected), "{why}");
    }
    for (bytes, expected) in [
        (b"".to_vec(), "is no signature of `ssh-keygen -Y sign`"),
        ([b"hello\n", &documents[1].bytes[..]].concat(), "is no signature of `ssh-keygen -Y sign`"),
        (pem(b"SSHSIG"), "is no signature that can be read"),
        (vec![b'-'; 70_000], "the signature is larger than 64 KiB"),
    ] {
        documents[1].bytes = bytes;
        let why = refusal(&documents, &of_dba());
        assert!(why.contains(expected), "{why}");
    }
}

#[test]
fn old_ways_of_signing_are_refused() {
    let sign_off = sign_off();
    let text = sign_off.to_yaml();
    let mut documents = signed(&sign_off.path, &text, &Key::new(1));
    let rsa = strings(&[b"ssh-rsa", &[1, 0, 1], &[0x7f; 256]]);
    let signature = strings(&[b"ssh-rsa", &[9; 256]]);
    let body = strings(&[&rsa, b"careen", b"", b"sha512", &signature]);
    documents[1].bytes = pem(&[b"SSHSIG\0\0\0\x01", &body[..]].concat());
    let why = refusal(&documents, &of_dba());
    assert!(why.contains("by RSA with SHA-1, which proves nothing any more"), "{why}");
    let small = strings(&[b"ssh-rsa", &[1, 0, 1], &[0x7f; 128]]);
    let signature = strings(&[b"rsa-sha2-512", &[9; 128]]);
    let body = strings(&[&small, b"careen", b"", b"sha512", &signature]);
    documents[1].bytes = pem(&[b"SSHSIG\0\0\0\x01", &body[..]].concat());
    let why = refusal(&documents, &of_dba());
    assert!(why.contains("an RSA key of 1023 bits is not taken: use one of 2048"), "{why}");
    for (head, hash) in [(0_u8, "sha512"), (2, "sha512"), (1, "sha1"), (1, "md5")] {
        let key = PublicKey::new(Key::new(1).data(), "").to_bytes().unwrap();
        let signature = strings(&[b"ssh-ed25519", &[0; 64]]);
        let body = strings(&[&key, b"careen", b"", hash.as_bytes(), &signature]);
        documents[1].bytes = pem(&[b"SSHSIG\0\0\0", &[head][..], &body].concat());
        refusal(&documents, &of_dba());
    }
}

#[test]
fn the_key_must_be_one_that_may() {
    let sign_off = sign_off();
    let documents = signed(&sign_off.path, &sign_off.to_yaml(), &Key::new(1));
    let key = Key::new(1).public();
    let why = refusal(&documents, &Signers::default());
    assert!(why.starts_with("nobody may sign: there is no .careen/allowed_signers"), "{why}");
    for (line, expected) in [
        (
            format!("{DBA} {}", Key::new(2).public()),
            "is not in .careen/allowed_signers: add a line for it, if it is `dba@example.com`'s",
        ),
        (
            format!("*@example.org {key}"),
            "may not sign for `dba@example.com`: .careen/allowed_signers:1 gives it to *@example.org",
        ),
        (format!("*,!{DBA} {key}"), "may not sign for `dba@example.com`"),
        (
            format!("# first\n{DBA} namespaces=\"git,file\" {key}"),
            "may not sign in the namespace `careen`: .careen/allowed_signers:2 has namespaces=\"git,file\"",
        ),
        (
            format!("{DBA} valid-after=\"20261201\" {key}"),
            "was not valid yet at 2026-11-30T00:00:00Z: .careen/allowed_signers:1 has valid-after 2026-12-01T00:00:00Z",
        ),
        (
            format!("{DBA} valid-before=\"202611292359Z\" {key}"),
            "was not valid any more at 2026-11-30T00:00:00Z",
        ),
        (
            format!("{DBA} namespaces=\"git\" {key}\nx@example.com {key}"),
            "may not sign in the namespace",
        ),
    ] {
        let why = refusal(&documents, &signers(&line));
        assert!(why.contains(expected), "{line}: {why}");
    }
    for line in [
        format!("*@example.com {key}"),
        format!("a@b,{DBA} namespaces=\"careen,git\" {key} a comment"),
        format!(
            "{DBA} NAMESPACES=\"c*\",valid-after=\"20261130Z\",valid-before=\"20261130000001Z\" {key}"
        ),
        format!("{DBA} namespaces=\"git\" {key}\n{DBA} {key}"),
    ] {
        assert!(matches!(vouched(&documents, &signers(&line)), Vouched::Signed { .. }), "{line}");
    }
}

#[test]
fn roles_are_for_those_who_have_them() {
    let sign_off = sign_off();
    let documents = signed(&sign_off.path, &sign_off.to_yaml(), &Key::new(1));
    let under = |text: &str, documents: &[Document]| {
        read(documents, &of_dba(), &roles(text), NOW).sign_offs[0].vouched.clone()
    };
    let held = under("roles: {dba: [dba@example.com]}", &documents);
    assert!(matches!(held, Vouched::Signed { .. }));
    for documents in [&documents[..], &documents[..1]] {
        let why = reason(&under("roles: {dba: [bob@example.com]}", documents));
        assert!(why.starts_with("`dba@example.com` may not sign as `dba`"), "{why}");
        let why = reason(&under("roles: {qa: [dba@example.com]}", documents));
        assert!(why.starts_with("the role `dba` is not in .careen/roles.yaml"), "{why}");
    }
    let waiver = waiver();
    let documents = signed(&waiver.path, &waiver.to_yaml(), &Key::new(1));
    let under =
        |text: &str| read(&documents, &of_dba(), &roles(text), NOW).waivers[0].vouched.clone();
    assert!(matches!(under("roles: {qa: [q@example.com]}"), Vouched::Signed { .. }));
    let why = reason(&under("roles: {waiver: [cto@example.com]}"));
    assert!(why.starts_with("`dba@example.com` may not sign as `waiver`"), "{why}");
}

#[test]
fn times_must_make_sense() {
    let key = Key::new(1);
    let of = |at: i64, expires: i64| {
        let sign_off = SignOff { at, expires: Some(expires), ..sign_off() };
        vouched(&signed(&sign_off.path, &sign_off.to_yaml(), &key), &of_dba())
    };
    assert!(matches!(of(NOW + 300, NOW + DAY), Vouched::Signed { .. }), "clocks differ");
    let why = reason(&of(NOW + 301, NOW + DAY));
    assert_eq!(
        why,
        "`at` is 2026-12-01T00:05:01Z, which lies ahead of 2026-12-01T00:00:00Z: correct it and sign again"
    );
    let why = reason(&of(NOW - DAY, NOW - 2 * DAY));
    assert_eq!(
        why,
        "`expires` is 2026-11-28, which is over at 2026-11-30T00:00:00Z, when it was given"
    );
    assert!(
        matches!(of(NOW - 9 * DAY, NOW - DAY), Vouched::Signed { .. }),
        "the audit calls it stale"
    );
    let of = |at: i64, expires: i64| {
        let waiver = Waiver { at, expires, ..waiver() };
        let documents = signed(&waiver.path, &waiver.to_yaml(), &key);
        judged(&documents, &of_dba()).waivers[0].vouched.clone()
    };
    assert!(matches!(of(NOW - 10, NOW + 366 * DAY), Vouched::Signed { .. }));
    let why = reason(&of(NOW - 10, NOW + 366 * DAY + 1));
    assert_eq!(
        why,
        "it lasts until 2027-12-02T00:00:01Z, and a waiver lasts 366 days at most: let it end on 2027-12-01 and decide anew"
    );
    assert!(reason(&of(NOW + 999, NOW + DAY)).contains("lies ahead"));
    assert!(reason(&of(NOW, NOW)).contains("is over"));
}

#[test]
fn a_file_stands_where_it_belongs() {
    let key = Key::new(1);
    let text = sign_off().to_yaml();
    let of = |path: &str| refusal(&signed(path, &text, &key), &of_dba());
    assert_eq!(
        of(".careen/sign-offs/autoscaling/dba.yaml"),
        "it is for the control `migrations-tested`, but stands in the folder of `autoscaling`: move it"
    );
    assert_eq!(
        of(".careen/sign-offs/migrations-tested/qa.yaml"),
        "its role is `dba`, but its name is `qa.yaml`: call it `dba.yaml`"
    );
    let second = ".careen/sign-offs/migrations-tested/dba.bob.yaml";
    assert!(matches!(vouched(&signed(second, &text, &key), &of_dba()), Vouched::Signed { .. }));
    let documents = signed(".careen/waivers/quotas.yaml", &waiver().to_yaml(), &key);
    let why = reason(&judged(&documents, &of_dba()).waivers[0].vouched);
    assert!(
        why.contains("is for the control `autoscaling`, but its name is `quotas.yaml`"),
        "{why}"
    );
}

#[test]
fn those_that_disagree_are_refused_both() {
    let key = Key::new(1);
    let yes = sign_off();
    let no = SignOff {
        path: ".careen/sign-offs/migrations-tested/dba.bob.yaml".into(),
        approved: false,
        ..sign_off()
    };
    let both = |yes: &SignOff, no: &SignOff, signatures: usize| {
        let [a, b] =
            [signed(&yes.path, &yes.to_yaml(), &key), signed(&no.path, &no.to_yaml(), &key)];
        let documents: Vec<_> = [&a[..signatures], &b[..signatures]].concat();
        judged(&documents, &of_dba()).sign_offs
    };
    for signatures in [1, 2] {
        let found = both(&yes, &no, signatures);
        assert_eq!(found.len(), 2);
        assert_eq!(
            reason(&found[0].vouched),
            "it says that `migrations-tested` does not hold, and \
             .careen/sign-offs/migrations-tested/dba.yaml says that it does: the two of role `dba` must agree"
        );
        assert_eq!(
            reason(&found[1].vouched),
            "it says that `migrations-tested` holds, and \
             .careen/sign-offs/migrations-tested/dba.bob.yaml says that it does not: the two of role `dba` \
             must agree"
        );
    }
    let agreed = SignOff { approved: true, ..no.clone() };
    let found = both(&yes, &agreed, 2);
    assert!(found.iter().all(|each| matches!(each.vouched, Vouched::Signed { .. })));
    let over = SignOff { at: NOW - 9 * DAY, expires: Some(NOW - DAY), ..no };
    let found = both(&yes, &over, 2);
    assert!(found.iter().all(|each| matches!(each.vouched, Vouched::Signed { .. })));
}
