use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// A relative `WORKDIR` starts from whatever the base image set, which may change with its next
    /// version. Fine behind an absolute one in the same file.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// WORKDIR app
    /// #       ^^^ `WORKDIR` `app` is relative to what the base image set
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// WORKDIR /srv
    /// WORKDIR app
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-workdir-relative",
        summary: "`WORKDIR` is relative",
        remedy: "Write an absolute path.",
        severity: Medium,
        check: Check::Instruction(check),
        peers: &[
            "hadolint:DL3000",
            "trivy:DS-0009",
            "checkov:CKV_DOCKER_10",
            "buildx:WorkdirRelativePath",
            "kics:6b376af8",
        ],
        references: &["https://docs.docker.com/reference/build-checks/workdir-relative-path/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Workdir || step.triggered {
        return;
    }
    let (Some(word), Some(stage)) = (step.instruction.words().first(), step.stage()) else {
        return;
    };
    if is_absolute_or_unknown(&word.text) {
        return;
    }
    let is_workdir = |one: &Step<'_>| one.keyword() == Keyword::Workdir && !one.triggered;
    let earlier =
        stage.steps().take_while(|one| one.index < step.index).any(|one| is_workdir(&one));
    let below = stage.build.dockerfile.base_stage(stage.stage);
    let below = below.and_then(|base| base.effective(Keyword::Workdir));
    // Relative to the first one of the file, which was judged there.
    if !earlier && below.is_none() {
        let path = cut(&word.text);
        let message = format!("`WORKDIR` `{path}` is relative to what the base image set");
        step.report(out, word.content, message).evidence(path);
    }
}

fn is_absolute_or_unknown(path: &str) -> bool {
    path.starts_with(['/', '\\', '$', '%']) || path.get(1..2) == Some(":")
}
