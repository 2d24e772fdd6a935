use anyhow::{Result, bail};

use crate::args::EvidenceAction;

pub(crate) fn run(arguments: &EvidenceAction) -> Result<u8> {
    let _ = arguments;
    bail!("is not built yet")
}
