//! Which variables of a Dockerfile have no value, by where they are set.

use careen_lint_images::ImagesLinter;
use careen_testkit::check_files;

/// The variables that `rule` names, in the order of the file.
fn names(rule: &str, text: &str) -> Vec<String> {
    let report = check_files(&ImagesLinter, &[("Dockerfile", text)]);
    let found = report.findings.iter().filter(|finding| finding.rule.id == rule);
    let mut found: Vec<_> = found.map(|one| (one.region.start, one.message.clone())).collect();
    found.sort();
    let name = |message: &str| message.split('`').nth(1).unwrap_or_default().to_owned();
    found.iter().map(|(_, message)| name(message)).collect()
}

fn undefined(text: &str) -> Vec<String> {
    names("dockerfile-undefined-var", text)
}

#[test]
fn what_the_base_may_set_is_not_judged() {
    assert!(undefined("FROM a:1\nWORKDIR $JAVA_HOME\nLABEL a=${X} b=\"$Y\"\n").is_empty());
    assert!(undefined("FROM a:1\nENV LD=/x:$LD\nCOPY $http_proxy /a\n").is_empty());
    assert_eq!(undefined("FROM a:1\nCOPY $src /a\n"), ["src"]);
    assert_eq!(undefined("FROM scratch\nCOPY $SRC /a\nENV PATH=$PATH:/b\n"), ["SRC"]);
}

#[test]
fn each_instruction_and_form_is_read() {
    for line in [
        "ADD $v /a",
        "COPY [\"$v\", \"/a\"]",
        "COPY --chown=$v a /a",
        "EXPOSE $v",
        "STOPSIGNAL $v",
        "USER $v",
        "VOLUME $v",
        "WORKDIR /a/$v",
        "LABEL a=\"${v}b\"",
        "ENV a $v",
        "ENV a=${v%x}",
        "COPY <<E /a\n$v\nE",
    ] {
        assert_eq!(undefined(&format!("FROM a:1\n{line}\n")), ["v"], "{line}");
    }
    for line in [
        "RUN echo $v",
        "CMD echo $v",
        "COPY --from=$v a /a",
        "COPY <<'E' /a\n$v\nE",
        "LABEL a='$v' b=\\$v c=$$v",
        "ENV a=${v:-b} b=${v:+c} c=${v-d}",
        "ONBUILD COPY $v /a",
        "RUN <<E\n$v\nE",
    ] {
        assert!(undefined(&format!("FROM a:1\n{line}\n")).is_empty(), "{line}");
    }
}

#[test]
fn stages_inherit_and_do_not_share() {
    let text = "ARG G=1\nFROM a:1 AS one\nARG A\nENV E=1\nFROM one AS two\nLABEL x=$A$E\n\
                FROM b:1\nLABEL x=$G\nLABEL x=$TARGETARCH\nARG G TARGETARCH\nLABEL y=$G$TARGETARCH\n";
    assert_eq!(undefined(text), ["G", "TARGETARCH"]);
    assert_eq!(undefined("FROM a:1\nLABEL x=$A\nARG A\n"), ["A"]);
}

#[test]
fn one_env_sees_what_was_before_it() {
    let own = |text: &str| names("dockerfile-env-self-reference", text);
    assert_eq!(own("FROM a:1\nENV A=1 B=$A\n"), ["B"]);
    assert_eq!(own("FROM a:1\nENV B=${A} A=1\n"), ["B"]);
    assert!(own("FROM a:1\nENV A=0\nENV A=1 B=$A\n").is_empty());
    assert!(own("FROM a:1\nENV A=1:$A\nENV B=$A\n").is_empty());
    assert!(own("FROM a:1\nARG A\nENV A=$A B=$A\n").is_empty());
}
