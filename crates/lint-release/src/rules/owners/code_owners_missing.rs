use careen_model::{Context, Document, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::place::home;

rule! {
    /// Who must look at a change is written down where the host can ask them: `CODEOWNERS` of GitHub,
    /// GitLab and others, `OWNERS` of Prow, or an entity of Backstage with an owner. A project of one
    /// person can do without.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    /// ^^^^^^ no file says who owns the code
    /// ```
    /// ```text good file=.github/CODEOWNERS
    /// * @example/shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "code-owners-missing",
        summary: "no file says who owns the code",
        remedy: "Add `.github/CODEOWNERS` with a team for `*`.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::CODE_REVIEWED],
        references: &["https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut files = snapshot.files().iter();
    let has_file = files.any(|file| file.document == Some(Document::Owners));
    let mut objects = snapshot.objects();
    let has_entity = objects.any(|object| {
        object.view.group() == "backstage.io" && object.view.at(&["spec", "owner"]).is_some()
    });
    if has_file || has_entity {
        return;
    }
    if let Some((source, span)) = home(snapshot) {
        out.report(source, span, "no file says who owns the code");
    }
}
