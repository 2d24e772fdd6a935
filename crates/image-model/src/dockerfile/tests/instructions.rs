use super::{one, read, slices, texts};
use crate::dockerfile::{Arguments, Instruction, Keyword, ProblemKind};

/// A name and its value.
type Expected<'a> = (&'a str, Option<&'a str>);

fn pairs(instruction: &Instruction) -> Vec<Expected<'_>> {
    let pairs = instruction.pairs().iter();
    pairs
        .map(|pair| (pair.key.text.as_str(), pair.value.as_ref().map(|value| value.text.as_str())))
        .collect()
}

#[test]
fn pairs_are_read_with_their_quotes() {
    let table: &[(&str, &[Expected<'_>])] = &[
        ("ENV A=1", &[("A", Some("1"))]),
        (
            "ENV A=1 B=\"x y\" C='$z' D=a\\ b",
            &[("A", Some("1")), ("B", Some("x y")), ("C", Some("$z")), ("D", Some("a b"))],
        ),
        ("ENV A some value", &[("A", Some("some value"))]),
        ("ENV A \"some value\"", &[("A", Some("some value"))]),
        ("ENV A=", &[("A", Some(""))]),
        ("ENV A=b=c", &[("A", Some("b=c"))]),
        ("ENV A", &[("A", None)]),
        ("LABEL \"a.b\"=\"c d\" e=f", &[("a.b", Some("c d")), ("e", Some("f"))]),
        ("LABEL a b c", &[("a", Some("b c"))]),
        ("ARG A", &[("A", None)]),
        ("ARG A=1 B", &[("A", Some("1")), ("B", None)]),
        ("ENV A=1 \\\n  # note\n\n  B=2", &[("A", Some("1")), ("B", Some("2"))]),
        ("ENV A=\"x\\\ny\"", &[("A", Some("xy"))]),
    ];
    for (text, expected) in table {
        assert_eq!(pairs(&one(text).1), *expected, "{text}");
    }
}

#[test]
fn values_stand_where_they_say() {
    let (file, env) = one("ENV A=\"secret one\" \\\n  # note\n  B='two'\\\nthree C=4");
    let slice = |index: usize| {
        let pair = &env.pairs()[index];
        let value = pair.value.as_ref().unwrap();
        let source = &file.source;
        (source.slice(pair.key.span), source.slice(value.span), source.slice(value.content))
    };
    assert_eq!(slice(0), ("A", "\"secret one\"", "secret one"));
    assert_eq!(slice(1), ("B", "'two'\\\nthree", "'two'\\\nthree"));
    assert_eq!(slice(2), ("C", "4", "4"));
    assert_eq!(file.comments[0].text, "note");
    assert_eq!(file.source.slice(file.comments[0].span), "# note");
}

#[test]
fn json_form_falls_back_to_shell_form() {
    let table: &[(&str, Option<&[&str]>)] = &[
        ("CMD [\"a\", \"b c\"]", Some(&["a", "b c"])),
        ("CMD []", Some(&[])),
        ("CMD [ \"a\" , \"\\u0041\\n\\\"\" ]  ", Some(&["a", "A\n\""])),
        ("CMD [\"a\", \\\n  \"b\"]", Some(&["a", "b"])),
        ("CMD [\"\\ud83d\\ude00\", \"\\ud83d\"]", Some(&["😀", "\u{fffd}"])),
        ("CMD ['a']", None),
        ("CMD [\"a\",]", None),
        ("CMD [\"a\"] b", None),
        ("CMD [\"a\", 1]", None),
        ("CMD [\"a\"", None),
        ("CMD a [\"b\"]", None),
    ];
    for (text, expected) in table {
        let (_, cmd) = one(text);
        assert_eq!(
            cmd.is_json().then(|| texts(cmd.words())),
            expected.map(<[_]>::to_vec),
            "{text}"
        );
        assert_eq!(cmd.shell().is_some(), expected.is_none(), "{text}");
    }
    let (file, cmd) = one("ENTRYPOINT [\"a\", \"b \\\" c\"]");
    assert_eq!(slices(&file.source, cmd.words()), ["\"a\"", "\"b \\\" c\""]);
    assert_eq!(file.source.slice(cmd.words()[1].content), "b \\\" c");
}

#[test]
fn flags_are_taken_off() {
    let (file, copy) = one("COPY --from=build --chown=\"a b\" --link /x /y");
    let flags: Vec<_> = copy
        .flags
        .iter()
        .map(|flag| (flag.name.as_str(), flag.value.as_ref().map(|v| v.text.as_str())))
        .collect();
    assert_eq!(flags, [("from", Some("build")), ("chown", Some("a b")), ("link", None)]);
    assert_eq!(file.source.slice(copy.flags[0].span), "--from=build");
    assert_eq!(file.source.slice(copy.flags[0].value.as_ref().unwrap().span), "build");
    assert_eq!(texts(copy.words()), ["/x", "/y"]);

    let (file, run) =
        one("RUN --mount=type=bind,from=alpine:3,target=/a,ro --network=none ls --all");
    let mount = run.flag("mount").unwrap();
    assert_eq!(mount.field("from").unwrap().text, "alpine:3");
    assert_eq!(file.source.slice(mount.field("target").unwrap().span), "/a");
    assert!(mount.fields[3].value.is_none());
    assert_eq!(run.shell().unwrap().text(), "ls --all");

    let (_, run) = one("RUN -- --not-a-flag");
    assert_eq!(run.shell().unwrap().text(), "--not-a-flag");
}

#[test]
fn continuations_are_joined() {
    let table = [
        ("RUN a \\\n b", "a  b"),
        ("RUN a\\\nb", "ab"),
        ("RUN a \\  \t\n b", "a  b"),
        ("RUN a \\\r\n b\r\n", "a  b"),
        ("RUN a \\\n# note\n   # more\n\n b", "a  b"),
        ("RUN a \\\\", "a \\\\"),
        ("RUN a \\", "a"),
        ("RUN \\\n a", "a"),
        ("rUn a", "a"),
        ("RUN\ta\t\\\n\tb", "a\t\tb"),
        ("  RUN  a  ", "a"),
        ("RUN a \"x # y\"", "a \"x # y\""),
    ];
    for (text, expected) in table {
        let (_, run) = one(text);
        assert_eq!(run.keyword, Keyword::Run);
        assert_eq!(run.shell().unwrap().text(), expected, "{text:?}");
    }
    let (file, _) = one("RUN a \\\n\n b");
    assert_eq!(file.problems[0].kind, ProblemKind::EmptyContinuation);
}

#[test]
fn escape_directive_changes_the_continuation() {
    let file = read("# escape=`\nFROM x\nRUN dir C:\\ `\n && b\nRUN c\\\nRUN d");
    assert_eq!(file.escape, '`');
    assert_eq!(file.instructions.len(), 4);
    assert_eq!(file.instructions[1].shell().unwrap().text(), "dir C:\\  && b");
    assert!(file.problems.is_empty(), "{:?}", file.problems);
}

#[test]
fn directives_end_at_the_first_other_line() {
    let file = read("#syntax = docker/dockerfile:1\n# CHECK=skip=all\n\n# escape=`\nFROM x");
    let names: Vec<&str> = file.directives.iter().map(|one| one.name.text.as_str()).collect();
    assert_eq!(names, ["syntax", "CHECK"]);
    assert_eq!(file.directives[0].value.text, "docker/dockerfile:1");
    assert_eq!(file.source.slice(file.directives[0].value.span), "docker/dockerfile:1");
    assert_eq!(file.source.slice(file.directives[1].span), "# CHECK=skip=all");
    assert_eq!(file.escape, '\\');
    assert_eq!(file.comments.len(), 1);

    let file = read("# escape=x\n# escape=`\nFROM x");
    assert_eq!(file.problems.len(), 2);
    assert!(file.problems.iter().all(|problem| problem.kind == ProblemKind::Directive));
    assert!(read("# just = a comment\nFROM x").directives.is_empty());
}

#[test]
fn byte_order_mark_is_skipped() {
    let file = read("\u{feff}FROM x\r\nUSER app\r\n");
    assert!(file.problems.is_empty(), "{:?}", file.problems);
    assert_eq!(file.source.slice(file.instructions[0].span), "FROM x");
    assert_eq!(file.source.slice(file.instructions[1].span), "USER app");
}

#[test]
fn heredocs_take_their_lines() {
    let text = "RUN <<EOF cat <<-'E 2' 3<<\"X\"\na\nEOF\n\tb $c\n\tE 2\nX\nRUN d";
    let file = read(&format!("FROM x\n{text}"));
    assert_eq!(file.instructions.len(), 3, "{:?}", file.problems);
    let run = &file.instructions[1];
    let bodies: Vec<&str> = run.heredocs.iter().map(|one| one.body.text()).collect();
    assert_eq!(bodies, ["a\n", "b $c\n", ""]);
    let expand: Vec<bool> = run.heredocs.iter().map(|one| one.expand).collect();
    assert_eq!(expand, [true, false, false]);
    assert_eq!(run.heredocs[1].delimiter.text, "E 2");
    assert_eq!(file.source.slice(run.heredocs[1].span), "<<-'E 2'");
    assert_eq!(file.source.slice(run.heredocs[1].body_span), "\tb $c\n");
    assert_eq!(file.source.slice(run.heredocs[1].body.span(0..1)), "b");
    assert_eq!(run.heredocs[2].descriptor, Some(3));
    assert_eq!(file.source.slice(run.heredocs[0].end_span), "EOF");
    assert_eq!(file.source.slice(run.span), "RUN <<EOF cat <<-'E 2' 3<<\"X\"");
    assert!(file.source.slice(run.extent).ends_with("\nX"));
}

#[test]
fn heredocs_only_where_they_are_allowed() {
    let (_, copy) = one("COPY <<a <<b /x/\n1\na\n2\nb\n");
    assert_eq!(copy.heredocs.len(), 2);
    let (_, onbuild) = one("ONBUILD RUN <<E\na\nE\n");
    assert_eq!(onbuild.onbuild.as_ref().unwrap().heredocs[0].body.text(), "a\n");
    let (_, run) = one("RUN cat <<<word");
    assert!(run.heredocs.is_empty());
    let file = read("FROM x\nENV A=<<E\nUSER E\n");
    assert_eq!(file.instructions.len(), 3);
}

#[test]
fn a_heredoc_without_end_does_not_eat_the_file() {
    let file = read("FROM x\nRUN <<EOF\nUSER a");
    assert_eq!(file.instructions.len(), 3);
    assert_eq!(file.problems[0].kind, ProblemKind::UnterminatedHeredoc);
    assert_eq!(file.source.slice(file.problems[0].span), "<<EOF");
}

#[test]
fn an_operator_ends_the_delimiter() {
    let (_, run) = one("RUN cat <<EOF>/f\nx\nEOF\n");
    assert_eq!(run.heredocs[0].delimiter.text, "EOF");
    assert_eq!(run.heredocs[0].body.text(), "x\n");
}

#[test]
fn whole_line_arguments() {
    let (file, workdir) = one("WORKDIR \"/a b\"");
    assert_eq!(texts(workdir.words()), ["/a b"]);
    assert_eq!(file.source.slice(workdir.words()[0].content), "/a b");
    assert_eq!(texts(one("MAINTAINER A \"B\" <c>").1.words()), ["A \"B\" <c>"]);
    assert_eq!(texts(one("STOPSIGNAL SIGTERM").1.words()), ["SIGTERM"]);
    assert_eq!(texts(one("EXPOSE 80 443/tcp ${P}").1.words()), ["80", "443/tcp", "${P}"]);
    assert_eq!(texts(one("VOLUME /a /b").1.words()), ["/a", "/b"]);
    assert_eq!(texts(one("VOLUME [\"/a b\"]").1.words()), ["/a b"]);
    assert_eq!(texts(one("SHELL [\"bash\", \"-c\"]").1.words()), ["bash", "-c"]);
}

#[test]
fn user_is_split_at_the_colon() {
    let table = [
        ("USER app", "app", None, "app"),
        ("USER 1000:2000", "1000", Some("2000"), "1000"),
        ("USER \"app:grp\"", "app", Some("grp"), "app"),
        ("USER ${U:-app}:g", "${U:-app}", Some("g"), "${U:-app}"),
        ("USER :g", "", Some("g"), ""),
    ];
    for (text, user, group, slice) in table {
        let (file, instruction) = one(text);
        let found = instruction.user().unwrap();
        assert_eq!((found.user, found.group), (user, group), "{text}");
        assert_eq!(file.source.slice(found.user_span), slice, "{text}");
    }
}

#[test]
fn healthcheck_has_a_subcommand() {
    let (_, check) = one("HEALTHCHECK --interval=5s CMD curl -f x || exit 1");
    assert_eq!(check.flag("interval").unwrap().value.as_ref().unwrap().text, "5s");
    assert!(check.subcommand.as_ref().unwrap().is_ignoring_case("cmd"));
    assert_eq!(check.shell().unwrap().text(), "curl -f x || exit 1");
    let (file, none) = one("HEALTHCHECK NONE");
    assert_eq!(none.arguments, Arguments::None);
    assert!(file.problems.is_empty());
    assert_eq!(texts(one("HEALTHCHECK CMD [\"a\"]").1.words()), ["a"]);
}

#[test]
fn problems_do_not_stop_the_reading() {
    let table = [
        ("FROM x\nRUNN a\nUSER b", ProblemKind::UnknownInstruction, "RUNN"),
        ("FROM x\nUSER\nUSER b", ProblemKind::Arguments, "USER"),
        ("FROM x y\nUSER b\nUSER c", ProblemKind::Arguments, "x y"),
        ("FROM x\nCOPY a\nUSER c", ProblemKind::Arguments, "a"),
        ("FROM x\nENV A=1 B\nUSER c", ProblemKind::Arguments, "B"),
        ("FROM x\nSHELL bash\nUSER c", ProblemKind::Arguments, "bash"),
        ("FROM x\nHEALTHCHECK curl x\nUSER c", ProblemKind::Arguments, "curl"),
        ("FROM x\nONBUILD FROM y\nUSER c", ProblemKind::Onbuild, "FROM"),
        ("USER x\nFROM y\nUSER z", ProblemKind::BeforeFrom, "USER"),
        ("FROM x AS a\nFROM y as A\nUSER z", ProblemKind::DuplicateStage, "A"),
        ("FROM x AS 1a\nUSER y\nUSER z", ProblemKind::StageName, "1a"),
    ];
    for (text, kind, slice) in table {
        let file = read(text);
        assert_eq!(file.instructions.len(), 3, "{text}");
        assert_eq!(file.problems.len(), 1, "{text}: {:?}", file.problems);
        assert_eq!(file.problems[0].kind, kind, "{text}");
        assert_eq!(file.source.slice(file.problems[0].span), slice, "{text}");
    }
    assert_eq!(read("").problems[0].kind, ProblemKind::NoStage);
}

#[test]
fn run_text_leads_back_to_the_file() {
    let text =
        "RUN apt-get update \\\n # why\n && apt-get install -y \\\n      curl=7.* \\\n | tee x";
    let (file, run) = one(text);
    let commands = run.commands(&file.source);
    let found: Vec<Vec<&str>> =
        commands.iter().map(|command| slices(&file.source, &command.words)).collect();
    assert_eq!(
        found,
        [vec!["apt-get", "update"], vec!["apt-get", "install", "-y", "curl=7.*"], vec!["tee", "x"]]
    );
    assert_eq!(file.source.slice(commands[1].span), "apt-get install -y \\\n      curl=7.*");
}

#[test]
fn commands_of_every_form() {
    let names = |text: &str| {
        let (file, instruction) = one(text);
        let commands = instruction.commands(&file.source);
        let all = crate::shell::walk(&commands);
        all.map(|command| command.program().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("RUN a && b"), "a b");
    assert_eq!(names("RUN <<E\na\nb | c\nE\n"), "a b c");
    assert_eq!(names("RUN <<E\n#!/bin/bash\na\nE\n"), "a");
    assert_eq!(names("RUN <<E\n#!/usr/bin/python3\na\nE\n"), "");
    assert_eq!(names("RUN bash -e <<E\na\nE\n"), "bash a");
    assert_eq!(names("RUN cat <<E > /f\na\nE\n"), "cat");
    assert_eq!(names("CMD [\"sh\", \"-c\", \"a && b\"]"), "sh a b");
    assert_eq!(names("CMD [\"a\", \"b\"]"), "a");
    assert_eq!(names("HEALTHCHECK CMD a || b"), "a b");
    let (file, run) = one("RUN <<E\nset -e\ncurl x | sh\nE\n");
    let commands = run.commands(&file.source);
    assert_eq!(file.source.slice(commands[1].span), "curl x");
    let (file, cmd) = one("CMD [\"sh\", \"-c\", \"a && bc\"]");
    let commands = cmd.commands(&file.source);
    assert_eq!(file.source.slice(commands[0].nested[1].span), "bc");
    let (file, cmd) = one("CMD [\"sh\", \"-c\", \"a \\\"x y\\\" && bc\"]");
    let nested = &cmd.commands(&file.source)[0].nested;
    assert_eq!(nested[0].words[1].text, "x y");
    assert_eq!(file.source.slice(nested[0].words[1].span), "\\\"x y\\\"");
    assert_eq!(file.source.slice(nested[1].span), "bc");
    assert_eq!(names("ONBUILD RUN a; b"), "a b");
}
