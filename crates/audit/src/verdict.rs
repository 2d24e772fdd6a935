use careen_audit_model::{ControlResult, Item, Outcome, Phase, Status, Verdict, WaiverRecord};
use careen_rule::Date;

/// Whether to sail: everything that is due is settled, and something was proven.
pub(crate) fn of(
    items: &[Item],
    controls: &[ControlResult],
    waivers: &[WaiverRecord],
    phase: Phase,
) -> Verdict {
    let is_due = |due: Phase| due <= phase;
    let mut blockers: Vec<String> = Vec::new();
    let due = || items.iter().filter(|item| is_due(item.phase));
    for item in due().filter(|item| !item.status.is_settled()) {
        let open = |id: &&String| {
            controls.iter().any(|control| control.id == **id && !control.status.is_settled())
        };
        let mut ids: Vec<_> = item.controls.iter().filter(open).cloned().collect();
        if ids.is_empty() {
            ids.push(format!("line {}", item.line));
        }
        for id in ids {
            if !blockers.contains(&id) {
                blockers.push(id);
            }
        }
    }
    let needed: Vec<_> = waivers.iter().filter(|waiver| waiver.needed).collect();
    let next_expiry = needed.iter().map(|waiver| waiver.expires).min();
    let proven = due().any(|item| matches!(item.status, Status::Pass | Status::Waived));
    let (outcome, line) = if !blockers.is_empty() {
        let count = blockers.len();
        (Outcome::NoGo, format!("NO-GO: {count} blocker{}", if count == 1 { "" } else { "s" }))
    } else if !proven {
        (Outcome::NoGo, "NO-GO: nothing was proven".to_owned())
    } else if let Some(expiry) = next_expiry {
        let count = needed.len();
        let line = format!("GO with waivers ({count}, next expires {})", Date(expiry - 1));
        (Outcome::GoWithWaivers, line)
    } else {
        (Outcome::Go, "GO".to_owned())
    };
    Verdict { outcome, line, blockers, waivers: needed.len(), next_expiry }
}
