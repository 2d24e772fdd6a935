use std::io;

use careen_rule::Report;

use crate::{Options, json};

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    json::write(report, options, out)
}
