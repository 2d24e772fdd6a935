use anyhow::{Result, bail};

use crate::args::SarifAction;

pub(crate) fn run(_: &SarifAction) -> Result<u8> {
    bail!("`careen sarif` is still to come")
}
