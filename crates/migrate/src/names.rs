//! From the names that others have for a defect to our rules.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use careen_rule::Meta;

/// The tables of what other tools check: a defect, and the checks that find it.
const PEERS: [&str; 3] = [
    include_str!("../../../policies/peers/kubernetes.tsv"),
    include_str!("../../../policies/peers/images.tsv"),
    include_str!("../../../policies/peers/tls.tsv"),
];
/// Why there is no rule for some of these defects.
const EXCLUSIONS: [&str; 3] = [
    include_str!("../../../policies/peers/kubernetes-exclusions.yaml"),
    include_str!("../../../policies/peers/images-exclusions.yaml"),
    include_str!("../../../policies/peers/tls-exclusions.yaml"),
];

/// Who answers to which check of another tool, and why nobody does.
pub(crate) struct Names {
    /// By `tool:id` in lower case.
    rules: BTreeMap<String, Vec<&'static Meta>>,
    /// Reasons why there is no rule, read when the first is asked for.
    exclusions: OnceCell<BTreeMap<String, &'static str>>,
}

impl Names {
    pub(crate) fn of(rules: &[&'static Meta]) -> Self {
        let mut by_name: BTreeMap<String, Vec<&'static Meta>> = BTreeMap::new();
        for rule in rules {
            for peer in rule.peers {
                by_name.entry(peer.to_ascii_lowercase()).or_default().push(rule);
            }
        }
        Self { rules: by_name, exclusions: OnceCell::new() }
    }

    /// The rules that answer to the check of a tool, by id. A star at the end of the check stands for
    /// any ending, but not for everything.
    pub(crate) fn rules_of(&self, tool: &str, id: &str) -> Vec<&'static Meta> {
        let name = format!("{tool}:{id}").to_ascii_lowercase();
        let Some(start) = name.strip_suffix('*') else {
            return self.rules.get(&name).cloned().unwrap_or_default();
        };
        if start.len() <= tool.len() + 1 {
            return Vec::new();
        }
        let from = self.rules.range(start.to_owned()..);
        let within = from.take_while(|(name, _)| name.starts_with(start));
        let mut found: Vec<_> = within.flat_map(|(_, rules)| rules.iter().copied()).collect();
        found.sort_by_key(|rule| rule.id);
        found.dedup_by_key(|rule| rule.id);
        found
    }

    /// Why no rule answers to a check, if that is written down.
    pub(crate) fn exclusion(&self, tool: &str, id: &str) -> Option<&'static str> {
        let name = format!("{tool}:{id}").to_ascii_lowercase();
        self.exclusions.get_or_init(exclusions).get(&name).copied()
    }
}

fn exclusions() -> BTreeMap<String, &'static str> {
    let lines = EXCLUSIONS.iter().flat_map(|text| text.lines());
    let reasons: BTreeMap<_, _> = lines.filter_map(|line| line.split_once(": ")).collect();
    let rows = PEERS.iter().flat_map(|table| table.lines());
    let rows = rows.filter_map(|row| row.split_once('\t'));
    let mut named = BTreeMap::new();
    for (defect, checks) in rows {
        if let Some(reason) = reasons.get(defect) {
            for check in checks.split_whitespace() {
                named.entry(check.to_ascii_lowercase()).or_insert(*reason);
            }
        }
    }
    named
}

/// What a check that nobody answers to is about, where its name tells.
pub(crate) fn beyond(tool: &str, id: &str) -> Option<&'static str> {
    let upper = id.to_ascii_uppercase();
    let starts = |starts: &[&str]| starts.iter().any(|start| upper.starts_with(start));
    match tool {
        "checkov" if starts(&["CKV_SECRET_"]) => {
            Some("Careen names each kind of credential: `careen rules` lists them")
        }
        "checkov" if starts(&["CKV"]) && !starts(&["CKV_K8S", "CKV2_K8S", "CKV_DOCKER"]) => Some(
            "Careen looks at Kubernetes, images, secrets and TLS, not at what this check is for",
        ),
        "trivy" if starts(&["CVE-", "GHSA-", "GO-", "RUSTSEC-", "TEMP-", "DLA-", "DSA-"]) => Some(
            "Careen has no database of vulnerabilities; a VEX document in the repository says the \
             same and is heeded by `vuln-findings`",
        ),
        "trivy"
            if starts(&["AWS-", "AZU-", "GCP-", "DIG-", "GIT-", "OCI-", "OPNSTK-", "CLDSTK-"]) =>
        {
            Some(
                "Careen looks at Kubernetes, images, secrets and TLS, not at what this check is for",
            )
        }
        _ => None,
    }
}

/// `KSV-0013` for `AVD-KSV-0013` and `KSV013`.
pub(crate) fn trivy_id(id: &str) -> String {
    let id = id.strip_prefix("AVD-").or_else(|| id.strip_prefix("avd-")).unwrap_or(id);
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let (family, number) = id.split_at(digits);
    let family_only = !family.is_empty() && family.bytes().all(|byte| byte.is_ascii_uppercase());
    if family_only && number.len() == 3 { format!("{family}-0{number}") } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use careen_rule::Meta;

    use super::{Names, beyond, trivy_id};

    static LIMIT: Meta = Meta {
        id: "memory-limit-missing",
        peers: &["checkov:CKV_K8S_13", "trivy:KSV-0018"],
        ..Meta::DEFAULT
    };
    static REQUEST: Meta =
        Meta { id: "memory-request-missing", peers: &["checkov:CKV_K8S_12"], ..Meta::DEFAULT };

    #[test]
    fn checks_lead_to_rules() {
        let names = Names::of(&[&LIMIT, &REQUEST]);
        let ids = |tool: &str, id: &str| -> Vec<&str> {
            names.rules_of(tool, id).iter().map(|rule| rule.id).collect()
        };
        assert_eq!(ids("checkov", "ckv_k8s_13"), ["memory-limit-missing"]);
        assert_eq!(ids("checkov", "CKV_K8S_1*").len(), 2);
        assert!(ids("trivy", "CKV_K8S_13").is_empty(), "a name is that of its tool");
        assert!(ids("checkov", "*").is_empty(), "everything is nobody's wish");
        assert_eq!(ids("trivy", &trivy_id("AVD-KSV-0018")), ["memory-limit-missing"]);
    }

    #[test]
    fn a_check_without_a_rule_has_a_reason_where_there_is_one() {
        let names = Names::of(&[]);
        assert!(names.exclusion("kube-linter", "template:cel-expression").is_some());
        assert_eq!(names.exclusion("kube-linter", "no-such-check"), None);
        assert!(beyond("checkov", "CKV_AWS_20").is_some());
        assert!(beyond("checkov", "CKV_K8S_999").is_none());
        assert!(beyond("trivy", "CVE-2024-1").unwrap().contains("VEX"));
    }

    #[test]
    fn ids_of_trivy_have_three_forms() {
        for (id, expected) in [
            ("AVD-DS-0002", "DS-0002"),
            ("DS002", "DS-0002"),
            ("KSV-01010", "KSV-01010"),
            ("KSV0014", "KSV0014"),
            ("aws-access-key-id", "aws-access-key-id"),
            ("", ""),
        ] {
            assert_eq!(trivy_id(id), expected, "{id}");
        }
    }
}
