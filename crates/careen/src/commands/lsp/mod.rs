//! `careen lsp`: the engine behind the language server.

mod checker;
mod configuration;

use std::sync::Arc;

use anyhow::Result;

use self::checker::EngineChecker;

/// Serves an editor over standard input and output until it leaves.
pub(crate) fn run() -> Result<u8> {
    Ok(careen_lsp::serve(std::io::stdin(), std::io::stdout(), Arc::new(EngineChecker)))
}
