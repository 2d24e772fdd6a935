//! An audit as OSCAL assessment results, for those who keep compliance records.
//!
//! A control of ours is one objective of one control of theirs. What a control rests on, and what speaks
//! against it, are observations; the answer is a finding; a waiver is a risk that somebody accepted. OSCAL
//! knows two states: what is waived is not satisfied, with a risk whose deviation is approved. Identifiers are
//! hashes of what they name, so that the same audit gives the same document.

mod document;
mod name;
mod observe;
mod risk;

use std::collections::BTreeMap;
use std::io;

use careen_audit_model::{Audit, ControlResult, Item, Phase, Status};
use careen_sarif::artifact_uri;

use self::document::{
    Activities, AssessmentResults, BackMatter, Component, Document, Finding, Hash, Implementation,
    ImportAp, LocalDefinitions, LocalObjective, Metadata, ObjectivePart, ObjectiveSelection,
    Observation, Party, Property, Resource, ResultSet, ReviewedControls, RiskReference, Rlink,
    Selection, State, Target, reference,
};
use self::name::{line, prose, text, token, uuid};
use self::observe::Observations;
use self::risk::risks;
use crate::harmless;
use crate::time::rfc3339;

/// The edition whose shape this is.
const VERSION: &str = "1.1.3";
/// The namespace of our properties.
const NAMESPACE: &str = "https://careen.dev/ns/oscal";

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&document(audit), true, out)
}

/// What is decided: a control, or a line of the checklist that holds the release up without one.
struct Decided<'a> {
    id: String,
    title: &'a str,
    why: &'a str,
    status: Status,
    reason: &'a str,
    remedy: &'a str,
    owner: &'a str,
    phase: Phase,
    lines: Vec<u32>,
    control: Option<&'a ControlResult>,
}

impl<'a> Decided<'a> {
    fn all(audit: &'a Audit) -> Vec<Self> {
        let controls = audit.controls.iter().map(Self::of_control);
        let bare = audit.items.iter().filter(|item| item.controls.is_empty());
        controls.chain(bare.map(Self::of_item)).collect()
    }

    fn of_control(control: &'a ControlResult) -> Self {
        Self {
            id: token(&control.id),
            title: &control.title,
            why: &control.why,
            status: control.status,
            reason: &control.reason,
            remedy: &control.remedy,
            owner: &control.owner,
            phase: control.phase,
            lines: control.lines.clone(),
            control: Some(control),
        }
    }

    fn of_item(item: &'a Item) -> Self {
        Self {
            id: format!("undecided-line-{}", item.line),
            title: &item.text,
            why: "",
            status: item.status,
            reason: &item.reason,
            remedy: "",
            owner: "",
            phase: item.phase,
            lines: vec![item.line],
            control: None,
        }
    }

    fn objective(&self) -> String {
        format!("{}_obj", self.id)
    }
}

fn document(audit: &Audit) -> Document {
    // Everything that tells this audit from another.
    let moment = rfc3339(audit.at);
    let subject = &audit.subject;
    let key =
        [&*subject.tree, &*subject.checklist_digest, &*subject.rules_digest, &moment].map(text);
    let key = key.join(" ");
    let decided = Decided::all(audit);
    let tool = uuid("tool", &[&audit.tool.name, &audit.tool.version]);
    let checklist = uuid("checklist", &[&subject.checklist, &subject.checklist_digest]);
    let results = result(audit, &decided, &key, &tool);
    let objectives: Vec<LocalObjective> = decided.iter().map(objective).collect();
    Document {
        assessment_results: AssessmentResults {
            uuid: uuid("document", &[&key]),
            metadata: metadata(audit, &moment),
            import_ap: ImportAp { href: format!("#{checklist}") },
            local_definitions: (!objectives.is_empty())
                .then_some(Activities { objectives_and_methods: objectives }),
            results: vec![results],
            back_matter: BackMatter { resources: resources(audit, checklist) },
        },
    }
}

fn metadata(audit: &Audit, moment: &str) -> Metadata {
    let subject = &audit.subject;
    let version = subject.version.as_deref().unwrap_or(&subject.tree);
    let mut parties: BTreeMap<String, Party> = BTreeMap::new();
    let people = audit.sign_offs.iter().map(|it| &it.by);
    for name in people.chain(audit.waivers.iter().map(|it| &it.owner)) {
        let uuid = person(name);
        parties.insert(uuid.clone(), Party { uuid, kind: "person", name: text(name) });
    }
    Metadata {
        title: line(&format!("Release audit of {version}")),
        last_modified: moment.to_owned(),
        version: text(version),
        oscal_version: VERSION,
        parties: parties.into_values().collect(),
    }
}

/// The identifier of a person, who is known by name only.
fn person(name: &str) -> String {
    uuid("person", &[name])
}

fn objective(decided: &Decided<'_>) -> LocalObjective {
    let why = if decided.why.is_empty() { decided.title } else { decided.why };
    LocalObjective {
        control_id: decided.id.clone(),
        description: prose(why),
        parts: [ObjectivePart {
            id: decided.objective(),
            name: "assessment-objective",
            prose: prose(decided.title),
        }],
    }
}

