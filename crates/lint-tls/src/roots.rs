//! The roots that Mozilla trusts, and those it has ceased to trust or that ended: the table
//! `policies/tls/roots.yaml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use careen_x509_model::{Anchor, Certificate, Issued};
use serde::Deserialize;

use crate::dates::Day;
use crate::{CertificateSite, Role};

/// Mozilla's roots for servers by the hash of their names. A test sees to it that all can be read.
static PUBLIC: LazyLock<BTreeMap<[u8; 32], Vec<Anchor>>> = LazyLock::new(|| {
    let mut roots = BTreeMap::<_, Vec<_>>::new();
    for root in webpki_roots::TLS_SERVER_ROOTS {
        if let Some(anchor) = Anchor::from_contents(&root.subject, &root.subject_public_key_info) {
            roots.entry(anchor.subject_hash).or_default().push(anchor);
        }
    }
    roots
});

/// Whether a distinguished name, as its hash, is that of one of Mozilla's roots.
pub(crate) fn is_name(hash: &[u8; 32]) -> bool {
    PUBLIC.contains_key(hash)
}

/// Whether a certificate is of the name and key of one of Mozilla's roots: the root itself, or a
/// twin of it that another CA signed.
pub(crate) fn is_public(certificate: &Certificate) -> bool {
    let named = PUBLIC.get(&certificate.subject_hash);
    named.is_some_and(|roots| roots.iter().any(|root| root.is_of(certificate)))
}

/// Certificates in one CA bundle that make it a copy of what browsers or systems trust.
pub(crate) const MANY: usize = 20;

/// Whether a certificate is a public root, or stands in a copy of a system's CA bundle: nobody
/// here can have it issued anew.
pub(crate) fn is_of_others(site: &CertificateSite<'_>) -> bool {
    let is_copy = site.role == Role::Trust && site.bundle.len() >= MANY;
    is_copy || is_public(site.certificate)
}

/// Whether one of Mozilla's roots issued a certificate.
pub(crate) fn issued(certificate: &Certificate) -> bool {
    let named = PUBLIC.get(&certificate.issuer_hash);
    named.is_some_and(|roots| {
        roots.iter().any(|root| {
            let issued = certificate.is_issued_by(&root.subject_hash, &root.key);
            matches!(issued, Issued::Yes | Issued::UnsupportedAlgorithm)
        })
    })
}

/// A root that expired.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ended {
    /// Its common name; the organisational unit where it has none.
    name: String,
    /// Its last day.
    since: Day,
}

/// See the comments of the table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    ended: Vec<Ended>,
    /// By common name or organisational unit.
    distrusted: Vec<String>,
}

const TABLE: &str = include_str!("../../../policies/tls/roots.yaml");

static FORMER: LazyLock<Table> = LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());

/// The end in Unix seconds of a root that others were cross-signed under, by its distinguished
/// name, if it has passed its end long ago.
pub(crate) fn ended(distinguished_name: &str) -> Option<i64> {
    let mut ended = FORMER.ended.iter();
    ended.find(|root| is_named(distinguished_name, &root.name)).map(|root| root.since.0)
}

/// Whether a distinguished name is that of a root that browsers ceased to trust.
pub(crate) fn is_distrusted(distinguished_name: &str) -> bool {
    FORMER.distrusted.iter().any(|name| is_named(distinguished_name, name))
}

fn is_named(distinguished_name: &str, name: &str) -> bool {
    let named = |kind: &str| {
        let mut rest = distinguished_name;
        while let Some(at) = rest.find(kind) {
            let starts =
                at == 0 || rest.get(..at).is_some_and(|before| before.ends_with([',', ' ', '+']));
            let value = rest.get(at + kind.len()..).unwrap_or_default();
            if starts
                && value
                    .strip_prefix(name)
                    .is_some_and(|end| end.is_empty() || end.starts_with([',', '+']))
            {
                return true;
            }
            rest = value;
        }
        false
    };
    named("CN=") || named("OU=")
}

