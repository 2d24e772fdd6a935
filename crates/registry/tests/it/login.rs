use std::path::PathBuf;

use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Credentials, Options, Registry};
use careen_testkit::registry::{FakeRegistry, Fault, Faults, Gate, Login};
use data_encoding::BASE64;
use tempfile::TempDir;

use crate::support::{options, read, reference, sample, source, start};

const SECRET: &str = "hunter2/with?signs&spaces ü";

fn gated(gate: Gate, faults: Faults) -> FakeRegistry {
    let mut contents = sample().contents;
    contents.gate = gate;
    FakeRegistry::start(contents, faults)
}

fn login() -> Login {
    Login { name: "me".to_owned(), password: SECRET.to_owned() }
}

fn bearer(login: Option<Login>) -> Gate {
    Gate::Bearer { realm: None, login, identity: None }
}

/// Options with an entry for a place in `config.json`.
fn with(place: &str, entry: &str) -> (Options, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("config.json");
    std::fs::write(&path, format!(r#"{{"auths":{{"{place}":{entry}}}}}"#)).unwrap();
    let credentials = Credentials { files: vec![path], ..Credentials::default() };
    (Options { credentials, ..options() }, folder)
}

fn password() -> String {
    format!(r#"{{"auth":"{}"}}"#, BASE64.encode(format!("me:{SECRET}").as_bytes()))
}

fn authorizations(registry: &FakeRegistry) -> Vec<String> {
    let shown = |header: Option<&str>| {
        header.map_or("none", |header| header.split(' ').next().unwrap()).to_owned()
    };
    registry.requests().iter().map(|request| shown(request.header("authorization"))).collect()
}

#[test]
fn a_password_is_shown_only_when_it_is_wanted() {
    let registry = gated(Gate::Basic(login()), Faults::none());
    let (options, _folder) = with(&registry.address(), &password());
    let source = source(&registry, options);
    assert!(source.root().is_ok());
    assert!(source.tag("v1").unwrap().is_some());
    assert_eq!(authorizations(&registry), ["none", "Basic", "Basic"]);

    let (open, _) = start(Faults::none());
    let (options, _folder) = with(&open.address(), &password());
    assert!(crate::support::source(&open, options).root().is_ok());
    assert_eq!(authorizations(&open), ["none"]);
}

#[test]
fn tokens_are_had_by_anyone_by_password_and_by_identity() {
    let anonymous = (bearer(None), "{}".to_owned());
    let by_password = (bearer(Some(login())), password());
    let identity = Gate::Bearer {
        realm: None,
        login: Some(login()),
        identity: Some("refresh&me=1 ü".to_owned()),
    };
    let by_identity = (identity, r#"{"identitytoken":"refresh&me=1 ü"}"#.to_owned());
    for (gate, entry) in [anonymous, by_password, by_identity] {
        let registry = gated(gate, Faults::none());
        let (options, _folder) = with(&registry.address(), &entry);
        let source = source(&registry, options);
        let sample = sample();
        assert_eq!(source.root().unwrap().bytes, sample.manifest);
        assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
        let requests = registry.requests();
        assert_eq!(registry.asked("/token"), 1, "one token is enough");
        let token = requests.iter().find(|request| request.target.starts_with("/token")).unwrap();
        assert_eq!(token.parameter("scope").unwrap(), "repository:team/app:pull");
        assert_eq!(token.parameter("service").unwrap(), "fake, and sound");
    }
}

#[test]
fn whoever_is_not_let_in_is_told_what_helps() {
    let registry = gated(bearer(Some(login())), Faults::none());
    let address = registry.address();
    let error = source(&registry, options()).root().unwrap_err();
    let message =
        format!("`team/app` of `{address}` is private or not there: run `docker login {address}`");
    assert_eq!(error, SourceError::Denied(message));

    let wrong = format!(r#"{{"auth":"{}"}}"#, BASE64.encode(b"me:hunter3"));
    for gate in [bearer(Some(login())), Gate::Basic(login())] {
        let registry = gated(gate, Faults::none());
        let (options, _folder) = with(&registry.address(), &wrong);
        let error = source(&registry, options).root().unwrap_err();
        let SourceError::Denied(reason) = error else { panic!("{error}") };
        assert!(
            reason.contains("to whoever is logged in") && !reason.contains("hunter"),
            "{reason}"
        );
        assert!(registry.requests().len() <= 3);
    }
}

#[test]
fn a_token_that_ran_out_is_had_anew() {
    let registry = gated(bearer(None), Faults::none());
    let source = source(&registry, options());
    assert!(source.root().is_ok());
    let challenge = format!("Bearer realm=\"http://{}/token\"", registry.address());
    let expired = Fault::Status(401, vec![("WWW-Authenticate".to_owned(), challenge)]);
    registry.plan(|faults| faults.on("/blobs/", expired, 1));
    assert!(read(&source, &sample().layer).is_ok());
    assert_eq!(registry.asked("/token"), 2);
}

#[test]
fn a_token_endpoint_that_fails_is_reported() {
    let faults = Faults::none()
        .on("/token", Fault::Status(503, vec![]), 1)
        .on("/token", Fault::Close, 1)
        .on("/token", Fault::Status(500, vec![]), 1)
        .on("/token", Fault::Replace(b"{\"token\":\"a\\nb\"}".to_vec()), 1)
        .on("/token", Fault::Replace(b"{\"token\":\"\"}".to_vec()), 1)
        .on("/token", Fault::Endless, 1)
        .on("/token", Fault::Redirect("https://evil.test/token".to_owned()), 1);
    let registry = gated(bearer(None), faults);
    let source = source(&registry, options());
    for reason in [
        "answers 500",
        "cannot be sent",
        "answers without a token",
        "larger than 262144 bytes",
        "where no credentials are sent",
    ] {
        let error = source.root().unwrap_err().to_string();
        assert!(error.ends_with(reason), "{error}");
    }
    assert!(source.root().is_ok());
}

#[test]
fn a_realm_must_be_encrypted_and_elsewhere() {
    for (realm, reason) in [
        ("http://auth.test/token?secret=1", "a token from `auth.test` without encryption"),
        ("ftp://auth.test/token", "without encryption"),
        ("https://a:b@auth.test/", "with credentials in the address"),
        ("/token", "from an address that is malformed"),
    ] {
        let gate =
            Gate::Bearer { realm: Some(realm.to_owned()), login: Some(login()), identity: None };
        let registry = gated(gate, Faults::none());
        let (options, _folder) = with(&registry.address(), &password());
        let error = source(&registry, options).root().unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains("secret"), "{error}");
    }
}

#[test]
fn credentials_do_not_follow_a_redirect() {
    let (other, sample) = start(Faults::none());
    let target = format!(
        "http://{}/v2/team/app/blobs/{}?signature=hunter2",
        other.address(),
        sample.layer.digest
    );
    let faults = Faults::none().on("/blobs/", Fault::Status(401, basic_challenge()), 1).on(
        "/blobs/",
        Fault::Redirect(target),
        1,
    );
    let registry = gated(Gate::Basic(login()), faults);
    let (options, _folder) = with(&registry.address(), &password());
    let source = source(&registry, options);
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    assert_eq!(authorizations(&registry), ["none", "Basic"]);
    assert_eq!(authorizations(&other), ["none"]);
}

fn basic_challenge() -> Vec<(String, String)> {
    vec![("WWW-Authenticate".to_owned(), "Basic realm=\"a\"".to_owned())]
}

#[test]
fn a_place_that_was_led_to_cannot_ask_for_credentials() {
    let (other, sample) =
        start(Faults::none().on("/blobs/", Fault::Status(401, basic_challenge()), 9));
    let target =
        format!("http://{}/v2/a/blobs/{}?signature=hunter2", other.address(), sample.layer.digest);
    let (registry, _) = start(Faults::none().on("/blobs/", Fault::Redirect(target), 9));
    let (options, _folder) = with(&other.address(), &password());
    let error = read(&source(&registry, options), &sample.layer).unwrap_err().to_string();
    assert_eq!(error, format!("`{}` answers 401 by way of another host", registry.address()));
    assert_eq!(authorizations(&other), ["none"]);
}

#[test]
fn redirects_are_judged_and_counted() {
    for (target, reason) in [
        ("http://cdn.test/blob?signature=hunter2", "leads to `cdn.test` without encryption"),
        ("file:///etc/passwd", "leads to `` without encryption"),
        ("https://me:hunter2@cdn.test/", "leads to `cdn.test` with credentials"),
        ("/v2/team/app/blobs/again", "leads elsewhere more than 5 times"),
    ] {
        let faults = Faults::none().on("/blobs/", Fault::Redirect(target.to_owned()), 99);
        let (registry, sample) = start(faults);
        let error = read(&source(&registry, options()), &sample.layer).unwrap_err();
        let SourceError::Unreachable(error) = error else { panic!("{error}") };
        assert!(error.contains(reason) && !error.contains("hunter2"), "{error}");
        assert!(registry.requests().len() <= 6);
    }
}

#[test]
fn an_entry_for_a_namespace_is_not_shown_for_another() {
    let registry = gated(Gate::Basic(login()), Faults::none());
    let (options, _folder) = with(&format!("{}/team", registry.address()), &password());
    let all = Registry::new(options).unwrap();
    assert!(all.repository(&reference(&registry, "team/app:v1")).root().is_ok());
    assert!(all.repository(&reference(&registry, "other/app:v1")).root().is_err());
    assert_eq!(authorizations(&registry), ["none", "Basic", "none"]);
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let (mut options, _folder) = with("a.test", &password());
    options.proxy = Some("http://me:hunter2@proxy.test".to_owned());
    let registry = Registry::new(options.clone()).unwrap();
    let source = registry.repository(&careen_image_model::reference::parse("a.test/b:c").unwrap());
    for text in [format!("{options:?}"), format!("{registry:?}"), format!("{source:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let bad = Options { proxy: Some("http://me:hunter2@[".to_owned()), ..options };
    let error = Registry::new(bad).unwrap_err().to_string();
    assert_eq!(error, "the URL of the proxy is malformed");
}
