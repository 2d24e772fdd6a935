use careen_image_model::dockerfile::{BaseKind, Keyword};
use careen_model::Context;
use careen_rule::{Confidence, Sink, rule};

use crate::Check;
use crate::subject::{Build, Step, cut};
use crate::variables::{Definitions, Reference, references_of};

rule! {
    /// The builder puts nothing in the place of a variable that nobody has set, and goes on: files
    /// land in `/`, labels stay empty, lines of a heredoc lose their `$uri`.
    ///
    /// Told apart are an `ARG` in front of the first `FROM`, which a stage must name again; a
    /// platform argument such as `TARGETARCH` that the stage does not declare; a variable that is
    /// set further down; a slip of the pen; and, on `scratch`, everything. What else the image
    /// below may set is not judged, unless the name is in lower case, which hardly any image does.
    /// `${name:-default}` is fine. The text of `RUN` is for its shell and not for the builder.
    ///
    /// ```dockerfile bad
    /// ARG VERSION=1
    /// FROM debian:13.2 AS build
    /// LABEL version=$VERSION
    /// #             ^^^^^^^^ `VERSION` is declared in front of `FROM` only: this stage lacks `ARG VERSION`
    /// COPY bin/${TARGETARCH}/app /app
    /// #        ^^^^^^^^^^^^^ `TARGETARCH` needs an `ARG TARGETARCH` in this stage
    /// WORKDIR $HOME_DIR
    /// #       ^^^^^^^^^ `HOME_DIR` is set further down only
    /// ARG HOME_DIR=/srv
    /// ENV PATH=/srv/bin:$PAHT
    /// #                 ^^^^^ `PAHT` is set nowhere: `PATH` may be meant
    /// COPY <<EOF /etc/nginx/conf.d/default.conf
    /// try_files $uri /index.html;
    /// #         ^^^^ `uri` is set nowhere
    /// EOF
    /// FROM scratch
    /// USER ${APP_USER}
    /// #    ^^^^^^^^^^^ `APP_USER` is set nowhere
    /// ```
    /// ```dockerfile good
    /// ARG VERSION=1
    /// FROM debian:13.2 AS build
    /// ARG VERSION TARGETARCH
    /// LABEL version=$VERSION
    /// ENV JAVA_OPTS="$JAVA_OPTS -Xmx1g" PATH=/srv/bin:$PATH
    /// COPY <<"EOF" /etc/nginx/conf.d/default.conf
    /// try_files $uri /index.html;
    /// EOF
    /// RUN echo $anything
    /// LABEL note='$none' other=\$none third=${none:-3}
    /// FROM build
    /// LABEL version=$VERSION arch=$TARGETARCH
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-undefined-var",
        summary: "a variable has no value where it is used",
        remedy: "Declare the variable with `ARG` or `ENV` above, in the same stage.",
        severity: Medium,
        check: Check::Dockerfile(check),
        confidence: Confidence::High,
        peers: &["buildx:UndefinedVar"],
        references: &[
            "https://docs.docker.com/reference/build-checks/undefined-var/",
            "https://docs.docker.com/reference/dockerfile/#scope",
        ],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let dockerfile = build.dockerfile;
    if !dockerfile.source.text().contains('$') {
        return;
    }
    let definitions = Definitions::of(build);
    for step in build.steps() {
        let Some(stage) = step.instruction.stage else { continue };
        if step.triggered || build.is_windows(stage) {
            continue;
        }
        for reference in references_of(step.instruction, &dockerfile.source, dockerfile.escape) {
            let known = reference.guarded
                || is_predefined(reference.name)
                || definitions.is_set(reference.name, stage, step.index);
            if !known {
                judge(step, stage, &reference, &definitions, out);
            }
        }
    }
}

fn judge(
    step: Step<'_>,
    stage: usize,
    reference: &Reference<'_>,
    definitions: &Definitions<'_>,
    out: &mut Sink<'_>,
) {
    let build = step.build;
    let full = reference.name;
    let name = cut(full);
    let later = definitions.in_stage(full, stage);
    // What one `ENV` sets and uses has a rule of its own.
    if later.is_some_and(|later| later.index == step.index) {
        return;
    }
    let dockerfile = build.dockerfile;
    let root = dockerfile.stages.get(stage).map(|stage| dockerfile.root_stage(stage));
    let from_nothing = root.is_some_and(|root| root.base_kind == BaseKind::Scratch);
    let lower = full.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut confidence = Confidence::High;
    let message = if build.declares(full) {
        format!("`{name}` is declared in front of `FROM` only: this stage lacks `ARG {name}`")
    } else if is_platform(full) {
        format!("`{name}` needs an `ARG {name}` in this stage")
    } else if let Some(later) = later {
        // The image below may set what is set anew.
        if later.is_env && !from_nothing {
            confidence = Confidence::Medium;
        }
        format!("`{name}` is set further down only")
    } else if let Some(like) = definitions.like(full, stage, step.index) {
        if !from_nothing {
            confidence = Confidence::Medium;
        }
        format!("`{name}` is set nowhere: `{}` may be meant", cut(like))
    } else if from_nothing {
        format!("`{name}` is set nowhere")
    } else if lower && step.keyword() != Keyword::Arg {
        confidence = Confidence::Medium;
        format!("`{name}` is set nowhere")
    } else {
        return;
    };
    step.report(out, reference.span, message).confidence(confidence).evidence(name);
}

/// Whether the builder knows the variable without a declaration.
fn is_predefined(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "PATH",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "FTP_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "SOURCE_DATE_EPOCH",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) || name.starts_with("BUILDKIT_")
}

fn is_platform(name: &str) -> bool {
    let rest = name.strip_prefix("TARGET").or_else(|| name.strip_prefix("BUILD"));
    rest.is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT"))
}
