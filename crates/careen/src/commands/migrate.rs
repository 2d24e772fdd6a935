use anyhow::{Result, bail};

use crate::args::MigrateArguments;

pub(crate) fn run(_: &MigrateArguments) -> Result<u8> {
    bail!("`careen migrate` is still to come")
}
