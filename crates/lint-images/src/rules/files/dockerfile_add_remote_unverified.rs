use careen_image_model::dockerfile::Keyword;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::Step;

rule! {
    /// `ADD` of an address puts into the image whatever the server sends on the day of the build.
    /// With `--checksum=sha256:…` the build stops when that changes; for a git address the commit
    /// in full does the same. Plain `http` is open to everybody on the way, too.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29.3
    /// ADD https://example.com/tool /usr/local/bin/tool
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^ `ADD` of an address without `--checksum`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM nginx:1.29.3
    /// ADD --checksum=sha256:24454f8324454f8324454f8324454f8324454f8324454f8324454f8324454f83 https://example.com/tool /usr/local/bin/
    /// ADD https://github.com/example/tool.git#4af7d1c24af7d1c24af7d1c24af7d1c24af7d1c2 /src/
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-add-remote-unverified",
        summary: "`ADD` of an address is not verified",
        remedy: "Add `--checksum=sha256:…`, or name the commit of a git address.",
        severity: High,
        check: Check::Instruction(check),
        peers: &["kics:4b410d24", "cis:4.9"],
        security: true,
        cwe: &[494],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/reference/dockerfile/#add---checksum"],
    }
}

fn check(step: Step<'_>, _: &Context, out: &mut Sink<'_>) {
    if step.keyword() != Keyword::Add || step.instruction.flag("checksum").is_some() {
        return;
    }
    let Some((sources, _)) = step.sources_and_destination() else { return };
    for source in sources {
        let text = source.text.as_str();
        if is_git(text) {
            if !has_commit(text) {
                let message = "`ADD` of a git address without a commit";
                step.report(out, source.content, message);
            }
        } else if is_remote(text) {
            let message = "`ADD` of an address without `--checksum`";
            step.report(out, source.content, message);
        }
    }
}

fn is_remote(text: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|scheme| text.starts_with(scheme))
}

fn is_git(text: &str) -> bool {
    let path = text.split(['#', '?']).next().unwrap_or_default();
    text.starts_with("git@")
        || text.starts_with("git://")
        || text.starts_with("ssh://")
        || (is_remote(text) && path.ends_with(".git"))
}

/// Whether a git address names a commit in full, or leaves it to a variable.
fn has_commit(text: &str) -> bool {
    let fragment = text.split_once('#').map(|(_, fragment)| fragment);
    let reference = fragment.map(|fragment| fragment.split(':').next().unwrap_or_default());
    let query = text.split(['?', '&']).find_map(|part| part.strip_prefix("checksum="));
    [reference, query].into_iter().flatten().any(|commit| {
        let is_hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        commit.contains('$') || (is_hex && (commit.len() == 40 || commit.len() == 64))
    })
}
