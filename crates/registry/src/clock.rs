use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What time it is, and how to wait: tests do neither.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// Is told that `wait` is to pass, and says how much of it really does.
    fn pause(&self, wait: Duration) -> Duration;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "a registry names dates to come back at, and a cache says how old it is"
    )]
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    fn pause(&self, wait: Duration) -> Duration {
        wait
    }
}
