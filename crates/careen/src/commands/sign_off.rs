use anyhow::{Result, bail};

use crate::args::SignOffArguments;

pub(crate) fn run(arguments: &SignOffArguments) -> Result<u8> {
    let _ = arguments;
    bail!("is not built yet")
}
