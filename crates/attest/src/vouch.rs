//! What stands behind a person's word.

use careen_audit_model::Vouched;

use crate::moment::{show, show_end};
use crate::signature::Signed;
use crate::{Roles, Signers};

/// Seconds by which clocks differ.
const SKEW: i64 = 300;

/// What is known of a word before its signature is looked at.
pub(crate) struct Word<'w> {
    /// Who gives it.
    pub(crate) by: &'w str,
    /// As what, if that is to be looked at.
    pub(crate) role: Option<&'w str>,
    /// When, in Unix seconds.
    pub(crate) at: i64,
    /// The first second at which it does not hold any more.
    pub(crate) expires: Option<i64>,
    /// The file.
    pub(crate) bytes: &'w [u8],
    /// Its signature.
    pub(crate) signature: Option<&'w [u8]>,
}

impl Word<'_> {
    /// What stands behind it.
    pub(crate) fn vouched(&self, signers: &Signers, roles: &Roles, now: i64) -> Vouched {
        let judged = self.can_be_taken(roles, now).and_then(|()| self.signed(signers));
        match judged {
            Ok(Some(fingerprint)) => Vouched::Signed { principal: self.by.to_owned(), fingerprint },
            Ok(None) => Vouched::Claimed,
            Err(reason) => Vouched::Refused { reason },
        }
    }

    fn can_be_taken(&self, roles: &Roles, now: i64) -> Result<(), String> {
        if self.at > now.saturating_add(SKEW) {
            let (at, now) = (show(self.at), show(now));
            return Err(format!(
                "`at` is {at}, which lies ahead of {now}: correct it and sign again"
            ));
        }
        if let Some(expires) = self.expires.filter(|&expires| expires <= self.at) {
            let (at, expires) = (show(self.at), show_end(expires));
            return Err(format!(
                "`expires` is {expires}, which is over at {at}, when it was given"
            ));
        }
        self.role.map_or(Ok(()), |role| roles.admit(role, self.by))
    }

    /// The fingerprint of the key that signed; none without a signature.
    fn signed(&self, signers: &Signers) -> Result<Option<String>, String> {
        let Some(signature) = self.signature else { return Ok(None) };
        let signed = Signed::read(signature)?;
        signers.admit(signed.key(), &signed.fingerprint, self.by, self.at)?;
        signed.is_over(self.bytes)?;
        Ok(Some(signed.fingerprint))
    }
}
