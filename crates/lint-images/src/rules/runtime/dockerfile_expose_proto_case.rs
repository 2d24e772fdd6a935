use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, rule};
use careen_text::Span;

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `EXPOSE` takes the protocol in any case; the image's configuration and the tools that read
    /// it write it in lower case.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// EXPOSE 80/TCP 443
    /// #      ^^^^^^ the protocol of `80/TCP` is not in lower case
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// EXPOSE 80/tcp 443 ${PORT}/udp
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-expose-proto-case",
        summary: "the protocol of `EXPOSE` is not in lower case",
        remedy: "Write the protocol in lower case.",
        severity: Info,
        check: Check::Instruction(check),
        peers: &["buildx:ExposeProtoCasing"],
        default: false,
        references: &["https://docs.docker.com/reference/build-checks/expose-proto-casing/"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Expose {
        return;
    }
    for word in step.instruction.words() {
        let Some((_, protocol)) = word.text.rsplit_once('/') else { continue };
        if protocol.contains(['$', '}']) || !protocol.bytes().any(|b| b.is_ascii_uppercase()) {
            continue;
        }
        let text = cut(&word.text);
        let finding = step.report(
            out,
            word.content,
            format!("the protocol of `{text}` is not in lower case"),
        );
        finding.evidence(text);
        let len = Span::of(0..protocol.len()).len();
        if word.content.len() == Span::of(0..word.text.len()).len() {
            let span = Span::new(word.content.end - len, word.content.end);
            let edit = Edit { span, text: protocol.to_ascii_lowercase() };
            finding.fix("Write it in lower case", Safety::Safe, vec![edit]);
        }
    }
}
