use std::io;

use careen_audit_model::Audit;

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, audit)?;
    writeln!(out)
}
