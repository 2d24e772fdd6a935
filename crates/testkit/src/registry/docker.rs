use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::is_there;

/// A `docker-registry`, the one that Docker wrote, that runs until it is dropped.
#[derive(Debug)]
pub struct DockerRegistry {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl DockerRegistry {
    /// Starts one that keeps its content in `storage` of a folder; `more` of its configuration
    /// must say where it listens. None, aloud, where it or `skopeo`, which fills it, is missing.
    ///
    /// # Panics
    ///
    /// Where the folder cannot be written or the program ends.
    #[must_use]
    pub fn start(folder: &Path, more: &str) -> Option<Self> {
        if !(is_there("docker-registry") && is_there("skopeo")) {
            return None;
        }
        let config = folder.join("config.yml");
        let storage = folder.join("storage");
        let text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: '{}'}}}}\n{more}",
            storage.display(),
        );
        fs::write(&config, text).expect("a folder of our own");
        let mut child = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it is there");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut seen = String::new();
        // It says the port that it was given.
        let address = loop {
            let mut line = String::new();
            let read = log.read_line(&mut line).expect("its log is text");
            assert!(read > 0, "docker-registry ended: {seen}");
            if let Some((_, rest)) = line.split_once("listening on ") {
                break rest.split(['"', ',', ' ']).next().unwrap_or_default().to_owned();
            }
            seen.push_str(&line);
        };
        // It must not wait for somebody to read on.
        thread::spawn(move || log.lines().map_while(Result::ok).for_each(drop));
        Some(Self { child, address })
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
