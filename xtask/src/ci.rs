//! What a change must pass. Every step runs, also after one has failed, so that one run tells all.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::workspace::{Workspace, cargo};
use crate::{codegen, tidy};

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// Could not be done here, and why; no reason to fail.
    Skipped(&'static str),
}

type Step = (&'static str, fn(&Workspace) -> Result<Outcome>);

const STEPS: &[Step] = &[
    ("format", |it| run_cargo(it, &["fmt", "--all", "--check"], &[])),
    ("codegen --check", check_codegen),
    ("tidy", |it| Ok(outcome(tidy::run(it)?))),
    ("clippy", |it| {
        run_cargo(it, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])
    }),
    ("clippy without `online`", |it| {
        let offline = ["clippy", "--package", "careen", "--no-default-features"];
        run_cargo(it, &[&offline[..], &["--", "-D", "warnings"]].concat(), &[])
    }),
    ("test", |it| run_cargo(it, &["test", "--workspace"], &[])),
    ("doc", |it| {
        run_cargo(it, &["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])
    }),
    ("deny", |it| {
        if has_deny(it) {
            run_cargo(
                it,
                &["deny", "--log-level", "error", "check", "bans", "licenses", "sources"],
                &[],
            )
        } else {
            Ok(Outcome::Skipped("cargo-deny is not installed"))
        }
    }),
    ("advisories", check_advisories),
];

/// Runs every step; whether none failed.
pub(crate) fn run(workspace: &Workspace) -> Result<bool> {
    let start = Instant::now();
    let mut done = Vec::new();
    for (name, step) in STEPS {
        println!("==> {name}");
        let start = Instant::now();
        let outcome = step(workspace).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::Failed
        });
        done.push((*name, outcome, start.elapsed()));
    }
    print!("{}", summary(&done, start.elapsed()));
    Ok(!done.iter().any(|(_, outcome, _)| *outcome == Outcome::Failed))
}

fn summary(done: &[(&str, Outcome, Duration)], total: Duration) -> String {
    let mut text = "==> summary\n".to_owned();
    for (name, outcome, time) in done {
        let outcome = match outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Failed => "FAILED".to_owned(),
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
        };
        text.push_str(&format!("{name:16} {:7.1} s  {outcome}\n", time.as_secs_f64()));
    }
    text.push_str(&format!("total: {:.1} minutes\n", total.as_secs_f64() / 60.0));
    text
}

fn outcome(is_well: bool) -> Outcome {
    if is_well { Outcome::Passed } else { Outcome::Failed }
}

fn run_cargo(
    workspace: &Workspace,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Outcome> {
    let status = Command::new(cargo())
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cargo {}", arguments.join(" ")))?;
    Ok(outcome(status.success()))
}

fn check_codegen(workspace: &Workspace) -> Result<Outcome> {
    let stale = codegen::stale(workspace)?;
    for path in &stale {
        println!("{path}: stale: run `cargo xtask codegen`");
    }
    Ok(outcome(stale.is_empty()))
}

fn has_deny(workspace: &Workspace) -> bool {
    let version = Command::new(cargo())
        .args(["deny", "--version"])
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

/// Checks known advisories if their database can be had; a network that is not there is no fault
/// of the change.
fn check_advisories(workspace: &Workspace) -> Result<Outcome> {
    if !has_deny(workspace) {
        return Ok(Outcome::Skipped("cargo-deny is not installed"));
    }
    let output = Command::new(cargo())
        .args(["deny", "check", "advisories"])
        .current_dir(workspace.root())
        // A server that asks for a password or does not answer must not hold the run up.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_HTTP_LOW_SPEED_LIMIT", "1000")
        .env("GIT_HTTP_LOW_SPEED_TIME", "30")
        .stdin(Stdio::null())
        .output()
        .context("cargo deny")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let result = judge_advisories(output.status.success(), &text);
    if result == Outcome::Failed {
        eprint!("{text}");
    }
    Ok(result)
}

fn judge_advisories(is_success: bool, stderr: &str) -> Outcome {
    if is_success {
        Outcome::Passed
    } else if stderr.contains("failed to fetch advisory database") {
        Outcome::Skipped("the advisory database could not be reached")
    } else {
        Outcome::Failed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outcome, judge_advisories, summary};

    #[test]
    fn a_missing_network_is_no_failure_and_an_advisory_is_one() {
        assert_eq!(judge_advisories(true, ""), Outcome::Passed);
        let unreachable = "[ERROR] failed to fetch advisory database x with cli: failed to clone";
        assert!(matches!(judge_advisories(false, unreachable), Outcome::Skipped(_)));
        assert_eq!(judge_advisories(false, "error[unmaintained]: gone"), Outcome::Failed);
    }

    #[test]
    fn the_summary_names_every_step() {
        let second = Duration::from_secs(1);
        let done = [("a", Outcome::Failed, second), ("b", Outcome::Skipped("no net"), second)];
        let text = summary(&done, Duration::from_secs(90));
        assert!(text.contains("FAILED") && text.contains("skipped: no net"), "{text}");
        assert!(text.ends_with("total: 1.5 minutes\n"), "{text}");
    }
}
