use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::place::{home, readme};

rule! {
    /// Whoever opens the repository, to mend it or to run it, begins with the README. It is looked for at
    /// the root of what is checked.
    ///
    /// ```markdown bad file=CONTRIBUTING.md
    /// # Contributing
    /// ^^^^^^^^^^^^^^ there is no README at the root
    /// ```
    /// ```markdown bad file=docs/README.md
    /// # Guide
    /// ```
    /// ```markdown good file=README.md
    /// # shop
    ///
    /// Sells things.
    /// ```
    pub(crate) static RULE: Check = {
        id: "readme-missing",
        summary: "there is no README at the root",
        remedy: "Write a `README.md`: what this is, how it is built, run and deployed, who looks after it.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_README_CURRENT],
        references: &["https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if readme(snapshot).is_some() {
        return;
    }
    if let Some((source, span)) = home(snapshot) {
        out.report(source, span, "there is no README at the root");
    }
}
