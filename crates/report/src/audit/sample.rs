//! Audits to test the writers with: a usual one, a good one, and one that is hostile in every place a file or
//! a person can write to. The end-to-end tests include this file too.

use careen_audit_model::{
    Audit, Cause, Changes, Comparison, ControlResult, EvidenceRecord, Item, Outcome, Phase, Place,
    Proof, SCHEMA, SignOffRecord, Status, Subject, Tag, Tool, Turned, Unseen, Verdict, Vouched,
    WaiverRecord,
};

/// 2026-11-26T12:00:00Z.
pub(crate) const AT: i64 = 1_795_694_400;
const DAY: i64 = 86_400;
const MIDNIGHT: i64 = AT - DAY / 2;
const COMMIT: &str = "3f9d2c61b07e4a58c1d6e9f2a4b8075c6d3e1f90";
const TREE: &str = "sha256:8d2f6c1e0b57a94c3d6e8f1029b4c5d7e6f8091a2b3c4d5e6f708192a3b4c5d6";
const DIGESTS: [&str; 4] = [
    "1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014",
    "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13",
    "a4e624d686e03ed2767c0abd85c14426b0b1157d2ce81d27bb4fe4f6f01d688a",
];
const TITLE: &str = "Production checklist";

fn place(path: &str, line: u32, column: u32) -> Place {
    Place { path: path.to_owned(), line, column }
}

fn cause(path: &str, line: u32, column: u32, rule: &str, message: &str) -> Cause {
    Cause {
        message: message.to_owned(),
        place: Some(place(path, line, column)),
        rule: Some(rule.to_owned()),
        severity: Some("high".to_owned()),
        remedy: None,
    }
}

fn report(path: &str, digest: usize, what: &str) -> Proof {
    Proof::Evidence {
        path: path.to_owned(),
        sha256: DIGESTS[digest].to_owned(),
        what: what.to_owned(),
    }
}

fn control(id: &str, status: Status, owner: &str, words: [&str; 4]) -> ControlResult {
    let [title, reason, why, remedy] = words.map(str::to_owned);
    ControlResult {
        id: id.to_owned(),
        title,
        why,
        status,
        reason,
        remedy,
        owner: owner.to_owned(),
        phase: Phase::Before,
        causes: Vec::new(),
        more_causes: 0,
        evidence: Vec::new(),
        lines: Vec::new(),
    }
}

fn proven(id: &str, owner: &str, title: &str, reason: &str, evidence: Vec<Proof>) -> ControlResult {
    let why = "What is not looked at breaks when it is needed.";
    let words = [title, reason, why, ""];
    ControlResult { evidence, ..control(id, Status::Pass, owner, words) }
}

fn failing() -> Vec<ControlResult> {
    let mut secrets = control(
        "secrets-in-vault",
        Status::Fail,
        "security",
        [
            "Credentials come from a vault",
            "2 credentials stand in files",
            "Whoever can read the repository has them, and they stay in its history.",
            "Revoke them, then name them in an `ExternalSecret`.",
        ],
    );
    secrets.causes = vec![
        cause(
            "deploy/api.yaml",
            24,
            18,
            "secret-in-env",
            "variable `DB_PASSWORD` in Deployment `shop/api` holds a password",
        ),
        cause("src/payments/config.env", 2, 7, "stripe-key", "a key of Stripe stands in a file"),
    ];
    let mut backup = control(
        "backup-configured",
        Status::Fail,
        "dba",
        [
            "Every store is backed up",
            "1 of 2 stores has no backup",
            "A lost volume is lost data, and the loss is noticed when somebody asks for it.",
            "Cover `shop/postgres` by a Velero schedule, or by a backup section of its operator.",
        ],
    );
    backup.causes = vec![cause(
        "deploy/postgres.yaml",
        4,
        9,
        "backup-missing",
        "StatefulSet `shop/postgres` has no backup: no Velero schedule, snapshot schedule or dump \
         job covers it",
    )];
    backup.more_causes = 4;
    let mut scan = control(
        "image-scanned",
        Status::Stale,
        "security",
        [
            "Images were scanned for known vulnerabilities",
            "`evidence/trivy.json` speaks of commit `9c1e55d0a7b2`, not of this one",
            "What was clean last month has known holes today.",
            "Scan the images of this commit again: `trivy image --format json`.",
        ],
    );
    scan.evidence = vec![report("evidence/trivy.json", 2, "0 critical, 0 high")];
    let load = control(
        "load-tested",
        Status::NotRun,
        "operations",
        [
            "The release was tested under load",
            "no load test was given",
            "The first real peak is then the load test.",
            "Give a summary of k6, JMeter or Gatling: `--evidence perf/`.",
        ],
    );
    vec![secrets, scan, backup, load]
}

