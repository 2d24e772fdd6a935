/// Hears how a run goes on. Called from many threads.
pub trait Progress: Sync {
    /// The number of files is known.
    fn begin(&self, _files: usize) {}

    /// The run comes to things that are no files, such as commits; their number is known.
    fn begin_stage(&self, _things: &'static str, _number: usize) {}

    /// One more file is done, or whatever the stage counts.
    fn advance(&self) {}

    /// Whether the run is to end early. Only a search of a history asks: what was found so far is
    /// reported, as incomplete.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
