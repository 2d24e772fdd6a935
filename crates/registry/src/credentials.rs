//! Credentials as docker and podman keep them: `config.json` and `auth.json`.
//!
//! The choice of an entry is ours, because podman's entries may be narrower than a registry;
//! decoding it and running a credential helper is `docker_credential`'s.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};
use serde::Deserialize;
use serde_json::{Value, json};

/// Bytes of a configuration that are read.
const FILE_MAX: u64 = 4 << 20;
/// What docker calls Docker Hub in its configuration and to its helpers.
const HUB_SERVER: &str = "https://index.docker.io/v1/";

/// Where credentials are looked for. None are, by default.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Configurations of docker (`config.json`) and podman (`auth.json`); the first that has
    /// credentials for a registry counts. One that is not there is passed over.
    pub files: Vec<PathBuf>,
    /// Whether the programs `docker-credential-…` that a configuration names are run.
    pub helpers: bool,
    /// How long such a program may take.
    pub helper_timeout: Duration,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { files: Vec::new(), helpers: true, helper_timeout: Duration::from_secs(30) }
    }
}

impl Credentials {
    /// The places where docker and podman look, from the values of `DOCKER_CONFIG`,
    /// `REGISTRY_AUTH_FILE`, `XDG_RUNTIME_DIR` and `HOME`.
    #[must_use]
    pub fn usual(
        docker_config: Option<&Path>,
        registry_auth_file: Option<&Path>,
        runtime: Option<&Path>,
        home: Option<&Path>,
    ) -> Self {
        let docker = docker_config
            .map(Path::to_path_buf)
            .or_else(|| home.map(|home| home.join(".docker")))
            .map(|folder| folder.join("config.json"));
        let files = [
            registry_auth_file.map(Path::to_path_buf),
            docker,
            runtime.map(|folder| folder.join("containers/auth.json")),
            home.map(|home| home.join(".config/containers/auth.json")),
        ];
        Self { files: files.into_iter().flatten().collect(), ..Self::default() }
    }

    /// Who asks for a repository of a registry.
    pub(crate) fn find(&self, registry: &str, repository: &str) -> Found {
        let mut note = None;
        for path in &self.files {
            let found = match read(path) {
                Ok(Some(config)) => self.choose(&config, registry, repository),
                Ok(None) => continue,
                Err(reason) => Err(format!("`{}` {reason}", path.display())),
            };
            match found {
                Ok(Login::Anonymous) => {}
                Ok(login) => return Found { login, note },
                Err(reason) => note = note.or(Some(reason)),
            }
        }
        Found { login: Login::Anonymous, note }
    }

    fn choose(&self, config: &Config, registry: &str, repository: &str) -> Result<Login, String> {
        let helpers = config.cred_helpers.iter().flatten();
        let helper = helpers.filter(|(_, name)| !name.is_empty());
        if let Some((server, helper)) = best(helper, registry, repository) {
            return self.ask_helper(helper, server);
        }
        let entry = best(config.auths.iter().flatten(), registry, repository);
        if let Some((key, entry)) = entry {
            let login = decode(entry).map_err(|()| format!("the entry `{key}` is malformed"))?;
            if !matches!(login, Login::Anonymous) {
                return Ok(login);
            }
        }
        let Some(store) = config.creds_store.as_deref().filter(|store| !store.is_empty()) else {
            return Ok(Login::Anonymous);
        };
        let usual = if registry == "docker.io" { HUB_SERVER } else { registry };
        self.ask_helper(store, entry.map_or(usual, |(key, _)| key))
    }

    /// Runs `docker-credential-NAME`, which is found like any program.
    fn ask_helper(&self, name: &str, server: &str) -> Result<Login, String> {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if !name.bytes().all(is_plain) {
            return Err("a credential helper has a name with a path".to_owned());
        }
        if !self.helpers {
            return Ok(Login::Anonymous);
        }
        let config = json!({ "credHelpers": { server: name } }).to_string();
        let (sender, receiver) = mpsc::channel();
        let server = server.to_owned();
        // A helper that hangs keeps this thread, not us.
        thread::spawn(move || {
            let _ = sender.send(get_credential_from_reader(config.as_bytes(), &server));
        });
        match receiver.recv_timeout(self.helper_timeout) {
            Ok(Ok(credential)) => Ok(Login::of(credential)),
            // How helpers say that they know nobody.
            Ok(Err(CredentialRetrievalError::HelperFailure { stdout, .. }))
                if stdout.contains("credentials not found") =>
            {
                Ok(Login::Anonymous)
            }
            Ok(Err(_)) => Err(format!("the credential helper `docker-credential-{name}` failed")),
            Err(_) => Err(format!("the credential helper `docker-credential-{name}` hangs")),
        }
    }
}

