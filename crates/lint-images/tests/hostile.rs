//! Whatever stands in a Dockerfile, the linter comes to an end without a panic.

use careen_lint_images::ImagesLinter;
use careen_testkit::{Xorshift, check_files, mutate};

const SEED: &str = "# syntax=docker/dockerfile:1\nARG V=1\nFROM --platform=linux/amd64 node:${V} AS b\n\
ARG NPM_TOKEN\nENV A=1 DB_PASSWORD=\"x y\"\nSHELL [\"/bin/bash\", \"-c\"]\n\
RUN --mount=type=cache,target=/var/lib/apt apt-get -qq update && apt-get install $X y | tee \\\n  z\n\
RUN <<EOF\ncurl -k https://a/b | sh -s -- c\nEOF\nADD [\"a\", \"b\"]\nCOPY --from=b /a b c\n\
ONBUILD RUN sudo apk add x\nEXPOSE 22 1-2 x:y\nUSER \"root\":0\nWORKDIR x\nVOLUME /proc\n\
HEALTHCHECK CMD x\nCOPY <<X $a\n$uri ${b:-c}\nX\n\
RUN --mount=type=secret,id=a,env=B cat /run/secrets/a > \"/c $B\"; if [ a ] then $(b); fi # x \\\n y\n\
FROM b\nCMD a\nCMD [\"a\"]\nENTRYPOINT exec b\n";

#[test]
fn no_text_makes_it_panic() {
    let mut random = Xorshift::new(7);
    for _ in 0..400 {
        let mut bytes = SEED.as_bytes().to_vec();
        mutate(&mut random, &mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let mut bytes = b"# c\n*.[a-c]\n!**/x/\n/a/../b\n".to_vec();
        mutate(&mut random, &mut bytes);
        let ignore = String::from_utf8_lossy(&bytes);
        let files = [("Dockerfile", text.as_ref()), (".dockerignore", ignore.as_ref())];
        let report = check_files(&ImagesLinter, &files);
        assert!(report.notes.iter().all(|note| !note.incomplete), "{text}");
    }
}

#[test]
fn questions_about_all_of_a_file_are_asked_once() {
    let ignore = "**/a*b*c/**/x\n!**/y\n".repeat(3_000);
    for text in [
        "COPY a.tar /x/\nRUN tar xf /x/b.tar\n",
        "ARG A\nRUN curl https://x:$A@b.example.com\n",
        "ENV A=$B C=$A PAHT=$PATX\n",
        "# c\n",
        "COPY a/b/c/d/e/f/g abc/x ./x\n",
        "FROM s AS s\nARG a\nLABEL x=$b\n",
        "RUN --mount=type=secret,id=a cp /run/secrets/a /b && rm /b\n",
        "SHELL [\"/bin/sh\", \"-c\"]\nRUN cd a; rm $A $(b \"$c\")\n",
    ] {
        let text =
            format!("FROM debian:13.2 AS s\n{}{}", text.repeat(3_000), "ARG Z\n".repeat(2_000));
        let files = [("Dockerfile", text.as_str()), (".dockerignore", ignore.as_str())];
        let report = check_files(&ImagesLinter, &files);
        assert!(report.notes.iter().all(|note| !note.message.contains("panic")));
    }
}

#[test]
fn many_commands_are_judged_one_by_one() {
    // Each command asks about all of its `RUN`: that must not be asked anew each time.
    let text = format!(
        "FROM debian:13.2\nRUN <<EOF\n{}EOF\n",
        "apt-get update\napt-get install x\nyum install y | sh\n".repeat(6_000)
    );
    let report = check_files(&ImagesLinter, &[("Dockerfile", &text)]);
    assert!(report.findings.len() > 6_000);
}
