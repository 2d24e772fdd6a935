//! The Pod Security Standards, control by control and version by version: what a namespace is said
//! to refuse, and what the profiles of the same names find.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

mod admission;
mod pod;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careen_lint_kubernetes::KubernetesLinter;
use careen_model::Linter;
use careen_testkit::{Input, Xorshift, check_with};
use careen_text::Source;

use crate::pod::{Pod, spec};
use crate::rows::{Of, rows};

const VERSIONS: std::ops::RangeInclusive<u16> = 25..=37;
const LEVELS: [&str; 2] = ["baseline", "restricted"];

/// What a run said: per file, the message of the namespace and the rules that found something.
type Said = BTreeMap<String, (Option<String>, BTreeSet<&'static str>)>;

fn said(version: u16, files: Vec<(String, String)>) -> Said {
    let mut sources: Vec<Arc<Source>> =
        vec![Source::new("deploy/namespaces.yaml", namespaces(&[]))];
    let pinned: Vec<_> = VERSIONS.collect();
    sources.push(Source::new("deploy/pinned.yaml", namespaces(&pinned)));
    let mut said = Said::new();
    for (path, text) in files {
        said.insert(path.clone(), (None, BTreeSet::new()));
        sources.push(Source::new(path, text));
    }
    let config = format!("kubernetes-version: \"1.{version}\"\n");
    let wanted = |rule: &careen_rule::Meta| {
        rule.id == "psa-violation" || profile("restricted").contains(rule.id)
    };
    let linter = KubernetesLinter.only(&wanted).unwrap();
    let report = check_with(&config, &[&*linter], sources.into_iter().map(Input::Text).collect());
    for finding in report.findings {
        let Some(of_file) = said.get_mut(&*finding.path) else { continue };
        of_file.1.insert(finding.rule.id);
        if finding.rule.id == "psa-violation" {
            of_file.0 = Some(finding.message);
        }
    }
    said
}

/// Namespaces that enforce each level, by the cluster's version or pinned to others.
fn namespaces(pinned: &[u16]) -> String {
    let mut text = String::new();
    for level in LEVELS {
        let label = format!("pod-security.kubernetes.io/enforce: {level}");
        let mut add = |name: String, more: String| {
            text.push_str(&format!(
                "---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{{label}{more}}}}}}}\n"
            ));
        };
        if pinned.is_empty() {
            add(level.to_owned(), String::new());
        }
        for version in pinned {
            let more = format!(", pod-security.kubernetes.io/enforce-version: v1.{version}");
            add(format!("{level}-{version}"), more);
        }
    }
    text
}

fn profile(level: &str) -> BTreeSet<&'static str> {
    let profile = careen_policy::profile(&format!("pss-{level}")).unwrap();
    profile.only.iter().copied().collect()
}

