//! Holds the rules against the checks of other linters: nothing that a peer finds may be missing,
//! or a reason stands in `policies/peers/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use careen_rule::Meta;

use crate::harness::root;
use crate::mutation::LINTERS;

/// A table of what other linters check, and the page that is made of it.
struct Domain {
    /// Rows: id and checks.
    table: &'static str,
    /// Rows that no rule covers, with the reason.
    exclusions: &'static str,
    /// What is written of both.
    page: &'static str,
}

const KUBERNETES: Domain = Domain {
    table: "policies/peers/kubernetes.tsv",
    exclusions: "policies/peers/kubernetes-exclusions.yaml",
    page: "docs/kubernetes-peers.md",
};

const SECRETS: Domain = Domain {
    table: "policies/peers/secrets.tsv",
    exclusions: "policies/peers/secrets-exclusions.yaml",
    page: "docs/secrets-providers.md",
};

const TLS: Domain = Domain {
    table: "policies/peers/tls.tsv",
    exclusions: "policies/peers/tls-exclusions.yaml",
    page: "docs/tls-checks.md",
};

const IMAGES: Domain = Domain {
    table: "policies/peers/images.tsv",
    exclusions: "policies/peers/images-exclusions.yaml",
    page: "docs/image-checks.md",
};

/// Linters of Dockerfiles and images in the order of the page.
const INSPECTORS: [(&str, &str); 7] = [
    ("hadolint", "hadolint"),
    ("buildx", "docker build --check"),
    ("dockle", "dockle"),
    ("trivy", "Trivy (Dockerfile)"),
    ("checkov", "Checkov (Dockerfile)"),
    ("kics", "KICS (Dockerfile)"),
    ("cis", "CIS Docker Benchmark, section 4"),
];

/// Tools for certificates and TLS in the order of the page.
const EXAMINERS: [(&str, &str); 9] = [
    ("zlint", "zlint (what concerns who deploys)"),
    ("pkilint", "pkilint"),
    ("badkeys", "badkeys"),
    ("limbo", "x509-limbo (groups)"),
    ("testssl", "testssl.sh"),
    ("sslyze", "sslyze"),
    ("istioctl", "istioctl analyze"),
    ("kyverno", "Kyverno policies"),
    ("kics", "KICS"),
];

/// Scanners of secrets in the order of the page.
const SCANNERS: [(&str, &str); 7] = [
    ("gitleaks", "gitleaks"),
    ("betterleaks", "betterleaks"),
    ("kingfisher", "Kingfisher"),
    ("noseyparker", "Nosey Parker"),
    ("titus", "Titus"),
    ("trufflehog", "TruffleHog"),
    ("github", "GitHub secret scanning"),
];

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
    /// Whose credential it is; empty for manifests.
    provider: String,
    /// Whether it must be a rule or have a reason.
    asked: bool,
    peers: Vec<String>,
}

impl Row {
    fn read(line: &str) -> Self {
        let columns: Vec<&str> = line.split('\t').collect();
        let peers = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        match columns.as_slice() {
            [id, provider, asked, checks] => Self {
                id: (*id).to_owned(),
                provider: (*provider).to_owned(),
                asked: *asked != "open",
                peers: peers(checks),
            },
            [id, rest @ ..] => Self {
                id: (*id).to_owned(),
                provider: String::new(),
                asked: true,
                peers: rest.first().map(|text| peers(text)).unwrap_or_default(),
            },
            [] => panic!("an empty row"),
        }
    }
}

impl Domain {
    fn rows(&self) -> Vec<Row> {
        let text = fs::read_to_string(root().join(self.table)).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(Row::read).collect()
    }

