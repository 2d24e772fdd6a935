use careen_kube_model::Workload;
use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::backups::{dumpers, schedules};
use crate::cron;
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// A backup that is paused, or whose schedule cannot be read or names a day that never comes, is
    /// none; it looks like one until the day it is needed. The rule reads schedules of Velero,
    /// CloudNativePG (whose schedules start with seconds), snapscheduler, Longhorn, VolSync,
    /// MariaDB, Percona, Crunchy, TiDB, Medusa, Stash and Portworx, and sees CronJobs that dump and
    /// are suspended. The schedule of a CronJob is the subject of `cronjob-schedule-invalid`.
    ///
    /// It is fine for a short while, during a migration of the store.
    ///
    /// ```yaml bad
    /// apiVersion: velero.io/v1
    /// kind: Schedule
    /// metadata: {name: nightly, namespace: velero}
    /// spec:
    ///   paused: true
    /// #         ^^^^ backup Schedule `velero/nightly` never runs: it is stopped by `paused`
    ///   schedule: 0 2 * * *
    ///   template:
    ///     includedNamespaces: [shop]
    /// ---
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: ScheduledBackup
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   schedule: "0 0 2 31 2 *"
    /// #           ^^^^^^^^^^^^^^ backup ScheduledBackup `shop/orders` never runs: no year has a day of its schedule `0 0 2 31 2 *`
    ///   cluster: {name: orders}
    /// ```
    /// ```yaml good
    /// apiVersion: velero.io/v1
    /// kind: Schedule
    /// metadata: {name: nightly, namespace: velero}
    /// spec:
    ///   schedule: CRON_TZ=UTC 0 2 * * *
    ///   template:
    ///     includedNamespaces: [shop]
    /// ---
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: ScheduledBackup
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   schedule: "0 0 2 * * *"
    ///   cluster: {name: orders}
    /// ```
    pub(crate) static RULE: Check = {
        id: "backup-never-runs",
        summary: "backup is stopped or has a schedule that never comes",
        remedy: "Let it run, or correct its schedule.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::BACKUP_CONFIGURED],
        references: &["https://velero.io/docs/main/api-types/schedule/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for schedule in schedules(snapshot) {
        let object = schedule.object;
        let name = object.view.display().to_string();
        if let Some(node) = schedule.stopped {
            let field = node.parent().and_then(|holder| {
                let mut entries = holder.entries();
                entries.find(|entry| entry.value.id() == node.id())?.name()
            });
            let field = cut(field.unwrap_or("suspend"));
            let message = format!("backup {name} never runs: it is stopped by `{field}`");
            out.report(object.source(), node.span(), message).object(object.path());
        }
        for time in schedule.times {
            let Some(text) = time.text().filter(|text| !is_placeholder(text)) else { continue };
            let Some(problem) = problem(text, schedule.seconds) else { continue };
            let message = format!("backup {name} never runs: {problem} `{}`", cut(text));
            out.report(object.source(), time.span(), message).object(object.path());
        }
    }
    for (object, pod) in dumpers(snapshot) {
        let stop = object.view.at(&["spec", "suspend"]);
        let stop = stop.filter(|node| node.as_bool() == Some(true));
        if let (Workload::CronJob, Some(node)) = (pod.workload, stop) {
            let message =
                format!("backup {} never runs: it is stopped by `suspend`", object.view.display());
            out.report(object.source(), node.span(), message).object(object.path());
        }
    }
}

/// What is wrong with a schedule, in words before it.
fn problem(text: &str, seconds: bool) -> Option<String> {
    let text = match text.split_once(' ') {
        Some((zone, rest)) if zone.starts_with("TZ=") || zone.starts_with("CRON_TZ=") => rest,
        _ => text,
    };
    let text = text.trim();
    // K8up and Jenkins spread schedules that leave the time to them.
    if text.ends_with("-random") {
        return None;
    }
    let text =
        if seconds && !text.starts_with('@') { without_seconds(text)? } else { text.to_owned() };
    // Sunday is 7 for some of the tools.
    match cron::Schedule::parse(&text) {
        Err(cron::CronProblem::Range("day of the week", ..)) => None,
        Err(problem) => Some(format!("{problem}, in its schedule")),
        Ok(schedule) if schedule.never_runs() => {
            Some("no year has a day of its schedule".to_owned())
        }
        Ok(_) => None,
    }
}

/// The five fields after the seconds. The last, the day of the week, may be left out; with any other
/// number of fields the text is given back, so that it is told.
fn without_seconds(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    Some(match fields.as_slice() {
        [_, rest @ ..] if rest.len() == 5 => rest.join(" "),
        [_, rest @ ..] if rest.len() == 4 => format!("{} *", rest.join(" ")),
        _ => return (!fields.is_empty()).then(|| text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn schedules_of_backups() {
        for (text, seconds) in [
            ("0 2 * * *", false),
            ("@daily", true),
            ("@daily-random", false),
            ("TZ=Europe/Berlin 0 2 * * *", false),
            ("0 0 2 * * *", true),
            ("0 0 2 * *", true),
            ("0 2 * * 7", false),
        ] {
            assert_eq!(problem(text, seconds), None, "{text}");
        }
        for (text, seconds) in [
            ("0 25 * * *", false),
            ("nightly", false),
            ("0 0 2 * * *", false),
            ("0 2 30 2 *", false),
        ] {
            assert!(problem(text, seconds).is_some(), "{text}");
        }
    }
}
