use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};
use careen_text::Span;

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `ENV name value` takes the rest of the line for one value, quotes and further `NAME=value`
    /// included: `ENV A 1 B=2` sets one variable. The form is kept for old files only and will go.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// ENV LANG C.UTF-8
    /// #   ^^^^^^^^^^^^ `ENV` `LANG` is set without `=`
    /// LABEL org.opencontainers.image.title the shop
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `LABEL` `org.opencontainers.image.title` is set
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// ENV LANG=C.UTF-8 \
    ///     EMPTY=
    /// LABEL org.opencontainers.image.title="the shop"
    /// ARG VERSION
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-legacy-key-value",
        summary: "a name and its value are separated by white space",
        remedy: "Write `NAME=value`, in quotes where the value has blanks.",
        severity: Low,
        check: Check::Instruction(check),
        peers: &["buildx:LegacyKeyValueFormat"],
        references: &["https://docs.docker.com/reference/build-checks/legacy-key-value-format/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if !matches!(step.keyword(), Keyword::Env | Keyword::Label) {
        return;
    }
    let source = &step.build.dockerfile.source;
    for pair in step.instruction.pairs() {
        let Some(value) = &pair.value else { continue };
        let equals = Span::new(pair.key.span.end, pair.key.span.end.saturating_add(1));
        if source.text().get(equals.range()) == Some("=") || value.text.is_empty() {
            continue;
        }
        let keyword = step.keyword().name();
        let name = cut(&pair.key.text);
        let finding =
            step.report(out, pair.span, format!("`{keyword}` `{name}` is set without `=`"));
        finding.evidence(name);
        let written = source.slice(value.span);
        if !written.contains(['"', '\'', '\\', '`', '\n', '=']) {
            let quote = if written.contains([' ', '\t']) { "\"" } else { "" };
            let span = Span::new(pair.key.span.end, value.span.end);
            let edit = Edit { span, text: format!("={quote}{written}{quote}") };
            finding.fix("Write it with `=`", Safety::Safe, vec![edit]);
        }
    }
}
