//! The examples in the rules' documentation are the tests.

#[test]
fn examples_say_what_the_linter_says() {
    careen_testkit::check_examples(&careen_lint_release::ReleaseLinter);
}
