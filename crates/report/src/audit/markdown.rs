use std::io;

use careen_audit_model::Audit;

use crate::Options;

pub(super) fn write(audit: &Audit, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let _ = options;
    writeln!(out, "{}", audit.verdict.line)
}