fn passing() -> Vec<ControlResult> {
    let containers = Proof::Files {
        what: "12 containers".to_owned(),
        count: 12,
        places: vec![place("deploy/api.yaml", 17, 9), place("deploy/web.yaml", 15, 9)],
    };
    let readme = Proof::File { what: "the README".to_owned(), place: place("README.md", 1, 1) };
    let tag = Proof::Git { what: "tag `v1.4.0`".to_owned(), id: COMMIT.to_owned() };
    let nodes = Proof::Cluster {
        path: "evidence/cluster.json".to_owned(),
        what: "6 nodes are ready".to_owned(),
    };
    let word = Proof::SignOff {
        path: ".careen/sign-offs/query-review.yaml".to_owned(),
        by: "Grace Hopper".to_owned(),
        role: "dba".to_owned(),
    };
    let junit = report("evidence/junit.xml", 0, "412 tests pass");
    let cover = report("evidence/lcov.info", 1, "line coverage 87.4 %");
    let waiver = Proof::Waiver {
        path: ".careen/waivers/code-complexity.yaml".to_owned(),
        owner: "Barbara Liskov".to_owned(),
    };
    let mut complexity = control(
        "code-complexity",
        Status::Waived,
        "development",
        ["Code is not too complex", "waived until 2026-12-09", "It is where defects are.", ""],
    );
    complexity.evidence = vec![waiver];
    let mut canary = control(
        "canary-watched",
        Status::NotRun,
        "operations",
        ["The canary was watched", "can be known after the deployment", "It is early.", ""],
    );
    canary.phase = Phase::After;
    let alerts = control(
        "database-alerts",
        Status::NotApplicable,
        "dba",
        ["Alerts on replicas", "no replicated database is in sight", "", ""],
    );
    vec![
        proven("tests-pass", "qa", "All tests pass", "412 tests pass", vec![junit]),
        proven("coverage-threshold", "qa", "Coverage", "87.4 % of 80 %", vec![cover]),
        proven(
            "resource-limits",
            "operations",
            "Limits",
            "12 containers have them",
            vec![containers],
        ),
        proven("docs-readme-current", "development", "README", "it is current", vec![readme]),
        proven("previous-version-tagged", "development", "Tag", "it is tagged", vec![tag]),
        proven("nodes-ready", "operations", "Nodes", "6 nodes are ready", vec![nodes]),
        proven("query-review", "dba", "Queries", "signed off 12 days ago", vec![word]),
        complexity,
        canary,
        alerts,
    ]
}

/// A line of the checklist with the one control that decides it, or with none.
fn item(line: u32, section: &[&str], text: &str, control: Option<&ControlResult>) -> Item {
    let section = [TITLE].iter().chain(section).map(|heading| (*heading).to_owned()).collect();
    let (status, reason) = control.map_or_else(
        || (Status::Manual, "nothing decides it".to_owned()),
        |control| (control.status, control.reason.clone()),
    );
    Item {
        line,
        text: text.to_owned(),
        section,
        status,
        reason,
        controls: control.iter().map(|control| control.id.clone()).collect(),
        evidence: control.map(|control| control.evidence.clone()).unwrap_or_default(),
        phase: control.map(|control| control.phase).unwrap_or_default(),
        ticked: false,
        proposals: Vec::new(),
    }
}

