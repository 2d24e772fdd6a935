use careen_text::Span;

use super::read;
use crate::dockerfile::{BaseKind, ImageUseKind, Keyword, VariableSource};

#[test]
fn bases_are_told_apart() {
    let file = read(
        "ARG V=3.20\nFROM --platform=$BUILDPLATFORM golang:1 AS Build\nFROM build AS two\n\
         FROM scratch\nFROM alpine:${V}\nFROM $UNKNOWN\nFROM two",
    );
    let kinds: Vec<&BaseKind> = file.stages.iter().map(|stage| &stage.base_kind).collect();
    assert_eq!(
        kinds,
        [
            &BaseKind::Image("golang:1".to_owned()),
            &BaseKind::Stage(0),
            &BaseKind::Scratch,
            &BaseKind::Image("alpine:3.20".to_owned()),
            &BaseKind::Unexpanded,
            &BaseKind::Stage(1),
        ]
    );
    assert_eq!(file.stages[0].name.as_ref().unwrap().text, "Build");
    assert_eq!(file.stages[0].platform.as_ref().unwrap().text, "$BUILDPLATFORM");
    assert_eq!(file.stages[0].instructions, 1..2);
    assert_eq!(file.instructions[0].stage, None);
    assert_eq!(file.instructions[3].stage, Some(2));
    let variable = &file.stages[3].base_variables[0];
    assert_eq!(variable.name, "V");
    let VariableSource::Default(span) = variable.source else { panic!("{variable:?}") };
    assert_eq!(file.source.slice(span), "V=3.20");
    assert_eq!(file.root_stage(&file.stages[5]).base.text, "golang:1");
    assert_eq!(file.stage_named("BUILD").unwrap().base.text, "golang:1");
}

#[test]
fn a_stage_is_no_base_of_itself_or_of_earlier_ones() {
    let file = read("FROM a AS a\nFROM b AS c\nFROM a");
    assert_eq!(file.stages[0].base_kind, BaseKind::Image("a".to_owned()));
    assert_eq!(file.stages[2].base_kind, BaseKind::Stage(0));
}

#[test]
fn expansion_follows_the_build() {
    let table: &[(&str, &str, Option<&str>)] = &[
        ("ARG X=a", "$X", Some("a")),
        ("ARG X=a", "${X}b", Some("ab")),
        ("ARG X=a", "$Xb", None),
        ("ARG X=a", "b/$X-c", Some("b/a-c")),
        ("ARG X", "$X", None),
        ("ARG X", "${X:-d}", Some("d")),
        ("ARG X=", "${X:-d}", Some("d")),
        ("ARG X=", "i${X-d}", Some("i")),
        ("ARG X=a", "${X:-d}", Some("a")),
        ("ARG X=a", "i${X:+e}", Some("ie")),
        ("ARG X", "i${X:+e}", Some("i")),
        ("ARG X=", "i${X+e}", Some("ie")),
        ("ARG X=a", "${X:?no}", Some("a")),
        ("ARG X", "${X:?no}", None),
        ("ARG X=v1.2", "i:${X#v}", Some("i:1.2")),
        ("ARG X=1.2-slim", "i:${X%-slim}", Some("i:1.2")),
        ("ARG X=1.2", "i:${X%.*}", None),
        ("ARG X=a Y=b", "${X:-${Y}}", Some("a")),
        ("ARG Y=b", "${X:-${Y}}", Some("b")),
        ("ARG A=1\nARG X=al:$A", "$X", Some("al:1")),
        ("ARG X=\"a:1\"", "$X", Some("a:1")),
        ("ARG X='$Y'", "i$X", Some("i$Y")),
        ("ARG X=1", "\"a:$X\"", Some("a:1")),
        ("ARG X=1", "i:${X", None),
        ("ARG X=1", "i:${}", None),
        ("", "i-${TARGETARCH}", Some("i-amd64")),
        ("ARG TARGETARCH=x", "i-$TARGETARCH", Some("i-x")),
        ("", "a\\$b", Some("a$b")),
    ];
    for (args, base, expected) in table {
        let file = read(&format!("{args}\nFROM {base}\n"));
        assert_eq!(file.stages[0].base_image(), *expected, "{args} / {base}");
    }
}

#[test]
fn arguments_of_a_stage_are_not_global() {
    let file = read("FROM x\nARG V=1\nFROM y:$V");
    assert_eq!(file.stages[1].base_kind, BaseKind::Unexpanded);
}

