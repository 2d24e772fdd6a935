/// Hears how a run goes on. Called from many threads.
pub trait Progress: Sync {
    /// The number of files is known.
    fn begin(&self, _files: usize) {}

    /// One more file is done.
    fn advance(&self) {}
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
