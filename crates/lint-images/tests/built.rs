//! Built images as a whole: what ordinary ones yield, and that hostile ones do no harm.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use std::fmt::Write;

use careen_lint_images::ImagesLinter;
use careen_rule::Report;
use careen_testkit::{Xorshift, check_image, mutate};

fn check(recipe: &str) -> Report {
    check_image(&[&ImagesLinter], recipe)
}

/// The rules about configurations, histories and bases that find something by default.
fn rules(report: &Report) -> Vec<&'static str> {
    let found = report.findings.iter().map(|finding| finding.rule);
    let own = |id: &str| id.starts_with("image-") || id.starts_with("base-");
    let mut ids: Vec<_> =
        found.filter(|rule| rule.default && own(rule.id)).map(|rule| rule.id).collect();
    ids.dedup();
    ids
}

#[test]
fn ordinary_bases_are_quiet() {
    let debian = r##"
reference: docker.io/library/debian:13.2-slim
config: {Cmd: [bash], Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}
history: [{created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'", comment: debuerreotype 0.16}]
layers:
  - etc/os-release: "ID=debian\nVERSION_ID=\"13\"\n"
    etc/passwd: "root:x:0:0:root:/root:/bin/bash\n"
"##;
    let alpine = r#"
config: {Cmd: [/bin/sh], Env: ["PATH=/usr/bin:/bin"], WorkingDir: /}
history:
  - {created_by: "ADD alpine-minirootfs-3.22.2-x86_64.tar.gz / # buildkit"}
  - {created_by: "CMD [\"/bin/sh\"]", empty_layer: true}
layers:
  - etc/os-release: "ID=alpine\nVERSION_ID=3.22.2\n"
    var/cache/apk/: {}
"#;
    for base in [debian, alpine] {
        assert_eq!(rules(&check(base)), ["image-user-root"], "{base}");
    }
    let python = r##"
config:
  Cmd: [python3]
  Env: [PATH=/bin, GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305, PYTHON_VERSION=3.14.0, PYTHON_SHA256=2299dae542d395ce3883aca00d3c910307cd68e0b2f7336098c8e7b7eee9f3e9]
history:
  - {created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1763424000'"}
  - {created_by: "ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305", empty_layer: true}
  - {created_by: "RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends netbase; apt-get dist-clean # buildkit", empty_layer: true}
  - {created_by: "CMD [\"python3\"]", empty_layer: true}
layers:
  - etc/os-release: "ID=debian\nVERSION_ID=\"13\"\n"
annotations:
  org.opencontainers.image.base.name: debian:trixie-slim
  org.opencontainers.image.revision: 5a8f3b1b6b2c59dbd5dd0a4bbb8a0c2cde9e8ad1
"##;
    assert_eq!(rules(&check(python)), ["image-user-root"]);
    let distroless = r#"
created: 1970-01-01T00:00:00Z
config: {User: "65532", Env: [SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt]}
history: [{created_by: "bazel build @static"}]
layers:
  - etc/os-release: "ID=debian\nVERSION_ID=\"12\"\n"
    etc/passwd: "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
"#;
    // It is there to be built on.
    assert_eq!(rules(&check(distroless)), ["image-no-command"]);
}

#[test]
fn steps_of_the_base_are_not_judged() {
    let found = |history: &[&str]| {
        let mut recipe = String::from("config: {Cmd: [a], User: \"1\"}\nhistory:\n");
        for step in history {
            let _ = writeln!(recipe, "  - {step:?}");
        }
        let report = check(&recipe);
        let ids = report.findings.iter().map(|finding| finding.rule.id);
        ids.filter(|id| id.starts_with("image-history")).count()
    };
    let (root, cmd) = ("ADD rootfs.tar.xz / # buildkit", "CMD [\"sh\"]");
    let (sudo, copy) = ("RUN /bin/sh -c sudo make # buildkit", "COPY a /a # buildkit");
    assert_eq!(found(&[root, cmd, sudo]), 1);
    assert_eq!(found(&[root, sudo, cmd, copy]), 0);
    // The last command is the image's own.
    assert_eq!(found(&[root, sudo, cmd]), 1);
    assert_eq!(found(&[copy, sudo]), 1);
    assert_eq!(found(&[copy, sudo, "ENTRYPOINT [\"a\"]", copy]), 0);
}

#[test]
fn secrets_are_never_shown() {
    let recipe = r##"
config:
  Env: ["DB_PASSWORD=hunter2\"&x", "PATH=/bin"]
  Labels: {com.example.token: "t0k3n-t0k3n"}
  Entrypoint: [/bin/sh, -c, app]
annotations: {com.example.api-key: "k3y-k3y-k3y"}
history:
  - "ENV DB_PASSWORD=hunter2\"&x"
  - "RUN |1 NPM_TOKEN=s3cr3t-arg /bin/sh -c sudo curl -H 's3cr3t-arg' https://example.com # buildkit"
  - "RUN /bin/sh -c sudo apt-get update && ADMIN_PASSWORD=s3cr3t-cmd ./a # buildkit"
"##;
    let report = check(recipe);
    let mut text = String::new();
    for finding in &report.findings {
        let _ = write!(text, "{} {} ", finding.message, finding.snippet.text);
        for related in &finding.related {
            let _ = write!(text, "{} {} ", related.message, related.snippet.text);
        }
    }
    for secret in ["hunter2", "t0k3n", "k3y-k3y", "s3cr3t"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let mut ids: Vec<_> = report.findings.iter().map(|finding| finding.rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ["image-env-secret", "image-history-secret", "image-label-secret"] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
}

#[test]
fn no_history_makes_it_panic() {
    let seed = "RUN |2 A=x é B=y z /bin/bash -eo pipefail -c #(nop) ENV TOKEN=ä\u{a0}X=1 sudo apk add x && \
                apt-get update | sh # buildkit";
    let mut random = Xorshift::new(11);
    for _ in 0..150 {
        let mut recipe = String::from("history:\n");
        for _ in 0..4 {
            let mut bytes = seed.as_bytes().to_vec();
            mutate(&mut random, &mut bytes);
            let text: String = String::from_utf8_lossy(&bytes)
                .chars()
                .filter(|character| !character.is_control())
                .collect();
            let _ = writeln!(recipe, "  - '{}'", text.replace('\'', "''"));
        }
        let report = check(&recipe);
        assert!(report.notes.iter().all(|note| !note.incomplete), "{recipe}");
    }
}

#[test]
fn large_configurations_are_judged_in_time() {
    let mut recipe = String::from("config:\n  User: web\n  Env:\n");
    for at in 0..1_000 {
        let _ = writeln!(recipe, "    - T{at}_TOKEN=abcdef{at}");
    }
    recipe.push_str("  ExposedPorts:\n");
    for at in 0..1_000 {
        let _ = writeln!(recipe, "    {}80/tcp{at}: {{}}", "0".repeat(at % 9));
    }
    recipe.push_str("history:\n");
    for at in 0..1_200 {
        let _ = writeln!(recipe, "  - ENV{}", format!(" A{at}_TOKEN=abcdef{at}").repeat(2));
    }
    let report = check(&recipe);
    assert!(report.findings.iter().any(|finding| finding.rule.id == "image-history-secret"));
}
