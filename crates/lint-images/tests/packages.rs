//! Package managers and labels in the shapes they come in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_images::ImagesLinter;
use careen_testkit::{Xorshift, check_files, mutate};

/// Whether a rule fires on an instruction on line 2.
fn fires(rule: &str, instruction: &str) -> bool {
    let text = format!("FROM example.com/base:1.4.0\n{instruction}\nUSER 1000\n");
    let report = check_files(&ImagesLinter, &[("Dockerfile", &text)]);
    report.findings.iter().any(|finding| finding.rule.id == rule)
}

fn check(rule: &str, bad: &[&str], good: &[&str]) {
    for instruction in bad {
        assert!(fires(rule, instruction), "{rule} is silent on: {instruction}");
    }
    for instruction in good {
        assert!(!fires(rule, instruction), "{rule} fires on: {instruction}");
    }
}

#[test]
fn apt_pin() {
    check(
        "dockerfile-apt-pin",
        &[
            "RUN apt-get install -y curl",
            "RUN apt install -y -t sid curl",
            "RUN [\"apt-get\", \"install\", \"-y\", \"curl\"]",
            "RUN <<EOF\napt-get update\napt-get -qqy install \\\n  curl\nEOF",
            "ONBUILD RUN apt-get install -y curl",
            "RUN for i in 1 2; do apt-get install -y curl && break; done",
        ],
        &[
            "RUN apt-get install -y curl=8.*",
            "RUN apt-get install -y $PACKAGES",
            "RUN apt-get install -y curl=$(cat version)",
            "RUN apt-get install -y",
            "RUN apt-get install -s curl",
            "RUN apt-get install -yt sid",
            "RUN apt-get remove -y curl",
            "RUN apt-get build-dep -y curl",
            "RUN echo deb http://snapshot.debian.org/archive/debian/20261101 > /etc/apt/sources.list && apt-get install -y curl",
        ],
    );
}

#[test]
fn dnf_pin() {
    check(
        "dockerfile-dnf-pin",
        &[
            "RUN dnf install -y curl",
            "RUN microdnf install curl",
            "RUN dnf module install -y nodejs",
            "RUN dnf install -y --releasever 9 curl",
        ],
        &[
            "RUN dnf install -y curl-8.6.0",
            "RUN dnf module enable -y nodejs",
            "RUN dnf install -y --releasever 2023.6.20250107 curl",
            "RUN dnf groupinstall -y tools",
        ],
    );
}

#[test]
fn pip_pin() {
    check(
        "dockerfile-pip-pin",
        &[
            "RUN pip install a",
            "RUN pip install -r a.txt a",
            "RUN uv pip install --system a",
            "RUN . /venv/bin/activate && pip3 install --index-url https://example.com a",
        ],
        &[
            "RUN pip install -r a.txt",
            "RUN pip install -ra.txt -e .",
            "RUN pip install --constraint=a.txt a",
            "RUN pip install -ca.txt a",
            "RUN pip install --no-index --find-links /wheels a",
            "RUN pip install a==$VERSION",
            "RUN pip install \"a==${VERSION:-1.0}\"",
            "RUN pip install --group dev",
            "RUN pip uninstall a",
            "ENV PIP_CONSTRAINT=/a.txt\nRUN pip install a",
        ],
    );
}

#[test]
fn pip_cache() {
    check(
        "dockerfile-pip-cache",
        &[
            "RUN pip install -r a.txt",
            "RUN uv pip install a==1",
            "RUN --mount=type=bind,target=/root/.cache/pip pip install a==1",
            "RUN --mount=type=cache,target=/var/lib/apt pip install a==1",
        ],
        &[
            "RUN pip --no-cache-dir install a==1",
            "RUN PIP_NO_CACHE_DIR=1 pip install a==1",
            "ENV PIP_NO_CACHE_DIR=1\nRUN pip install a==1",
            "RUN --mount=type=cache,target=/home/app/.cache pip install a==1",
            "RUN --mount=type=cache,dst=$HOME/x pip install a==1",
            "RUN --mount=type=tmpfs,target=/root pip install a==1",
            "RUN pip install a==1 && pip cache purge",
            "RUN pip install a==1 && rm -rf /root/.cache/*",
            "RUN pip download a==1",
            "RUN pip install $PIP_OPTIONS a==1",
            "RUN pip install a==1\nFROM x:1",
        ],
    );
}

#[test]
fn yarn_cache() {
    check(
        "dockerfile-yarn-cache",
        &["RUN yarn", "RUN yarn --frozen-lockfile", "RUN yarn add a@1", "RUN yarn global add a@1"],
        &[
            "RUN yarn build",
            "RUN yarn --version",
            "RUN yarn install --immutable",
            "RUN yarn install && yarn cache clean --all",
            "RUN --mount=type=cache,target=/usr/local/share/.cache yarn install",
            "COPY .yarnrc.yml .\nRUN yarn install",
            "ENV YARN_CACHE_FOLDER=/cache\nRUN yarn install",
        ],
    );
}

#[test]
fn upgrades() {
    check(
        "dockerfile-apk-upgrade",
        &["RUN apk upgrade", "RUN apk -U --no-cache upgrade -a"],
        &[
            "RUN apk upgrade libssl3",
            "RUN apk upgrade $FIXES",
            "RUN apk update",
            "RUN apk add --upgrade a",
        ],
    );
    check(
        "dockerfile-yum-update",
        &["RUN yum update -y", "RUN yum -y --exclude kernel upgrade"],
        &["RUN yum -y update openssl", "RUN yum check-update", "RUN yum -y update --security"],
    );
    check("dockerfile-apt-dist-upgrade", &["RUN apt-get -y upgrade"], &["RUN dnf -y upgrade"]);
}

