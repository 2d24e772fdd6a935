use careen_image_model::oci::Provenance;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::secret_name::{self, Value};
use crate::subject::{Examined, Role, cut};

/// Names that are listed.
const SHOWN: usize = 5;

rule! {
    /// BuildKit writes the build arguments into the provenance that it pushes with the image
    /// (`--provenance=mode=max`, and for public repositories without being asked): everybody who
    /// can pull the image can read them. Names tell here which ones are secret.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: the provenance of image `app` holds the values of `API_TOKEN` and `DB_PASSWORD`
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v0.2
    ///     place: index
    ///     verdict: unsigned
    ///     predicate:
    ///       invocation:
    ///         parameters:
    ///           args: {"build-arg:API_TOKEN": hunter2, "build-arg:DB_PASSWORD": hunter3, "build-arg:VERSION": "1"}
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://slsa.dev/provenance/v1
    ///     place: index
    ///     verdict: unsigned
    ///     predicate:
    ///       buildDefinition:
    ///         externalParameters:
    ///           request: {args: {"build-arg:VERSION": "1", "build-arg:API_TOKEN": ""}, secrets: [{id: token}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "provenance-leaks-secret",
        summary: "provenance of the image holds the value of a secret build argument",
        remedy: "Replace the secret; give it to the build with `RUN --mount=type=secret`.",
        severity: High,
        check: Check::Evidence(check),
        security: true,
        cwe: &[200, 532],
        controls: &[control::IMAGE_SIGNED],
        references: &["https://docs.docker.com/build/metadata/attestations/slsa-provenance/"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(evidence) = examined.evidence().filter(|_| examined.role != Role::Base) else {
        return;
    };
    let mut names: Vec<String> = evidence
        .attestations
        .iter()
        .filter_map(Provenance::of)
        .flat_map(|provenance| provenance.arguments)
        .filter(|(name, value)| {
            secret_name::is_secret(name) && secret_name::value(value) == Value::Literal
        })
        .map(|(name, _)| format!("`{}`", cut(&name)))
        .collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let list = match names.split_last() {
        None => return,
        Some((last, [])) => format!("the value of {last}"),
        Some((last, others)) => format!("the values of {} and {last}", others.join(", ")),
    };
    examined.report(out, format!("the provenance of {} holds {list}", examined.display()));
}
