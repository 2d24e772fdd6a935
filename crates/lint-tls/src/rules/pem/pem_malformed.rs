use careen_model::{Context, FileKind, Holder};
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::PemProblemKind as Kind;

use crate::{BundleSite, Check, ProblemSite};

rule! {
    /// PEM looks forgiving and is not. A block without its END, with BEGIN and END on one line
    /// after `cat a.pem b.pem`, with `\n` spelled out, or cut off in the middle is skipped without
    /// a word by some readers and fails with an unhelpful one in others (Go: `tls: failed to find
    /// any PEM data in certificate input`). In a CA bundle the CA is simply not trusted.
    ///
    /// Programs and documentation, where PEM is quoted, cut and put together, are not looked at.
    /// In environment files and JSON, `\n` spelled out is how it must be; a placeholder is fine
    /// where a tool fills it in.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=chain.pem
    /// ${leaf.crt}
    /// -----BEGIN X509 CRL-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^ PEM block `X509 CRL` has no END line: it is cut off
    /// MIIBozCBjAIBATANBgkqhkiG9w0BAQsFADAVMRMwEQYDVQQDDApUZXN0IENBIENB
    /// MIIBozCBjAIBATANBgkqhkiG9w0BAQsFADAVMRMwEQYDVQQDDApUZXN0IENBIENB
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pem-malformed",
        summary: "PEM block is malformed",
        remedy: "Copy the block again as it was issued: BEGIN and END on lines of their own, base64 in lines of 64 characters between them.",
        severity: High,
        check: Check::Problem(check),
        aliases: &["pem-trailing-data"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc7468#section-3"],
    }
}

fn check(site: &ProblemSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let problem = site.problem;
    let severity = match problem.kind {
        Kind::MissingEnd
        | Kind::MissingBegin
        | Kind::MalformedLine
        | Kind::LabelMismatch
        | Kind::EndBeginOneLine
        | Kind::BadBase64
        | Kind::BadPadding
        | Kind::WrongContent => Severity::High,
        Kind::EscapedNewlines | Kind::OneLine | Kind::TrailingData | Kind::Limit => {
            Severity::Medium
        }
        Kind::Placeholder => Severity::Low,
    };
    // Where PEM stands in for a file of its own, all of its form counts; in configuration only
    // what no other syntax explains.
    let judged = match kind_of_place(site.bundle) {
        Place::Used => true,
        Place::Embedded => severity == Severity::High && problem.kind != Kind::MissingBegin,
        Place::Quoted => problem.kind == Kind::Limit,
    };
    if judged {
        let finding = out.report(problem.place, problem.words.clone());
        finding.severity(severity);
        if site.bundle.bundle.holder != Holder::File {
            finding.field(site.bundle.name);
        }
    }
}

/// How the PEM text is held.
enum Place {
    /// In a file of its own, or in the key of a Secret or ConfigMap that becomes one.
    Used,
    /// In configuration of some tool, with that tool's syntax around it.
    Embedded,
    /// In a program, a script, a template or a text.
    Quoted,
}

fn kind_of_place(site: &BundleSite<'_>) -> Place {
    match site.file.kind {
        _ if !site.quoted => Place::Used,
        FileKind::Yaml | FileKind::Json | FileKind::Toml | FileKind::Ini | FileKind::Env => {
            Place::Embedded
        }
        _ => Place::Quoted,
    }
}
