use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::authorities::{Authorities, Presented, is_trusted_alone};
use crate::chain::is_own_issuer;
use crate::names::{Name, Shown, evidence};
use crate::{Check, roots};

rule! {
    /// A server must send every certificate between its own and a root. Browsers fetch or remember
    /// the intermediates they miss; Go, Java, Python and curl do not, and say `x509: certificate
    /// signed by unknown authority` or `unable to get local issuer certificate`. So the site opens
    /// on every desk, and its clients and webhooks fail. It comes from `cert.pem` in the place of
    /// `fullchain.pem`.
    ///
    /// It is looked for under certificates of public CAs, and where the intermediate lies
    /// elsewhere in the repository. A certificate right under a private root needs no more, and is
    /// let be; so is one whose CA lies beside it, in the same Secret or folder.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// other: {names: [api.example.com], issuer: ca}
    /// public: {names: [shop.example.com], issuer: ca, public: true}
    /// direct: {names: [shop.example.com], issuer: root}
    /// ```
    /// ```pem bad file=web/server.pem
    /// ${public.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ chain of `shop.example.com` lacks the certificate of its issuer `CN=Shop CA`
    /// ```
    /// ```pem bad file=web/server.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ chain of `shop.example.com` lacks the certificate of its issuer `CN=Shop CA`
    /// ```
    /// ```pem bad file=api/fullchain.pem
    /// ${other.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem bad file=web/server.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ chain of `shop.example.com` lacks the certificate of its issuer `CN=Shop CA`
    /// ```
    /// ```pem bad file=pki/issuing.pem
    /// ${ca.crt}
    /// ```
    /// ```pem bad file=pki/root.pem
    /// ${root.crt}
    /// ```
    /// ```pem good file=web/server.pem
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem good file=api/fullchain.pem
    /// ${other.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem good file=web/server.pem
    /// ${direct.crt}
    /// ```
    /// ```pem good file=api/ca.crt
    /// ${root.crt}
    /// ```
    /// ```pem good file=web/server.pem
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=client/ca.crt
    /// ${ca.crt}
    /// ```
    /// ```pem good file=web/server.pem
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=web/chain.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-missing-intermediate",
        summary: "chain lacks an intermediate certificate",
        remedy: "Put the issuer's certificate behind the server's own, or use the full chain that the CA delivers.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["testssl:cert_chain_of_trust"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2",
            "https://letsencrypt.org/docs/certificate-compatibility/",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for chain in Presented::all(snapshot, context) {
        // Of an issuer of the right name, `chain-broken-signature` tells.
        let open = chain.open_end().filter(|_| !chain.has_namesake);
        let Some(last) = open else { continue };
        let issuers = Authorities::of(snapshot).issuers(snapshot, last);
        if issuers.iter().any(|issuer| is_own_issuer(issuer.what) || chain.is_beside(issuer)) {
            continue;
        }
        let mut sent = issuers.iter();
        let sent = sent.find(|issuer| !is_trusted_alone(snapshot, issuer, context));
        let lacks = chain.is_public
            && issuers.is_empty()
            && chain.path.len() == 1
            && !roots::is_name(&last.issuer_hash);
        if sent.is_none() && !lacks {
            continue;
        }
        let (name, issuer) = (Name(chain.leaf), Shown(&last.issuer));
        let message = format!("chain of `{name}` lacks the certificate of its issuer `{issuer}`");
        let finding = chain.held().report(out, message).evidence(evidence(chain.leaf));
        if let Some(issuer) = sent {
            finding.related(
                &issuer.file.source,
                issuer.item.place,
                "the certificate that is lacking",
            );
        }
    }
}
