use careen_model::Context;
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::signing::{self, Standing};
use crate::subject::{Examined, Role};

rule! {
    /// What an image is built on is in it. If nothing proves who built the base, nothing proves who
    /// built the image. Asked for where `images.signatures` in `careen.yaml` covers the base, and
    /// only where a registry could be asked. Docker Official Images have no signatures of cosign:
    /// cover what is signed.
    ///
    /// ```registry
    /// registry.example.com/base:3:
    ///   image: {evidence: {searched: true, requirement: {pattern: "*"}}}
    /// registry.example.com/tools:1:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures: [{form: bundle, place: sha256-12, verdict: wrong-key}]
    /// ```
    /// ```dockerfile bad
    /// FROM registry.example.com/tools:1 AS build
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `registry.example.com/tools:1` has no signature that the policy accepts: the one it has is by another key
    /// FROM registry.example.com/base:3
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `registry.example.com/base:3` has no signature that the policy accepts
    /// USER 101
    /// ```
    /// ```registry
    /// registry.example.com/base:3:
    ///   image:
    ///     evidence:
    ///       searched: true
    ///       requirement: {pattern: "*"}
    ///       signatures: [{form: bundle, place: sha256-12, verdict: valid}]
    /// alpine:3.22:
    ///   image: {evidence: {searched: true}}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22 AS build
    /// FROM registry.example.com/base:3
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-unsigned",
        summary: "base image has no signature that the policy accepts",
        remedy: "Build on an image that is signed, or sign your copy of it.",
        severity: Medium,
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0002", "cis:4.2"],
        security: true,
        cwe: &[345],
        controls: &[control::IMAGE_BASE, control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/cosign/verifying/verify/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence().filter(|_| examined.role == Role::Base) else {
        return;
    };
    let why = match signing::standing(evidence) {
        Standing::Missing => String::new(),
        Standing::Failed(one) => {
            let why = signing::why(&one.verdict, one.identity.as_ref());
            format!(": the one it has {why}")
        }
        Standing::Open | Standing::Signed | Standing::Unknown(_) => return,
    };
    let image = examined.display();
    let message = format!("{image} has no signature that the policy accepts{why}");
    let there = !why.is_empty();
    examined.report_with(out, message, |finding| {
        if there {
            finding.severity(Severity::High);
        }
    });
}
