//! `careen waive`: somebody answers for going without a control until a day.

use anyhow::Result;
use careen_attest::{Waiver, waiver_path};
use careen_audit_model::Vouched;

use crate::args::WaiveArguments;
use crate::signing::{Desk, Draft};

/// Writes a waiver and has it signed. Ends with 1 where an audit would refuse it.
pub(crate) fn run(arguments: &WaiveArguments) -> Result<u8> {
    let desk = Desk::open(&arguments.signing)?;
    desk.control(&arguments.control)?;
    let path = waiver_path(&arguments.control);
    let waiver = Waiver {
        path: path.as_str().into(),
        control: arguments.control.clone(),
        owner: arguments.owner.clone(),
        reason: arguments.reason.clone(),
        compensating: arguments.compensating.clone(),
        at: desk.now,
        expires: arguments.expires.end(),
        vouched: Vouched::Claimed,
    };
    desk.write(&Draft { path: &path, text: waiver.to_yaml(), by: &arguments.owner })
}
