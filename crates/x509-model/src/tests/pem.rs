use careen_text::{Derived, Source, Span, decode_base64};

use super::{armoured, ca, kinds, leaf, only_certificate, scanned, verbatim};
use crate::{Content, Form, PemProblemKind, has_pem, scan};

fn pem() -> String {
    let root = ca("root");
    root.0.self_signed(&root.1).unwrap().pem().replace("\r\n", "\n")
}

fn certificates(material: &crate::Material) -> usize {
    material.items.iter().filter(|item| matches!(item.content, Content::Certificate(_))).count()
}

#[test]
fn places_lead_back_to_the_file() {
    let text = format!("some words\n\n{}between\n{}", pem(), pem());
    let (source, derived) = verbatim(&text);
    let material = scan(&derived);
    assert_eq!((certificates(&material), material.problems.len()), (2, 0));
    for item in &material.items {
        assert_eq!(source.slice(item.place), "-----BEGIN CERTIFICATE-----");
        assert!(
            source.slice(item.whole).starts_with("-----BEGIN")
                && source.slice(item.whole).ends_with("CERTIFICATE-----")
        );
        assert_eq!(item.form, Form::Lines);
    }
    assert!(has_pem(text.as_bytes()) && !has_pem(b"-----BEGIN"));
}

#[test]
fn places_lead_back_through_base64() {
    let encoded = armoured("X", pem().as_bytes());
    let encoded: String = encoded.lines().filter(|line| !line.starts_with('-')).collect();
    let text = format!("tls.crt: {encoded}\n");
    let source = Source::new("x.yaml", text.as_str());
    let outer = Derived::verbatim(&source, Span::of(9..text.len() - 1));
    let material = scan(&decode_base64(&outer).unwrap());
    assert_eq!(certificates(&material), 1);
    let item = &material.items[0];
    assert_eq!(item.place, Span::new(9, 9 + 36));
    assert_eq!(source.slice(item.place), &encoded[..36]);
}

#[test]
fn shapes_that_are_fine() {
    let plain = pem();
    let indented: String = plain.lines().map(|line| format!("    {line}\n")).collect();
    let commented: String = plain.lines().map(|line| format!("# {line}\n")).collect();
    let headers = plain.replacen("CERTIFICATE-----\n", "CERTIFICATE-----\nX-Note: hello\n\n", 1);
    let quoted: String = plain.lines().map(|line| format!("  \"{line}\\n\" +\n")).collect();
    for text in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        indented,
        commented,
        headers,
        quoted,
    ] {
        // A lone carriage return ends a line for people, not for PEM readers.
        let material = scanned(&text);
        assert_eq!(certificates(&material), 1, "{text}");
        assert!(kinds(&material).iter().all(|kind| *kind == PemProblemKind::OneLine), "{text}");
    }
}

#[test]
fn shapes_that_are_read_and_told() {
    let plain = pem();
    let body: String = plain.lines().filter(|line| !line.starts_with('-')).collect();
    // Neither what is left without its padding nor one character more is base64.
    let body = body.replace('=', "");
    let extra = if body.len().is_multiple_of(4) { "A" } else { "" };
    let table = [
        (plain.replace('\n', "\\n"), PemProblemKind::EscapedNewlines),
        (plain.replace('\n', "\\\\n"), PemProblemKind::EscapedNewlines),
        (plain.replace('\n', " "), PemProblemKind::OneLine),
        (plain.replace("-----END CERTIFICATE-----", ""), PemProblemKind::MissingEnd),
        (
            plain.replace("-----END CERTIFICATE-----", "-----END CERTIFICATE--"),
            PemProblemKind::MalformedLine,
        ),
        (plain.replacen("CERTIFICATE-----", "CERTIFICATE---", 1), PemProblemKind::MalformedLine),
        (plain.replace("END CERTIFICATE", "END PRIVATE KEY"), PemProblemKind::LabelMismatch),
        (format!("{plain}-----END CERTIFICATE-----\n"), PemProblemKind::MissingBegin),
        (
            format!("-----BEGIN CERTIFICATE-----\n{body}{extra}\n-----END CERTIFICATE-----\n"),
            PemProblemKind::BadPadding,
        ),
    ];
    for (text, kind) in table {
        let material = scanned(&text);
        assert_eq!(kinds(&material).first(), Some(&kind), "{text}");
        assert_eq!(certificates(&material), 1, "{text}");
    }
}