fn items(controls: &[ControlResult]) -> Vec<Item> {
    let of = |id: &str| controls.iter().find(|control| control.id == id);
    let mut items = vec![
        item(5, &["Code"], "All unit tests pass", of("tests-pass")),
        item(6, &["Code"], "Coverage is at least 80 %", of("coverage-threshold")),
        item(7, &["Code"], "Functions are not too complex", of("code-complexity")),
        item(8, &["Code", "Documents"], "The README is current", of("docs-readme-current")),
        item(
            9,
            &["Code", "Documents"],
            "The last version is tagged",
            of("previous-version-tagged"),
        ),
        item(13, &["Security"], "No credential stands in the repository", of("secrets-in-vault")),
        item(14, &["Security"], "Images have no known vulnerabilities", of("image-scanned")),
        item(15, &["Security"], "The support team knows what is new", None),
        item(19, &["Database"], "Every store is backed up", of("backup-configured")),
        item(20, &["Database"], "A DBA has looked at new queries", of("query-review")),
        item(21, &["Database"], "Replicas have alerts", of("database-alerts")),
        item(25, &["Operations"], "Every container has limits", of("resource-limits")),
        item(26, &["Operations"], "p99 is below 500 ms under load", of("load-tested")),
        item(27, &["Operations"], "All nodes are ready", of("nodes-ready")),
        item(
            31,
            &["After the deployment"],
            "The canary was watched for 10 minutes",
            of("canary-watched"),
        ),
    ];
    items[5].ticked = true;
    items[7].proposals = vec!["support-informed".to_owned(), "docs-changelog".to_owned()];
    items
}

fn evidence() -> Vec<EvidenceRecord> {
    let record =
        |path: &str, digest: usize, kind: &str, says: &str, control: &str| EvidenceRecord {
            path: path.to_owned(),
            sha256: DIGESTS[digest].to_owned(),
            size: 48_213,
            kind: kind.to_owned(),
            tool: None,
            produced_at: Some(AT - DAY),
            commit: Some(COMMIT.to_owned()),
            tree: None,
            says: says.to_owned(),
            refused: None,
            controls: vec![control.to_owned()],
        };
    let mut trivy =
        record("evidence/trivy.json", 2, "trivy", "0 critical, 0 high", "image-scanned");
    trivy.tool = Some("trivy 0.58.1".to_owned());
    trivy.commit = Some("9c1e55d0a7b2f4c6e8d0a1b3c5d7e9f10213a4b5".to_owned());
    trivy.refused = Some("it is stale: it speaks of another commit".to_owned());
    let mut unused = record("evidence/notes.json", 3, "unknown", "", "");
    unused.controls.clear();
    unused.commit = None;
    vec![
        record("evidence/cluster.json", 3, "kubectl", "6 nodes, 41 pods", "nodes-ready"),
        record("evidence/junit.xml", 0, "junit", "412 tests pass", "tests-pass"),
        record("evidence/lcov.info", 1, "lcov", "line coverage 87.4 %", "coverage-threshold"),
        unused,
        trivy,
    ]
}

fn sign_offs() -> Vec<SignOffRecord> {
    let sign_off = |control: &str, by: &str, role: &str, days: i64| SignOffRecord {
        path: format!(".careen/sign-offs/{control}.yaml"),
        control: control.to_owned(),
        statement: "I looked at it, and it is as it should be.".to_owned(),
        role: role.to_owned(),
        by: by.to_owned(),
        at: AT - days * DAY,
        expires: Some(MIDNIGHT + (90 - days) * DAY),
        commit: None,
        tree: Some(TREE.to_owned()),
        vouched: Vouched::Claimed,
        stale: None,
    };
    let mut refused = sign_off("load-tested", "Mallory", "operations", 20);
    refused.vouched =
        Vouched::Refused { reason: "the key of Mallory may not sign as operations".to_owned() };
    let mut signed = sign_off("query-review", "Grace Hopper", "dba", 12);
    signed.vouched = Vouched::Signed {
        principal: "grace@example.org".to_owned(),
        fingerprint: "SHA256:9fK1uOa2Yv0l8Qw3ZrTtXc5Jm7Ne4Pb6Hd1Gs8Lq0Ro".to_owned(),
    };
    let mut stale = sign_off("backup-configured", "Edgar Codd", "dba", 100);
    stale.stale = Some("it expired and is of other content".to_owned());
    vec![stale, refused, signed, sign_off("release-notes", "Ada Lovelace", "product", 1)]
}