    fn exclusions(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(root().join(self.exclusions)).unwrap();
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let (id, reason) = line.split_once(": ").unwrap();
                (id.to_owned(), reason.to_owned())
            })
            .collect()
    }

    /// What is missing: rows without a rule or a reason, and rules that do not name their peers.
    fn gaps(&self) -> String {
        let rules = careen_engine::rules(LINTERS);
        let exclusions = self.exclusions();
        let mut gaps = String::new();
        for row in self.rows() {
            match (rule_of(&rules, &row.id), exclusions.get(&row.id)) {
                (Some(_), Some(_)) => {
                    let _ = writeln!(gaps, "{}: is a rule and excluded", row.id);
                }
                (None, None) if row.asked => {
                    let _ = writeln!(gaps, "{}: is no rule", row.id);
                }
                (None, _) => {}
                (Some(rule), None) => {
                    for peer in row.peers {
                        if !rule.peers.contains(&peer.as_str()) {
                            let _ = writeln!(gaps, "{}: does not name its peer {peer}", rule.id);
                        }
                    }
                }
            }
        }
        gaps
    }

    /// The page is written with `CAREEN_UPDATE=1` and held fresh without.
    fn verify(&self, page: &str) {
        let path = root().join(self.page);
        if std::env::var_os("CAREEN_UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, page).unwrap();
        }
        let known = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            known == page,
            "{} is stale: run `CAREEN_UPDATE=1 cargo test -p careen --test it peers`",
            self.page
        );
    }
}

