//! Writers of an audit.

mod html;
mod json;
mod junit;
mod markdown;
mod oscal;
#[cfg(test)]
mod sample;
mod sarif;
mod text;
mod view;
mod vsa;

use std::io;

use careen_audit_model::Audit;

use crate::Options;

/// How an audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditFormat {
    /// For people at a terminal.
    Text,
    /// The versioned contract `careen-audit/1`.
    Json,
    /// Markdown, for a summary or a comment.
    Markdown,
    /// One page for people, without network or script.
    Html,
    /// JUnit XML, a case a control.
    Junit,
    /// SARIF 2.1.0 of what fails.
    Sarif,
    /// OSCAL assessment results, JSON.
    Oscal,
    /// An in-toto statement with a verification summary, unsigned.
    Vsa,
}

/// Writes `audit` to `out`.
///
/// # Errors
///
/// Only those of `out`.
pub fn write_audit(
    audit: &Audit,
    format: AuditFormat,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        AuditFormat::Text => text::write(audit, options, out),
        AuditFormat::Json => json::write(audit, out),
        AuditFormat::Markdown => markdown::write(audit, options, out),
        AuditFormat::Html => html::write(audit, options, out),
        AuditFormat::Junit => junit::write(audit, out),
        AuditFormat::Sarif => sarif::write(audit, options, out),
        AuditFormat::Oscal => oscal::write(audit, out),
        AuditFormat::Vsa => vsa::write(audit, out),
    }
}
