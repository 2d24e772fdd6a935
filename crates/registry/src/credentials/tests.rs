use std::path::Path;

use data_encoding::BASE64;

use super::{Credentials, Login, place_of};

fn find(config: &str, registry: &str, repository: &str) -> (String, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, config).unwrap();
    let absent = folder.path().join("absent/config.json");
    let credentials = Credentials { files: vec![absent, path], ..Credentials::default() };
    let found = credentials.find(registry, repository);
    let login = match found.login {
        Login::Anonymous => "anonymous".to_owned(),
        Login::Password(name, word) => format!("{name}:{word}"),
        Login::Identity(token) => format!("identity {token}"),
        Login::Token(token) => format!("token {token}"),
    };
    (login, found.note)
}

fn auth(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

#[test]
fn the_narrowest_entry_counts() {
    let config = format!(
        r#"{{"auths": {{
            "https://index.docker.io/v1/": {{"auth": "{}"}},
            "quay.io": {{"auth": "{}"}},
            "quay.io/team": {{"auth": "{}"}},
            "quay.io/team/app": {{"username": "app", "password": "c"}},
            "acr.test": {{"auth": "{}", "identitytoken": "refresh"}},
            "given.test": {{"registrytoken": "shown"}},
            "empty.test": {{}}
        }}}}"#,
        auth("hub:a"),
        auth("quay:b:with:colons"),
        auth("team:x"),
        auth("00000000-0000-0000-0000-000000000000:"),
    );
    for (registry, repository, login) in [
        ("docker.io", "library/nginx", "hub:a"),
        ("quay.io", "other/app", "quay:b:with:colons"),
        ("quay.io", "teams/app", "quay:b:with:colons"),
        ("quay.io", "team/other", "team:x"),
        ("quay.io", "team/app", "app:c"),
        ("acr.test", "a", "identity refresh"),
        ("given.test", "a", "token shown"),
        ("empty.test", "a", "anonymous"),
        ("quay.io.evil.test", "team/app", "anonymous"),
        ("evilquay.io", "team/app", "anonymous"),
    ] {
        assert_eq!(find(&config, registry, repository), (login.to_owned(), None), "{registry}");
    }
}

#[test]
fn what_is_wrong_is_said_without_secrets() {
    let (login, note) = find("{\"auths\": {\"a.test\": \"hunter2\"", "a.test", "b");
    assert_eq!(login, "anonymous");
    let note = note.unwrap();
    assert!(note.ends_with("is no configuration of docker") && !note.contains("hunter2"), "{note}");

    let (_, note) = find(r#"{"auths": {"a.test": {"auth": "hunter2!"}}}"#, "a.test", "b");
    assert_eq!(note.unwrap(), "the entry `a.test` is malformed");
    assert_eq!(format!("{:?}", Login::Password("a".into(), "hunter2".into())), "Password");
}

#[test]
fn helpers_are_named_and_never_paths() {
    let (login, note) = find(r#"{"credHelpers": {"a.test": "../../bin/sh"}}"#, "a.test", "b");
    assert_eq!(
        (login.as_str(), note.as_deref()),
        ("anonymous", Some("a credential helper has a name with a path"))
    );
    let (login, note) = find(r#"{"credsStore": "careen-is-not-there"}"#, "a.test", "b");
    assert_eq!(login, "anonymous");
    assert_eq!(
        note.unwrap(),
        "the credential helper `docker-credential-careen-is-not-there` failed"
    );
    // An entry besides the store is taken as it is.
    let config = format!(
        r#"{{"credsStore": "careen-is-not-there", "auths": {{"a.test": {{"auth": "{}"}}}}}}"#,
        auth("a:b")
    );
    assert_eq!(find(&config, "a.test", "b"), ("a:b".to_owned(), None));
}

#[test]
fn keys_of_every_age() {
    for (key, place) in [
        ("https://index.docker.io/v1/", "docker.io"),
        ("index.docker.io", "docker.io"),
        ("docker.io/library", "docker.io/library"),
        ("registry-1.docker.io", "docker.io"),
        ("http://localhost:5000", "localhost:5000"),
        ("https://a.test/v2/", "a.test"),
        ("a.test/v1/", "a.test"),
        ("a.test/team/", "a.test/team"),
    ] {
        assert_eq!(place_of(key), place, "{key}");
    }
}

#[test]
fn the_usual_places() {
    let home = Path::new("/home/a");
    let files = |credentials: Credentials| credentials.files;
    assert_eq!(
        files(Credentials::usual(None, None, Some(Path::new("/run/user/1")), Some(home))),
        [
            Path::new("/home/a/.docker/config.json"),
            Path::new("/run/user/1/containers/auth.json"),
            Path::new("/home/a/.config/containers/auth.json"),
        ]
    );
    let set = Credentials::usual(Some(Path::new("/d")), Some(Path::new("/a.json")), None, None);
    assert_eq!(set.files, [Path::new("/a.json"), Path::new("/d/config.json")]);
}
