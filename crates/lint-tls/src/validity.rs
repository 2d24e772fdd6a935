//! Validity periods, and the limits that were set on them over the years.

use careen_x509_model::Certificate;

use crate::date::DAY;
use crate::dates::dates;

/// Where a moment lies in a certificate's validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// The period ends before it begins: there is no such moment.
    Inverted,
    /// Before.
    NotYet,
    /// Within.
    Valid,
    /// After.
    Expired,
}

impl Validity {
    /// Both ends belong to the period (RFC 5280 §4.1.2.5).
    pub(crate) const fn of(certificate: &Certificate, now: i64) -> Self {
        if certificate.not_after < certificate.not_before {
            Self::Inverted
        } else if now < certificate.not_before {
            Self::NotYet
        } else if now > certificate.not_after {
            Self::Expired
        } else {
            Self::Valid
        }
    }
}

/// Length of the validity in seconds, both ends included.
pub(crate) const fn lifetime(certificate: &Certificate) -> i64 {
    certificate.not_after.saturating_sub(certificate.not_before).saturating_add(1)
}

/// How many days before its end a certificate should have been renewed, where its life is not
/// shorter than three times that.
pub(crate) const WINDOW: i64 = 30;

/// How long before its end a certificate should have been renewed, in seconds: `most` days, or the
/// last third of a shorter life.
pub(crate) fn window(certificate: &Certificate, most: i64) -> i64 {
    (lifetime(certificate) / 3).min(most.saturating_mul(DAY))
}

/// The limit in days on a public server certificate, if there was one when it was made.
pub(crate) fn public_limit(certificate: &Certificate) -> Option<i64> {
    dates().public_lifetime(certificate.not_before)
}

/// What Apple's systems take at most from a private CA, in days.
pub(crate) const PRIVATE_LIMIT: i64 = 825;