#[test]
fn end_and_begin_on_one_line() {
    let text = format!("{}{}", pem().trim_end(), pem());
    let (source, derived) = verbatim(&text);
    let material = scan(&derived);
    assert_eq!(kinds(&material), [PemProblemKind::EndBeginOneLine]);
    assert_eq!(source.slice(material.problems[0].place), "-----END CERTIFICATE-----");
    assert_eq!(certificates(&material), 2);
}

#[test]
fn a_certificate_that_was_cut_off() {
    let plain = pem();
    let lines: Vec<&str> = plain.lines().collect();
    let cut = lines[..lines.len() - 4].join("\n");
    let text = format!("{cut}\n\n{plain}");
    let material = scanned(&text);
    assert_eq!(kinds(&material), [PemProblemKind::MissingEnd]);
    assert!(
        matches!(&material.items[0].content, Content::Unparsable { reason } if reason.contains("cut off"))
    );
    assert_eq!(certificates(&material), 1);
    let (source, _) = verbatim(&text);
    assert_eq!(source.slice(material.items[0].whole), cut);
}

#[test]
fn bad_characters_have_a_place() {
    let mut text = pem();
    text.replace_range(100..101, "!");
    let (source, derived) = verbatim(&text);
    let material = scan(&derived);
    assert_eq!(kinds(&material), [PemProblemKind::BadBase64]);
    assert_eq!(material.problems[0].place, Span::new(100, 101));
    assert_eq!(source.slice(material.problems[0].place), "!");
    assert!(matches!(material.items[0].content, Content::Unparsable { .. }));
}

#[test]
fn bytes_behind_a_certificate_are_told() {
    let (pem, _) = leaf(&["example.com"], &ca("root"));
    let mut der = only_certificate(&pem).der.to_vec();
    der.extend_from_slice(b"more");
    let material = scanned(&armoured("CERTIFICATE", &der));
    assert_eq!(kinds(&material), [PemProblemKind::TrailingData]);
    assert_eq!(certificates(&material), 1);
    assert!(scanned(&armoured("TRUSTED CERTIFICATE", &der)).problems.is_empty());
}

#[test]
fn placeholders_programs_and_prose_are_no_material() {
    for text in [
        "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n{{ .Values.certificate | b64enc }}\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n...\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nMXXXXXXXxxxxxxxxXXXXXXXXxxxxxxxxXXXXXXXXxxxxxxxxXXXXXXXXxxxxxxxx\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nABCDEFGHIJKLMNOPQRSTUVWXYZaqwertyuiopasdfghjklzxcvbnmasdasagasvv=\n-----END CERTIFICATE-----\n",
        "const BEGIN: &str = \"-----BEGIN PRIVATE KEY-----\";\nconst END: &str = \"-----END PRIVATE KEY-----\";\n",
    ] {
        let material = scanned(text);
        assert_eq!(kinds(&material), [PemProblemKind::Placeholder], "{text}");
        assert!(material.items.is_empty());
    }
    let prose = "a file starts with `-----BEGIN CERTIFICATE-----` and goes on\nand on and on\n";
    assert_eq!(scanned(prose), crate::Material::default());
    let other = scanned(
        "-----BEGIN OpenVPN Static key V1-----\nxyz!\n-----END OpenVPN Static key V1-----\n",
    );
    assert_eq!((other.items.len(), other.problems.len()), (1, 0));
    assert_eq!(other.items[0].content, Content::Other);
}

#[test]
fn limits_are_told() {
    let many = "-----BEGIN X-----\n-----END X-----\n".repeat(crate::limits::MAX_BLOCKS + 5);
    let material = scanned(&many);
    assert_eq!(material.items.len(), crate::limits::MAX_BLOCKS);
    assert_eq!(kinds(&material), [PemProblemKind::Limit]);
    let large = crate::der::element(0x30, &[&vec![0; crate::limits::MAX_CERTIFICATE]]);
    let material = scanned(&armoured("CERTIFICATE", &large));
    assert!(
        matches!(&material.items[0].content, Content::Unparsable { reason } if reason.contains("larger"))
    );
    assert_eq!(kinds(&material), [PemProblemKind::Limit]);
}
