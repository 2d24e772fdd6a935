//! Paths with one defect each: the reason we give, and whether rustls-webpki agrees.

#![allow(clippy::unwrap_used, reason = "a failed test is meant to panic")]

mod cases;
mod names;

use std::collections::BTreeMap;
use std::time::Duration;

use careen_lint_tls::TlsLinter;
use careen_lint_tls::path::{FaultKind, Purpose, Quest};
use careen_model::{Context, Linter, Pki, Snapshot, parse};
use careen_rule::Findings;
use careen_testkit::{Blobs, NOW, check_files, make};
use careen_text::{Derived, Origin, Source, decode_base64};
use careen_x509_model::Certificate;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

const ROOT: &str = "root: {ca: true, common_name: Root, not_after: 9y}\n";

fn certificates(blobs: &Blobs) -> BTreeMap<String, Certificate> {
    let ders = blobs.iter().filter_map(|(name, text)| Some((name.strip_suffix(".der")?, text)));
    ders.map(|(name, text)| {
        let bytes = text.clone().into_bytes();
        let der = decode_base64(&Derived { bytes, origin: Origin::verbatim(0, 0) }).unwrap();
        (name.to_owned(), Certificate::from_der(&der.bytes).unwrap())
    })
    .collect()
}

#[test]
fn every_defect_has_its_reason_and_webpki_agrees() {
    let cases = cases::cases();
    assert!(cases.len() >= 70, "{}", cases.len());
    let mut differences = Vec::new();
    for case in &cases {
        let made = certificates(&make(&format!("{ROOT}{}", case.recipe)));
        let named = |names: &str| -> Vec<&Certificate> {
            names.split_whitespace().map(|name| &made[name]).collect()
        };
        let (members, anchors) = (named(case.members), named(case.anchors));
        let quest = Quest {
            leaf: &made["leaf"],
            members: &members,
            anchors: &anchors,
            public_roots: false,
            now: NOW,
            purpose: Some(Purpose::Server),
        };
        let found = quest.find().err();
        let expected = match (&found, case.fault) {
            (None, None) => true,
            (Some(fault), Some((kind, words))) => fault.kind == kind && fault.words.contains(words),
            _ => false,
        };
        if !expected {
            differences.push(format!("{}: {found:?}", case.title));
        }
        let peer = webpki_says(&quest);
        if (peer.is_ok() == found.is_none()) != case.parted.is_none() {
            differences.push(format!("{}: webpki says {peer:?}, and we {found:?}", case.title));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn hostile_pools_end_soon() {
    // Twenty CAs of one name, each issued by the one before: every pair might be a link.
    let mut recipe = format!("{ROOT}c0: {{ca: true, common_name: CA, issuer: root}}\n");
    for at in 1..20 {
        recipe += &format!("c{at}: {{ca: true, common_name: CA, issuer: c{}}}\n", at - 1);
    }
    recipe += "leaf: {names: [a.example], issuer: c19}";
    let made = certificates(&make(&recipe));
    let members: Vec<&Certificate> = (0..20).map(|at| &made[&format!("c{at}")]).collect();
    let quest = Quest {
        leaf: &made["leaf"],
        members: &members,
        anchors: &[&made["root"]],
        public_roots: true,
        now: NOW,
        purpose: None,
    };
    let fault = quest.find().unwrap_err();
    assert_eq!(fault.kind, FaultKind::Budget, "{fault:?}");
    assert!(webpki_says(&quest).is_err());
}

/// The verdict of rustls-webpki at [`NOW`].
fn webpki_says(quest: &Quest<'_>) -> Result<(), webpki::Error> {
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.unsigned_abs()));
    let trusted: Vec<CertificateDer<'_>> =
        quest.anchors.iter().map(|anchor| (&*anchor.der).into()).collect();
    let anchors = trusted.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok());
    let anchors: Vec<_> = anchors.collect();
    let members: Vec<_> = quest.members.iter().map(|member| (&*member.der).into()).collect();
    let leaf = CertificateDer::from(&*quest.leaf.der);
    let usage = match quest.purpose {
        Some(Purpose::Client) => KeyUsage::client_auth(),
        Some(Purpose::Server) | None => KeyUsage::server_auth(),
    };
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    let leaf = EndEntityCert::try_from(&leaf)?;
    leaf.verify_for_usage(algorithms, &anchors, &members, now, usage, None, None).map(drop)
}

