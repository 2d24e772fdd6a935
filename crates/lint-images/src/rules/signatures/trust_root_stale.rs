use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Examined, reason};

rule! {
    /// A trust root lists the keys of the certificate authority and of the logs, each for a span of
    /// time. One that is too old knows no key for what is signed today: good signatures are
    /// refused, and a key that was withdrawn is still trusted.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` was checked with a trust root that is out of date: no key of the log is valid now
    /// evidence: {searched: true, requirement: {pattern: "*"}, stale-root: no key of the log is valid now}
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}}
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, stale-root: no key of the log is valid now}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-root-stale",
        summary: "trust root for signatures is out of date",
        remedy: "Take the current `trusted_root.json`, or update Careen.",
        severity: Medium,
        check: Check::Evidence(check),
        security: true,
        cwe: &[324],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.sigstore.dev/about/security/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence() else { return };
    // Where nobody asks and nothing is signed, no trust root was of use.
    let used = evidence.requirement.is_some() || !evidence.signatures.is_empty();
    if let Some(why) = evidence.stale_root.as_deref().filter(|_| used) {
        let image = examined.display();
        let why = reason(why);
        examined.report(
            out,
            format!("{image} was checked with a trust root that is out of date: {why}"),
        );
    }
}