#[test]
fn expansion_cannot_explode() {
    let mut text = String::from("ARG A0=xxxxxxxxxx\n");
    for index in 1..60 {
        text.push_str(&format!("ARG A{index}=$A{0}$A{0}\n", index - 1));
    }
    text.push_str("FROM $A59");
    assert_eq!(read(&text).stages[0].base_kind, BaseKind::Unexpanded);
}

#[test]
fn effective_instructions_follow_the_chain() {
    let file = read(
        "FROM x AS a\nUSER app\nSHELL [\"bash\", \"-c\"]\nFROM a AS b\nRUN y\nFROM b\nUSER 7\n\
         USER root\nFROM z",
    );
    let user = |stage: usize| {
        let found = file.effective_user(&file.stages[stage]);
        found.map(|one| one.words()[0].text.as_str())
    };
    assert_eq!(
        (user(0), user(1), user(2), user(3)),
        (Some("app"), Some("app"), Some("root"), None)
    );
    assert!(file.effective_shell(&file.stages[2]).is_some());
    assert!(file.effective_shell(file.final_stage().unwrap()).is_none());
    assert!(file.effective(&file.stages[0], Keyword::Run).is_none());
    assert_eq!(file.instructions_of(&file.stages[1]).len(), 2);
}

#[test]
fn variables_in_a_stage() {
    let file = read(
        "ARG G=9\nFROM x AS a\nENV E=env A=late\nARG N=narrow\nFROM a\nARG U=1000 G\nARG E=arg\n\
         ENV B=$U-b\nUSER ${U}:$E\nWORKDIR /$N\nWORKDIR /$B\nWORKDIR /$G",
    );
    let expanded = |keyword: Keyword, nth: usize| {
        let mut all = file.instructions.iter().enumerate();
        let is_it = |(_, one): &(usize, &crate::dockerfile::Instruction)| one.keyword == keyword;
        let (at, one) = all.by_ref().filter(is_it).nth(nth).unwrap();
        let expansion = file.expand_at(at, &one.words()[0]);
        expansion.complete.then_some(expansion.text)
    };
    assert_eq!(expanded(Keyword::User, 0).as_deref(), Some("1000:env"));
    assert_eq!(expanded(Keyword::Workdir, 0).as_deref(), Some("/narrow"));
    assert_eq!(expanded(Keyword::Workdir, 1).as_deref(), Some("/1000-b"));
    assert_eq!(expanded(Keyword::Workdir, 2).as_deref(), Some("/9"));
}

#[test]
fn every_image_is_named() {
    let file = read(
        "# syntax=docker/dockerfile:1.7 opt\nARG V=1\nFROM a:$V AS one\nFROM one\nFROM scratch\n\
         FROM $X\nCOPY --from=one /a /b\nCOPY --from=0 /a /b\nCOPY --from=nginx:1 /a /b\n\
         COPY --from=$Y /a /b\nRUN --mount=type=bind,from=alpine:3,target=/x ls\n\
         RUN --mount=type=cache,target=/y ls\nONBUILD COPY --from=later:2 /a /b\nCOPY . .",
    );
    let images = file.images();
    let found: Vec<(&str, bool, &str)> = images
        .iter()
        .map(|image| (image.text.as_str(), image.expanded, file.source.slice(image.span)))
        .collect();
    assert_eq!(
        found,
        [
            ("docker/dockerfile:1.7", true, "docker/dockerfile:1.7"),
            ("a:1", true, "a:$V"),
            ("$X", false, "$X"),
            ("nginx:1", true, "nginx:1"),
            ("$Y", false, "$Y"),
            ("alpine:3", true, "alpine:3"),
            ("later:2", true, "later:2"),
        ]
    );
    let nginx = images[3].reference().unwrap();
    let tag = images[3].span_of(&file.source, nginx.tag_span().unwrap());
    assert_eq!((file.source.slice(tag), tag.start > 0), ("1", true));
    let tag = images[1].reference().unwrap().tag_span().unwrap();
    assert_eq!(file.source.slice(images[1].span_of(&file.source, tag)), "a:$V");
    assert!(images[2].reference().unwrap_err().is_unexpanded());
    assert_eq!(images[0].kind, ImageUseKind::Syntax);
    assert_eq!(images[1].kind, ImageUseKind::Base(0));
    assert_eq!(images[5].kind, ImageUseKind::MountFrom);
    assert!(images.iter().all(|image| image.span != Span::default()));
}
