use careen_image_model::dockerfile::{Instruction, Keyword};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// What the running user owns, an intruder who runs as that user can change: the program, its
    /// libraries, its templates. Files that are only read belong to root, readable by all; give
    /// the user the folders it writes to. Fine for those folders, and less of a matter where the
    /// container's root file system is read-only.
    ///
    /// ```dockerfile bad
    /// FROM node:24.11.1
    /// COPY --chown=node:node src /srv/src
    /// #            ^^^^^^^^^ `/srv/src` belongs to `node`, whom the container runs as
    /// USER node
    /// ```
    /// ```dockerfile good
    /// FROM node:24.11.1
    /// COPY --chown=root:root src /srv/src
    /// COPY --chown=$OWNER src /srv/src
    /// COPY --chown=www-data static /srv/static
    /// USER node
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-chown",
        summary: "program files belong to the user that runs them",
        remedy: "Leave out `--chown`, so that the files belong to root.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &["kics:aa93e17f"],
        default: false,
        security: true,
        cwe: &[732],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if !step.ships() {
        return;
    }
    let (Some((_, destination)), Some(stage)) = (step.sources_and_destination(), step.stage())
    else {
        return;
    };
    let Some(owner) = step.instruction.flag("chown").and_then(|flag| flag.value.as_ref()) else {
        return;
    };
    // What runs is the final stage, which may be built on this one.
    let last = stage.build.dockerfile.final_stage();
    let user = last.and_then(|last| stage.build.dockerfile.effective(last, Keyword::User));
    let Some(user) = user.and_then(Instruction::user) else { return };
    let name = owner.text.split(':').next().unwrap_or_default();
    let unknown = name.contains('$') || user.user.contains('$');
    if !unknown && name == user.user && !matches!(name, "" | "root" | "0") {
        let path = cut(&destination.text);
        let name = cut(name);
        let message = format!("`{path}` belongs to `{name}`, whom the container runs as");
        step.report(out, owner.content, message).evidence(path);
    }
}
