use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// With several sources the destination is a folder and must end with `/`: otherwise the build
    /// stops.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// COPY a.conf b.conf /etc/nginx/conf.d
    /// #                  ^^^^^^^^^^^^^^^^^ `COPY` has 2 sources, but its destination does not end with `/`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// COPY a.conf b.conf /etc/nginx/conf.d/
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-many-no-slash",
        summary: "several sources, and the destination does not end with `/`",
        remedy: "End the destination with `/`.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3021", "trivy:DS-0011", "kics:6db6e0c2"],
        references: &["https://docs.docker.com/reference/dockerfile/#destination"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((sources, destination)) = step.sources_and_destination() else { return };
    if sources.len() < 2 {
        return;
    }
    let text = destination.text.as_str();
    let is_folder = text.ends_with(['/', '\\']) || matches!(text, "." | "..");
    // What a variable ends with is not known.
    let unknown = !destination.literal || text.contains('$');
    if !is_folder && !unknown {
        let message = format!(
            "`{}` has {} sources, but its destination does not end with `/`",
            step.keyword().name(),
            sources.len()
        );
        let end =
            Edit { span: careen_text::Span::at(destination.content.end), text: "/".to_owned() };
        step.report(out, destination.content, message).fix(
            "End the destination with `/`",
            Safety::Safe,
            vec![end],
        );
    }
}