fn waivers() -> Vec<WaiverRecord> {
    let waiver = |control: &str, owner: &str, expires: i64| WaiverRecord {
        path: format!(".careen/waivers/{control}.yaml"),
        control: control.to_owned(),
        owner: owner.to_owned(),
        reason: "The parser is one function; it is split in the next release.".to_owned(),
        compensating: "It is fuzzed every night.".to_owned(),
        at: AT - 40 * DAY,
        expires: MIDNIGHT + expires * DAY,
        vouched: Vouched::Claimed,
        expired: expires <= 0,
        needed: true,
    };
    vec![
        waiver("image-scanned", "Margaret Hamilton", -3),
        waiver("code-complexity", "Barbara Liskov", 14),
    ]
}

fn turned(what: &str, from: Option<Status>, to: Option<Status>, reason: &str) -> Turned {
    Turned { what: what.to_owned(), from, to, reason: reason.to_owned() }
}

/// A release that may not go: four controls and a line without one hold it up.
pub(crate) fn sample() -> Audit {
    let mut controls = failing();
    controls.extend(passing());
    let items = items(&controls);
    for control in &mut controls {
        let answered = items.iter().filter(|item| item.controls.contains(&control.id));
        control.lines = answered.map(|item| item.line).collect();
    }
    let subject = Subject {
        path: ".".to_owned(),
        tree: TREE.to_owned(),
        commit: Some(COMMIT.to_owned()),
        dirty: true,
        version: Some("1.5.0".to_owned()),
        previous: Some(Tag {
            name: "v1.4.0".to_owned(),
            commit: "b7d41a90c2e8f36515a0d9c4e7b2f8a16c3d5e07".to_owned(),
            at: AT - 24 * DAY,
            annotated: true,
        }),
        checklist: "docs/production.md".to_owned(),
        checklist_digest: format!("sha256:{}", DIGESTS[1]),
        rules_digest: format!("sha256:{}", DIGESTS[3]),
        reproduce: "careen audit . --checklist docs/production.md --release 1.5.0 --since v1.4.0 \
                    --compare audits/1.4.0.json --at 2026-11-26T12:00:00Z"
            .to_owned(),
    };
    let blockers =
        ["secrets-in-vault", "image-scanned", "line 15", "backup-configured", "load-tested"];
    Audit {
        schema: SCHEMA,
        tool: Tool { name: "careen".to_owned(), version: "0.8.0".to_owned() },
        at: AT,
        phase: Phase::Before,
        verdict: Verdict {
            outcome: Outcome::NoGo,
            line: "NO-GO: 5 blockers".to_owned(),
            blockers: blockers.map(str::to_owned).to_vec(),
            waivers: 1,
            next_expiry: Some(MIDNIGHT + 14 * DAY),
        },
        subject,
        items,
        controls,
        evidence: evidence(),
        sign_offs: sign_offs(),
        waivers: waivers(),
        unseen: vec![
            Unseen {
                path: Some("deploy/chart/templates".to_owned()),
                line: None,
                message: "7 templates are not rendered: give the output of `helm template`"
                    .to_owned(),
                incomplete: false,
            },
            Unseen {
                path: Some("deploy/broken.yaml".to_owned()),
                line: Some(12),
                message: "no mapping here: the document is left out".to_owned(),
                incomplete: true,
            },
        ],
        changes: Some(Changes {
            since: "v1.4.0".to_owned(),
            commits: 37,
            files: 112,
            new_findings: vec![
                "src/payments/config.env:2:7 stripe-key: a key of Stripe stands in a file"
                    .to_owned(),
            ],
            gone_findings: 9,
        }),
        comparison: Some(Comparison {
            path: "audits/1.4.0.json".to_owned(),
            verdict: "GO with waivers (1, next expires 2026-12-09)".to_owned(),
            at: AT - 24 * DAY,
            turned: vec![
                turned("tests-pass", Some(Status::Fail), Some(Status::Pass), "412 tests pass"),
                turned(
                    "secrets-in-vault",
                    Some(Status::Pass),
                    Some(Status::Fail),
                    "2 credentials stand in files",
                ),
                turned(
                    "The support team knows what is new",
                    None,
                    Some(Status::Manual),
                    "nothing decides it",
                ),
                turned("smoke-tests", Some(Status::Pass), None, "the checklist has it no more"),
                turned("database-alerts", Some(Status::Pass), Some(Status::NotApplicable), ""),
            ],
        }),
    }
}

