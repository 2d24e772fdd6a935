use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::body::Text;
use crate::dashboards::Dashboard;
use crate::place::cut;
use crate::survey::Survey;

rule! {
    /// Grafana leaves out a dashboard that is no JSON, and one without a title. Two panels with one `id`
    /// get mixed up in links and in what people have changed. Of two dashboards with one `uid` only one is
    /// there; it is told where their titles differ, which means that one was copied from the other.
    ///
    /// ```json bad file=dashboards/a.json
    /// {
    ///   "title": "Web",
    ///   "uid": "web",
    ///   "panels": [
    ///     {"id": 1, "title": "Requests", "targets": [{"expr": "sum(up)"}]},
    ///     {"id": 1, "title": "Errors", "targets": [{"expr": "sum(up)"}]}
    /// #          ^ panel `Errors` of dashboard `Web` has the id 1 of panel `Requests`
    ///   ]
    /// }
    /// ```
    /// ```json bad file=dashboards/b.json
    /// {
    ///   "title": "API",
    ///   "uid": "web",
    /// #        ^^^^^ dashboard `API` has the uid `web` of dashboard `Web` (dashboards/a.json)
    ///   "panels": [{"id": 1, "targets": [{"expr": "sum(up)"}]}]
    /// }
    /// ```
    /// ```json bad file=dashboards/c.json
    /// {
    ///   "title": "Broken",
    ///   "panels": [{"id": 1, "targets": [{"expr": "sum(up)"}],}]
    /// #                                                       ^ the dashboard is no JSON: key must be a string
    /// }
    /// ```
    /// ```json good
    /// {
    ///   "title": "Web",
    ///   "uid": "web",
    ///   "panels": [{"id": 1, "title": "Requests", "targets": [{"expr": "sum(up)"}]}]
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "dashboard-invalid",
        summary: "dashboard is none that Grafana takes as it is",
        remedy: "Make the dashboard valid JSON with a title, and give panels and dashboards ids of their own.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::DASHBOARDS],
        references: &[
            "https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    let mut uids: BTreeMap<&str, &Dashboard> = BTreeMap::new();
    let mut paths: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, dashboard) in &survey.dashboards {
        let Some(file) = snapshot.files().get(*at) else { continue };
        let mut say = |span: Span, message: String, evidence: &str| {
            let finding = out.report(&file.source, span, message);
            finding.evidence(evidence);
            if let Some(object) = &dashboard.object {
                finding.object(object.clone());
            }
        };
        if let Some((span, why)) = &dashboard.broken {
            say(*span, format!("the dashboard is no JSON: {why}"), "json");
            continue;
        }
        if dashboard.panels.is_empty() && dashboard.title.is_none() {
            continue;
        }
        if dashboard.title.is_none() {
            say(dashboard.at, "the dashboard has no title".to_owned(), "title");
        }
        for (id, panel, first) in duplicates(dashboard) {
            let message = format!(
                "panel{} of {} has the id {} of panel{}",
                shown(panel),
                dashboard.display(),
                cut(&id.text),
                shown(first)
            );
            say(id.span, message, &format!("panel {}", id.text));
        }
        let Some(uid) = &dashboard.uid else { continue };
        let title = |found: &Dashboard| found.title.as_ref().map(|title| title.text.clone());
        if let Some(first) =
            uids.get(uid.text.as_str()).filter(|first| title(first) != title(dashboard))
        {
            let path = paths.get(uid.text.as_str()).copied().unwrap_or_default();
            let message = format!(
                "{} has the uid `{}` of {} ({path})",
                dashboard.display(),
                cut(&uid.text),
                first.display()
            );
            say(uid.span, message, &format!("uid {}", uid.text));
        }
        uids.entry(&uid.text).or_insert(dashboard);
        paths.entry(&uid.text).or_insert_with(|| file.source.path());
    }
}

/// Panels with the id of another one, by their titles.
fn duplicates(dashboard: &Dashboard) -> Vec<(&Text, Option<&str>, Option<&str>)> {
    let mut seen: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut found = Vec::new();
    for panel in &dashboard.panels {
        let Some(id) = panel.id.as_ref().filter(|id| id.text.parse::<u64>().is_ok()) else {
            continue;
        };
        if let Some(first) = seen.get(id.text.as_str()) {
            found.push((id, panel.title.as_deref(), *first));
        } else {
            seen.insert(&id.text, panel.title.as_deref());
        }
    }
    found
}

fn shown(title: Option<&str>) -> String {
    title.map_or_else(String::new, |title| format!(" `{}`", cut(title)))
}
