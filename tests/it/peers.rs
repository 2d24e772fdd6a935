//! Holds the rules against the checks of other linters: nothing that a peer finds may be missing,
//! or a reason stands in `policies/peers/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use careen_rule::Meta;

use crate::harness::root;
use crate::mutation::LINTERS;

const TABLE: &str = "policies/peers/kubernetes.tsv";
const EXCLUSIONS: &str = "policies/peers/kubernetes-exclusions.yaml";
const PAGE: &str = "docs/kubernetes-peers.md";

/// Peers in the order of the page, with the name people know.
const PEERS: [(&str, &str); 11] = [
    ("kube-linter", "kube-linter"),
    ("kube-score", "kube-score"),
    ("polaris", "Polaris"),
    ("kubesec", "kubesec"),
    ("checkov", "Checkov (Kubernetes)"),
    ("trivy", "Trivy (Kubernetes)"),
    ("kubescape", "Kubescape"),
    ("kics", "KICS (Kubernetes)"),
    ("kubeaudit", "kubeaudit"),
    ("popeye", "Popeye"),
    ("pss", "Pod Security Standards"),
];

/// A defect and the checks of peers that find it.
struct Row {
    id: String,
    peers: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join(TABLE)).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (id, peers) = line.split_once('\t').unwrap_or((line, ""));
            let peers = peers.split_whitespace().map(str::to_owned).collect();
            Row { id: id.to_owned(), peers }
        })
        .collect()
}

fn exclusions() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join(EXCLUSIONS)).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (id, reason) = line.split_once(": ").unwrap();
            (id.to_owned(), reason.to_owned())
        })
        .collect()
}

/// The rule of a row, by id or alias.
fn rule_of(rules: &[&'static Meta], id: &str) -> Option<&'static Meta> {
    let is = |rule: &&&'static Meta| rule.id == id || rule.aliases.contains(&id);
    rules.iter().find(is).copied()
}

#[test]
fn every_check_of_a_peer_is_a_rule_or_excluded_with_a_reason() {
    let rules = careen_engine::rules(LINTERS);
    let exclusions = exclusions();
    let mut gaps = String::new();
    for row in rows() {
        match (rule_of(&rules, &row.id), exclusions.get(&row.id)) {
            (Some(_), Some(_)) => {
                let _ = writeln!(gaps, "{}: is a rule and excluded", row.id);
            }
            (None, None) => {
                let _ = writeln!(gaps, "{}: is no rule", row.id);
            }
            (None, Some(_)) => {}
            (Some(rule), None) => {
                for peer in row.peers {
                    if !rule.peers.contains(&peer.as_str()) {
                        let _ = writeln!(gaps, "{}: does not name its peer {peer}", rule.id);
                    }
                }
            }
        }
    }
    assert!(gaps.is_empty(), "gaps in the coverage of peers:\n{gaps}");
}

#[test]
fn exclusions_are_rows() {
    let rows = rows();
    for id in exclusions().keys() {
        assert!(rows.iter().any(|row| row.id == *id), "{id} is no row of {TABLE}");
    }
}

/// The page is written with `CAREEN_UPDATE=1` and held fresh without.
#[test]
fn the_page_of_peers_is_fresh() {
    let page = page();
    let path = root().join(PAGE);
    if std::env::var_os("CAREEN_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == page,
        "{PAGE} is stale: run `CAREEN_UPDATE=1 cargo test -p careen --test it peers`"
    );
}

fn page() -> String {
    let rules = careen_engine::rules(LINTERS);
    let (rows, exclusions) = (rows(), exclusions());
    let mut page = String::from(
        "# Kubernetes: what the peers check, and which rule does\n\n\
         <!-- @generated from policies/peers. Do not edit. -->\n\n\
         Every check that these linters have for manifests is a rule of Careen, or the reason why \
         not stands below. Their names work wherever a rule is named: `careen explain \
         CKV_K8S_16`, `--ignore kube-linter:host-pid`.\n\n\
         | linter | checks | rules cover | excluded |\n| --- | ---: | ---: | ---: |\n",
    );
    for (peer, name) in PEERS {
        let mut all = BTreeSet::new();
        let mut covered = BTreeSet::new();
        for row in &rows {
            let checks = row
                .peers
                .iter()
                .filter(|check| check.split_once(':').is_some_and(|(tool, _)| tool == peer));
            for check in checks {
                all.insert(check);
                if rule_of(&rules, &row.id).is_some() {
                    covered.insert(check);
                }
            }
        }
        let (all, covered) = (all.len(), covered.len());
        let _ = writeln!(page, "| {name} | {all} | {covered} | {} |", all - covered);
    }
    page.push_str(
        "\nkubeconform validates schemas (`unknown-field` and its neighbours in `kubernetes/manifest`) \
         and Pluto finds old API versions (`api-version-removed`, `api-version-deprecated`); \
         neither has names for single checks.\n\n## Rules\n\n| rule | default | checks of peers |\n| --- | --- | --- |\n",
    );
    for rule in rules.iter().filter(|rule| rule.linter() == "kubernetes") {
        let default = if rule.default { rule.severity.as_str() } else { "off" };
        let peers = rule.peers.join(", ");
        let _ = writeln!(page, "| `{}` | {default} | {peers} |", rule.id);
    }
    page.push_str(
        "\n## Not covered, and why\n\n| defect | checks of peers | reason |\n| --- | --- | --- |\n",
    );
    for row in &rows {
        if let Some(reason) = exclusions.get(&row.id) {
            let _ = writeln!(page, "| `{}` | {} | {reason} |", row.id, row.peers.join(", "));
        }
    }
    page
}
