use careen_image_model::dockerfile::{Keyword, Problem, ProblemKind};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::Build;

rule! {
    /// The builder refuses the file, or reads it otherwise than it looks. Nothing that other rules
    /// say of such a file is certain.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// RUNN nginx -t
    /// ^^^^ `RUNN` is no instruction
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// RUN nginx -t
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-parse-error",
        summary: "the Dockerfile does not parse",
        remedy: "Mend the instruction as the message says.",
        severity: High,
        check: Check::Dockerfile(check),
        peers: &["hadolint:DL1000"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://docs.docker.com/reference/dockerfile/"],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let dockerfile = build.dockerfile;
    // Without a single instruction it is something else that bears the name.
    let known = |keyword: Keyword| keyword != Keyword::Unknown;
    if !dockerfile.instructions.iter().any(|one| known(one.keyword)) {
        return;
    }
    let text = |problem: &Problem| dockerfile.source.slice(problem.span);
    for problem in &dockerfile.problems {
        let counts = match problem.kind {
            // Template marks, and words such as `CROSS_BUILD`, are filled in before the builder
            // sees the file.
            ProblemKind::UnknownInstruction => {
                let text = text(problem);
                text.starts_with(|first: char| first.is_ascii_alphabetic()) && !text.contains('_')
            }
            ProblemKind::StageName => !text(problem).eq_ignore_ascii_case("scratch"),
            ProblemKind::Arguments
            | ProblemKind::UnterminatedHeredoc
            | ProblemKind::Directive
            | ProblemKind::NoStage
            | ProblemKind::Limit => true,
            // These have rules of their own.
            ProblemKind::Onbuild
            | ProblemKind::EmptyContinuation
            | ProblemKind::BeforeFrom
            | ProblemKind::DuplicateStage => false,
        };
        if counts {
            let finding = out.report(problem.span, problem.message.clone());
            finding.object(build.object(None)).evidence(problem.message.clone());
        }
    }
}