#[test]
fn useradd() {
    check(
        "dockerfile-useradd-high-uid",
        &[
            "RUN useradd -u 100000 a",
            "RUN useradd -mru1000700000 a",
            "RUN useradd --uid=4294967294 a",
            "RUN sudo useradd -g 5 --uid 123456 a",
        ],
        &[
            "RUN useradd -u 99999 a",
            "RUN useradd -lu 100000 a",
            "RUN useradd -u $ID a",
            "RUN useradd -g 100000 a",
            "RUN useradd -c u100000 a",
            "RUN useradd -K UID_MAX=100000 a",
            "RUN adduser -u 100000 a",
        ],
    );
}

#[test]
fn wget_progress() {
    check(
        "dockerfile-wget-progress",
        &[
            "RUN wget https://example.com/q",
            "RUN wget -O - https://example.com/a | tar x",
            "RUN wget -P /q https://example.com/a",
            "RUN wget -Oq https://example.com/a",
        ],
        &[
            "RUN wget -q https://example.com/a",
            "RUN wget -qO- https://example.com/a",
            "RUN wget -nv https://example.com/a",
            "RUN wget -o log https://example.com/a",
            "RUN wget https://example.com/a > /dev/null 2>&1",
            "RUN wget $WGET_OPTS https://example.com/a",
            "RUN apt-get install -y wget",
        ],
    );
}

#[test]
fn pointless_commands() {
    check(
        "dockerfile-pointless-command",
        &[
            "RUN systemctl start nginx",
            "RUN apt-get update && service nginx restart",
            "RUN kill 1",
            "RUN nano a",
            "RUN free",
            "RUN [\"reboot\"]",
        ],
        &[
            "RUN systemctl enable nginx",
            "RUN service nginx start && curl localhost",
            "RUN nginx & sleep 1; kill $!",
            "RUN ps aux | grep a",
            "RUN test -n \"$(ps aux)\"",
            "RUN apt-get install -y vim ssh",
            "RUN mount | grep a",
            "CMD top",
        ],
    );
}

#[test]
fn labels_of_stages_that_do_not_ship_are_not_judged() {
    let label =
        "LABEL org.opencontainers.image.licenses=GPL com..x=1 org.opencontainers.image.url=x";
    let builder = format!("FROM a:1 AS b\n{label}\nFROM scratch\n{label}\n");
    let report = check_files(&ImagesLinter, &[("Dockerfile", &builder)]);
    let mut found: Vec<(&str, u32)> = report
        .findings
        .iter()
        .filter(|finding| finding.rule.id.starts_with("dockerfile-label"))
        .map(|finding| (finding.rule.id, finding.region.start.line))
        .collect();
    found.sort_unstable();
    let expected =
        [("dockerfile-label-key", 4), ("dockerfile-label-spdx", 4), ("dockerfile-label-url", 4)];
    assert_eq!(found, expected);
}

#[test]
fn credentials_in_addresses_are_not_shown() {
    let text = "FROM a:1.4.0\nRUN pip install git+https://u:hunter2@example.com/a/b\n\
                RUN npm i git+https://u:hunter2@example.com/a/b.git\n\
                LABEL org.opencontainers.image.url=u:hunter2@example.com/a\n";
    let report = check_files(&ImagesLinter, &[("Dockerfile", text)]);
    assert!(report.findings.len() >= 3);
    for finding in report.findings {
        assert!(!finding.message.contains("hunter2"), "{}", finding.message);
    }
}

#[test]
fn no_text_makes_it_panic() {
    const SEED: &str = "FROM a:1 AS b\nLABEL a.b=\"c d\" com.docker.x= org.opencontainers.image.licenses=\"(MIT OR B\" \\\n\
        org.opencontainers.image.created=2026-11-25T08:30:00Z\nENV V=1.1.1\nFROM b\n\
        RUN pip install -r x 'a[b]>=1;c' git+ssh://u@h/p@q -e . && gem install a:1 b -v '>=1' -- c\n\
        RUN npm i -g @a/b@1 c@npm:d@^2 github:a/b#c && yarn && go get a.b/c@latest && wget -nvO- x\n\
        RUN apk add -t .x a~1 'b>2' c@d && dnf -y install a-1.2-3 @x:1 && zypper in -t pattern x\n\
        RUN useradd -lmu1000700000 é && service x start; curl https://x/openssl-$V.tar.gz\n";
    let mut random = Xorshift::new(11);
    for _ in 0..300 {
        let mut bytes = SEED.as_bytes().to_vec();
        mutate(&mut random, &mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let report = check_files(&ImagesLinter, &[("Dockerfile", &text)]);
        assert!(report.notes.iter().all(|note| !note.incomplete), "{text}");
    }
}

#[test]
fn many_words_and_labels_are_judged_in_time() {
    let text = format!(
        "FROM a:1\nRUN apt-get install -y {}\nRUN pip install {}\nLABEL {}\nRUN {}\n",
        "package ".repeat(16_000),
        "-r x ".repeat(16_000),
        "org.opencontainers.image.url=x ".repeat(8_000),
        "pip install x; yarn; service x start; ".repeat(4_000),
    );
    let report = check_files(&ImagesLinter, &[("Dockerfile", &text)]);
    assert!(report.findings.len() > 3);
}