/// The same release a week later: everything is proven, and one thing is waived.
pub(crate) fn waived() -> Audit {
    let mut audit = sample();
    audit.verdict.outcome = Outcome::GoWithWaivers;
    audit.verdict.line = "GO with waivers (1, next expires 2026-12-09)".to_owned();
    audit.verdict.blockers.clear();
    let settled = |status: &mut Status| {
        if !status.is_settled() {
            *status = Status::Pass;
        }
    };
    for control in audit.controls.iter_mut().filter(|control| control.phase == Phase::Before) {
        settled(&mut control.status);
        control.causes.clear();
        control.more_causes = 0;
    }
    for item in audit.items.iter_mut().filter(|item| item.phase == Phase::Before) {
        settled(&mut item.status);
        item.proposals.clear();
    }
    audit.waivers.retain(|waiver| !waiver.expired);
    audit.sign_offs.retain(|it| matches!(it.vouched, Vouched::Signed { .. }));
    audit.evidence.retain(|record| record.refused.is_none());
    audit.unseen.clear();
    audit.subject.dirty = false;
    audit.comparison = None;
    audit.changes = None;
    audit
}

/// Nothing to wish for, and as little to say as there can be.
pub(crate) fn go() -> Audit {
    let mut audit = waived();
    audit.verdict.outcome = Outcome::Go;
    audit.verdict.line = "GO".to_owned();
    audit.items.retain(|item| item.status == Status::Pass);
    audit.waivers.clear();
    audit.sign_offs.clear();
    audit.evidence.clear();
    audit.subject.commit = None;
    audit.subject.version = None;
    audit.subject.previous = None;
    audit
}

/// What would be markup, script, a command or a disguise if it were taken for more than text.
pub(crate) const EVIL: &str = "</script></style></title></details></code><script>window.pwned=1</script>\
    \"'><img src=x onerror=window.pwned=2>|@team **b** ![i](https://e.example/x.png) #12 ```\n::error::x\n\
    ##vso[task.complete]\u{202e}\u{0}\u{1b}[31m`</code><svg onload=alert(1)>`";

/// [`sample`], with something hostile wherever a file or a person can write to.
pub(crate) fn hostile() -> Audit {
    let mut audit = sample();
    let evil = || EVIL.to_owned();
    audit.tool.version = evil();
    audit.verdict.line = format!("NO-GO: {EVIL}");
    audit.subject.version = Some(evil());
    audit.subject.commit = Some(evil());
    audit.subject.checklist = format!("::set-output name=x::{EVIL}");
    audit.subject.reproduce = format!("careen audit '{EVIL}'");
    for item in &mut audit.items {
        item.text = evil();
        item.reason = evil();
        item.section = vec![TITLE.to_owned(), evil()];
        item.evidence.push(Proof::File { what: evil(), place: place(EVIL, 1, 1) });
        item.evidence.push(Proof::Evidence { path: evil(), sha256: evil(), what: evil() });
        item.proposals.push(evil());
    }
    for control in &mut audit.controls {
        control.title = evil();
        control.reason = evil();
        control.why = evil();
        control.remedy = evil();
        control.causes.push(cause(EVIL, 1, 1, EVIL, EVIL));
    }
    audit.controls[0].owner = evil();
    for record in &mut audit.evidence {
        record.path = evil();
        record.kind = evil();
        record.commit = Some(evil());
        record.refused = Some(evil());
    }
    for sign_off in &mut audit.sign_offs {
        sign_off.by = evil();
        sign_off.statement = evil();
        sign_off.vouched = Vouched::Signed { principal: evil(), fingerprint: evil() };
    }
    for waiver in &mut audit.waivers {
        waiver.owner = evil();
        waiver.reason = evil();
        waiver.vouched = Vouched::Refused { reason: evil() };
    }
    audit.unseen[0].path = Some(evil());
    audit.unseen[1].message = evil();
    if let Some(changes) = &mut audit.changes {
        changes.since = evil();
        changes.new_findings.push(evil());
    }
    if let Some(comparison) = &mut audit.comparison {
        comparison.verdict = evil();
        comparison.turned.push(turned(EVIL, None, Some(Status::Fail), EVIL));
    }
    audit
}
