//! What the running cluster says.

use careen_audit_model::{Cause, Proof, Status};
use careen_evidence::Kind;
use careen_probes::{Cluster, Probe};

use super::Decision;
use super::fresh::{produced_at, refusal, too_old};
use crate::inputs::{Inputs, Outcome, Piece};

const DUMP: &str = "kubectl get nodes,pods,pvc,services,endpointslices -A -o json";

pub(super) fn decide(probe: Probe, max_age: i64, inputs: &Inputs<'_>) -> Decision {
    let is_dump = |piece: &&Piece| match &piece.outcome {
        Outcome::Read(evidence) => evidence.kind == Kind::Kubectl,
        Outcome::Unknown | Outcome::Broken(_) => false,
    };
    let dumps: Vec<_> = inputs.pieces.iter().filter(is_dump).collect();
    let mut cluster = Cluster::default();
    let mut used = Vec::new();
    let mut stale = None;
    for piece in &dumps {
        if let Some(reason) = refusal(piece, inputs) {
            return told(piece, Status::Fail, &reason);
        }
        if let Some(reason) = too_old(produced_at(piece), Some(max_age), inputs.now) {
            stale = stale.or(Some((piece, reason)));
            continue;
        }
        match piece.text.as_deref().map(|text| cluster.add(text)) {
            Some(Ok(())) => used.push(piece),
            Some(Err(trouble)) => return told(piece, Status::NotRun, &trouble.message),
            None => {}
        }
    }
    if used.is_empty() {
        if let Some((piece, reason)) = stale {
            return told(piece, Status::Stale, &reason);
        }
        let reason = "Nothing was told of the running cluster.";
        let remedy = format!("Add what the cluster says: `{DUMP} > cluster.json`.");
        return Decision::new(Status::NotRun, reason, remedy);
    }
    let answer = probe.ask(&cluster, inputs.now);
    if !answer.problems.is_empty() {
        let count = answer.problems.len();
        let first = answer.problems.first().map(|it| it.message.as_str()).unwrap_or_default();
        let more = if count > 1 { format!(" And {} more.", count - 1) } else { String::new() };
        let reason = format!("{}.{more}", first.trim_end_matches('.'));
        let mut decision =
            Decision::new(Status::Fail, reason, "Mend the cluster, and ask it again.");
        decision.causes = answer
            .problems
            .into_iter()
            .map(|problem| Cause {
                message: problem.message,
                place: None,
                rule: None,
                severity: None,
                remedy: None,
            })
            .collect();
        return decision;
    }
    if !answer.missing.is_empty() {
        let reason = format!("The dump holds no {}.", answer.missing.join(", no "));
        return Decision::new(Status::NotRun, reason, format!("Dump them too: `{DUMP}`."));
    }
    if answer.seen == 0 {
        let reason = "There was nothing in the dump to look at.";
        return Decision::new(Status::NotRun, reason, format!("Dump it: `{DUMP}`."));
    }
    let proof = |piece: &&&Piece| Proof::Cluster {
        path: piece.path.to_string(),
        what: answer.what.clone(),
    };
    Decision::pass(format!("Fine: {}.", answer.what), used.iter().map(proof).collect())
}

fn told(piece: &Piece, status: Status, reason: &str) -> Decision {
    let reason = format!("`{}`: {}.", piece.path, reason.trim_end_matches('.'));
    Decision::new(status, reason, format!("Ask the cluster again: `{DUMP}`."))
}
