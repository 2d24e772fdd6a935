//! The audit itself: every line of the list, every control once.

use careen_attest::{SignOff, Waiver};
use careen_audit_model::{
    Audit, ControlResult, EvidenceRecord, Item, Phase, Proof, SCHEMA, SignOffRecord, Status,
    Unseen, Vouched, WaiverRecord,
};
use careen_checklist::Proposer;
use careen_rule::Date;

use crate::control::{Binds, Definition};
use crate::decide::{self, Asked, Decision, about_content, decide, refusal, sentences};
use crate::inputs::{Inputs, Outcome, Piece};
use crate::items::{Bound, Order, bound, proposals, proposer, worst};
use crate::verdict;

/// Causes that are told of one control.
const MOST_CAUSES: usize = 50;

/// Decides everything.
#[must_use]
pub fn audit(inputs: Inputs<'_>) -> Audit {
    let mut order = Order::default();
    let mut controls: Vec<ControlResult> = Vec::new();
    let mut items = Vec::new();
    let proposer = proposer(inputs.definitions);
    for item in &inputs.checklist.items {
        let answer = match bound(item, &inputs) {
            Bound::ByHand(reason) => by_hand(item, reason, &proposer),
            Bound::To { definitions, own } => {
                let mut places = Vec::new();
                for definition in definitions.into_iter().chain(own.as_deref()) {
                    let (place, is_new) = order.place(&definition.id);
                    if is_new {
                        controls.push(control(definition, item.phase, &inputs));
                    }
                    if let Some(control) = controls.get_mut(place) {
                        control.phase = control.phase.min(item.phase);
                        control.lines.push(item.line);
                    }
                    places.push(place);
                }
                let deciding: Vec<_> =
                    places.iter().filter_map(|place| controls.get(*place)).collect();
                decided(item, &deciding)
            }
        };
        items.push(answer);
    }
    let evidence = evidence_records(&controls, &inputs);
    let mut unseen = unseen(&inputs);
    let waivers = waiver_records(&controls, &inputs, &mut unseen);
    let sign_offs = sign_off_records(&controls, &inputs, &mut unseen);
    unseen.sort();
    unseen.dedup();
    let verdict = verdict::of(&items, &controls, &waivers, inputs.phase);
    Audit {
        schema: SCHEMA,
        tool: inputs.tool,
        at: inputs.now,
        phase: inputs.phase,
        verdict,
        subject: inputs.subject,
        items,
        controls,
        evidence,
        sign_offs,
        waivers,
        unseen,
        changes: None,
        comparison: None,
    }
}

fn by_hand(item: &careen_checklist::Item, reason: String, proposer: &Proposer) -> Item {
    Item {
        line: item.line,
        text: item.text.clone(),
        section: item.section.clone(),
        status: Status::Manual,
        reason,
        controls: Vec::new(),
        evidence: Vec::new(),
        phase: item.phase,
        ticked: item.ticked,
        proposals: proposals(item, proposer),
    }
}

fn decided(item: &careen_checklist::Item, controls: &[&ControlResult]) -> Item {
    let status = worst(controls.iter().map(|control| control.status));
    let telling = controls.iter().filter(|control| control.status == status);
    Item {
        line: item.line,
        text: item.text.clone(),
        section: item.section.clone(),
        status,
        reason: sentences(telling.map(|control| control.reason.as_str())),
        controls: controls.iter().map(|control| control.id.clone()).collect(),
        evidence: controls.iter().flat_map(|control| control.evidence.clone()).collect(),
        phase: item.phase,
        ticked: item.ticked,
        proposals: Vec::new(),
    }
}

fn control(definition: &Definition, phase: Phase, inputs: &Inputs<'_>) -> ControlResult {
    let adjustment = inputs.adjustments.get(&definition.id);
    let asked = Asked { id: &definition.id, adjustment };
    let mut decision = not_applicable(definition, asked, inputs)
        .unwrap_or_else(|| decide(&definition.decider, asked, inputs));
    waive(&definition.id, &mut decision, inputs);
    let told = decision.causes.len().min(MOST_CAUSES);
    let more_causes = decision.causes.len() - told;
    decision.causes.truncate(told);
    ControlResult {
        id: definition.id.clone(),
        title: definition.title.clone(),
        why: definition.why.clone(),
        status: decision.status,
        reason: decision.reason,
        remedy: if decision.status.is_settled() { String::new() } else { decision.remedy },
        owner: definition.owner.clone(),
        phase,
        causes: decision.causes,
        more_causes,
        evidence: decision.proofs,
        lines: Vec::new(),
    }
}

