use careen_image_model::Word;
use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::subject::{Step, cut};

rule! {
    /// `ADD` fetches addresses and unpacks archives, and does so by looking at what it is given: a
    /// file that turns out to be an archive is unpacked where it was meant to be copied. `COPY`
    /// does one thing. `ADD` is right for archives that are to be unpacked and for addresses.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// ADD html /usr/share/nginx/html
    /// ^^^ `ADD` copies `html`, which `COPY` does without surprises
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// ADD site.tar.gz /usr/share/nginx/html
    /// COPY html /usr/share/nginx/html
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-add-instead-of-copy",
        summary: "`ADD` where `COPY` does",
        remedy: "Write `COPY` in place of `ADD`.",
        severity: Medium,
        check: Check::Instruction(check),
        peers: &[
            "hadolint:DL3020",
            "dockle:CIS-DI-0009",
            "trivy:DS-0005",
            "checkov:CKV_DOCKER_4",
            "kics:9513a694",
            "cis:4.9",
        ],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    let instruction = step.instruction;
    if step.keyword() != Keyword::Add
        || instruction.flags.iter().any(|flag| is_for_add_only(&flag.name))
    {
        return;
    }
    let Some((sources, _)) = step.sources_and_destination() else { return };
    if sources.is_empty() || !sources.iter().all(is_plain) {
        return;
    }
    let first = sources.first().map_or("", |word| word.text.as_str());
    let message = format!("`ADD` copies `{}`, which `COPY` does without surprises", cut(first));
    let edit = Edit { span: instruction.keyword_span, text: "COPY".to_owned() };
    let finding = step.report(out, instruction.keyword_span, message);
    finding.evidence(cut(first)).fix("Use `COPY`", Safety::Unsafe, vec![edit]);
}

fn is_for_add_only(flag: &str) -> bool {
    matches!(flag, "checksum" | "keep-git-dir" | "unpack")
}

/// Whether a source is a file or folder of the build context that is no archive by its name.
fn is_plain(word: &Word) -> bool {
    word.literal
        && !word.text.contains('$')
        && !word.text.starts_with("<<")
        && needs_no_add(&word.text)
}

/// Whether the name of a source tells neither an archive nor something to fetch.
pub(crate) fn needs_no_add(text: &str) -> bool {
    const ARCHIVES: [&str; 12] = [
        ".tar", ".tgz", ".gz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".lzma", ".zip",
        ".Z",
    ];
    let remote = text.contains("://") || text.starts_with("git@");
    !remote && !ARCHIVES.iter().any(|end| text.ends_with(end)) && !text.contains(".tar.")
}