/// How many checks of each peer there are, and how many of them rules cover.
fn count(page: &mut String, peers: &[(&str, &str)], rows: &[Row], rules: &[&'static Meta]) {
    for (peer, name) in peers {
        let mut all = BTreeSet::new();
        let mut covered = BTreeSet::new();
        for row in rows {
            let checks = row
                .peers
                .iter()
                .filter(|check| check.split_once(':').is_some_and(|(tool, _)| tool == *peer));
            for check in checks {
                all.insert(check);
                if rule_of(rules, &row.id).is_some() {
                    covered.insert(check);
                }
            }
        }
        let (all, covered) = (all.len(), covered.len());
        let _ = writeln!(page, "| {name} | {all} | {covered} | {} |", all - covered);
    }
}

/// The rule of a row, by id or alias.
fn rule_of(rules: &[&'static Meta], id: &str) -> Option<&'static Meta> {
    let is = |rule: &&&'static Meta| rule.id == id || rule.aliases.contains(&id);
    rules.iter().find(is).copied()
}

#[test]
fn every_check_of_a_peer_is_a_rule_or_excluded_with_a_reason() {
    for domain in [KUBERNETES, SECRETS, TLS, IMAGES] {
        let gaps = domain.gaps();
        assert!(gaps.is_empty(), "gaps in the coverage of {}:\n{gaps}", domain.table);
    }
}

#[test]
fn exclusions_are_rows() {
    for domain in [KUBERNETES, SECRETS, TLS, IMAGES] {
        let rows = domain.rows();
        for id in domain.exclusions().keys() {
            assert!(rows.iter().any(|row| row.id == *id), "{id} is no row of {}", domain.table);
        }
    }
}

#[test]
fn the_pages_of_peers_are_fresh() {
    KUBERNETES.verify(&kubernetes());
    SECRETS.verify(&secrets());
    TLS.verify(&tls());
    IMAGES.verify(&images());
}

/// Credentials by provider: what is found, and what is not.
fn secrets() -> String {
    let rules = careen_engine::rules(LINTERS);
    let (rows, exclusions) = (SECRETS.rows(), SECRETS.exclusions());
    let mut page = String::from(
        "# Secrets: providers, what is found, and what is not\n\n\
         <!-- @generated from policies/detectors and policies/peers. Do not edit. -->\n\n\
         A rule finds each credential that has a mark of its own, and those of well-known providers \
         that only a name nearby tells; or the reason why not stands below. What other scanners \
         call it works wherever a rule is named: `--ignore gitleaks:github-pat`.\n\n\
         | scanner | detectors | rules cover | not covered |\n| --- | ---: | ---: | ---: |\n",
    );
    count(&mut page, &SCANNERS, &rows, &rules);
    let open = rows.iter().filter(|row| !row.asked && rule_of(&rules, &row.id).is_none()).count();
    let _ = writeln!(
        page,
        "\nNot covered are mostly {open} credentials without a mark that few scanners know, whose form \
         is that of any digest, and detectors that ask the provider: the general rules for names \
         (`password-assigned`, `secret-assigned`) find them where their name says so. A provider \
         is one file in `policies/detectors`; you can bring your own (`detectors` in careen.yaml).\n\n\
         ## Rules\n\n| rule | default | what it finds |\n| --- | --- | --- |",
    );
    for rule in rules.iter().filter(|rule| rule.linter() == "secrets") {
        let default = if rule.default { rule.severity.as_str() } else { "off" };
        let _ = writeln!(page, "| `{}` | {default} | {} |", rule.id, rule.summary);
    }
    page.push_str(
        "\n## Not covered, and why\n\n| credential | provider | reason |\n| --- | --- | --- |\n",
    );
    for row in &rows {
        if let Some(reason) = exclusions.get(&row.id) {
            let _ = writeln!(page, "| `{}` | {} | {reason} |", row.id, row.provider);
        }
    }
    page
}

/// Every check for certificates, keys and TLS settings, and the rule that covers it.
fn tls() -> String {
    let rows = TLS.rows();
    let alone = rows.iter().filter(|row| row.peers.is_empty()).count();
    let introduction = format!(
        "# TLS: what is checked, and what other tools call it\n\n\
         <!-- @generated from policies/peers. Do not edit. -->\n\n\
         {} defects of certificates, keys, chains, key stores and TLS settings, {alone} of them such \
         as no other tool finds in files. Names of other tools work wherever a rule is named: \
         `careen explain zlint:e_ext_san_missing`. Certificates that are not in a repository are \
         judged by `careen check FILE --profile public-pki`.",
        rows.len(),
    );
    checks(&TLS, "tls", &introduction, &EXAMINERS)
}

/// Every check for Dockerfiles, references and images, and the rule that covers it.
fn images() -> String {
    let rows = IMAGES.rows();
    let alone = rows.iter().filter(|row| row.peers.is_empty()).count();
    let introduction = format!(
        "# Images: what is checked, and what other tools call it\n\n\
         <!-- @generated from policies/peers. Do not edit. -->\n\n\
         {} defects of Dockerfiles, image references, built images, their signatures and their base, \
         {alone} of them such as none of these tools finds. Names of other tools work wherever a rule \
         is named: `careen explain DL3008`, `--ignore dockle:CIS-DI-0008`, and in their own \
         suppression comments.",
        rows.len(),
    );
    checks(&IMAGES, "images", &introduction, &INSPECTORS)
}

/// Every rule of a linter with what other tools call it.
fn checks(domain: &Domain, linter: &str, introduction: &str, peers: &[(&str, &str)]) -> String {
    let rules = careen_engine::rules(LINTERS);
    let (rows, exclusions) = (domain.rows(), domain.exclusions());
    let mut page = format!(
        "{introduction}\n\n\
         | tool | checks | rules cover | excluded |\n| --- | ---: | ---: | ---: |\n"
    );
    count(&mut page, peers, &rows, &rules);
    page.push_str(
        "\n## Rules\n\n| rule | default | what it finds | elsewhere |\n| --- | --- | --- | --- |\n",
    );
    for rule in rules.iter().filter(|rule| rule.linter() == linter) {
        let default = if rule.default { rule.severity.as_str() } else { "off" };
        let peers = rule.peers.join(", ");
        let _ = writeln!(page, "| `{}` | {default} | {} | {peers} |", rule.id, rule.summary);
    }
    page.push_str("\n## Not covered, and why\n\n| defect | reason |\n| --- | --- |\n");
    for row in &rows {
        if let Some(reason) = exclusions.get(&row.id) {
            let _ = writeln!(page, "| `{}` | {reason} |", row.id);
        }
    }
    page
}

/// Every check for manifests and the rule that covers it.
fn kubernetes() -> String {
    let rules = careen_engine::rules(LINTERS);
    let (rows, exclusions) = (KUBERNETES.rows(), KUBERNETES.exclusions());
    let mut page = String::from(
        "# Kubernetes: what the peers check, and which rule does\n\n\
         <!-- @generated from policies/peers. Do not edit. -->\n\n\
         Every check that these linters have for manifests is a rule of Careen, or the reason why \
         not stands below. Their names work wherever a rule is named: `careen explain \
         CKV_K8S_16`, `--ignore kube-linter:host-pid`.\n\n\
         | linter | checks | rules cover | excluded |\n| --- | ---: | ---: | ---: |\n",
    );
    count(&mut page, &PEERS, &rows, &rules);
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