/// Where what the control is about is not there, or somebody said so with a reason. Of a repository of which
/// nothing was seen, nothing is said.
fn not_applicable(
    definition: &Definition,
    asked: Asked<'_>,
    inputs: &Inputs<'_>,
) -> Option<Decision> {
    if let Some(reason) = asked.adjustment.and_then(|it| it.not_applicable.as_ref()) {
        return Some(Decision::new(Status::NotApplicable, reason.clone(), ""));
    }
    let subject = definition.applies?;
    if inputs.survey.count(subject) > 0 {
        return None;
    }
    let nothing = inputs.survey.count(crate::Subject::Repository) == 0;
    let hidden = inputs.report.summary.templates;
    let not_known =
        |reason: String, remedy: &str| Some(Decision::new(Status::NotRun, reason, remedy));
    if nothing {
        not_known("There is no file to look at.".to_owned(), "Name the folder that is released.")
    } else if hidden > 0 {
        let reason = format!(
            "There is no {subject} in what could be read, but {hidden} templates were not rendered."
        );
        not_known(reason, "Audit the rendered manifests: `helm template … > rendered.yaml`.")
    } else {
        Some(Decision::new(Status::NotApplicable, format!("There is no {subject} here."), ""))
    }
}

/// Puts a waiver in the place of a proof that is missing.
fn waive(id: &str, decision: &mut Decision, inputs: &Inputs<'_>) {
    if decision.status.is_settled() {
        return;
    }
    let Some(waiver) = inputs.attestations.waivers.iter().find(|waiver| waiver.control == id)
    else {
        return;
    };
    match holds(waiver, inputs) {
        Ok(()) => {
            decision.status = Status::Waived;
            decision.reason = format!(
                "Waived by {} until {}: {} Instead: {}",
                waiver.owner,
                Date(waiver.expires - 1),
                ended(&waiver.reason),
                ended(&waiver.compensating)
            );
            decision.proofs =
                vec![Proof::Waiver { path: waiver.path.to_string(), owner: waiver.owner.clone() }];
        }
        Err(reason) => {
            decision.reason = format!("{} {reason}", decision.reason);
            decision.status = Status::Fail;
        }
    }
}

/// Why a waiver does not hold, as a sentence; nothing if it does.
fn holds(waiver: &Waiver, inputs: &Inputs<'_>) -> Result<(), String> {
    if waiver.expires <= inputs.now {
        return Err(format!("Its waiver held until {}.", Date(waiver.expires - 1)));
    }
    match &waiver.vouched {
        Vouched::Refused { reason } => {
            Err(format!("Its waiver cannot be taken: {}.", reason.trim_end_matches('.')))
        }
        Vouched::Claimed if inputs.somebody_may_sign => {
            Err("Its waiver is claimed, and no signature says so.".to_owned())
        }
        Vouched::Signed { .. } | Vouched::Claimed => Ok(()),
    }
}

fn ended(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}

fn evidence_records(controls: &[ControlResult], inputs: &Inputs<'_>) -> Vec<EvidenceRecord> {
    let users = |piece: &Piece| {
        let rests = |control: &&ControlResult| {
            control.evidence.iter().any(|proof| match proof {
                Proof::Evidence { path, .. } | Proof::Cluster { path, .. } => **path == *piece.path,
                _ => false,
            })
        };
        controls.iter().filter(rests).map(|control| control.id.clone()).collect()
    };
    inputs.pieces.iter().map(|piece| record(piece, users(piece), inputs)).collect()
}

fn record(piece: &Piece, controls: Vec<String>, inputs: &Inputs<'_>) -> EvidenceRecord {
    let said = piece.record.as_ref();
    let (kind, tool, says) = match &piece.outcome {
        Outcome::Read(evidence) => {
            (evidence.kind.as_str(), evidence.tool.clone(), evidence.measures.show())
        }
        Outcome::Unknown | Outcome::Broken(_) => ("unknown", None, String::new()),
    };
    let refused = refusal(piece, inputs).or_else(|| match &piece.outcome {
        Outcome::Broken(trouble) => Some(trouble.message.clone()),
        Outcome::Unknown => Some("It is no report of a known format.".to_owned()),
        Outcome::Read(_) if controls.is_empty() => {
            let tree = said.and_then(|record| record.tree.as_deref());
            let at = decide::produced_at(piece);
            let about = about_content(tree, decide::commit(piece), at, inputs);
            about.err().map(std::borrow::Cow::into_owned)
        }
        Outcome::Read(_) => None,
    });
    EvidenceRecord {
        path: piece.path.to_string(),
        sha256: piece.sha256.clone(),
        size: piece.size,
        kind: kind.to_owned(),
        tool,
        produced_at: decide::produced_at(piece),
        commit: decide::commit(piece).map(str::to_owned),
        tree: said.and_then(|record| record.tree.clone()),
        says,
        refused,
        controls,
    }
}

