use careen_text::{Source, Span};
use proptest::prelude::*;

use super::read;
use crate::dockerfile::{Arguments, Dockerfile, INSTRUCTIONS_MAX, Instruction, ProblemKind, parse};
use crate::{Pair, Word, shell};

const FRAGMENTS: &[&str] = &[
    "FROM ",
    "from",
    "x",
    "a:1",
    " AS ",
    "b",
    "\n",
    "\r\n",
    "\\\n",
    "\\",
    "`",
    "# escape=`\n",
    "# syntax=d/f:1\n",
    "# c\n",
    "\u{feff}",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "LABEL ",
    "CMD ",
    "USER ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "SHELL ",
    "EXPOSE ",
    "VOLUME ",
    "--from=",
    "--mount=",
    "--",
    "type=bind,from=i",
    "<<E",
    "<<-\"E\"",
    "E\n",
    "\tE\n",
    "[\"a\", ",
    "\"]",
    "[",
    "]",
    "\"",
    "'",
    "$X",
    "${X:-",
    "}",
    "${",
    "=",
    "A=1 ",
    " ",
    "\t",
    "é",
    "😀",
    "&&",
    "|",
    "$(",
    ")",
    "\\u00e9",
    ",",
];

fn check(file: &Dockerfile) -> Result<(), TestCaseError> {
    let text = file.source.text();
    let fits = |span: Span| text.get(span.range()).is_some();
    let mut end = 0;
    for instruction in &file.instructions {
        prop_assert!(instruction.span.start >= end, "instructions overlap");
        prop_assert!(instruction.extent.encloses(instruction.span));
        end = instruction.extent.end;
        instruction_is_sound(file, instruction)?;
    }
    for stage in &file.stages {
        prop_assert!(fits(stage.base.span));
        prop_assert!(file.instructions.get(stage.instructions.clone()).is_some());
        prop_assert!(file.base_stage(file.root_stage(stage)).is_none());
    }
    for problem in &file.problems {
        prop_assert!(fits(problem.span));
    }
    for comment in &file.comments {
        prop_assert!(file.source.slice(comment.span).starts_with('#'));
    }
    for image in file.images() {
        prop_assert!(fits(image.span));
    }
    Ok(())
}

fn instruction_is_sound(file: &Dockerfile, one: &Instruction) -> Result<(), TestCaseError> {
    let word = |word: &Word| -> Result<(), TestCaseError> {
        prop_assert!(file.source.text().get(word.span.range()).is_some());
        prop_assert!(file.source.text().get(word.content.range()).is_some());
        prop_assert!(one.span.encloses(word.span), "{:?} in {:?}", word, one.span);
        prop_assert!(word.span.encloses(word.content));
        Ok(())
    };
    let pair = |pair: &Pair| -> Result<(), TestCaseError> {
        word(&pair.key)?;
        pair.value.as_ref().map_or(Ok(()), word)
    };
    prop_assert_eq!(
        file.source.slice(one.keyword_span).is_empty(),
        false,
        "a keyword is never empty"
    );
    for flag in &one.flags {
        prop_assert!(one.span.encloses(flag.span));
        flag.value.as_ref().map_or(Ok(()), word)?;
        flag.fields.iter().try_for_each(pair)?;
    }
    match &one.arguments {
        Arguments::None | Arguments::Shell(_) => {}
        Arguments::Words(words) | Arguments::Json(words) => words.iter().try_for_each(word)?,
        Arguments::Pairs(pairs) => pairs.iter().try_for_each(pair)?,
    }
    let commands = one.commands(&file.source);
    for command in shell::walk(&commands) {
        prop_assert!(one.extent.encloses(command.span));
        prop_assert!(file.source.text().get(command.span.range()).is_some());
    }
    for heredoc in &one.heredocs {
        word(&heredoc.delimiter)?;
        prop_assert!(file.source.text().get(heredoc.body_span.range()).is_some());
    }
    one.onbuild.as_ref().map_or(Ok(()), |inner| instruction_is_sound(file, inner))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn dockerfile_like_text_is_read(
        pieces in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60)
    ) {
        check(&read(&pieces.concat()))?;
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&read(&text))?;
    }

    #[test]
    fn a_mark_in_front_changes_nothing(
        pieces in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)
    ) {
        let text = pieces.concat();
        prop_assume!(!text.starts_with('\u{feff}'));
        let plain = read(&text);
        let marked = read(&format!("\u{feff}{text}"));
        let spans = |file: &Dockerfile, by: u32| -> Vec<Span> {
            file.instructions.iter().map(|one| one.span.shifted(by)).collect()
        };
        prop_assert_eq!(spans(&plain, 3), spans(&marked, 0));
    }
}

#[test]
fn limits_are_told() {
    let file = read(&"USER x\n".repeat(INSTRUCTIONS_MAX + 5));
    assert_eq!(file.instructions.len(), INSTRUCTIONS_MAX);
    assert!(file.problems.len() <= super::super::PROBLEMS_MAX);
    let long = format!("FROM x\nRUN {}\n", "a ".repeat(1 << 20));
    let file = parse(&Source::new("x", long));
    assert_eq!(file.problems[0].kind, ProblemKind::Limit);
}

#[test]
fn hostile_files_are_read_in_linear_time() {
    // Each would take minutes if a step read the rest of the file again.
    read(&"RUN <<A\n".repeat(9_000));
    read(&"RUN a \\\n".repeat(100_000));
    read(&format!("FROM x\nRUN {}", "<<A ".repeat(200_000)));
    read(&format!("FROM {}", "${".repeat(200_000)));
    read(&format!("FROM x\nCMD [{}", "\"a\",".repeat(200_000)));
    read(&format!("FROM x\nENV {}", "A=\\\n\"b\\\nc\" ".repeat(60_000)));
}
