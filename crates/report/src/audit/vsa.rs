//! An in-toto statement (v1) with a verification summary of SLSA 1.1, for whoever admits releases.
//!
//! It is not signed: a signature says who vouches for the audit, and that is nobody here. The subject is the
//! content that was looked at, and the commit only if no file differs from it, since a reader takes a statement
//! for his artifact as soon as one of the digests is that of it.

use std::collections::BTreeMap;
use std::io;

use careen_audit_model::{Audit, Outcome, Phase, Subject};
use careen_sarif::artifact_uri;
use serde::Serialize;

use crate::harmless;
use crate::time::rfc3339;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://slsa.dev/verification_summary/v1";
/// The identity of the verifier, whatever its version.
const VERIFIER: &str = "https://careen.dev/audit";
/// The edition of the predicate that the field names are of.
const SLSA_VERSION: &str = "1.1";

/// Digests by algorithm.
type Digests<'a> = BTreeMap<&'static str, &'a str>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: [Artifact<'a>; 1],
    predicate_type: &'static str,
    predicate: Summary<'a>,
}

#[derive(Serialize)]
struct Artifact<'a> {
    name: &'a str,
    digest: Digests<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    verifier: Verifier<'a>,
    time_verified: String,
    resource_uri: String,
    policy: Policy<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    input_attestations: Vec<Resource<'a>>,
    verification_result: &'static str,
    verified_levels: &'static [&'static str],
    slsa_version: &'static str,
    /// What SLSA has no words for. Fields of others are named by a URI.
    #[serde(rename = "https://careen.dev/audit/verdict")]
    verdict: Answer<'a>,
}

#[derive(Serialize)]
struct Verifier<'a> {
    id: &'static str,
    version: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct Policy<'a> {
    uri: String,
    digest: Digests<'a>,
    annotations: Annotations<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotations<'a> {
    rules_digest: &'a str,
    phase: Phase,
}

#[derive(Serialize)]
struct Resource<'a> {
    uri: String,
    digest: Digests<'a>,
}

#[derive(Serialize)]
struct Answer<'a> {
    outcome: Outcome,
    line: &'a str,
    blockers: &'a [String],
    waivers: usize,
}

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&statement(audit), true, out)
}

fn statement(audit: &Audit) -> Statement<'_> {
    let subject = &audit.subject;
    Statement {
        kind: STATEMENT,
        subject: [Artifact { name: &subject.path, digest: content(subject) }],
        predicate_type: PREDICATE,
        predicate: summary(audit),
    }
}

fn summary(audit: &Audit) -> Summary<'_> {
    let (subject, verdict, tool) = (&audit.subject, &audit.verdict, &audit.tool);
    let failed = verdict.outcome == Outcome::NoGo;
    // A report that was refused or that decides nothing is no input.
    let used = audit.evidence.iter().filter(|it| it.refused.is_none() && !it.controls.is_empty());
    Summary {
        verifier: Verifier {
            id: VERIFIER,
            version: BTreeMap::from([(&*tool.name, &*tool.version)]),
        },
        time_verified: rfc3339(audit.at),
        // A name by digest (RFC 6920): where the release lies is not known here, and the address of a remote
        // may hold a password.
        resource_uri: format!("nih:sha-256;{}", hexadecimal(&subject.tree)),
        policy: Policy {
            uri: artifact_uri(&subject.checklist),
            digest: Digests::from([("sha256", hexadecimal(&subject.checklist_digest))]),
            annotations: Annotations { rules_digest: &subject.rules_digest, phase: audit.phase },
        },
        input_attestations: used
            .map(|record| Resource {
                uri: artifact_uri(&record.path),
                digest: Digests::from([("sha256", &*record.sha256)]),
            })
            .collect(),
        verification_result: if failed { "FAILED" } else { "PASSED" },
        // Nothing is said about how the release was built; the standard wants this word of a failure.
        verified_levels: if failed { &["FAILED"] } else { &[] },
        slsa_version: SLSA_VERSION,
        verdict: Answer {
            outcome: verdict.outcome,
            line: &verdict.line,
            blockers: &verdict.blockers,
            waivers: verdict.waivers,
        },
    }
}

fn content(subject: &Subject) -> Digests<'_> {
    let mut digests = Digests::from([("sha256", hexadecimal(&subject.tree))]);
    if let Some(commit) = &subject.commit
        && !subject.dirty
    {
        digests.insert("gitCommit", commit);
    }
    digests
}

/// The digits of `sha256:…`.
fn hexadecimal(digest: &str) -> &str {
    digest.strip_prefix("sha256:").unwrap_or(digest)
}

#[cfg(test)]
mod tests;
