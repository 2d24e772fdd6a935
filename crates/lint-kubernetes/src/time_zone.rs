//! Names of time zones, as the IANA database spells them.

/// Areas that names with a slash begin with.
const AREAS: [&str; 18] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Pacific",
    "US",
    "posix",
    "right",
];

/// Names without a slash.
const PLAIN: [&str; 45] = [
    "CET",
    "CST6CDT",
    "Cuba",
    "EET",
    "EST",
    "EST5EDT",
    "Egypt",
    "Eire",
    "Factory",
    "GB",
    "GB-Eire",
    "GMT",
    "GMT+0",
    "GMT-0",
    "GMT0",
    "Greenwich",
    "HST",
    "Hongkong",
    "Iceland",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "MET",
    "MST",
    "MST7MDT",
    "NZ",
    "NZ-CHAT",
    "Navajo",
    "PRC",
    "PST8PDT",
    "Poland",
    "Portugal",
    "ROC",
    "ROK",
    "Singapore",
    "Turkey",
    "UCT",
    "UTC",
    "Universal",
    "W-SU",
    "WET",
    "Zulu",
];

/// Whether a name can be one of the database. Cities are not known one by one: of those only the
/// area and the letters are looked at.
pub(crate) fn can_exist(name: &str) -> bool {
    match name.split_once('/') {
        None => PLAIN.contains(&name),
        Some((area, city)) => {
            let is_spelt = |part: &str| {
                part.starts_with(|c: char| c.is_ascii_uppercase())
                    && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-+".contains(&c))
            };
            AREAS.contains(&area) && city.split('/').all(is_spelt)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::can_exist;

    #[test]
    fn names() {
        for name in [
            "UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+2",
            "America/Port-au-Prince",
        ] {
            assert!(can_exist(name), "{name}");
        }
        for name in [
            "",
            "Local",
            "UTC+2",
            "+02:00",
            "CEST",
            "europe/berlin",
            "Berlin",
            "Europe/",
            "Europe/berlin",
            "Europe/Ber lin",
        ] {
            assert!(!can_exist(name), "{name}");
        }
    }
}
