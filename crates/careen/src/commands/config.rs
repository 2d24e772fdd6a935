use anyhow::{Result, bail};

use crate::args::ConfigAction;

pub(crate) fn run(_: &ConfigAction) -> Result<u8> {
    bail!("`careen config` is still to come")
}