fn sign_off_records(
    controls: &[ControlResult],
    inputs: &Inputs<'_>,
    unseen: &mut Vec<Unseen>,
) -> Vec<SignOffRecord> {
    let words = inputs.attestations.sign_offs.iter();
    let mut records: Vec<_> = words
        .map(|word| {
            tell_unknown(&word.control, &word.path, controls, inputs, unseen);
            SignOffRecord {
                path: word.path.to_string(),
                control: word.control.clone(),
                statement: word.statement.clone(),
                role: word.role.clone(),
                by: word.by.clone(),
                at: word.at,
                expires: word.expires,
                commit: word.commit.clone(),
                tree: word.tree.clone(),
                vouched: word.vouched.clone(),
                stale: stale(word, inputs),
            }
        })
        .collect();
    records.sort_by(|a, b| (a.at, &a.path).cmp(&(b.at, &b.path)));
    records
}

/// Why a word no longer holds for what its control asks of it.
fn stale(word: &SignOff, inputs: &Inputs<'_>) -> Option<String> {
    let definition = inputs.definitions.iter().find(|it| it.id == word.control);
    let asked = definition.and_then(|it| it.decider.asks_of(&word.role));
    let (max_age, binds) = asked.unwrap_or((None, Binds::Nothing));
    let adjusted = inputs.adjustments.get(&word.control).and_then(|it| it.max_age);
    decide::staleness(word, adjusted.or(max_age), binds, inputs)
}

fn waiver_records(
    controls: &[ControlResult],
    inputs: &Inputs<'_>,
    unseen: &mut Vec<Unseen>,
) -> Vec<WaiverRecord> {
    let waivers = inputs.attestations.waivers.iter();
    let mut records: Vec<_> = waivers
        .map(|waiver| {
            tell_unknown(&waiver.control, &waiver.path, controls, inputs, unseen);
            let waived = |control: &ControlResult| {
                control.id == waiver.control && control.status == Status::Waived
            };
            WaiverRecord {
                path: waiver.path.to_string(),
                control: waiver.control.clone(),
                owner: waiver.owner.clone(),
                reason: waiver.reason.clone(),
                compensating: waiver.compensating.clone(),
                at: waiver.at,
                expires: waiver.expires,
                vouched: waiver.vouched.clone(),
                expired: waiver.expires <= inputs.now,
                needed: controls.iter().any(waived),
            }
        })
        .collect();
    records.sort_by(|a, b| (a.expires, &a.path).cmp(&(b.expires, &b.path)));
    records
}

/// A word about a control that there is not is a word about nothing.
fn tell_unknown(
    control: &str,
    path: &str,
    controls: &[ControlResult],
    inputs: &Inputs<'_>,
    unseen: &mut Vec<Unseen>,
) {
    let is_known = inputs.definitions.iter().any(|definition| definition.id == control)
        || controls.iter().any(|asked| asked.id == control);
    if is_known {
        return;
    }
    let message = if control.starts_with("line-") {
        format!("`{control}` is no line of the checklist that asks for something of its own")
    } else {
        let ids = inputs.definitions.iter().map(|definition| definition.id.as_str());
        let near = careen_text::closest(control, ids);
        let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
        format!("no control is called `{control}`{hint}")
    };
    unseen.push(Unseen { path: Some(path.to_owned()), line: None, message, incomplete: false });
}

/// What was not looked at, and what is wrong with what the audit rests on.
fn unseen(inputs: &Inputs<'_>) -> Vec<Unseen> {
    let mut unseen = inputs.unseen.clone();
    unseen.extend(inputs.report.notes.iter().map(|note| Unseen {
        path: note.path.clone(),
        line: note.line,
        message: note.message.clone(),
        incomplete: note.incomplete,
    }));
    unseen.extend(inputs.checklist.troubles.iter().map(|trouble| Unseen {
        path: Some(trouble.path.to_string()),
        line: Some(trouble.line),
        message: trouble.message.clone(),
        incomplete: false,
    }));
    unseen.extend(inputs.attestations.troubles.iter().map(|trouble| Unseen {
        path: Some(trouble.path.to_string()),
        line: Some(trouble.line),
        message: trouble.message.clone(),
        incomplete: false,
    }));
    unseen.extend(inputs.pieces.iter().filter_map(|piece| match &piece.outcome {
        Outcome::Broken(trouble) => Some(Unseen {
            path: Some(piece.path.to_string()),
            line: trouble.line,
            message: trouble.message.clone(),
            incomplete: false,
        }),
        Outcome::Unknown if piece.record.is_some() => Some(Unseen {
            path: Some(piece.path.to_string()),
            line: None,
            message: "was recorded as evidence and is no report of a known format".to_owned(),
            incomplete: false,
        }),
        Outcome::Unknown | Outcome::Read(_) => None,
    }));
    unseen
}
