//! What a control rests on and what speaks against it, as observations: each once.

use std::collections::BTreeSet;

use careen_audit_model::{Audit, Cause, Place, Proof};
use careen_sarif::artifact_uri;

use super::document::{Actor, Link, Observation, Origin, RelevantEvidence, reference};
use super::name::{prose, text, uuid};
use super::{Decided, person, property};
use crate::time::rfc3339;

/// Places that are listed of many things.
const MOST_PLACES: usize = 20;

pub(super) struct Observations<'a> {
    audit: &'a Audit,
    tool: &'a str,
    seen: BTreeSet<String>,
    list: Vec<Observation>,
}

/// What was seen, before it has a name.
struct Seen {
    description: String,
    method: &'static str,
    kind: &'static str,
    evidence: Vec<RelevantEvidence>,
    person: Option<String>,
    at: Option<i64>,
    expires: Option<i64>,
}

impl<'a> Observations<'a> {
    pub(super) const fn new(audit: &'a Audit, tool: &'a str) -> Self {
        Self { audit, tool, seen: BTreeSet::new(), list: Vec::new() }
    }

    /// The identifiers of the observations of a control.
    pub(super) fn of(&mut self, decided: &Decided<'_>) -> Vec<String> {
        let Some(control) = decided.control else { return Vec::new() };
        let proofs = control.evidence.iter().map(|proof| self.proof(proof));
        let all: Vec<Seen> = proofs.chain(control.causes.iter().map(cause)).collect();
        let mut ids: Vec<String> = all.into_iter().map(|seen| self.put(seen)).collect();
        let mut known = BTreeSet::new();
        ids.retain(|id| known.insert(id.clone()));
        ids
    }

    pub(super) fn list(self) -> Vec<Observation> {
        self.list
    }

    fn put(&mut self, seen: Seen) -> String {
        let mut parts = vec![seen.method, seen.kind, &seen.description];
        for evidence in &seen.evidence {
            parts.extend([&*evidence.href, &*evidence.description]);
        }
        parts.extend(seen.person.as_deref());
        let collected = rfc3339(seen.at.unwrap_or(self.audit.at));
        parts.push(&collected);
        let id = uuid("observation", &parts);
        if self.seen.insert(id.clone()) {
            let actor = match seen.person {
                Some(actor_uuid) => Actor { kind: "party", actor_uuid },
                None => Actor { kind: "tool", actor_uuid: self.tool.to_owned() },
            };
            self.list.push(Observation {
                uuid: id.clone(),
                description: seen.description,
                methods: [seen.method],
                types: [seen.kind],
                origins: [Origin { actors: [actor] }],
                relevant_evidence: seen.evidence,
                collected,
                expires: seen.expires.map(rfc3339),
            });
        }
        id
    }

    fn proof(&self, proof: &Proof) -> Seen {
        match proof {
            Proof::File { what, place } => examined(what, vec![at(place, what)]),
            Proof::Files { what, places, .. } => {
                let places = places.iter().take(MOST_PLACES);
                examined(what, places.map(|place| at(place, what)).collect())
            }
            Proof::Git { what, id } => examined(&format!("{what}: {id}"), Vec::new()),
            Proof::Waiver { path, owner } => {
                let what = format!("{owner} answers for going without.");
                examined(&what, vec![file(path, &what)])
            }
            Proof::Cluster { path, what } => {
                Seen { method: "TEST", ..examined(what, vec![file(path, what)]) }
            }
            Proof::Evidence { path, sha256, what } => self.report(path, sha256, what),
            Proof::SignOff { path, by, role } => self.word(path, by, role),
        }
    }

    fn report(&self, path: &str, sha256: &str, what: &str) -> Seen {
        let record = self.audit.evidence.iter().find(|record| record.path == path);
        let mut evidence = file(path, what);
        evidence.props.push(property("sha256", sha256));
        evidence.links.extend(
            record.map(|record| Link { href: format!("#{}", reference(record)), rel: "reference" }),
        );
        Seen {
            method: "TEST",
            at: record.and_then(|record| record.produced_at),
            ..examined(what, vec![evidence])
        }
    }

    fn word(&self, path: &str, by: &str, role: &str) -> Seen {
        let record = self.audit.sign_offs.iter().find(|record| record.path == path);
        let statement = record.map_or("signed off", |record| &*record.statement);
        let said = format!("{by}, as {role}: {statement}");
        Seen {
            method: "INTERVIEW",
            // Only who has a record is a party of the document.
            person: record.map(|record| person(&record.by)),
            at: record.map(|record| record.at),
            expires: record.and_then(|record| record.expires),
            ..examined(&said, vec![file(path, &said)])
        }
    }
}

fn cause(cause: &Cause) -> Seen {
    let mut evidence: Vec<_> = cause.place.iter().map(|place| at(place, &cause.message)).collect();
    for evidence in &mut evidence {
        evidence.props.extend(cause.rule.as_deref().map(|rule| property("rule", rule)));
        evidence.props.extend(cause.severity.as_deref().map(|it| property("severity", it)));
    }
    Seen { kind: "finding", ..examined(&cause.message, evidence) }
}

fn examined(what: &str, evidence: Vec<RelevantEvidence>) -> Seen {
    Seen {
        description: prose(what),
        method: "EXAMINE",
        kind: "control-objective",
        evidence,
        person: None,
        at: None,
        expires: None,
    }
}

fn file(path: &str, what: &str) -> RelevantEvidence {
    RelevantEvidence {
        href: artifact_uri(path),
        description: prose(what),
        props: Vec::new(),
        links: Vec::new(),
    }
}

fn at(place: &Place, what: &str) -> RelevantEvidence {
    let mut evidence = file(&place.path, what);
    evidence.props.push(property("line", &text(&place.line.to_string())));
    evidence
}
