use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::owners::{Pattern, code_owners, lines};
use crate::place::{cut, root};

rule! {
    /// A pattern that means no file: the folder was renamed, and its new name has other owners or none.
    /// Patterns for files to come are fine; that is why nobody is told unless they ask.
    ///
    /// ```text bad file=.github/CODEOWNERS
    /// *         @example/shop
    /// /deploi/  @example/platform
    /// ^^^^^^^^ no file is meant by `/deploi/`
    /// ```
    /// ```text good file=.github/CODEOWNERS
    /// *         @example/shop
    /// /deploy/  @example/platform
    /// ```
    /// ```yaml good file=deploy/values.yaml
    /// replicas: 2
    /// ```
    pub(crate) static RULE: Check = {
        id: "code-owners-path-dead",
        summary: "a pattern of CODEOWNERS means no file",
        remedy: "Write the folder's name of today, or take the line out.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::CODE_REVIEWED],
        references: &["https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax"],
    }
}

/// The most paths that are held against patterns in a run, all patterns together.
const MOST: usize = 5_000_000;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some((paths, root)) = snapshot.paths().zip(root(snapshot)) else { return };
    let Some(file) = code_owners(snapshot).into_iter().next() else { return };
    let mut left = MOST;
    for line in lines(&file.source) {
        let Ok(pattern) = Pattern::parse(line.pattern) else { continue };
        if left < paths.len() {
            return;
        }
        left -= paths.len();
        let within = |path: &str| {
            path.get(root.len()..).is_some_and(|path| pattern.matches(path.trim_start_matches('/')))
        };
        if !paths.iter().any(|path| within(path)) {
            let message = format!("no file is meant by `{}`", cut(line.pattern));
            out.report(&file.source, line.pattern_span, message).evidence(cut(line.pattern));
        }
    }
}
