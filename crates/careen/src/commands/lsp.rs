use anyhow::{Result, bail};

pub(crate) fn run() -> Result<u8> {
    bail!("`careen lsp` is still to come")
}
