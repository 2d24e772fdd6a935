use anyhow::{Result, bail};

use crate::args::WaiveArguments;

pub(crate) fn run(arguments: &WaiveArguments) -> Result<u8> {
    let _ = arguments;
    bail!("is not built yet")
}
