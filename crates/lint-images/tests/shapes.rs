//! The shapes that commands and stages come in: what fires where, and what does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_images::ImagesLinter;
use careen_testkit::check_files;

/// The lines that a rule fires on.
fn lines(rule: &str, text: &str) -> Vec<u32> {
    let report = check_files(&ImagesLinter, &[("Dockerfile", text)]);
    let findings = report.findings.iter().filter(|finding| finding.rule.id == rule);
    findings.map(|finding| finding.region.start.line).collect()
}

/// Runs a rule over one `RUN` (or other instruction) on line 2 each.
fn fires(rule: &str, instruction: &str) -> bool {
    !lines(rule, &format!("FROM debian:13.2\n{instruction}\nUSER 1000\n")).is_empty()
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
fn apt_lists() {
    check(
        "dockerfile-apt-lists",
        &[
            "RUN apt-get update && apt-get install -y a",
            "RUN apt-get update && apt-get install -y a && rm -rf /tmp/*",
            "RUN apt-get update && apt-get install -y a && apt-get clean",
            "RUN set -eux; \\\n  apt-get update; \\\n  apt-get install -y a",
            "RUN <<EOF\napt-get update\napt-get install -y a\nEOF",
            "RUN bash -c 'apt-get update && apt-get install -y a'",
            "RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y a",
        ],
        &[
            "RUN apt-get -qq update && apt-get install -qy x && rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && apt-get install -y x && rm -r /var/lib/apt/lists /var/cache/apt",
            "RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt",
            "RUN apt-get update && apt-get install -y x && rm -rf /var/{lib/apt/lists,cache}/*",
            "RUN apt-get update && apt-get install -y x && find /var/lib/apt/lists -type f -delete",
            "RUN apt-get update && apt-get install -y x && cleanup.sh",
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y x",
            "RUN --mount=type=tmpfs,target=/var/lib/apt/lists/ apt-get update && apt-get install -y x",
            "RUN echo 'apt-get update'",
            "RUN <<EOF\napt-get update\napt-get install -y a\nrm -rf /var/lib/apt/lists/*\nEOF",
        ],
    );
}

#[test]
fn hygiene_is_for_stages_that_ship() {
    let text = "FROM debian:13.2 AS build\nRUN apt-get update && apt-get install -y gcc\n\
                FROM debian:13.2 AS base\nRUN apt-get update && apt-get install -y curl\n\
                FROM base\nUSER 1000\n";
    assert_eq!(lines("dockerfile-apt-lists", text), [4]);
    assert_eq!(lines("dockerfile-apt-recommends", text), [4]);
}

#[test]
fn apt_options() {
    check(
        "dockerfile-apt-yes",
        &[
            "RUN apt-get install a",
            "RUN sudo apt-get install -q a",
            "RUN if x; then apt install a; fi",
        ],
        &[
            "RUN apt-get install -y a",
            "RUN yes | apt-get install a",
            "RUN apt-get -qq install a",
            "RUN apt-get install --download-only a",
            "RUN apt-get install ${APT_ARGS} a",
            "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes && apt-get install a",
        ],
    );
    check(
        "dockerfile-apt-recommends",
        &["RUN apt-get install -y a", "RUN apt-get install -y --fix-missing a"],
        &[
            "RUN apt-get install -y --no-install-recommends a",
            "RUN apt-get -o APT::Install-Recommends=false install -y a",
            "RUN apt-get install -y --install-recommends a",
            "RUN apt-get remove -y a",
        ],
    );
    check(
        "dockerfile-update-alone",
        &["RUN apt-get update", "RUN rm -rf /tmp/x && apt-get update -qq", "RUN apk update"],
        &[
            "RUN apt-get update && apt-get install -y a",
            "RUN apt-get update && ./install.sh",
            "RUN apt-get update; apt-get upgrade -y",
            "RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update",
            "RUN apt-get update && apt-get build-dep -y a",
        ],
    );
    check(
        "dockerfile-apk-no-cache",
        &["RUN apk add a", "RUN apk update && apk add a"],
        &[
            "RUN apk --no-cache add a",
            "RUN apk add --no-cache a",
            "RUN apk add a && rm -rf /var/cache/apk/*",
            "RUN apk del a",
        ],
    );
}

#[test]
fn downloads() {
    check(
        "dockerfile-curl-pipe-shell",
        &[
            "RUN curl -fsSL https://example.com/i.sh | sh",
            "RUN wget -qO- https://example.com/i.sh | sudo -E bash -",
            "RUN curl https://example.com/i.sh | bash -s -- --yes",
            "RUN curl https://example.com/i.py | python3 -",
            "RUN curl https://example.com/i.sh | tee /tmp/i.sh | bash",
            "RUN sh -c \"$(curl -fsSL https://example.com/i.sh)\"",
            "RUN bash <(curl -fsSL https://example.com/i.sh)",
            "RUN eval \"$(curl -fsSL https://example.com/i.sh)\"",
            "RUN true && (curl https://example.com/i.sh | sh)",
        ],
        &[
            "RUN curl https://example.com/a.tgz | tar xz",
            "RUN curl https://example.com/key.asc | gpg --dearmor -o /k",
            "RUN curl -o i.sh https://example.com/i.sh && sh i.sh",
            "RUN curl https://example.com/a.json | python3 parse.py",
            "RUN curl https://example.com/a | jq . ; echo x | sh",
            "RUN bash -c 'curl -o a https://example.com/a && tar xf a'",
            "RUN echo \"$(curl https://example.com/version)\"",
        ],
    );
    check(
        "dockerfile-curl-insecure",
        &[
            "RUN curl -k https://example.com/a",
            "RUN curl -fsSLk https://example.com/a",
            "RUN curl --insecure https://example.com/a",
        ],
        &[
            "RUN curl -o k https://example.com/a",
            "RUN curl -okay https://example.com/a",
            "RUN curl -fsSLo k https://example.com/a",
            "RUN curl -k https://localhost:8443/ready",
        ],
    );
    check(
        "dockerfile-env-git-ssl",
        &[
            "ENV GIT_SSL_NO_VERIFY=true",
            "RUN GIT_SSL_NO_VERIFY=1 git clone https://example.com/a.git",
            "RUN export GIT_SSL_NO_VERIFY=1 && git clone https://example.com/a.git",
            "RUN git config --global http.sslVerify false",
            "RUN git -c http.sslVerify=false clone https://example.com/a.git",
        ],
        &["RUN git config --global http.sslVerify true", "RUN git clone https://example.com/a.git"],
    );
}

#[test]
fn pipes() {
    check(
        "dockerfile-pipefail",
        &[
            "RUN curl https://example.com/a | tar x",
            "RUN X=$(curl https://example.com/v | jq -r .v) && echo $X",
            "RUN find / | sort > /list",
            "SHELL [\"/bin/bash\", \"-c\"]\nRUN find / | sort > /list",
        ],
        &[
            "RUN echo x | sha256sum -c",
            "RUN set -o pipefail && curl https://example.com/a | tar x",
            "RUN bash -euo pipefail -c 'curl https://example.com/a | tar x'",
            "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl https://example.com/a | tar x",
            "SHELL [\"pwsh\", \"-c\"]\nRUN Get-Item x | Remove-Item",
            "RUN a || b",
        ],
    );
    // The shell of the stage below holds, that of another stage does not.
    let text = "FROM debian:13.2 AS base\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n\
                FROM base\nRUN find / | sort\nFROM debian:13.2\nRUN find / | sort\nUSER 1\n";
    assert_eq!(lines("dockerfile-pipefail", text), [6]);
}

#[test]
fn users_go_through_stages() {
    let root = |text: &str| lines("dockerfile-user-root", text);
    let missing = |text: &str| lines("dockerfile-user-missing", text);
    let text = "FROM debian:13.2 AS base\nUSER root\nFROM base\nCMD [\"a\"]\n";
    assert_eq!((root(text), missing(text)), (vec![2], vec![]));
    let text = "FROM debian:13.2 AS base\nUSER 1000\nFROM base\nCMD [\"a\"]\n";
    assert_eq!((root(text), missing(text)), (vec![], vec![]));
    let text = "FROM debian:13.2 AS base\nUSER 1000\nFROM debian:13.2\nCMD [\"a\"]\n";
    assert_eq!((root(text), missing(text)), (vec![], vec![3]));
    for user in ["0", "0:0", "root:root", "\"root\"", "0:1000", "00"] {
        assert_eq!(root(&format!("FROM debian:13.2\nUSER {user}\n")), [2], "{user}");
    }
    for user in ["$UID", "${APP_USER:-app}", "1000", "app", "10:0", "rooty"] {
        assert_eq!(root(&format!("FROM debian:13.2\nUSER {user}\n")), [0u32; 0], "{user}");
    }
    assert_eq!(root("FROM debian:13.2\nENV ID=0\nUSER $ID\n"), [3]);
    assert_eq!(root("FROM debian:13.2\nUSER root\nUSER 1000\n"), [0u32; 0]);
    // A trigger for others sets nothing here.
    assert_eq!(missing("FROM debian:13.2\nONBUILD USER 1000\n"), [1]);
    for base in [
        "gcr.io/distroless/static:nonroot",
        "cgr.dev/chainguard/node:22",
        "${BASE}",
        "mcr.microsoft.com/windows/nanoserver:ltsc2022",
        "scratch",
    ] {
        assert_eq!(missing(&format!("FROM {base}\nCOPY a /a\n")), [0u32; 0], "{base}");
    }
    assert_eq!(missing("FROM scratch\nCOPY a /a\nENTRYPOINT [\"/a\"]\n"), [1]);
}

#[test]
fn stages_and_numbers_in_from() {
    let undefined = |text: &str| lines("dockerfile-copy-from-undefined", text);
    let text = "FROM golang:1.26 AS build\nFROM debian:13.2\nCOPY --from=0 /a /a\n\
                COPY --from=BUILD /a /b\nCOPY --from=2 /a /c\nCOPY --from=$STAGE /a /d\n\
                COPY --from=tools /a /e\nCOPY --from=later /a /f\n\
                RUN --mount=from=ghcr.io/a/b:1,target=/x /x/y\nUSER 1\nFROM debian:13.2 AS later\n";
    assert_eq!(undefined(text), [5, 7, 8]);
    assert_eq!(lines("dockerfile-copy-from-self", "FROM debian:13.2\nCOPY --from=0 /a /b\n"), [2]);
    assert_eq!(lines("ref-latest", "FROM scratch\nFROM base AS base\nFROM base\n"), [2]);
    assert_eq!(lines("ref-latest", "ARG V=latest\nFROM node:${V}\n"), [2]);
    assert_eq!(lines("ref-latest", "ARG V\nFROM node:${V}\n"), [0u32; 0]);
}

#[test]
fn instructions() {
    check(
        "dockerfile-add-instead-of-copy",
        &["ADD app /app", "ADD --chown=1000 a b /app/", "ADD [\"a b\", \"/app\"]"],
        &[
            "ADD app.tar.gz /",
            "ADD rootfs.tar /",
            "ADD https://example.com/a /a",
            "ADD $ARCHIVE /a",
            "ADD <<EOF /a\nx\nEOF",
            "ADD git@github.com:a/b.git /b",
        ],
    );
    check(
        "dockerfile-secret-in-arg-env",
        &[
            "ENV DB_PASSWORD=hunter2",
            "ENV A=1 API_KEY=\"abc def\"",
            "ENV DB_PASSWORD hunter2",
            "ARG NPM_TOKEN",
            "ARG NPM_TOKEN=abc",
            "ARG T\nENV NPM_TOKEN=$T",
        ],
        &[
            "ENV DB_PASSWORD_FILE=/run/secrets/db",
            "ENV DB_PASSWORD=",
            "ENV MYSQL_ALLOW_EMPTY_PASSWORD=yes",
            "ENV TOKEN_PATH=/x PUBLIC_KEY=abc",
            "ARG VERSION=1",
        ],
    );
    check(
        "dockerfile-copy-many-no-slash",
        &["COPY a b /c", "COPY [\"a\", \"b\", \"/c\"]"],
        &["COPY a b /c/", "COPY a b .", "COPY a b $DIR", "COPY *.txt /c", "COPY --chown=1:1 a /c"],
    );
    check(
        "dockerfile-workdir-relative",
        &["WORKDIR app", "WORKDIR ./app"],
        &["WORKDIR /app", "WORKDIR $HOME/app", "WORKDIR /a\nWORKDIR b", "WORKDIR c:\\\\app"],
    );
    check(
        "dockerfile-expose-range",
        &["EXPOSE 70000", "EXPOSE 9000-8000"],
        &["EXPOSE 80/tcp", "EXPOSE $PORT"],
    );
    check(
        "dockerfile-expose-format",
        &["EXPOSE 127.0.0.1:80:80"],
        &["EXPOSE 80 443/udp", "EXPOSE ${PORT}"],
    );
    check(
        "dockerfile-cmd-shell-form",
        &["CMD node server.js", "ENTRYPOINT /run.sh"],
        &[
            "CMD [\"node\"]",
            "CMD exec node server.js",
            "ENTRYPOINT cd /app && exec node server.js",
            "SHELL [\"/bin/bash\", \"-c\"]\nCMD node server.js",
        ],
    );
    check(
        "dockerfile-run-cd",
        &["RUN cd /a", "RUN make && cd /a"],
        &["RUN make && (cd /a && make)"],
    );
}

#[test]
fn text_of_other_shells_is_not_read() {
    let text = "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\n\
                RUN curl -k https://example.com/a | sh\nRUN sudo apt-get install a\n";
    for rule in ["dockerfile-curl-insecure", "dockerfile-sudo", "dockerfile-apt-yes"] {
        assert_eq!(lines(rule, text), [0u32; 0], "{rule}");
    }
}

#[test]
fn what_is_no_dockerfile_is_left_alone() {
    let report = check_files(
        &ImagesLinter,
        &[("dockerfile.go", "package main\n\nfunc main() {\n\tprintln(1)\n}\n")],
    );
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let found =
        lines("dockerfile-parse-error", "{{ header }}\nFROM debian:13.2\n{% if x %}\nUSER 1\n");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn secrets_are_named_and_never_quoted() {
    let text = "FROM debian:13.2\nENV DB_PASSWORD=hunter2\nRUN echo app:hunter2 | chpasswd\n";
    let report = check_files(&ImagesLinter, &[("Dockerfile", text)]);
    for finding in &report.findings {
        assert!(!finding.message.contains("hunter2"), "{}", finding.message);
        assert!(!finding.snippet.text.contains("hunter2"), "{}", finding.snippet.text);
    }
    assert!(!report.findings.is_empty());
}

#[test]
fn images_in_manifests() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers:\n\
                \x20 - {name: i, image: \"busybox:latest\"}\n  containers:\n\
                \x20 - {name: w, image: 'ko://example.com/cmd'}\n  - {name: x, image: IMAGE_NAME}\n\
                \x20 - {name: y, image: 'nginx:{{ tag }}'}\n  - {name: z, image: ''}\n\
                \x20 - {name: blank, image: ' '}\n";
    let report = check_files(&ImagesLinter, &[("a.yaml", text)]);
    let found: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.rule.default)
        .map(|finding| (finding.rule.id, finding.region.start.line, finding.region.start.column))
        .collect();
    assert_eq!(found, [("ref-latest", 6, 31)]);
}

#[test]
fn parts_of_dockerfiles() {
    let text = "ENV A=1\nRUN make\n";
    assert_eq!(lines("dockerfile-parse-error", text), [1]);
    assert_eq!(lines("dockerfile-instruction-order", text), [0u32; 0]);
    let text = "FROM BASEIMAGE\nCROSS_BUILD_COPY a b\nCMD [\"a\"]\n";
    for rule in ["dockerfile-parse-error", "dockerfile-user-missing", "ref-invalid", "ref-latest"] {
        assert_eq!(lines(rule, text), [0u32; 0], "{rule}");
    }
}
