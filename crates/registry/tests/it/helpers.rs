//! Credential helpers are programs that are found by name: this runs itself anew where there are
//! some.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Credentials, Options};
use careen_testkit::registry::{FakeRegistry, Faults, Gate, Login};

use crate::support::{options, sample, source};

const SIGN: &str = "CAREEN_TEST_HELPERS";

/// Helpers by name.
const HELPERS: [(&str, &str); 4] = [
    ("knows", "echo \"{\\\"Username\\\":\\\"me\\\",\\\"Secret\\\":\\\"for $server\\\"}\""),
    ("empty", "echo credentials not found in native keychain\nexit 1"),
    ("fails", "echo hunter2\necho hunter2 >&2\nexit 1"),
    // Longer than anybody waits, and not for ever.
    ("hangs", "exec sleep 5"),
];

#[test]
#[allow(clippy::disallowed_methods, reason = "a test that runs itself says so by the environment")]
fn helpers_are_asked_for_credentials() {
    if std::env::var_os(SIGN).is_some() {
        return ask();
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in HELPERS {
        write(&folder.path().join(format!("docker-credential-{name}")), body);
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "helpers::helpers_are_asked_for_credentials", "--nocapture"])
        .env(SIGN, "1")
        .env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

fn write(path: &Path, body: &str) {
    // Who does not read breaks the pipe for who asks.
    fs::write(path, format!("#!/bin/sh\n[ \"$1\" = get ] || exit 2\nread -r server\n{body}\n"))
        .unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn ask() {
    let registry = FakeRegistry::start(sample().contents, Faults::none());
    let address = registry.address();
    let password = format!("for {address}");
    registry.change(|contents| {
        contents.gate = Gate::Basic(Login { name: "me".to_owned(), password });
    });
    for (config, note) in [
        (format!(r#"{{"credHelpers":{{"{address}":"knows"}},"credsStore":"fails"}}"#), None),
        (r#"{"credsStore":"knows"}"#.to_owned(), None),
        (r#"{"credsStore":"empty"}"#.to_owned(), Some("or not there: run `docker login")),
        (
            r#"{"credsStore":"fails"}"#.to_owned(),
            Some("and the credential helper `docker-credential-fails` failed: run"),
        ),
        (
            r#"{"credsStore":"hangs"}"#.to_owned(),
            Some("and the credential helper `docker-credential-hangs` hangs: run"),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, &config).unwrap();
        let helper_timeout = match config.contains("hangs") {
            true => Duration::from_millis(300),
            false => Duration::from_secs(60),
        };
        let credentials = Credentials { files: vec![path], helpers: true, helper_timeout };
        let result = source(&registry, Options { credentials, ..options() }).root();
        match note {
            None => assert!(result.is_ok(), "{config}: {result:?}"),
            Some(note) => {
                let Err(SourceError::Denied(why)) = result else { panic!("{config}: {result:?}") };
                assert!(why.contains(note) && !why.contains("hunter2"), "{why}");
            }
        }
    }
}
