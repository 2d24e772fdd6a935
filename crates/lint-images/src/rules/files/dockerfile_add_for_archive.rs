use careen_image_model::Word;
use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Call, Step, cut};

rule! {
    /// A tar archive that is copied and then unpacked stays in its own layer, also where a later
    /// `RUN` deletes it. `ADD` unpacks archives of the build context at once, and so does a bind
    /// mount with `tar` in one `RUN`. Fine outside the stages that ship, which are not judged.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// COPY app.tar.gz /tmp/
    /// #    ^^^^^^^^^^ `app.tar.gz` is copied and then unpacked, so that it stays in a layer
    /// RUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// COPY app.tar.gz /tmp/
    /// RUN tar xf /tmp/app.tar.gz
    /// FROM debian:13.2
    /// ADD app.tar.gz /opt/
    /// COPY data.tar.xz /srv/
    /// COPY --from=build /tmp/app.tar.gz /tmp/
    /// RUN tar -czf /srv/app.tar.gz /opt && tar tf /srv/data.tar.xz
    /// RUN --mount=type=bind,source=b.tar,target=/b.tar tar xf /b.tar
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-add-for-archive",
        summary: "an archive is copied, and unpacked in a later layer",
        remedy: "Use `ADD`, which unpacks the archive.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &["hadolint:DL3010"],
        default: false,
        references: &["https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives"],
    }
}

/// Instructions below a `COPY` that are looked at.
const STEPS_MAX: usize = 50;

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Some((sources, destination)), Some(stage)) =
        (step.sources_and_destination(), step.stage())
    else {
        return;
    };
    let from_context = step.keyword() == Keyword::Copy && step.instruction.flag("from").is_none();
    if !from_context || !step.ships() || step.triggered {
        return;
    }
    for source in sources.iter().filter(|word| word.literal && is_archive(&word.text)) {
        let name = base(&source.text);
        // A destination that is no folder renames it.
        let target = base(&destination.text);
        let target = if is_archive(target) { target } else { name };
        let later = (step.index + 1..stage.stage.instructions.end).take(STEPS_MAX);
        let mut later = later.filter_map(|index| stage.build.step(index));
        if later.any(|one| shell::walk(one.commands()).any(|command| unpacks(command, target))) {
            let name = cut(name);
            let message =
                format!("`{name}` is copied and then unpacked, so that it stays in a layer");
            step.report(out, source.content, message).evidence(name);
        }
    }
}

fn unpacks(command: &shell::Command, archive: &str) -> bool {
    let Some(call) = Call::of(command).filter(|call| matches!(call.program(), "tar" | "bsdtar"))
    else {
        return false;
    };
    let modes = call.arguments.first().map_or("", |word| word.text.as_str());
    let old_style = !modes.starts_with('-') && modes.contains('x');
    let extracts = old_style
        || call.short('x', "fCITX").is_some()
        || call.has("--extract")
        || call.has("--get");
    let reads = |word: &Word| base(word.text.rsplit('=').next().unwrap_or_default()) == archive;
    let redirected = |redirect: &shell::Redirect| redirect.target.as_ref().is_some_and(reads);
    extracts && (call.arguments.iter().any(reads) || command.redirects.iter().any(redirected))
}

fn is_archive(path: &str) -> bool {
    const ENDS: [&str; 10] = [
        ".tar",
        ".tar.gz",
        ".tar.bz2",
        ".tar.xz",
        ".tar.zst",
        ".tgz",
        ".tbz",
        ".tbz2",
        ".txz",
        ".tar.lzma",
    ];
    ENDS.iter().any(|end| path.ends_with(end)) && !path.contains("://")
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
