use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::owners::{Pattern, Unsupported, code_owners, is_owner, lines};
use crate::place::{cut, first_line};

rule! {
    /// GitHub passes over a line that it does not understand, without a word: nobody is asked then about
    /// changes of these files. An owner is `@user`, `@organisation/team` or an address; a pattern has
    /// neither `!` nor `[ ]` and does not begin with `\#`. A file of more than 3 MB is not read at all, and
    /// of several files only the first: that in `.github/`, at the root, or in `docs/`.
    ///
    /// Files with sections are those of GitLab and are left alone. That an owner exists, and may write to
    /// the repository, cannot be told from here.
    ///
    /// ```text bad file=.github/CODEOWNERS
    /// *         @example/shop
    /// /deploy/  platform
    /// #         ^^^^^^^^ GitHub passes over this line: `platform` is no owner
    /// !/docs/   @example/docs
    /// ^^^^^^^ GitHub passes over this line: a pattern cannot be taken back with `!`
    /// [ab].sql  @example/dba
    /// ^^^^^^^^ GitHub passes over this line: a pattern has no ranges
    /// ```
    /// ```text bad file=CODEOWNERS
    /// * @example/all
    /// ^^^^^^^^^^^^^^ GitHub does not read this file: it reads `.github/CODEOWNERS`
    /// ```
    /// ```text good file=.github/CODEOWNERS
    /// # Everything, then what is told apart.
    /// *         @example/shop
    /// /deploy/  @example/platform ops@example.com
    /// /docs/
    /// ```
    pub(crate) static RULE: Check = {
        id: "code-owners-invalid",
        summary: "GitHub passes over a line of CODEOWNERS",
        remedy: "Write a pattern and owners that GitHub understands, in one file.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::CODE_REVIEWED],
        references: &["https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax"],
    }
}

/// What GitHub reads at most, in bytes.
const LARGEST: usize = 3 << 20;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let files = code_owners(snapshot);
    let Some((read, others)) = files.split_first() else { return };
    for other in others {
        let message =
            format!("GitHub does not read this file: it reads `{}`", cut(read.source.path()));
        out.report(&other.source, first_line(&other.source), message);
    }
    if read.source.text().len() > LARGEST {
        let message = "GitHub does not read this file: it has more than 3 MB";
        out.report(&read.source, first_line(&read.source), message);
    }
    for line in lines(&read.source) {
        let mut tell = |span: Span, why: String, evidence: &str| {
            let message = format!("GitHub passes over this line: {why}");
            out.report(&read.source, span, message).evidence(cut(evidence));
        };
        if let Err(unsupported) = Pattern::parse(line.pattern) {
            let why = match unsupported {
                Unsupported::Negation => "a pattern cannot be taken back with `!`",
                Unsupported::Range => "a pattern has no ranges `[ ]`",
                Unsupported::Hash => "a pattern cannot begin with `\\#`",
            };
            tell(line.pattern_span, why.to_owned(), line.pattern);
            continue;
        }
        for (owner, span) in line.owners().filter(|(owner, _)| !is_owner(owner)) {
            let why = format!("`{}` is no owner", cut(owner));
            tell(span, why, owner);
        }
    }
}
