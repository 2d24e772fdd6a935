//! The Common Weakness Enumeration, as far as rules point into it.

use std::collections::BTreeSet;

use careen_sarif::{
    ComponentReference, MultiformatMessage, Relationship, Taxon, TaxonReference, Taxonomy,
};

/// What the classification is called; readers look for this word.
pub(super) const NAME: &str = "CWE";

/// The numbers that rules of ours use, with the names MITRE gives them.
const NAMES: [(u16, &str); 67] = [
    (20, "Improper Input Validation"),
    (22, "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')"),
    (59, "Improper Link Resolution Before File Access ('Link Following')"),
    (78, "Improper Neutralization of Special Elements used in an OS Command"),
    (94, "Improper Control of Generation of Code ('Code Injection')"),
    (183, "Permissive List of Allowed Inputs"),
    (200, "Exposure of Sensitive Information to an Unauthorized Actor"),
    (214, "Invocation of Process Using Visible Sensitive Information"),
    (250, "Execution with Unnecessary Privileges"),
    (256, "Plaintext Storage of a Password"),
    (258, "Empty Password in Configuration File"),
    (259, "Use of Hard-coded Password"),
    (269, "Improper Privilege Management"),
    (284, "Improper Access Control"),
    (287, "Improper Authentication"),
    (295, "Improper Certificate Validation"),
    (297, "Improper Validation of Certificate with Host Mismatch"),
    (298, "Improper Validation of Certificate Expiration"),
    (300, "Channel Accessible by Non-Endpoint"),
    (306, "Missing Authentication for Critical Function"),
    (311, "Missing Encryption of Sensitive Data"),
    (312, "Cleartext Storage of Sensitive Information"),
    (319, "Cleartext Transmission of Sensitive Information"),
    (321, "Use of Hard-coded Cryptographic Key"),
    (323, "Reusing a Nonce, Key Pair in Encryption"),
    (324, "Use of a Key Past its Expiration Date"),
    (326, "Inadequate Encryption Strength"),
    (327, "Use of a Broken or Risky Cryptographic Algorithm"),
    (328, "Use of Weak Hash"),
    (330, "Use of Insufficiently Random Values"),
    (331, "Insufficient Entropy"),
    (345, "Insufficient Verification of Data Authenticity"),
    (347, "Improper Verification of Cryptographic Signature"),
    (354, "Improper Validation of Integrity Check Value"),
    (359, "Exposure of Private Personal Information to an Unauthorized Actor"),
    (400, "Uncontrolled Resource Consumption"),
    (441, "Unintended Proxy or Intermediary ('Confused Deputy')"),
    (494, "Download of Code Without Integrity Check"),
    (521, "Weak Password Requirements"),
    (522, "Insufficiently Protected Credentials"),
    (526, "Cleartext Storage of Sensitive Information in an Environment Variable"),
    (527, "Exposure of Version-Control Repository to an Unauthorized Control Sphere"),
    (532, "Insertion of Sensitive Information into Log File"),
    (538, "Insertion of Sensitive Information into Externally-Accessible File or Directory"),
    (552, "Files or Directories Accessible to External Parties"),
    (613, "Insufficient Session Expiration"),
    (653, "Improper Isolation or Compartmentalization"),
    (668, "Exposure of Resource to Wrong Sphere"),
    (693, "Protection Mechanism Failure"),
    (694, "Use of Multiple Resources with Duplicate Identifier"),
    (732, "Incorrect Permission Assignment for Critical Resource"),
    (770, "Allocation of Resources Without Limits or Throttling"),
    (778, "Insufficient Logging"),
    (798, "Use of Hard-coded Credentials"),
    (829, "Inclusion of Functionality from Untrusted Control Sphere"),
    (862, "Missing Authorization"),
    (916, "Use of Password Hash With Insufficient Computational Effort"),
    (918, "Server-Side Request Forgery (SSRF)"),
    (923, "Improper Restriction of Communication Channel to Intended Endpoints"),
    (1104, "Use of Unmaintained Third Party Components"),
    (1125, "Excessive Attack Surface"),
    (1188, "Initialization of a Resource with an Insecure Default"),
    (1240, "Use of a Cryptographic Primitive with a Risky Implementation"),
    (1357, "Reliance on Insufficiently Trustworthy Component"),
    (1391, "Use of Weak Credentials"),
    (1392, "Use of Default Credentials"),
    (1395, "Dependency on Vulnerable Third-Party Component"),
];

