use anyhow::{Result, bail};

use crate::args::InitArguments;

pub(crate) fn run(_: &InitArguments) -> Result<u8> {
    bail!("`careen init` is still to come")
}
