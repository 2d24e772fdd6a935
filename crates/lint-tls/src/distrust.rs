//! Authorities that root programs stopped to trust: the table `policies/tls/distrust.yaml`.

use std::sync::LazyLock;

use careen_x509_model::Certificate;
use serde::Deserialize;

use crate::dates::Day;
use crate::subject::attributes;

/// One line of the table; see its comments.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Distrust {
    /// The name people know it by.
    pub(crate) authority: String,
    organizations: Vec<String>,
    /// Who refuses.
    pub(crate) by: String,
    issued_from: Option<Day>,
    refused_from: Option<Day>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers of the table"))]
    source: String,
}

/// Which certificates of an authority are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// All, from that day on, in Unix seconds.
    All(i64),
    /// Those that begin on that day or later.
    Newer(i64),
}

const TABLE: &str = include_str!("../../../policies/tls/distrust.yaml");

static LIST: LazyLock<Vec<Distrust>> =
    LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());

/// The line of the table that holds for a certificate at a moment.
pub(crate) fn distrusted(
    certificate: &Certificate,
    now: i64,
) -> Option<(&'static Distrust, Refused)> {
    attributes(&certificate.issuer).filter(|(kind, _)| *kind == "O").find_map(|(_, value)| {
        let line = LIST.iter().find(|line| line.is(&value))?;
        line.refuses(certificate.not_before, now).map(|refused| (line, refused))
    })
}

impl Distrust {
    fn is(&self, organization: &str) -> bool {
        let begins = |wanted: &String| {
            organization.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
        };
        self.organizations.iter().any(begins)
    }

    fn refuses(&self, begin: i64, now: i64) -> Option<Refused> {
        let all = self.refused_from.filter(|day| now >= day.0);
        let newer = self.issued_from.filter(|day| begin >= day.0);
        all.map(|day| Refused::All(day.0)).or(newer.map(|day| Refused::Newer(day.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Distrust, LIST, Refused, TABLE};
    use crate::date::parse_day;

    #[test]
    fn the_table_can_be_read() {
        let read: Result<Vec<Distrust>, _> = serde_yaml::from_str(TABLE);
        for line in read.unwrap() {
            assert!(line.issued_from.is_some() || line.refused_from.is_some(), "{line:?}");
            assert!(line.source.starts_with("https://") && !line.organizations.is_empty());
            if let (Some(issued), Some(refused)) = (line.issued_from, line.refused_from) {
                assert!(issued < refused, "{line:?}");
            }
        }
    }

    #[test]
    fn days_decide() {
        let line = |name: &str| LIST.iter().find(|line| line.is(name)).unwrap();
        let day = |text| parse_day(text).unwrap();
        let entrust = line("Entrust, Inc.");
        assert_eq!(entrust.refuses(day("2024-11-11"), i64::MAX), None);
        assert!(matches!(entrust.refuses(day("2024-11-12"), 0), Some(Refused::Newer(_))));
        let symantec = line("geotrust inc.");
        assert_eq!(symantec.refuses(day("2018-10-17"), day("2018-10-15")), None);
        assert!(matches!(symantec.refuses(0, day("2018-10-16")), Some(Refused::All(_))));
        assert!(!LIST.iter().any(|line| line.is("Entrust Limited") || line.is("DigiCert Inc")));
    }
}