/// Who asks, and why it is not who it could be.
pub(crate) struct Found {
    pub(crate) login: Login,
    /// What is wrong with the credentials; a sentence fragment.
    pub(crate) note: Option<String>,
}

/// Who asks a registry.
pub(crate) enum Login {
    Anonymous,
    Password(String, String),
    /// A token that tokens are had for.
    Identity(String),
    /// A token that is shown as it is.
    Token(String),
}

/// Never what is secret.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Password(..) => "Password",
            Self::Identity(_) => "Identity",
            Self::Token(_) => "Token",
        })
    }
}

impl Login {
    fn of(credential: DockerCredential) -> Self {
        match credential {
            DockerCredential::IdentityToken(token) if !token.is_empty() => Self::Identity(token),
            DockerCredential::UsernamePassword(name, word) if !name.is_empty() => {
                Self::Password(name, word)
            }
            _ => Self::Anonymous,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    auths: Option<BTreeMap<String, Value>>,
    creds_store: Option<String>,
    cred_helpers: Option<BTreeMap<String, String>>,
}

fn read(path: &Path) -> Result<Option<Config>, &'static str> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(_) => return Err("cannot be read"),
    };
    let mut bytes = Vec::new();
    file.take(FILE_MAX).read_to_end(&mut bytes).map_err(|_| "cannot be read")?;
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    // The reason could quote what is secret.
    serde_json::from_slice(&bytes).map(Some).map_err(|_| "is no configuration of docker")
}

/// The entry with the longest key that holds the repository.
fn best<'a, T>(
    entries: impl Iterator<Item = (&'a String, &'a T)>,
    registry: &str,
    repository: &str,
) -> Option<(&'a str, &'a T)> {
    let name = format!("{registry}/{repository}");
    let holds = |key: &str| {
        let key = place_of(key);
        let rest = name.strip_prefix(key.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(key.len())
    };
    entries
        .filter_map(|(key, entry)| Some((holds(key)?, key.as_str(), entry)))
        .max_by_key(|(length, _, _)| *length)
        .map(|(_, key, entry)| (key, entry))
}

/// The registry, or the part of one, that a key stands for.
fn place_of(key: &str) -> String {
    let bare = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"));
    let place = match bare {
        // docker writes URLs of which only the host counts.
        Some(url) => url.split('/').next().unwrap_or_default(),
        None => key.trim_end_matches('/'),
    };
    let (host, rest) =
        place.split_once('/').map_or((place, None), |(host, rest)| (host, Some(rest)));
    let host = match host {
        "index.docker.io" | "registry-1.docker.io" => "docker.io",
        other => other,
    };
    match rest {
        // The old path of the API is no namespace.
        None | Some("v1" | "v2") => host.to_owned(),
        Some(rest) => format!("{host}/{rest}"),
    }
}

fn decode(entry: &Value) -> Result<Login, ()> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(token) = text("registrytoken") {
        return Ok(Login::Token(token.to_owned()));
    }
    if ["auth", "username", "identitytoken"].iter().all(|name| text(name).is_none()) {
        // The credentials are in the store, or nowhere.
        return Ok(Login::Anonymous);
    }
    let server = "server";
    let mut kept = serde_json::Map::new();
    for name in ["auth", "username", "password", "identitytoken"] {
        if let Some(text) = text(name) {
            kept.insert(name.to_owned(), Value::from(text));
        }
    }
    let config = json!({ "auths": { server: kept } }).to_string();
    get_credential_from_reader(config.as_bytes(), server).map(Login::of).map_err(drop)
}

#[cfg(test)]
mod tests;
