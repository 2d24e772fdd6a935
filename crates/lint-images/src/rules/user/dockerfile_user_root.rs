use careen_image_model::dockerfile::{Keyword, VariableSource};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::StageSite;

rule! {
    /// A process that runs as root in its container is root on the node once it finds a way out,
    /// and can write everything inside until then. Become root for the steps that need it and end
    /// with a `USER` that is not. The last `USER` of the final stage counts, also one of a stage
    /// that it is built `FROM`. Fine for the few system programs that need it; a user in a variable
    /// without a value is not judged.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// USER root
    /// #    ^^^^ the final stage runs as `root`
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// USER root
    /// RUN mkdir /cache && chown 101 /cache
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-user-root",
        summary: "the image runs as root",
        remedy: "End the final stage with a `USER` other than root, best a number.",
        severity: High,
        check: Check::Stage(check),
        peers: &[
            "hadolint:DL3002",
            "dockle:CIS-DI-0001",
            "trivy:DS-0002",
            "checkov:CKV_DOCKER_8",
            "kics:67fd0c4a",
            "cis:4.1",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#user",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !stage.is_final() || stage.is_windows() || !stage.can_run() {
        return;
    }
    let Some(index) = stage.stage.effective(Keyword::User) else { return };
    let dockerfile = stage.build.dockerfile;
    let Some(instruction) = dockerfile.instructions.get(index) else { return };
    let (Some(user), Some(word)) = (instruction.user(), instruction.words().first()) else {
        return;
    };
    if word.literal {
        if is_root(user.user) {
            let message = format!("{} runs as `{}`", stage.display(), user.user);
            stage.report(out, user.user_span, message);
        }
        return;
    }
    let expansion = dockerfile.expand_at(index, word);
    let name = expansion.text.split(':').next().unwrap_or_default();
    if expansion.complete && is_root(name) {
        let message = format!("{} runs as `{name}`", stage.display());
        let finding = stage.report(out, word.content, message);
        // A build may give the argument another value.
        let is_default = |source| matches!(source, VariableSource::Default(_));
        if expansion.variables.iter().any(|variable| is_default(variable.source)) {
            finding.confidence(Confidence::Medium);
        }
    }
}

fn is_root(user: &str) -> bool {
    user == "root" || user.parse() == Ok(0u32)
}
