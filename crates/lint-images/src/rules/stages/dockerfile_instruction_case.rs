use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};

use crate::Check;
use crate::subject::{Build, cut};

rule! {
    /// Instructions may be written in any case; one that is unlike the others reads like an
    /// argument of the one above. The majority of the file decides; upper case wins a tie.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// Run make
    /// ^^^ `Run` is not written like the other instructions, in upper case
    /// workdir /srv
    /// ^^^^^^^ `workdir` is not written like the other instructions, in upper case
    /// CMD ["/srv/app"]
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// from debian:13.2
    /// run make
    /// onbuild COPY . .
    /// user 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-instruction-case",
        summary: "instructions are written in upper and lower case",
        remedy: "Write all instructions in the same case.",
        severity: Info,
        check: Check::Dockerfile(check),
        peers: &["buildx:ConsistentInstructionCasing"],
        default: false,
        references: &[
            "https://docs.docker.com/reference/build-checks/consistent-instruction-casing/",
        ],
    }
}

fn check(build: &Build<'_>, _: &Context, out: &mut Sink<'_>) {
    let dockerfile = build.dockerfile;
    let (mut lower, mut upper) = (0usize, 0usize);
    let known = dockerfile.instructions.iter().filter(|one| !one.keyword.name().is_empty());
    for instruction in known.clone() {
        let text = dockerfile.source.slice(instruction.keyword_span);
        lower += usize::from(!text.bytes().any(|byte| byte.is_ascii_uppercase()));
        upper += usize::from(!text.bytes().any(|byte| byte.is_ascii_lowercase()));
    }
    let to_lower = lower > upper;
    for instruction in known {
        let text = dockerfile.source.slice(instruction.keyword_span);
        let name = instruction.keyword.name();
        let (wanted, case) = if to_lower {
            (name.to_ascii_lowercase(), "lower")
        } else {
            (name.to_owned(), "upper")
        };
        // A name over a line continuation is not for us to mend.
        if text != wanted && text.len() == wanted.len() {
            let message = format!(
                "`{}` is not written like the other instructions, in {case} case",
                cut(text)
            );
            let edit = Edit { span: instruction.keyword_span, text: wanted };
            let finding = out.report(instruction.keyword_span, message);
            finding.object(build.object(instruction.stage)).evidence(name).fix(
                "Write it like the others",
                Safety::Safe,
                vec![edit],
            );
        }
    }
}