fn result(audit: &Audit, decided: &[Decided<'_>], key: &str, tool: &str) -> ResultSet {
    let moment = rfc3339(audit.at);
    let mut observations = Observations::new(audit, tool);
    let risks = risks(audit);
    let findings = decided
        .iter()
        .map(|it| {
            let related = observations.of(it);
            let risks = risks.iter().filter(|risk| risk.control == it.id);
            finding(audit, it, key, related, risks.map(|risk| risk.uuid.clone()).collect())
        })
        .collect();
    ResultSet {
        uuid: uuid("result", &[key]),
        title: line(&audit.verdict.line),
        description: prose(&format!(
            "{}. Made again by `{}`.",
            audit.verdict.line, audit.subject.reproduce
        )),
        start: moment.clone(),
        end: moment,
        props: facts(audit),
        local_definitions: LocalDefinitions {
            components: [Component {
                uuid: tool.to_owned(),
                kind: "software",
                title: line(&audit.tool.name),
                description: line("Checks whether a repository is ready for production."),
                props: vec![property("version", &audit.tool.version)],
                status: State { state: "operational" },
            }],
        },
        reviewed_controls: reviewed(decided),
        observations: observations.list(),
        risks,
        findings,
    }
}

/// What was judged and what came of it.
fn facts(audit: &Audit) -> Vec<Property> {
    let subject = &audit.subject;
    let verdict = match audit.verdict.outcome {
        careen_audit_model::Outcome::Go => "go",
        careen_audit_model::Outcome::GoWithWaivers => "go-with-waivers",
        careen_audit_model::Outcome::NoGo => "no-go",
    };
    let mut facts = vec![
        property("verdict", verdict),
        property("phase", audit.phase.as_str()),
        property("path", &subject.path),
        property("tree", &subject.tree),
        property("dirty", if subject.dirty { "true" } else { "false" }),
        property("checklist-digest", &subject.checklist_digest),
        property("rules-digest", &subject.rules_digest),
    ];
    facts.extend(subject.commit.as_deref().map(|commit| property("commit", commit)));
    facts.extend(audit.unseen.iter().map(|unseen| {
        let name = if unseen.incomplete { "incomplete" } else { "unseen" };
        let place = unseen.path.as_deref().map(|path| format!("{path}: ")).unwrap_or_default();
        property(name, &format!("{place}{}", unseen.message))
    }));
    facts
}

fn reviewed(decided: &[Decided<'_>]) -> ReviewedControls {
    if decided.is_empty() {
        return ReviewedControls { control_selections: [Selection::all()], objectives: Vec::new() };
    }
    let ids = decided.iter().map(|it| it.id.clone());
    ReviewedControls {
        control_selections: [Selection::of(ids)],
        objectives: vec![ObjectiveSelection::of(decided.iter().map(Decided::objective))],
    }
}

fn finding(
    audit: &Audit,
    decided: &Decided<'_>,
    key: &str,
    observations: Vec<String>,
    risks: Vec<String>,
) -> Finding {
    let satisfied = matches!(decided.status, Status::Pass | Status::NotApplicable);
    let applies = decided.status != Status::NotApplicable;
    let mut props = vec![
        property("status", decided.status.as_str()),
        property("phase", decided.phase.as_str()),
        property("due", if audit.is_due(decided.phase) { "true" } else { "false" }),
    ];
    if !decided.owner.is_empty() {
        props.push(property("owner", decided.owner));
    }
    props.extend(decided.lines.iter().map(|at| property("line", &at.to_string())));
    Finding {
        uuid: uuid("finding", &[key, &decided.id]),
        title: line(decided.title),
        description: prose(decided.reason),
        props,
        target: Target {
            kind: "objective-id",
            target_id: decided.objective(),
            status: document::ObjectiveStatus {
                state: if satisfied { "satisfied" } else { "not-satisfied" },
                reason: match decided.status {
                    Status::Pass => "pass",
                    Status::Fail => "fail",
                    _ => "other",
                },
                remarks: prose(decided.reason),
            },
            implementation_status: (!applies).then_some(Implementation { state: "not-applicable" }),
        },
        related_observations: observations.into_iter().map(Observation::reference).collect(),
        related_risks: risks.into_iter().map(|risk_uuid| RiskReference { risk_uuid }).collect(),
        remarks: (!decided.remedy.is_empty()).then(|| prose(decided.remedy)),
    }
}

/// The checklist in the place of a plan, and every report with its digest.
fn resources(audit: &Audit, checklist: String) -> Vec<Resource> {
    let subject = &audit.subject;
    let file = |uuid: String, path: &str, description: &str, sha256: Option<&str>| Resource {
        uuid,
        title: line(path),
        description: prose(description),
        rlinks: [Rlink {
            href: artifact_uri(path),
            hashes: sha256
                .map(|value| Hash { algorithm: "SHA-256", value: text(value) })
                .into_iter()
                .collect(),
        }],
    };
    // The digest of a checklist is one of its bindings too, not of the file alone.
    let plan = file(checklist, &subject.checklist, "The checklist.", None);
    let reports = audit.evidence.iter().map(|record| {
        let said = if record.says.is_empty() { &record.kind } else { &record.says };
        file(reference(record), &record.path, said, Some(&record.sha256))
    });
    let mut resources: Vec<Resource> = std::iter::once(plan).chain(reports).collect();
    let mut seen = std::collections::BTreeSet::new();
    resources.retain(|resource| seen.insert(resource.uuid.clone()));
    resources
}

fn property(name: &'static str, value: &str) -> Property {
    Property { name, ns: NAMESPACE, value: text(value) }
}

#[cfg(test)]
mod tests;