#[cfg(test)]
mod tests {
    use careen_text::{Derived, Origin, decode_base64};
    use careen_x509_model::Certificate;

    use super::{PUBLIC, TABLE, Table, ended, is_distrusted, is_name, is_named, is_public, issued};

    #[test]
    fn all_roots_can_be_read() {
        let count: usize = PUBLIC.values().map(Vec::len).sum();
        assert_eq!(count, webpki_roots::TLS_SERVER_ROOTS.len());
    }

    /// DigiCert TLS ECC P384 Root G5.
    const ROOT: &str = "\
        MIICGTCCAZ+gAwIBAgIQCeCTZaz32ci5PhwLBCou8zAKBggqhkjOPQQDAzBOMQswCQYDVQQGEwJVUzEX\
        MBUGA1UEChMORGlnaUNlcnQsIEluYy4xJjAkBgNVBAMTHURpZ2lDZXJ0IFRMUyBFQ0MgUDM4NCBSb290\
        IEc1MB4XDTIxMDExNTAwMDAwMFoXDTQ2MDExNDIzNTk1OVowTjELMAkGA1UEBhMCVVMxFzAVBgNVBAoT\
        DkRpZ2lDZXJ0LCBJbmMuMSYwJAYDVQQDEx1EaWdpQ2VydCBUTFMgRUNDIFAzODQgUm9vdCBHNTB2MBAG\
        ByqGSM49AgEGBSuBBAAiA2IABMFEoc8Rl1Ca3iOCNQfN0MsYndLxf3c1TzvdlHJS7cI7+Oz6e2tYIOyZ\
        rsn8aLN1udsJ7MgT9U7GCh1mMEy7H0cKPGEQQil8pQgO4CLp0zVozptjn4S1mU1YoI71VOeVyaNCMEAw\
        HQYDVR0OBBYEFMFRRVBZqz7nLFr6ICISB4CIfBFqMA4GA1UdDwEB/wQEAwIBhjAPBgNVHRMBAf8EBTAD\
        AQH/MAoGCCqGSM49BAMDA2gAMGUCMQCJao1H5+z8blUD2WdsJk6Dxv3J+ysTvLd6jLRl0mlpYxNjOyZQ\
        LgGheQaRnUi/wr4CMEfDFXuxoJGZSZOoPHzoRgaLLPIxAJSdYsiJvRmEFOml+wG4DXZDjC5Ty3zfDBeW\
        UA==";

    #[test]
    fn a_root_knows_itself() {
        let bytes = ROOT.as_bytes().to_vec();
        let der = decode_base64(&Derived { bytes, origin: Origin::verbatim(0, 0) }).unwrap();
        let root = Certificate::from_der(&der.bytes).unwrap();
        assert!(is_public(&root) && issued(&root) && is_name(&root.subject_hash));
    }

    #[test]
    fn the_table_can_be_read() {
        let read: Result<Table, _> = serde_yaml::from_str(TABLE);
        let table = read.unwrap();
        assert!(table.ended.iter().all(|root| root.since.0 > 0));
        assert!(table.distrusted.iter().all(|name| !name.contains(',')));
        assert!(ended("CN=DST Root CA X3,O=Digital Signature Trust Co.").is_some());
        assert!(!is_distrusted("CN=ISRG Root X1,O=Internet Security Research Group,C=US"));
    }

    #[test]
    fn names_are_compared_wholly() {
        assert!(is_named("O=Digital Signature Trust Co.,CN=DST Root CA X3", "DST Root CA X3"));
        assert!(is_named("CN=DST Root CA X3, O=x", "DST Root CA X3"));
        assert!(!is_named("CN=DST Root CA X33", "DST Root CA X3"));
        assert!(!is_named("ACN=DST Root CA X3", "DST Root CA X3"));
        assert!(!is_named("CN=My DST Root CA X3", "DST Root CA X3"));
    }
}
