//! Workloads and what bindings give their service accounts.

use careen_model::{ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink};

use super::{Accounts, Binding, Place, Qualified, Tokens, account_of, bindings};
use crate::relations::Workloads;

/// What a binding gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// The binding's object.
    pub(crate) object: ObjectRef<'a>,
    /// The binding.
    pub(crate) binding: Binding<'a>,
    /// The place in its role that matters, where the role is in the repository.
    pub(crate) place: Option<Place<'a>>,
}

/// What a rule says of a workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    /// How bad it is.
    pub(crate) severity: Severity,
    /// What the binding does to the account, after its name: "makes administrator of the cluster".
    pub(crate) does: &'static str,
    /// What stands at the place in the role: "grants everything".
    pub(crate) place: &'static str,
}

/// Service accounts of bindings that pass a test; it gives the place in the role if there is one.
pub(crate) fn given<'a>(
    snapshot: &'a Snapshot,
    test: impl Fn(Binding<'a>) -> Option<Option<Place<'a>>>,
) -> Accounts<'a, Given<'a>> {
    let mut accounts = Accounts::new();
    for (object, binding) in bindings(snapshot) {
        if let Some(place) = test(binding) {
            for subject in binding.subjects() {
                accounts.add(subject.who, Given { object, binding, place });
            }
        }
    }
    accounts
}

/// Reports the workloads that hold a token of such an account.
pub(crate) fn report_workloads(
    snapshot: &Snapshot,
    accounts: &Accounts<'_, Given<'_>>,
    out: &mut SnapshotSink<'_>,
    judge: fn(Given<'_>) -> Verdict,
) {
    if accounts.is_empty() {
        return;
    }
    let tokens = Tokens::of(snapshot);
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        let account = account_of(workload.pod);
        let Some(given) = accounts.get(view.namespace(), account) else { continue };
        if !tokens.has(workload.pod) {
            continue;
        }
        let Given { object, binding, place } = given;
        let verdict = judge(given);
        let named = workload.pod.service_account_name();
        let span = named.map_or_else(|| view.name_span(), |node| node.span());
        let message = format!(
            "{} runs as ServiceAccount `{}`, which {} {}",
            view.display(),
            Qualified(view.namespace(), account),
            binding.view.display(),
            verdict.does,
        );
        let finding = out.report(workload.object.source(), span, message);
        finding.object(workload.object.path()).field("spec.serviceAccountName").evidence(account);
        finding.severity(verdict.severity);
        // An object without a namespace may be meant for another one.
        if view.namespace().is_none() || !(binding.is_cluster || binding.view.namespace().is_some())
        {
            finding.confidence(Confidence::Medium);
        }
        let grants = binding.grants().to_string();
        finding.related(object.source(), binding.role_node.span(), grants);
        if let Some(place) = place {
            let message = format!("{} {}", place.object.view.display(), verdict.place);
            finding.related(place.object.source(), place.node.span(), message);
        }
    }
}
