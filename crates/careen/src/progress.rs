use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use careen_engine::Progress;
use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Shown only when a run takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);
/// The exit code of a program that an interrupt ended.
const INTERRUPTED: i32 = 130;
const PACE: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Counts {
    files: AtomicUsize,
    done: AtomicUsize,
    over: AtomicBool,
    /// What is counted.
    things: Mutex<&'static str>,
    /// Set by an interrupt, if interrupts are heeded.
    interrupted: Arc<AtomicBool>,
}

/// Counts files on standard error while a run lasts, if that is a terminal.
pub(crate) struct Meter {
    counts: Arc<Counts>,
    painter: Option<JoinHandle<()>>,
}

impl Meter {
    pub(crate) fn start() -> Self {
        let counts = Arc::new(Counts::default());
        let painter = std::io::stderr().is_terminal().then(|| {
            let counts = Arc::clone(&counts);
            thread::spawn(move || paint(&counts))
        });
        Self { counts, painter }
    }

    /// Counts and shows nothing: standard error belongs to somebody else.
    pub(crate) fn hidden() -> Self {
        Self { counts: Arc::new(Counts::default()), painter: None }
    }

    /// From now on a first interrupt (Ctrl-C) ends the search and lets it report; a second one ends
    /// the program.
    pub(crate) fn heed_interrupts(&self) -> std::io::Result<()> {
        let flag = || Arc::clone(&self.counts.interrupted);
        // In this order: the first signal finds the flag unset, then sets it.
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED, flag())?;
        flag::register(SIGINT, flag())?;
        Ok(())
    }

    /// Wipes the line.
    pub(crate) fn finish(mut self) {
        self.counts.over.store(true, Ordering::Relaxed);
        if let Some(painter) = self.painter.take() {
            painter.thread().unpark();
            // The painter cannot fail; if it did, there is nothing to wipe.
            let _ = painter.join();
        }
    }
}

impl Progress for Meter {
    fn begin_stage(&self, things: &'static str, number: usize) {
        *self.counts.things.lock().unwrap_or_else(PoisonError::into_inner) = things;
        self.begin(number);
    }

    fn is_cancelled(&self) -> bool {
        self.counts.interrupted.load(Ordering::Relaxed)
    }

    fn begin(&self, files: usize) {
        self.counts.files.store(files, Ordering::Relaxed);
        // Fixing goes over the files several times.
        self.counts.done.store(0, Ordering::Relaxed);
    }

    fn advance(&self) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
    }
}

fn paint(counts: &Counts) {
    thread::park_timeout(PATIENCE);
    let mut painted = false;
    while !counts.over.load(Ordering::Relaxed) {
        let done = counts.done.load(Ordering::Relaxed);
        let files = counts.files.load(Ordering::Relaxed);
        let things = *counts.things.lock().unwrap_or_else(PoisonError::into_inner);
        let things = if things.is_empty() { "files" } else { things };
        let mut out = std::io::stderr().lock();
        // Progress is a courtesy: a terminal that refuses it changes nothing.
        let _ =
            write!(out, "\rchecked {done} of {files} {things}\x1b[K").and_then(|()| out.flush());
        painted = true;
        drop(out);
        thread::park_timeout(PACE);
    }
    if painted {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
}
