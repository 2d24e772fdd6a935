use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{StageSite, cut};

rule! {
    /// The kubelet cannot tell whether a user given by name is root: a pod with `runAsNonRoot:
    /// true` and no `runAsUser` does not start with such an image. A number settles it. Fine for
    /// images that never run under Kubernetes.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// USER node
    /// #    ^^^^ the final stage runs as `node`, a name that `runAsNonRoot` cannot prove
    /// ```
    /// ```dockerfile good
    /// FROM node:22.11.0
    /// USER 1000:1000
    /// ```
    /// ```dockerfile good
    /// ARG BASE
    /// FROM $BASE
    /// USER ContainerUser
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-user-non-numeric",
        summary: "`USER` is a name where a number is needed",
        remedy: "Write the number of the user: `USER 1000`.",
        severity: Info,
        check: Check::Stage(check),
        peers: &["hadolint:DL3066"],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(stage: StageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !stage.is_final() || stage.is_windows() {
        return;
    }
    let Some(instruction) = stage.effective(Keyword::User) else { return };
    let literal = instruction.words().first().is_some_and(|word| word.literal);
    let Some(user) = instruction.user().filter(|_| literal) else { return };
    let is_number = user.user.bytes().all(|byte| byte.is_ascii_digit());
    // Accounts of Windows, whatever the base is called.
    let is_windows = ["containeruser", "containeradministrator"]
        .iter()
        .any(|name| user.user.eq_ignore_ascii_case(name));
    if !is_number && !is_windows && user.user != "root" {
        let message = format!(
            "{} runs as `{}`, a name that `runAsNonRoot` cannot prove to be no root",
            stage.display(),
            cut(user.user)
        );
        stage.report(out, user.user_span, message);
    }
}
