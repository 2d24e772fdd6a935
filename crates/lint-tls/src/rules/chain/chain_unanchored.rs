use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use careen_x509_model::Certificate;

use crate::authorities::{Authorities, Presented, role_of};
use crate::chain::is_own_issuer;
use crate::names::{Name, Shown, evidence};
use crate::{Check, Role, roots};

rule! {
    /// The chain ends at a CA that is neither one of Mozilla's roots nor in any CA bundle of the
    /// repository. Clients need that CA from somewhere: from the image, from a mount that another
    /// repository brings, or from a hand that put it there once. If it comes from nowhere, they
    /// fail, or somebody switches verification off.
    ///
    /// It is normal for private CAs, so this rule runs only if it is asked for.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=web/server.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ chain of `shop.example.com` ends at `CN=Shop Root`, which is no root of Mozilla's and in no CA bundle here
    /// ${ca.crt}
    /// ```
    /// ```pem good file=web/server.pem
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem good file=client/ca.crt
    /// ${root.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-unanchored",
        summary: "chain ends at a CA that nobody here trusts",
        remedy: "Put the root into the CA bundle that the clients mount, or use a certificate of a CA that they know.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        confidence: Confidence::Low,
        peers: &["testssl:cert_chain_of_trust"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-6.1.1"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for chain in Presented::all(snapshot, context) {
        let Some(&last) = chain.path.last() else { continue };
        let open = is_own_issuer(last) && !roots::is_public(last);
        if (chain.open_end().is_none() && !open) || is_trusted(snapshot, context, &chain) {
            continue;
        }
        // Of a public one, `chain-missing-intermediate` tells.
        let lacks = |last: &Certificate| {
            chain.is_public
                && chain.path.len() == 1
                && !roots::is_name(&last.issuer_hash)
                && Authorities::of(snapshot).issuers(snapshot, last).is_empty()
        };
        if !chain.has_namesake && chain.open_end().is_some_and(lacks) {
            continue;
        }
        let (name, end) = (Name(chain.leaf), Shown(&last.issuer));
        let message = format!(
            "chain of `{name}` ends at `{end}`, which is no root of Mozilla's and in no CA bundle here"
        );
        chain.held().report(out, message).evidence(evidence(chain.leaf));
    }
}

/// Whether a CA bundle of the repository holds a CA of the chain, or the one above its last.
fn is_trusted(snapshot: &Snapshot, context: &Context, chain: &Presented<'_>) -> bool {
    let authorities = Authorities::of(snapshot);
    let members = chain.path.iter().flat_map(|member| authorities.twins(snapshot, member));
    let above = chain.path.last().map(|last| authorities.issuers(snapshot, last));
    let mut known = members.chain(above.into_iter().flatten());
    known.any(|held| role_of(&held, context) == Role::Trust)
}
