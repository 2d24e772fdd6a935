use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::topic::{OPTIONS, Topic};

rule! {
    /// What one person knows by heart, nobody else can do. How a release reaches production belongs on a page or
    /// below a heading about it, also where a pipeline does the work: which one, started how, watched where.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    /// ^^^^^^ nobody says how the service is deployed: no document and no heading is about it
    ///
    /// Sells things.
    /// ```
    /// ```markdown good file=README.md
    /// # shop
    ///
    /// ## Deployment
    ///
    /// Merging to `main` starts the pipeline; `argocd app sync shop` brings the release to production.
    /// ```
    pub(crate) static RULE: Check = {
        id: "deployment-undocumented",
        summary: "no document says how the service is deployed",
        remedy: "Write down how a release reaches production, step by step.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_RUNBOOK],
        references: &["https://sre.google/sre-book/release-engineering/"],
        options: OPTIONS,
    }
}

static TOPIC: Topic = Topic {
    rule: &RULE.meta,
    words: &[
        "deploy",
        "deploying",
        "deployment",
        "deployments",
        "release process",
        "releasing",
        "rollout",
        "roll out",
        "rolling out",
        "going live",
        "installation",
        "installing",
    ],
    complaint: "nobody says how the service is deployed",
    in_changelog: false,
};

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    TOPIC.tell(snapshot, context, out);
}
