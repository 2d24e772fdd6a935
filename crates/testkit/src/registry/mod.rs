//! A registry in this process that serves what it is given, and misbehaves as it is told.
//!
//! Plain HTTP on a loopback port of its own; one thread a connection; no waiting. It ends when it
//! is dropped. Beside it, the registry that Docker wrote.

mod answer;
mod contents;
mod docker;
mod faults;
mod request;
mod serve;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

pub use contents::{Contents, Gate, Login};
pub use docker::DockerRegistry;
pub use faults::{Fault, Faults};
pub use request::Request;

use serve::Server;

/// A registry that runs until it is dropped.
#[derive(Debug)]
pub struct FakeRegistry {
    address: SocketAddr,
    server: Arc<Server>,
    over: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl FakeRegistry {
    /// Starts serving.
    ///
    /// # Panics
    ///
    /// Where no loopback port can be listened to.
    #[must_use]
    pub fn start(contents: Contents, faults: Faults) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
        let address = listener.local_addr().expect("a port that is listened to");
        let server = Arc::new(Server {
            address: address.to_string(),
            contents: Mutex::new(contents),
            faults: Mutex::new(faults),
            requests: Mutex::default(),
        });
        let over = Arc::new(AtomicBool::new(false));
        let listening = {
            let (server, over) = (Arc::clone(&server), Arc::clone(&over));
            thread::spawn(move || {
                for stream in listener.incoming() {
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    let server = Arc::clone(&server);
                    thread::spawn(move || server.serve(stream));
                }
            })
        };
        Self { address, server, over, listening: Some(listening) }
    }

    /// `127.0.0.1:PORT`, the registry in references to its images.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What was asked for so far, in order.
    ///
    /// # Panics
    ///
    /// Where a thread of the registry panicked.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.server.requests.lock().expect("no panic").clone()
    }

    /// How often something was asked for whose method and path with its query hold `part`.
    #[must_use]
    pub fn asked(&self, part: &str) -> usize {
        self.requests().iter().filter(|request| request.line().contains(part)).count()
    }

    /// Changes what is served from now on.
    ///
    /// # Panics
    ///
    /// Where a thread of the registry panicked.
    pub fn change(&self, change: impl FnOnce(&mut Contents)) {
        change(&mut self.server.contents.lock().expect("no panic"));
    }

    /// Plans more that goes wrong.
    ///
    /// # Panics
    ///
    /// Where a thread of the registry panicked.
    pub fn plan(&self, plan: impl FnOnce(Faults) -> Faults) {
        let mut faults = self.server.faults.lock().expect("no panic");
        *faults = plan(std::mem::take(&mut *faults));
    }
}

impl Drop for FakeRegistry {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes up the thread that listens.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}
