use careen_model::{Context, File, Snapshot};
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::contacts::{Contact, Lack, Role, contacts, documents};
use crate::place::{cut, first_line};

rule! {
    /// For each role the contacts say who it is and how to reach them: a number, an address, a handle or a
    /// channel, the page of a pager. `TBD`, `@someone` and numbers with 555 reach nobody. Asked for are
    /// on-call, platform (DevOps, SRE), database, security and escalation; the option `roles` names
    /// others. Rows of tables, items of lists, headings and YAML are read; all documents of contacts
    /// together must be complete.
    ///
    /// ```markdown bad file=CONTACTS.md
    /// # Contacts
    /// ^^^^^^^^^^ no contact is given for the role `escalation`
    ///
    /// | Role | Who | How |
    /// | --- | --- | --- |
    /// | On-call | see the pager | https://example.pagerduty.com/shop |
    /// | Platform | Ada Byron | +49 30 901820 |
    /// | Database | TBD | dba@example.com |
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the contact for the role `database` names nobody
    /// | Security | Grace Hopper | @someone |
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the contact for the role `security` cannot be reached
    /// ```
    /// ```config
    /// rules:
    ///   contacts-incomplete: {roles: [on-call, database]}
    /// ```
    /// ```yaml good file=contacts.yaml
    /// contacts:
    /// - {role: on-call, name: Ada Byron, phone: "+49 30 901820"}
    /// - {role: dba, name: Grace Hopper, slack: "@grace"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "contacts-incomplete",
        summary: "the contacts leave out a role, a name or a way to reach somebody",
        remedy: "Write for the role who it is and a number, an address or a handle that reaches them.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::EMERGENCY_CONTACTS],
        references: &["https://sre.google/sre-book/managing-incidents/"],
        options: &[RuleOption {
            name: "roles",
            kind: OptionKind::Words,
            summary: "The roles that need a contact; without it on-call, platform, database, security and escalation.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let documents = documents(snapshot);
    let Some(&first) = documents.first().filter(|_| snapshot.paths().is_some()) else { return };
    let known: Vec<(&File, Contact)> = documents
        .iter()
        .flat_map(|file| contacts(file).into_iter().map(|contact| (*file, contact)))
        .collect();
    let mut missing = Vec::new();
    for role in Role::wanted(context.options.words(RULE.meta.id, "roles")) {
        let mut of_role = known.iter().filter(|(_, contact)| contact.has(&role)).peekable();
        let nearest = of_role.peek().copied();
        if of_role.any(|(_, contact)| contact.lack().is_none()) {
            continue;
        }
        let name = cut(&role.name);
        let Some((file, contact)) = nearest else {
            missing.push(format!("`{name}`"));
            continue;
        };
        let what = match contact.lack() {
            Some(Lack::Name) => "names nobody",
            _ => "cannot be reached",
        };
        let message = format!("the contact for the role `{name}` {what}");
        out.report(&file.source, contact.span, message).evidence(name);
    }
    if !missing.is_empty() {
        let roles = if missing.len() == 1 { "role" } else { "roles" };
        let names = missing.join(", ");
        let message = format!("no contact is given for the {roles} {names}");
        out.report(&first.source, first_line(&first.source), message).evidence(names);
    }
}