/// The rules that tell each kind of fault in a chain.
fn told_by(kind: FaultKind) -> Option<&'static [&'static str]> {
    Some(match kind {
        FaultKind::Signature => &["chain-broken-signature"],
        FaultKind::KeyIdentifier => &["chain-aki-ski-mismatch"],
        FaultKind::NotAuthority => &["chain-issuer-not-ca"],
        FaultKind::KeyUsage => &["chain-issuer-no-keycertsign"],
        FaultKind::PathLength => &["chain-path-length-exceeded"],
        FaultKind::Names => &["chain-name-constraint-violation"],
        FaultKind::Nesting => &["chain-eku-not-nested"],
        FaultKind::NotYetValid => &["cert-not-yet-valid", "cert-validity-inverted"],
        FaultKind::Expired => &["cert-expired", "chain-member-expired"],
        FaultKind::WeakSignature => &["cert-weak-signature", "chain-weak-member"],
        FaultKind::WeakKey => &["cert-rsa-too-small", "chain-weak-member"],
        // What one certificate says by itself is for the rules of certificates, and what is not
        // there may be elsewhere.
        _ => return None,
    })
}

#[test]
fn every_fault_of_a_chain_is_a_finding() {
    let mut differences = Vec::new();
    for case in &cases::cases() {
        let blobs = make(&format!("{ROOT}{}", case.recipe));
        let names = std::iter::once("leaf").chain(case.members.split_whitespace());
        let mut names: Vec<&str> = names.chain(case.anchors.split_whitespace()).collect();
        names.dedup();
        let text: String =
            names.iter().map(|name| blobs[&format!("{name}.crt")].as_str()).collect();
        let report = check_files(&TlsLinter, &[("chain.pem", &text)]);
        let found = |id: &&str| report.findings.iter().any(|each| each.rule.id == *id);
        let told = case.fault.and_then(|(kind, _)| told_by(kind));
        if told.is_some_and(|rules| !rules.iter().any(&found)) {
            differences.push(format!("{}: nothing of {told:?}", case.title));
        }
        let wrong = [
            "chain-aki-ski-mismatch",
            "chain-broken-signature",
            "chain-eku-not-nested",
            "chain-issuer-no-keycertsign",
            "chain-issuer-not-ca",
            "chain-name-constraint-violation",
            "chain-path-length-exceeded",
            "chain-weak-member",
        ];
        if let Some(id) = wrong.iter().find(|id| case.fault.is_none() && found(id)) {
            differences.push(format!("{}: {id}", case.title));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn under_public_rules_a_lone_leaf_lacks_its_issuer() {
    let blobs = make(
        "root: {ca: true}\nca: {ca: true, issuer: root}\nleaf: {names: [a.example], issuer: ca}",
    );
    let found = |pki: Pki, names: &[&str]| {
        let text: String = names.iter().map(|name| blobs[*name].as_str()).collect();
        let file = parse(Source::new("chain.pem", text.as_str()), "chain.pem");
        let snapshot = Snapshot::new(vec![file]);
        let context = Context { pki, ..Context::at(NOW) };
        let mut findings = Findings::of_snapshot();
        for check in TlsLinter.snapshot_checks() {
            (check.run)(&snapshot, &context, &mut findings.across(check.rule));
        }
        findings.iter().any(|finding| finding.rule.id == "chain-missing-intermediate")
    };
    assert!(found(Pki::Public, &["leaf.crt"]));
    assert!(!found(Pki::Inferred, &["leaf.crt"]));
    assert!(!found(Pki::Private, &["leaf.crt"]));
    assert!(!found(Pki::Public, &["leaf.crt", "ca.crt"]));
}
