//! Where a certificate says it can be checked, and who logged it: revocation lists, OCSP, issuers'
//! certificates, must-staple, and Certificate Transparency. Read again from the DER on demand,
//! since few ask.

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::der::{self, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};

/// cRLDistributionPoints (RFC 5280 §4.2.1.13).
const CRL_POINTS: &str = "2.5.29.31";
/// authorityInfoAccess (RFC 5280 §4.2.2.1).
const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
/// The TLS feature extension (RFC 7633 §4).
const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
/// The list of signed certificate timestamps (RFC 6962 §3.3).
const TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";
/// The poison of precertificates (RFC 6962 §3.1).
const POISON: &str = "1.3.6.1.4.1.11129.2.4.3";
/// id-ad-ocsp as content of an OBJECT IDENTIFIER.
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
/// The number of the TLS extension status_request (RFC 6066 §8).
const STATUS_REQUEST: u8 = 5;
/// uniformResourceIdentifier among the kinds of a GeneralName.
const URI: u8 = 0x86;
/// Most addresses and timestamps that are counted.
const MOST: usize = 100;

/// What is found at an address that a certificate names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A revocation list.
    Crl,
    /// An OCSP responder.
    Ocsp,
    /// The issuer's certificate, or anything else of authorityInfoAccess.
    Issuer,
}

impl Certificate {
    /// The addresses of revocation lists, OCSP responders and issuers' certificates, each with
    /// what it is for, in the order written.
    #[must_use]
    pub fn addresses(&self) -> Vec<(Purpose, String)> {
        let mut found = Vec::new();
        if let Some(mut points) = self.sequence(CRL_POINTS) {
            while let Some(mut point) = points.take(SEQUENCE).map(Reader::new) {
                let names = point.take(0xa0).and_then(|name| Reader::new(name).take(0xa0));
                let mut names = Reader::new(names.unwrap_or_default());
                while let Some(name) = names.next().filter(|_| found.len() < MOST) {
                    if name.tag == URI {
                        found.push((Purpose::Crl, text(name.value)));
                    }
                }
            }
        }
        if let Some(mut accesses) = self.sequence(AUTHORITY_ACCESS) {
            while let Some(mut access) = accesses.take(SEQUENCE).map(Reader::new) {
                let method = access.take(OID);
                if let Some(name) = access.take(URI).filter(|_| found.len() < MOST) {
                    let ocsp = method == Some(OCSP);
                    let purpose = if ocsp { Purpose::Ocsp } else { Purpose::Issuer };
                    found.push((purpose, text(name)));
                }
            }
        }
        found
    }

    /// Whether the certificate asks that its server staple a proof of its standing (RFC 7633).
    #[must_use]
    pub fn must_staple(&self) -> bool {
        let Some(mut features) = self.sequence(TLS_FEATURE) else { return false };
        while let Some(feature) = features.take(INTEGER) {
            if der::trimmed(feature) == [STATUS_REQUEST] {
                return true;
            }
        }
        false
    }

    /// Whether this is a precertificate: made for transparency logs, and refused by every client
    /// (RFC 6962 §3.1).
    #[must_use]
    pub fn is_precertificate(&self) -> bool {
        self.extension(POISON).is_some()
    }

    /// From how many logs signed certificate timestamps are embedded; none where the extension is
    /// not there. What is broken counts for nothing.
    #[must_use]
    pub fn timestamps(&self) -> Option<usize> {
        self.extension(TIMESTAMPS)?;
        let list = self.extension_value(TIMESTAMPS).and_then(|value| {
            let (_, list) = prefixed(Reader::new(value).take(OCTET_STRING)?)?;
            Some(list)
        });
        let mut rest = list.unwrap_or_default();
        let mut logs = BTreeSet::new();
        while let Some((after, timestamp)) = prefixed(rest).filter(|_| logs.len() < MOST) {
            // A version and the log's identifier stand first.
            if !timestamp.is_empty() {
                logs.insert(timestamp.get(1..33).unwrap_or(timestamp));
            }
            rest = after;
        }
        Some(logs.len())
    }

    fn sequence(&self, oid: &str) -> Option<Reader<'_>> {
        Reader::within(self.extension_value(oid)?, SEQUENCE)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What follows a vector with a length of two bytes, and the vector (RFC 8446 §3.4).
fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (vector, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    Some((rest, vector))
}

#[cfg(test)]
mod tests {
    use super::prefixed;

    #[test]
    fn vectors_fit_their_bytes() {
        assert_eq!(prefixed(&[0, 1, 7, 9]), Some((&[9][..], &[7][..])));
        assert_eq!(prefixed(&[0, 0]), Some((&[][..], &[][..])));
        assert_eq!(prefixed(&[0, 2, 7]), None);
        assert_eq!(prefixed(&[0]), None);
    }
}
