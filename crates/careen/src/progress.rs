use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use careen_engine::Progress;

/// Shown only when a run takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);
const PACE: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Counts {
    files: AtomicUsize,
    done: AtomicUsize,
    over: AtomicBool,
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
        let mut out = std::io::stderr().lock();
        // Progress is a courtesy: a terminal that refuses it changes nothing.
        let _ = write!(out, "\rchecked {done} of {files} files").and_then(|()| out.flush());
        painted = true;
        drop(out);
        thread::park_timeout(PACE);
    }
    if painted {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
}
