//! A thread that does one thing after the other.

use std::sync::mpsc::{Sender, channel};
use std::thread;

/// Work, and what is to be told when it is done.
type Job<E> = Box<dyn FnOnce() -> E + Send>;

/// The way to a thread.
pub(crate) struct Lane<E>(Sender<Job<E>>);

impl<E: Send + 'static> Lane<E> {
    /// Starts the thread, which tells `events` what became of each job. It ends with the lane.
    pub(crate) fn start(events: Sender<E>) -> Self {
        let (sender, jobs) = channel::<Job<E>>();
        thread::spawn(move || {
            for job in jobs {
                // Without a listener there is nobody to work for.
                if events.send(job()).is_err() {
                    return;
                }
            }
        });
        Self(sender)
    }

    /// Hands a job over; false if the thread is gone.
    pub(crate) fn take(&self, job: impl FnOnce() -> E + Send + 'static) -> bool {
        self.0.send(Box::new(job)).is_ok()
    }
}
