//! What people answer for: waivers by when they run out, sign-offs by age.

use careen_audit_model::{Audit, SignOffRecord, Vouched, WaiverRecord};
use careen_rule::Date;

use super::age::{ago, end, is_soon};
use super::{Entry, Mark, Phrase, Tone, Topic};

/// Who answers for going without, and until when.
pub(super) fn waivers(audit: &Audit) -> Option<Topic<'_>> {
    (!audit.waivers.is_empty()).then(|| Topic {
        id: "waivers",
        title: "Waivers".to_owned(),
        lead: Phrase::default(),
        entries: audit.waivers.iter().map(|waiver| of_waiver(audit.at, waiver)).collect(),
    })
}

fn of_waiver(now: i64, waiver: &WaiverRecord) -> Entry<'_> {
    let mark = match &waiver.vouched {
        Vouched::Refused { .. } => Mark::new("refused", Tone::Bad),
        _ if waiver.expired => Mark::new("expired", Tone::Bad),
        _ if !waiver.needed => Mark::new("unused", Tone::Quiet),
        _ if is_soon(now, waiver.expires) => Mark::new("ends soon", Tone::Care),
        _ => Mark::new("holds", Tone::Good),
    };
    let says = Phrase::default()
        .name(&waiver.control)
        .words(format!(", {}, answered for by ", end(now, waiver.expires)))
        .words(&waiver.owner);
    let mut lines = vec![
        Phrase::of("why: ").words(&waiver.reason),
        Phrase::of("instead: ").words(&waiver.compensating),
    ];
    if !waiver.needed && !waiver.expired {
        lines.push(Phrase::of("the control is settled without it"));
    }
    lines.push(behind(&waiver.vouched));
    let given = format!(", given {} ({})", ago(now, waiver.at), Date(waiver.at));
    let details = vec![Phrase::default().name(&waiver.path).words(given)];
    Entry { mark, says, lines, details }
}

/// Who stated what, the oldest first.
pub(super) fn sign_offs(audit: &Audit) -> Option<Topic<'_>> {
    (!audit.sign_offs.is_empty()).then(|| Topic {
        id: "sign-offs",
        title: "Sign-offs".to_owned(),
        lead: Phrase::default(),
        entries: audit.sign_offs.iter().map(|sign_off| of_sign_off(audit.at, sign_off)).collect(),
    })
}

fn of_sign_off(now: i64, sign_off: &SignOffRecord) -> Entry<'_> {
    let mark = match (&sign_off.vouched, &sign_off.stale) {
        (Vouched::Refused { .. }, _) => Mark::new("refused", Tone::Bad),
        (_, Some(_)) => Mark::new("stale", Tone::Bad),
        (Vouched::Claimed, None) => Mark::new("claimed", Tone::Care),
        (Vouched::Signed { .. }, None) => Mark::new("signed", Tone::Good),
    };
    let when = format!(", {} ({})", ago(now, sign_off.at), Date(sign_off.at));
    let mut says = Phrase::default()
        .name(&sign_off.control)
        .words(", ")
        .words(&sign_off.role)
        .words(": ")
        .words(&sign_off.by)
        .words(when);
    if let Some(expires) = sign_off.expires {
        says = says.words(format!(", {}", end(now, expires)));
    }
    let mut lines = Vec::new();
    if let Some(stale) = &sign_off.stale {
        lines.push(Phrase::of(stale));
    }
    let mut details = Vec::new();
    let behind = behind(&sign_off.vouched);
    // That nobody signed it says the word in front already.
    if sign_off.vouched == Vouched::Claimed { &mut details } else { &mut lines }.push(behind);
    if !sign_off.statement.is_empty() {
        details.push(Phrase::of("\u{201c}").words(&sign_off.statement).words("\u{201d}"));
    }
    let mut of = Phrase::default().name(&sign_off.path);
    if let Some(commit) = &sign_off.commit {
        of = of.words(" for commit ").digest(commit);
    }
    if let Some(tree) = &sign_off.tree {
        of = of.words(" for content ").digest(tree);
    }
    details.push(of);
    Entry { mark, says, lines, details }
}

/// What stands behind somebody's word.
fn behind(vouched: &Vouched) -> Phrase<'_> {
    match vouched {
        Vouched::Signed { principal, fingerprint } => {
            Phrase::of("signed by ").name(principal).words(" with ").name(fingerprint)
        }
        Vouched::Claimed => Phrase::of("claimed: nobody signed it"),
        Vouched::Refused { reason } => Phrase::of("refused: ").words(reason),
    }
}
