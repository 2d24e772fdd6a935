use std::io;

use careen_audit_model::Audit;

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", audit.verdict.line)
}
