use std::process::{Command, Stdio};

/// Whether there is a program with that name; says aloud that a test is skipped where there is
/// none.
#[must_use]
pub fn is_there(program: &str) -> bool {
    let ran = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if ran.is_err() {
        eprintln!("SKIPPED: there is no `{program}` to test with");
    }
    ran.is_ok()
}
