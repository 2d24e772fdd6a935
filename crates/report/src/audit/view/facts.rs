//! What exactly was judged.

use careen_audit_model::{Audit, Phase};
use careen_rule::Date;

use super::Phrase;
use crate::time::moment;

/// One thing that must be known of what was judged.
pub(in crate::audit) struct Fact<'a> {
    pub(in crate::audit) name: &'static str,
    pub(in crate::audit) says: Phrase<'a>,
}

/// What was judged, against what, when and by whom.
pub(in crate::audit) fn facts(audit: &Audit) -> Vec<Fact<'_>> {
    let subject = &audit.subject;
    let mut facts = Vec::new();
    let mut say = |name, says| facts.push(Fact { name, says });
    let version = subject.version.as_ref();
    let version = version.map_or_else(|| Phrase::of("not known"), |version| name(version));
    say("version", version);
    say("commit", commit(audit));
    let folder = match subject.path.as_str() {
        "." | "" => Phrase::default(),
        path => Phrase::of(" of the folder ").name(path),
    };
    say("content", Phrase::default().digest(&subject.tree).then(folder));
    let previous = subject.previous.as_ref().map_or_else(
        || Phrase::of("none is known"),
        |tag| {
            let plain = if tag.annotated { "" } else { ", a plain name without an author" };
            let when = format!(", {}{plain}", Date(tag.at));
            name(&tag.name).words(" at ").digest(&tag.commit).words(when)
        },
    );
    say("last release", previous);
    let checklist = name(&subject.checklist).words(", ").digest(&subject.checklist_digest);
    say("checklist", checklist);
    say("controls", Phrase::default().digest(&subject.rules_digest));
    let phase = match audit.phase {
        Phase::Before => "before the deployment",
        Phase::After => "after the deployment",
    };
    let (tool, when) = (&audit.tool, moment(audit.at));
    say("judged", Phrase::of(format!("{when}, {phase}, by {} {}", tool.name, tool.version)));
    facts
}

fn name(text: &str) -> Phrase<'_> {
    Phrase::default().name(text)
}

fn commit(audit: &Audit) -> Phrase<'_> {
    let subject = &audit.subject;
    let Some(commit) = &subject.commit else {
        return Phrase::of("none: the content alone says what was judged");
    };
    let dirty = if subject.dirty { ", and files differ from it" } else { "" };
    Phrase::default().digest(commit).words(dirty)
}
