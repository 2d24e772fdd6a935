use std::panic::{AssertUnwindSafe, catch_unwind};

use careen_rule::{Findings, Note, NoteKind};

/// Runs a part of a linter; if it panics, what it had found stays and a note says what is missing.
/// The state that is left behind is a list of finished findings, which a panic cannot tear.
pub(crate) fn isolated(
    linter: &str,
    path: Option<&str>,
    findings: &mut Findings,
    work: impl FnOnce(&mut Findings),
) -> Option<Note> {
    let outcome = catch_unwind(AssertUnwindSafe(|| work(findings)));
    outcome.err().map(|_| {
        // Of a linter that failed before its first rule, the rule that ran last is another's.
        let rule = findings.running().filter(|rule| rule.linter() == linter);
        let rule = rule.map_or_else(String::new, |rule| format!(" at rule `{}`", rule.id));
        let message = format!(
            "the {linter} linter failed{rule}, so its findings may be missing here: \
             this is a defect of careen, please report it"
        );
        let note = match path {
            Some(path) => Note::about(NoteKind::Failure, path, message),
            None => Note::general(NoteKind::Failure, message),
        };
        note.incomplete()
    })
}

/// Runs a parser; if it panics, a note says so. What it had made is lost.
pub(crate) fn parsed<T>(path: &str, work: impl FnOnce() -> T) -> Result<T, Note> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let message = "could not be parsed, so findings may be missing here: this is a defect of \
                       careen, please report it";
        Note::about(NoteKind::Failure, path, message).incomplete()
    })
}

#[cfg(test)]
mod tests {
    use careen_rule::{Findings, Meta};
    use careen_text::{Source, Span};

    use super::{isolated, parsed};

    static RULE: Meta =
        Meta { id: "a-rule", module: "careen_lint_test::rules::group::a_rule", ..Meta::DEFAULT };

    #[test]
    fn a_panic_keeps_what_was_found_and_names_the_rule() {
        let source = Source::new("a", "text");
        let mut findings = Findings::of_file();
        let note = isolated("test", Some("a"), &mut findings, |findings| {
            findings.sink(&RULE, &source).report(Span::new(0, 1), "found");
            panic!("on purpose");
        });
        let note = note.unwrap();
        assert!(note.incomplete && note.message.contains("`a-rule`"), "{note:?}");
        assert_eq!(findings.iter().count(), 1);
        let note = isolated("other", None, &mut findings, |_| panic!("on purpose")).unwrap();
        assert!(note.message.contains("the other linter failed, so"), "{note:?}");
    }

    #[test]
    fn a_parser_that_fails_is_a_note() {
        assert_eq!(parsed("a", || 7), Ok(7));
        let note = parsed::<u8>("a", || panic!("on purpose")).unwrap_err();
        assert!(note.incomplete && note.path.as_deref() == Some("a"), "{note:?}");
    }
}
