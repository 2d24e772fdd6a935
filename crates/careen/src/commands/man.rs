use anyhow::Result;
use clap::CommandFactory;

use crate::args::Arguments;

/// Writes the manual page.
pub(crate) fn run() -> Result<u8> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    crate::print(&page)?;
    Ok(0)
}