/// The weaknesses that the rules of one run are about.
#[derive(Debug, Default)]
pub(super) struct Weaknesses(Vec<u16>);

impl Weaknesses {
    pub(super) fn of(numbers: impl Iterator<Item = u16>) -> Self {
        Self(numbers.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// What a rule is a case of.
    pub(super) fn relationships(&self, numbers: &[u16]) -> Vec<Relationship> {
        let relationship = |number: &u16| Relationship {
            target: TaxonReference {
                id: id(*number),
                index: self.0.binary_search(number).ok(),
                tool_component: reference(),
            },
            // All that the rule finds is a case of the weakness, and more is.
            kinds: vec!["superset".to_owned()],
        };
        numbers.iter().map(relationship).collect()
    }

    /// The classification, and the driver's word for it, unless no rule needs it.
    pub(super) fn taxonomy(&self) -> Option<(Taxonomy, ComponentReference)> {
        if self.0.is_empty() {
            return None;
        }
        let taxonomy = Taxonomy {
            name: NAME.to_owned(),
            organization: Some("MITRE".to_owned()),
            short_description: Some(MultiformatMessage::plain(
                "The MITRE Common Weakness Enumeration.",
            )),
            information_uri: Some("https://cwe.mitre.org/".to_owned()),
            is_comprehensive: false,
            taxa: self.0.iter().map(|&number| taxon(number)).collect(),
        };
        Some((taxonomy, reference()))
    }
}

fn taxon(number: u16) -> Taxon {
    let named = NAMES.iter().find(|(known, _)| *known == number);
    Taxon {
        id: id(number),
        short_description: named.map(|(_, name)| MultiformatMessage::plain(format!("{name}."))),
        help_uri: Some(format!("https://cwe.mitre.org/data/definitions/{number}.html")),
    }
}

/// With its prefix: one reader looks for nothing else, and takes no other source if it is there.
fn id(number: u16) -> String {
    format!("{NAME}-{number}")
}

/// The number in `CWE-798`, `cwe-079` or `external/cwe/cwe-079`; `798` as well.
pub(super) fn number(text: &str) -> Option<u16> {
    let text = text.rsplit('/').next().unwrap_or(text);
    let text = text.split_once([':', ' ']).map_or(text, |(first, _)| first);
    let digits = match text.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("cwe-") => text.get(4..)?,
        _ => text,
    };
    digits.parse().ok().filter(|&number| number > 0)
}

fn reference() -> ComponentReference {
    ComponentReference { name: NAME.to_owned(), index: Some(0) }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Weaknesses, number};

    #[test]
    fn names_are_in_order() {
        let numbers: Vec<u16> = NAMES.iter().map(|(number, _)| *number).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn rules_point_to_their_weakness() {
        let weaknesses = Weaknesses::of([798, 250, 798].into_iter());
        let (taxonomy, reference) = weaknesses.taxonomy().unwrap();
        let ids: Vec<_> = taxonomy.taxa.iter().map(|taxon| taxon.id.as_str()).collect();
        assert_eq!((ids, reference.index), (vec!["CWE-250", "CWE-798"], Some(0)));
        assert_eq!(weaknesses.relationships(&[798])[0].target.index, Some(1));
        assert!(Weaknesses::default().taxonomy().is_none());
    }

    #[test]
    fn numbers_are_written_in_many_ways() {
        for text in ["CWE-79", "cwe-079", "external/cwe/cwe-079", "79", "CWE-79: Cross-site"] {
            assert_eq!(number(text), Some(79), "{text}");
        }
        for text in ["CWE-", "security", "", "CWE-99999999", "0", "ü-79"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