#[test]
fn every_control_at_every_version() {
    let rows = rows();
    let profiles = LEVELS.map(profile);
    let mut wrong = String::new();
    for version in VERSIONS {
        let mut files = Vec::new();
        let mut expected = Vec::new();
        for (index, (control, pod, baseline, restricted, of)) in rows.iter().enumerate() {
            let controls = control.split_once('|').unwrap_or((control, control));
            // Which list a container stands in makes no difference to what a version changes.
            let is_end = [*VERSIONS.start(), *VERSIONS.end()].contains(&version);
            let lists = ["containers", "initContainers", "ephemeralContainers"];
            for list in lists.into_iter().take(if is_end { 3 } else { 1 }) {
                for (at, level) in LEVELS.into_iter().enumerate() {
                    let refused = [baseline, restricted][at];
                    let control = [controls.0, controls.1][at];
                    let path = format!("deploy/{index}-{list}-{level}.yaml");
                    files.push((
                        path.clone(),
                        pod.manifest(&format!("a{}", files.len()), level, list),
                    ));
                    expected.push((path, control, refused.at(version), at, false));
                    if version == *VERSIONS.end() && list == "containers" {
                        for pin in VERSIONS {
                            let namespace = format!("{level}-{pin}");
                            let path = format!("deploy/{index}-{list}-{namespace}.yaml");
                            files.push((
                                path.clone(),
                                pod.manifest(&format!("a{}", files.len()), &namespace, list),
                            ));
                            let decides = if *of == Of::Cluster { version } else { pin };
                            expected.push((path, control, refused.at(decides), at, true));
                        }
                    }
                }
            }
        }
        let said = said(version, files);
        for (path, control, refused, at, pinned) in expected {
            let (message, rules) = &said[&path];
            let named = message.as_ref().and_then(|message| message.rsplit_once(": "));
            let named = named.map(|(_, controls)| controls);
            if named != refused.then_some(control) {
                wrong.push_str(&format!("1.{version} {path} {control}: {named:?}\n"));
            }
            // The rule about hosts of probes holds for all versions: the call is made by all.
            let is_milder = control == "host of probes and hooks" && version < 34;
            let found: Vec<_> = rules.intersection(&profiles[at]).collect();
            if !pinned && found.is_empty() == refused && !is_milder {
                wrong.push_str(&format!("1.{version} {path} {control}: {refused} but {found:?}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Pods put together at random: the namespace refuses one if and only if the profile of its level
/// finds something.
#[test]
fn profiles_and_admission_agree() {
    let mut random = Xorshift::new(20_261_201);
    let profiles = LEVELS.map(profile);
    for version in [25, 28, 30, 31, 34, 35, 37] {
        let mut files = Vec::new();
        for index in 0..300 {
            let mut some = |texts: &[&[&'static str]]| -> &'static str {
                let parts: Vec<_> =
                    texts.iter().map(|texts| texts[random.below(texts.len())]).collect();
                let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                parts.join(", ").leak()
            };
            let identity: &[&[&str]] = &[
                &["", "runAsNonRoot: true", "runAsNonRoot: true", "runAsNonRoot: false"],
                &["", "", "runAsUser: 0", "runAsUser: 1000"],
                &[
                    "",
                    "seccompProfile: {type: RuntimeDefault}",
                    "seccompProfile: {type: Unconfined}",
                ],
                &["", "", "seLinuxOptions: {type: spc_t}", "seLinuxOptions: {level: s0}"],
                &[
                    "",
                    "",
                    "appArmorProfile: {type: Unconfined}",
                    "appArmorProfile: {type: Localhost}",
                ],
                &[
                    "",
                    "",
                    "",
                    "windowsOptions: {hostProcess: true}",
                    "windowsOptions: {hostProcess: false}",
                ],
            ];
            let mut own = identity.to_vec();
            own.extend::<[&[&str]; 4]>([
                &[
                    "allowPrivilegeEscalation: false",
                    "allowPrivilegeEscalation: false",
                    "",
                    "allowPrivilegeEscalation: true",
                ],
                &[
                    "capabilities: {drop: [ALL]}",
                    "capabilities: {drop: [ALL]}",
                    "",
                    "capabilities: {drop: [ALL], add: [KILL]}",
                    "capabilities: {add: [SYS_ADMIN]}",
                ],
                &["", "", "privileged: true", "privileged: false"],
                &["", "", "procMount: Unmasked", "procMount: Default"],
            ]);
            let pod = Pod {
                annotations: "",
                spec: some(&[
                    &["", "", "hostUsers: false"],
                    &["", "", "", "hostPID: true"],
                    &[
                        "",
                        "",
                        "volumes: [{name: a, nfs: {server: a, path: /}}]",
                        "volumes: [{name: a}]",
                    ],
                ]),
                pod_security: some(identity),
                container: "",
                security: some(&own),
            };
            let list = ["containers", "initContainers", "ephemeralContainers"][index % 3];
            for level in LEVELS {
                let path = format!("deploy/{index}-{level}.yaml");
                files.push((path, pod.manifest(&format!("a{}", files.len()), level, list)));
            }
        }
        let texts: BTreeMap<_, _> = files.iter().cloned().collect();
        for (path, (message, rules)) in said(version, files) {
            let at = usize::from(path.ends_with("restricted.yaml"));
            let found: Vec<_> = rules.intersection(&profiles[at]).collect();
            let pod = &texts[&path];
            assert_eq!(
                message.is_some(),
                !found.is_empty(),
                "1.{version} {pod}\n{message:?}\n{found:?}"
            );
        }
    }
}

/// A node selector is enough for the kubelet, but admission does not read it.
#[test]
fn windows_by_node_selector_is_refused() {
    let pod = Pod {
        pod_security: "runAsNonRoot: true",
        security: "",
        ..spec("nodeSelector: {kubernetes.io/os: windows}")
    };
    let files = vec![("deploy/a.yaml".to_owned(), pod.manifest("a", "restricted", "containers"))];
    let said = said(37, files);
    let (message, rules) = &said["deploy/a.yaml"];
    assert!(message.is_some(), "{rules:?}");
    assert!(rules.contains("windows-pod-os-missing"), "{rules:?}");
    let profile = profile("restricted");
    let found: Vec<_> = rules.intersection(&profile).collect();
    assert_eq!(found, [&"windows-pod-os-missing"]);
}
