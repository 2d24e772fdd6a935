//! What holds from a day on: the table `policies/tls/dates.yaml`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::date::{DAY, parse_day};

/// A length that holds from a day on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Step {
    /// Midnight of the first day, in Unix seconds.
    #[serde(deserialize_with = "day")]
    pub(crate) from: i64,
    pub(crate) days: i64,
}

/// See the comments of the table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dates {
    public_lifetime: Vec<Step>,
    acme_lifetime: BTreeMap<String, BTreeMap<String, Vec<Step>>>,
    pub(crate) client_auth: ClientAuth,
    transparency: Vec<Transparency>,
    ocsp_ended: BTreeMap<String, Day>,
    retired: BTreeMap<String, Day>,
    pub(crate) sha1_refused: Day,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientAuth {
    /// Midnight of the first day, in Unix seconds.
    pub(crate) refused: Day,
    pub(crate) dropped: BTreeMap<String, Day>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transparency {
    #[serde(deserialize_with = "day")]
    from: i64,
    counts: Vec<Count>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    days: i64,
    timestamps: usize,
}

/// Midnight of a day, in Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Day(#[serde(deserialize_with = "day")] pub(crate) i64);

fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    parse_day(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no day")))
}

const TABLE: &str = include_str!("../../../policies/tls/dates.yaml");

/// The table. A test sees to it that it can be read.
pub(crate) fn dates() -> &'static Dates {
    static DATES: LazyLock<Dates> =
        LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());
    &DATES
}

impl Dates {
    /// Longest life in days of a public server certificate that begins at a moment, if there was
    /// a limit then.
    pub(crate) fn public_lifetime(&self, begin: i64) -> Option<i64> {
        at(&self.public_lifetime, begin)
    }

    /// Life in days of what an ACME CA issues at a moment. `server` is the address of its
    /// directory; none where the CA is not known.
    pub(crate) fn acme_lifetime(&self, server: &str, profile: &str, when: i64) -> Option<i64> {
        at(self.acme_lifetimes(server, profile), when)
    }

    /// All lives of what an ACME CA issues, from which day on, in order; none where the CA is not
    /// known.
    pub(crate) fn acme_lifetimes(&self, server: &str, profile: &str) -> &[Step] {
        let authority = self.acme_lifetime.iter().find(|(name, _)| server.contains(name.as_str()));
        let steps = authority
            .and_then(|(_, profiles)| profiles.get(profile).or_else(|| profiles.get("default")));
        steps.map(Vec::as_slice).unwrap_or_default()
    }

    /// How many timestamps of transparency logs a public certificate must hold that begins at a
    /// moment and lives for so many seconds.
    pub(crate) fn timestamps(&self, begin: i64, lifetime: i64) -> Option<usize> {
        let step = self.transparency.iter().rev().find(|step| begin >= step.from)?;
        let fits = |count: &&Count| lifetime <= count.days.saturating_mul(DAY);
        step.counts.iter().find(fits).map(|count| count.timestamps)
    }

    /// The day from which on an authority answers no OCSP requests, in Unix seconds.
    pub(crate) fn ocsp_ended(&self, organization: &str) -> Option<i64> {
        let begins = |name: &str| organization.starts_with(name);
        self.ocsp_ended.iter().find(|(name, _)| begins(name)).map(|(_, day)| day.0)
    }

    /// The day from which on software is no longer maintained, in Unix seconds.
    pub(crate) fn retired(&self, software: &str) -> Option<i64> {
        self.retired.get(software).map(|day| day.0)
    }
}

fn at(steps: &[Step], when: i64) -> Option<i64> {
    steps.iter().rev().find(|step| when >= step.from).map(|step| step.days)
}

#[cfg(test)]
mod tests {
    use super::{Dates, TABLE, dates};
    use crate::date::{Date, parse_day};

    #[test]
    fn the_table_can_be_read() {
        let read: Result<Dates, _> = serde_yaml::from_str(TABLE);
        read.unwrap();
        assert_eq!(Date(dates().client_auth.refused.0).to_string(), "2027-03-15");
        assert!(dates().retired("ingress-nginx").is_some());
    }

    #[test]
    fn steps_hold_from_their_days_on() {
        let life = |day: &str| dates().public_lifetime(parse_day(day).unwrap());
        assert_eq!(life("2016-06-30"), None);
        assert_eq!(life("2018-02-28"), Some(1188));
        assert_eq!(life("2020-08-31"), Some(825));
        assert_eq!(life("2026-03-15"), Some(200));
        assert_eq!(life("2031-01-01"), Some(47));
        let acme = |profile, day: &str| {
            let server = "https://acme-v02.api.letsencrypt.org/directory";
            dates().acme_lifetime(server, profile, parse_day(day).unwrap())
        };
        assert_eq!(acme("default", "2026-12-01"), Some(90));
        assert_eq!(acme("default", "2027-02-10"), Some(64));
        assert_eq!(acme("tlsserver", "2026-12-01"), Some(45));
        assert_eq!(dates().acme_lifetime("https://ca.internal/", "default", i64::MAX), None);
    }

    #[test]
    fn longer_lives_take_more_timestamps() {
        let wanted =
            |day: &str, days: i64| dates().timestamps(parse_day(day).unwrap(), days * super::DAY);
        assert_eq!(wanted("2018-10-14", 90), None);
        assert_eq!(wanted("2018-10-15", 825), Some(4));
        assert_eq!(wanted("2021-04-21", 180), Some(2));
        assert_eq!(wanted("2021-04-21", 181), Some(3));
        assert!(dates().ocsp_ended("Let's Encrypt").is_some());
        assert_eq!(dates().ocsp_ended("DigiCert Inc"), None);
    }

    #[test]
    fn steps_are_in_order() {
        let table = dates();
        assert!(table.transparency.is_sorted_by(|a, b| a.from < b.from));
        for step in &table.transparency {
            assert!(step.counts.is_sorted_by(|a, b| a.days < b.days));
        }
        let all = std::iter::once(&table.public_lifetime)
            .chain(table.acme_lifetime.values().flat_map(|profiles| profiles.values()));
        for steps in all {
            assert!(!steps.is_empty() && steps.is_sorted_by(|a, b| a.from < b.from));
        }
    }
}
