use anyhow::{Result, bail};

use crate::args::RageArguments;

pub(crate) fn run(_: &RageArguments) -> Result<u8> {
    bail!("`careen rage` is still to come")
}
