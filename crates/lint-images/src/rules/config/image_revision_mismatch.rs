use careen_model::Context;
use careen_rule::{Severity, SnapshotSink, rule};
use careen_text::Span;

use crate::Check;
use crate::base_evidence::{annotation, annotation_span};
use crate::subject::{Built, cut};

const REVISION: &str = "org.opencontainers.image.revision";
/// Commits of one provenance that are looked at.
const COMMITS_MAX: usize = 1_000;

rule! {
    /// `org.opencontainers.image.revision` is how one gets from a running container to the source
    /// it was built of. It helps nobody if it is no commit (`unknown`, a variable that was not
    /// filled in), or if label, annotation and provenance name different ones. A label that
    /// differs was often inherited from the base image: set it anew.
    ///
    /// Whether the commit is one of the repository at hand is not looked at, as no repository's
    /// history belongs to an image.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "unknown": label `org.opencontainers.image.revision` of image `app` is `unknown`, which is no commit
    /// config: {Labels: {org.opencontainers.image.revision: unknown}}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "1111111111111111111111111111111111111111": label and annotation `org.opencontainers.image.revision` of image `app` name different commits
    /// config: {Labels: {org.opencontainers.image.revision: "1111111111111111111111111111111111111111"}}
    /// annotations: {org.opencontainers.image.revision: "2222222222222222222222222222222222222222"}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json @ "2222222222222222222222222222222222222222": annotation `org.opencontainers.image.revision` of image `app` names a commit that its provenance does not
    /// annotations: {org.opencontainers.image.revision: "2222222222222222222222222222222222222222"}
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v0.2
    ///       place: index
    ///       verdict: unsigned
    ///       predicate:
    ///         invocation: {configSource: {uri: "https://git.example.com/a.git", digest: {sha1: "3333333333333333333333333333333333333333"}}}
    /// ```
    /// ```image good file=app
    /// config: {Labels: {org.opencontainers.image.revision: "1111111"}}
    /// annotations: {org.opencontainers.image.revision: "1111111111111111111111111111111111111111"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-revision-mismatch",
        summary: "image does not say which commit it was built of",
        remedy: "Set the label and the annotation to the full id of the commit that is built.",
        severity: Medium,
        check: Check::Image(check),
        references: &["https://github.com/opencontainers/image-spec/blob/main/annotations.md"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let image = built.image;
    let label = image.config.labels().find(|(name, ..)| *name == REVISION);
    let label = label.map(|(_, value, node)| (value, node));
    let noted = annotation(built, REVISION);
    let name = built.name();
    for (what, value) in [("label", label.map(|(value, _)| value)), ("annotation", noted)] {
        let Some(value) = value.filter(|value| !is_commit(value)) else { continue };
        let value = cut(value);
        let message =
            format!("{what} `{REVISION}` of image `{name}` is `{value}`, which is no commit");
        let finding = match label.filter(|_| what == "label") {
            Some((_, node)) => built.report_config(out, Some(node), message),
            None => {
                let span = annotation_span(built, REVISION).unwrap_or(Span::new(0, 1));
                built.report(out, &image.manifest_source, span, message)
            }
        };
        finding.severity(Severity::Low).evidence(what);
    }
    if let (Some((value, node)), Some(noted)) = (label, noted)
        && [value, noted].into_iter().all(is_commit)
        && !is_same(value, noted)
    {
        let message =
            format!("label and annotation `{REVISION}` of image `{name}` name different commits");
        built.report_config(out, Some(node), message).evidence("different");
    }
    let told = noted.map(|it| (it, None)).or(label.map(|(value, node)| (value, Some(node))));
    let Some((revision, node)) = told.filter(|(revision, _)| is_commit(revision)) else { return };
    let commits = commits(built);
    if commits.is_empty() || commits.iter().any(|commit| is_same(commit, revision)) {
        return;
    }
    let what = if node.is_some() { "label" } else { "annotation" };
    let message = format!(
        "{what} `{REVISION}` of image `{name}` names a commit that its provenance does not"
    );
    match node {
        Some(node) => built.report_config(out, Some(node), message),
        None => {
            let span = annotation_span(built, REVISION).unwrap_or(Span::new(0, 1));
            built.report(out, &image.manifest_source, span, message)
        }
    }
    .evidence("provenance");
}

/// Whether a text is a commit: all of its id, or the start that git shows.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether one is the other, or its start.
fn is_same(one: &str, other: &str) -> bool {
    let start = |one: &str, other: &str| {
        one.get(..other.len()).is_some_and(|start| start.eq_ignore_ascii_case(other))
    };
    start(one, other) || start(other, one)
}

/// The commits that provenance says were built.
fn commits<'a>(built: &Built<'a>) -> Vec<&'a str> {
    let mut commits = Vec::new();
    for attestation in &built.evidence().attestations {
        let predicate = &attestation.predicate;
        let v1 = || predicate.pointer("/buildDefinition/resolvedDependencies");
        let materials = predicate.get("materials").or_else(v1).and_then(|list| list.as_array());
        let sources =
            ["/invocation/configSource", "/buildDefinition/externalParameters/configSource"];
        let sources = sources.iter().filter_map(|place| predicate.pointer(place));
        for source in sources.chain(materials.into_iter().flatten()).take(COMMITS_MAX) {
            let commit = ["/digest/sha1", "/digest/gitCommit"];
            let mut commit = commit.iter().filter_map(|place| source.pointer(place)?.as_str());
            commits.extend(commit.next());
        }
        let vcs = predicate.get("metadata").and_then(|metadata| {
            metadata.get("https://mobyproject.org/buildkit@v1#metadata")?.pointer("/vcs/revision")
        });
        let v1 = || predicate.pointer("/runDetails/metadata/buildkit_metadata/vcs/revision");
        commits.extend(vcs.or_else(v1).and_then(|commit| commit.as_str()));
    }
    // `-dirty` says that more was built than the commit has.
    commits
        .into_iter()
        .map(|commit| commit.trim_end_matches("-dirty"))
        .filter(|it| is_commit(it))
        .collect()
}
