use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;

/// How registries are asked.
#[derive(Clone)]
pub struct Options {
    /// Opens no connection: what is not in the cache is not known.
    pub offline: bool,
    /// Where documents and blobs are kept by digest, and what tags led to. A folder that cannot be
    /// written to keeps nothing.
    pub cache: Option<PathBuf>,
    /// Registries (`host` or `host:port`) that are asked over plain HTTP, besides loopback.
    pub insecure: Vec<String>,
    /// Loopback registries (`host` or `host:port`) that speak TLS all the same.
    pub secure: Vec<String>,
    /// PEM files with certificates of authorities, besides those that the system trusts.
    pub ca_files: Vec<PathBuf>,
    /// Registries and the mirror that is asked before each: `docker.io` to `mirror.gcr.io`.
    pub mirrors: Vec<(String, String)>,
    /// URL of a proxy for all that is not loopback.
    pub proxy: Option<String>,
    /// Hosts that are asked without the proxy, separated by commas.
    pub no_proxy: Option<String>,
    /// How long a connection, an answer, and each piece of it may take. A document as a whole
    /// takes at most four times that, and a blob must come at 16 KiB a second.
    pub timeout: Duration,
    /// References looked up at a time.
    pub concurrency: usize,
    /// How often something is asked for while a registry is busy or a connection breaks.
    pub attempts: u32,
    /// Who asks.
    pub credentials: Credentials,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            offline: false,
            cache: None,
            insecure: Vec::new(),
            secure: Vec::new(),
            ca_files: Vec::new(),
            mirrors: Vec::new(),
            proxy: None,
            no_proxy: None,
            timeout: Duration::from_secs(30),
            concurrency: 8,
            attempts: 3,
            credentials: Credentials::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Without the proxy's URL, which may hold a password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("offline", &self.offline)
            .field("cache", &self.cache)
            .field("insecure", &self.insecure)
            .field("secure", &self.secure)
            .field("ca_files", &self.ca_files)
            .field("mirrors", &self.mirrors)
            .field("timeout", &self.timeout)
            .field("attempts", &self.attempts)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
