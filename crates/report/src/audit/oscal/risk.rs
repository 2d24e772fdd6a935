//! Waivers as risks.

use careen_audit_model::{Audit, Vouched, WaiverRecord};
use careen_sarif::artifact_uri;

use super::document::{Actor, Link, MitigatingFactor, Origin, Risk};
use super::name::{line, prose, token, uuid};
use super::{person, property};
use crate::time::rfc3339;

pub(super) fn risks(audit: &Audit) -> Vec<Risk> {
    let mut risks: Vec<Risk> = audit.waivers.iter().map(|waiver| risk(audit, waiver)).collect();
    let mut seen = std::collections::BTreeSet::new();
    risks.retain(|risk| seen.insert(risk.uuid.clone()));
    risks
}

fn risk(audit: &Audit, waiver: &WaiverRecord) -> Risk {
    let title = audit.control(&waiver.control).map_or(&waiver.control, |control| &control.title);
    let why = audit.control(&waiver.control).map_or("", |control| &control.why);
    let uuid = uuid("risk", &[&waiver.path, &waiver.control, &rfc3339(waiver.at)]);
    let mut props = vec![
        property("waiver-owner", &waiver.owner),
        property("waived-since", &rfc3339(waiver.at)),
        property("needed", if waiver.needed { "true" } else { "false" }),
    ];
    props.extend(vouched(&waiver.vouched));
    Risk {
        control: token(&waiver.control),
        title: line(title),
        description: prose(&waiver.reason),
        // The statement is what may come of it.
        statement: prose(if why.is_empty() { &waiver.reason } else { why }),
        props,
        links: [Link { href: artifact_uri(&waiver.path), rel: "reference" }],
        status: status(waiver),
        origins: [Origin { actors: [Actor { kind: "party", actor_uuid: person(&waiver.owner) }] }],
        mitigating_factors: [MitigatingFactor {
            uuid: super::uuid("mitigation", &[&uuid]),
            description: prose(&waiver.compensating),
        }],
        deadline: rfc3339(waiver.expires),
        uuid,
    }
}

/// What does not hold is no more than a request.
const fn status(waiver: &WaiverRecord) -> &'static str {
    match waiver.vouched {
        _ if waiver.expired => "open",
        Vouched::Refused { .. } => "deviation-requested",
        _ if !waiver.needed => "closed",
        Vouched::Signed { .. } | Vouched::Claimed => "deviation-approved",
    }
}

fn vouched(vouched: &Vouched) -> Vec<super::Property> {
    match vouched {
        Vouched::Claimed => vec![property("vouched", "claimed")],
        Vouched::Refused { reason } => {
            vec![property("vouched", "refused"), property("refused", reason)]
        }
        Vouched::Signed { principal, fingerprint } => vec![
            property("vouched", "signed"),
            property("principal", principal),
            property("fingerprint", fingerprint),
        ],
    }
}
