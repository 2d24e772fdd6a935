use anyhow::{Result, bail};

use crate::args::AuditArguments;

pub(crate) fn run(arguments: &AuditArguments) -> Result<u8> {
    let _ = arguments;
    bail!("is not built yet")
}
