use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::jobs::{hint, unknown};
use crate::survey::Survey;

rule! {
    /// A query for a job that nothing scrapes shows an empty graph. The jobs of a repository are those of
    /// its monitors and scrape configurations; where some cannot be known, nothing is said. See
    /// `alert-job-unknown`.
    ///
    /// ```json bad file=dashboards/web.json
    /// {
    ///   "title": "Web",
    ///   "panels": [{"id": 1, "title": "Up", "targets": [{"expr": "up{job=\"wep\"}"}]}]
    /// #                                                                    ^^^ dashboard `Web` asks for job `wep`, which nothing in the repository scrapes, did you mean `web`?
    /// }
    /// ```
    /// ```yaml bad file=prometheus.yml
    /// scrape_configs:
    /// - job_name: web
    ///   static_configs: [{targets: ["web:9090"]}]
    /// ```
    /// ```json good file=dashboards/web.json
    /// {
    ///   "title": "Web",
    ///   "panels": [{"id": 1, "title": "Up", "targets": [{"expr": "up{job=~\"web|kubelet\"}"}]}]
    /// }
    /// ```
    /// ```yaml good file=prometheus.yml
    /// scrape_configs:
    /// - job_name: web
    ///   static_configs: [{targets: ["web:9090"]}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "dashboard-job-unknown",
        summary: "dashboard asks for a job that nothing scrapes",
        remedy: "Name a job that is scraped, or scrape the one that is named.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::DASHBOARDS],
        references: &["https://prometheus.io/docs/concepts/jobs_instances/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    for (file, dashboard) in &survey.dashboards {
        let Some(file) = snapshot.files().get(*file) else { continue };
        for (_, query) in dashboard.queries() {
            for (span, job) in unknown(query, &survey.jobs) {
                let message = format!(
                    "{} asks for job `{job}`, which nothing in the repository scrapes{}",
                    dashboard.display(),
                    hint(&job, &survey.jobs)
                );
                let finding = out.report(&file.source, span, message);
                finding.evidence(job);
                if let Some(object) = &dashboard.object {
                    finding.object(object.clone());
                }
            }
        }
    }
}
