use careen_model::Context;
use careen_rule::{Severity, Sink, rule};

use crate::Check;
use crate::labels;
use crate::subject::{Build, cut};

rule! {
    /// Labels share one space of names with those of all tools. Docker keeps `com.docker.`,
    /// `io.docker.` and `org.dockerproject.` for itself. The other names begin and end with a
    /// letter or digit, with dots and dashes one at a time in between; filters and queries of many
    /// tools take no others.
    ///
    /// Capital letters make a milder finding: names differ by case, and `Version` is not found by
    /// who asks for `version`. Underscores and slashes are not judged, nor are the labels of
    /// extensions of Docker Desktop, which are Docker's own.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL com.docker.team=shop
    /// #     ^^^^^^^^^^^^^^^ label `com.docker.team` is in a namespace that Docker keeps for itself
    /// LABEL "com example"=shop
    /// #      ^^^^^^^^^^^ label `com example` has characters that names of labels do not have
    /// LABEL com..example=shop \
    /// #     ^^^^^^^^^^^^ label `com..example` has two dots or dashes in a row
    ///       -team=shop
    /// #     ^^^^^ label `-team` does not begin and end with a letter or digit
    /// LABEL Version=1
    /// #     ^^^^^^^ label `Version` has capital letters
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG PREFIX=com..example
    /// LABEL org.opencontainers.image.title=shop com.example/team_2=shop $PREFIX.x=y
    /// LABEL com.docker.desktop.extension.api.version=0.4.2 com.dockerized=1
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-label-key",
        summary: "the name of a label is malformed or reserved",
        remedy: "Name the label after a domain of yours: `com.example.team`.",
        severity: Low,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL3048"],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    for label in labels::of(build) {
        let Some(key) = label.key() else { continue };
        let Some((what, severity)) = defect(key) else { continue };
        let message = format!("label `{}` {what}", cut(key));
        label.report(out, label.pair.key.content, message).severity(severity);
    }
}

fn defect(key: &str) -> Option<(&'static str, Severity)> {
    const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];
    const EXTENSIONS: [&str; 2] = ["com.docker.desktop.", "com.docker.extension."];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.starts_with(prefix));
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/".contains(&byte);
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let what = if starts(&RESERVED) && !starts(&EXTENSIONS) {
        "is in a namespace that Docker keeps for itself"
    } else if !key.bytes().all(is_known) {
        "has characters that names of labels do not have"
    } else if key.contains("..") || key.contains("--") {
        "has two dots or dashes in a row"
    } else if !is_end(key.bytes().next()) || !is_end(key.bytes().next_back()) {
        "does not begin and end with a letter or digit"
    } else if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(("has capital letters", Severity::Info));
    } else {
        return None;
    };
    Some((what, Severity::Low))
}
