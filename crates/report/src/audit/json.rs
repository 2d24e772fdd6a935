use std::io;

use careen_audit_model::Audit;

use crate::harmless;

pub(super) fn write(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(audit, true, out)
}
