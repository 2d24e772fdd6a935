//! The `careen` executable: arguments, the list of linters, commands.

mod accepted;
mod args;
mod cache;
mod commands;
mod config;
mod detectors;
mod digest;
mod exclude;
mod files;
mod fresh;
mod host;
mod images;
mod linters;
mod look;
mod mend;
mod moment;
#[cfg(feature = "online")]
mod online;
mod outputs;
mod plan;
mod progress;
mod schemas;
mod signatures;
mod signing;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Arguments, Command, RulesAction};

/// Usage, configuration or own failure, or an analysis that is incomplete.
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    quiet_panics();
    let arguments = Arguments::parse();
    // The hook has told of a panic; what is left is the exit code of a failure of ours.
    match std::panic::catch_unwind(|| run(arguments)) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(error)) => {
            let message = format!("{error:#}");
            complain(&format!("error: {}", careen_text::sanitize(&message)));
            ExitCode::from(FAILURE)
        }
        Err(_) => ExitCode::from(FAILURE),
    }
}

fn run(arguments: Arguments) -> anyhow::Result<u8> {
    match arguments.command {
        Command::Check(mut arguments) => {
            images::set_apart(&mut arguments)?;
            commands::check::run(&arguments)
        }
        Command::Baseline(mut arguments) => {
            images::set_apart(&mut arguments.check)?;
            commands::baseline::run(&arguments)
        }
        Command::Audit(arguments) => commands::audit::run(&arguments),
        Command::SignOff(arguments) => commands::sign_off::run(&arguments),
        Command::Waive(arguments) => commands::waive::run(&arguments),
        Command::Evidence { action } => commands::evidence::run(&action),
        Command::Explain { rule } => commands::explain::run(&rule),
        Command::Rules { action: Some(RulesAction::Test { paths }), .. } => {
            commands::rules::test(&paths)
        }
        Command::Rules { action: Some(RulesAction::Pages { folder }), .. } => {
            commands::pages::run(&folder)
        }
        Command::Rules { format, peers, .. } => commands::rules::run(format, peers),
        Command::VerifyBundle(arguments) => commands::verify_bundle::run(&arguments),
        Command::Config { action } => commands::config::run(&action),
        Command::Init(arguments) => commands::init::run(&arguments),
        Command::Migrate(arguments) => commands::migrate::run(&arguments),
        Command::Sarif { action } => commands::sarif::run(&action),
        Command::Lsp { stdio: _ } => commands::lsp::run(),
        Command::Rage(arguments) => commands::rage::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "careen", &mut out);
            print(&out).map(|()| 0)
        }
    }
}

/// A variable of the environment: this is the only place that reads one.
#[allow(clippy::disallowed_methods, reason = "the binary hands on what it reads")]
fn environment(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

/// Writes data to standard output. A reader that went away is no failure.
fn print(data: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = anstream::AutoStream::auto(std::io::stdout().lock());
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes one line to standard error.
fn complain(line: &str) {
    use std::io::Write;
    // Nothing is left to tell if standard error is gone.
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// A panic's message may quote the file it failed on, so only its place is told; the report says
/// which file and rule are concerned.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| complain(&failure(panic.location()))));
}

/// What is told of a panic. It is given no message, so it cannot tell one.
fn failure(place: Option<&std::panic::Location<'_>>) -> String {
    let place =
        place.map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
    format!("careen: internal failure{place}; please report it")
}
