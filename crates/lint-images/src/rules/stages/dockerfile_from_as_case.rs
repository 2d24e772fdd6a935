use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// `FROM … as …` works, and mixes two ways of writing in one line. It is a matter of taste
    /// alone.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2 as build
    /// #                ^^ `as` is written in another case than `FROM`
    /// from build AS two
    /// #          ^^ `AS` is written in another case than `from`
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2 AS build
    /// from build as two
    /// FROM two
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-from-as-case",
        summary: "`AS` is written in another case than `FROM`",
        remedy: "Write both in the same case.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &["buildx:FromAsCasing"],
        default: false,
        references: &["https://docs.docker.com/reference/build-checks/from-as-casing/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::From {
        return;
    }
    let Some(word) = step.instruction.words().get(1).filter(|word| word.is_ignoring_case("as"))
    else {
        return;
    };
    let from = step.build.dockerfile.source.slice(step.instruction.keyword_span);
    let is_lower = |text: &str| !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_upper = |text: &str| !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let alike = is_lower(from) && is_lower(&word.text) || is_upper(from) && is_upper(&word.text);
    if !alike {
        let text = &word.text;
        let wanted = if is_lower(from) { "as" } else { "AS" };
        let message = format!("`{text}` is written in another case than `{from}`");
        let edit = Edit { span: word.content, text: wanted.to_owned() };
        step.report(out, word.content, message).fix(
            "Write it like `FROM`",
            Safety::Safe,
            vec![edit],
        );
    }
}
