//! Automation: code generation, tidiness checks, benchmarks, and what continuous integration runs.
//!
//! Nothing here is shipped. Every command works from the root of the repository, whichever folder
//! it is started in, and needs nothing but the Rust toolchain unless its help says otherwise.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal tool for developers: its output is the terminal"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it runs other programs, and measures them with the clock"
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod bench;
mod book;
mod ci;
mod codegen;
mod kubernetes;
mod tidy;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Automation of the workspace", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the lists of rules, their overlaps, the controls and the profiles.
    Codegen {
        /// Writes nothing; fails with the list of files that are stale.
        #[arg(long)]
        check: bool,
        /// Leaves out what running the examples would tell: which rules overlap.
        #[arg(long)]
        lists_only: bool,
    },
    /// Checks layering, file lengths, rule files, wording and fixtures.
    Tidy,
    /// Measures `careen check` against the floor: reading every file once. Linux only.
    Bench(bench::Options),
    /// Makes the book: the pages of `docs/` and one of every rule, for mdBook.
    Book,
    /// Everything a change must pass, in order, with the time of each step.
    Ci,
    /// Writes the table of Kubernetes' own kinds from JSON schemas of its versions.
    ///
    /// They come with the Python package `kubernetes-validate`:
    /// `pip download --no-deps kubernetes-validate`, unpacked with `unzip`.
    KubernetesSchemas {
        /// The folder that holds `v1.25.0-local` and its like.
        #[arg(long)]
        from: PathBuf,
    },
    /// Reads every file below a folder once and counts newlines; what `bench` compares with.
    #[command(hide = true)]
    Floor {
        /// The folder.
        directory: PathBuf,
        /// How often, in one process.
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all was well; `Err` is a failure of the tool itself.
fn run(command: Command) -> Result<bool> {
    let workspace = Workspace::find()?;
    match command {
        Command::Codegen { check: false, lists_only } => {
            for path in codegen::write(&workspace)? {
                println!("wrote {path}");
            }
            if !lists_only {
                codegen::write_overlaps(&workspace)?;
            }
            Ok(true)
        }
        Command::Codegen { check: true, .. } => {
            let stale = codegen::stale(&workspace)?;
            for path in &stale {
                println!("{path}: stale: run `cargo xtask codegen`");
            }
            Ok(stale.is_empty())
        }
        Command::Tidy => tidy::run(&workspace),
        Command::KubernetesSchemas { from } => {
            kubernetes::write(&workspace, &from)?;
            Ok(true)
        }
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Book => book::make(&workspace),
        Command::Ci => ci::run(&workspace),
        Command::Floor { directory, times } => {
            for _ in 1..times {
                bench::floor::read_all(&directory)?;
            }
            let floor = bench::floor::read_all(&directory)?;
            println!("{} files, {} bytes, {} lines", floor.files, floor.bytes, floor.lines);
            Ok(true)
        }
    }
}
