use careen_image_model::dockerfile::{Comment, Keyword};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `docker build --call=outline` and `--call=targets` show the comment above an `ARG` or a
    /// named `FROM` as its description, if the comment starts with the name. One that does not is
    /// lost. Of interest only where descriptions are written; a blank line below a comment says
    /// that it is none.
    ///
    /// ```dockerfile bad
    /// # The version to build
    /// ^^^^^^^^^^^^^^^^^^^^^^ the comment above `VERSION` does not start with that name
    /// ARG VERSION=1
    /// # compiles everything
    /// ^^^^^^^^^^^^^^^^^^^^^ the comment above `build` does not start with that name
    /// FROM debian:13.2 AS build
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// # syntax=docker/dockerfile:1
    /// # VERSION is the version to build
    /// ARG VERSION=1
    ///
    /// # build compiles everything
    /// FROM debian:13.2 AS build
    /// # About the rest of the file.
    ///
    /// ARG OTHER
    /// # The last stage has no name.
    /// FROM build
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-definition-comment",
        summary: "the comment above an `ARG` or `FROM` does not start with its name",
        remedy: "Start the comment with the name, or leave a blank line below it.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &["buildx:InvalidDefinitionDescription"],
        default: false,
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-definition-description/",
        ],
    }
}

/// Bytes of white space between a comment and its instruction.
const BETWEEN_MAX: u32 = 1024;

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let words = step.instruction.words();
    let names: Vec<&str> = match step.keyword() {
        Keyword::Arg => {
            step.instruction.pairs().iter().map(|pair| pair.key.text.as_str()).collect()
        }
        Keyword::From => words.get(2).map(|name| name.text.as_str()).into_iter().collect(),
        _ => return,
    };
    let (Some(name), Some(comment)) = (names.first(), comment_above(step)) else { return };
    let first = comment.text.split_whitespace().next();
    if first.is_some_and(|first| !names.contains(&first)) {
        let name = cut(name);
        let message = format!("the comment above `{name}` does not start with that name");
        step.report(out, comment.span, message).evidence(name);
    }
}

/// The comment on the line above an instruction.
fn comment_above(step: Step<'_>) -> Option<&Comment> {
    let dockerfile = step.build.dockerfile;
    let start = step.instruction.keyword_span.start;
    // Comments are in the order of the file.
    let behind = dockerfile.comments.partition_point(|comment| comment.span.start < start);
    let comment = dockerfile.comments.get(behind.checked_sub(1)?)?;
    // A comment far above is not read up to again and again.
    if start.saturating_sub(comment.span.end) > BETWEEN_MAX {
        return None;
    }
    let between = dockerfile.source.text().get(comment.span.end as usize..start as usize)?;
    let blank = between.bytes().all(|byte| byte.is_ascii_whitespace());
    let lines = between.bytes().filter(|byte| *byte == b'\n').count();
    (blank && lines == 1).then_some(comment)
}
