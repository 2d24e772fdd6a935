use anyhow::{Result, bail};

use crate::args::{AuditAction, AuditArguments};

pub(crate) fn run(arguments: &AuditArguments) -> Result<u8> {
    if let Some(AuditAction::Bind { file, write, at_least }) = &arguments.action {
        return super::bind::run(file, *write, *at_least);
    }
    bail!("is not built yet")
}
