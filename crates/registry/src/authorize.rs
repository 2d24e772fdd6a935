//! What a registry wants to see before it answers: a password, or a token that is had elsewhere.
//!
//! <https://distribution.github.io/distribution/spec/auth/token/> and, for identity tokens,
//! <https://distribution.github.io/distribution/spec/auth/oauth/>.

use std::sync::{Arc, PoisonError};

use data_encoding::BASE64;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Url};
use serde::Deserialize;

use crate::answer::{self, refused, within};
use crate::challenge::{Challenge, challenge};
use crate::client::{Client, Place};
use crate::credentials::{Found, Login};
use crate::origin::host_and_port;
use crate::trouble::Trouble;

/// Bytes of an answer with a token.
const TOKEN_MAX: u64 = 256 << 10;

impl Client {
    /// What to show for the repository, after what was shown, if anything, was refused.
    pub(crate) fn authorize(
        &self,
        place: &Place,
        challenges: &[String],
        shown: Option<&HeaderValue>,
    ) -> Result<HeaderValue, Trouble> {
        let known = self.grants.lock().unwrap_or_else(PoisonError::into_inner).get(place).cloned();
        if let Some(known) = known.filter(|known| Some(known) != shown) {
            // Another thread was faster.
            return Ok(known);
        }
        let wanted = challenges.iter().filter_map(|header| challenge(header));
        let Some(wanted) = wanted.max_by_key(|one| matches!(one, Challenge::Bearer { .. })) else {
            return Err(Trouble::Denied(self.denied(place)));
        };
        let found = self.login(place);
        let grant = match (&wanted, &found.login) {
            (_, Login::Token(token)) if shown.is_none() => bearer(token)?,
            (Challenge::Basic, Login::Password(name, word)) if shown.is_none() => {
                basic(name, word)?
            }
            (Challenge::Basic, _) | (_, Login::Token(_)) => {
                return Err(Trouble::Denied(self.denied(place)));
            }
            (Challenge::Bearer { realm, service, scope }, login) => {
                let usual = format!("repository:{}:pull", place.repository);
                // A registry behind another may call the repository otherwise; more than reading
                // is not asked for.
                let named = scope
                    .as_deref()
                    .filter(|scope| scope.starts_with("repository:") && scope.ends_with(":pull"));
                self.token(place, realm, service.as_deref(), named.unwrap_or(&usual), login)?
            }
        };
        let mut grants = self.grants.lock().unwrap_or_else(PoisonError::into_inner);
        grants.insert(place.clone(), grant.clone());
        Ok(grant)
    }

    /// Who asks for the repository.
    fn login(&self, place: &Place) -> Arc<Found> {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        // One helper at a time: some open a window.
        let find =
            || Arc::new(self.options.credentials.find(&place.origin.name, &place.repository));
        Arc::clone(logins.entry(place.clone()).or_insert_with(find))
    }

    /// Why nobody is let in, and what helps; a sentence fragment.
    pub(crate) fn denied(&self, place: &Place) -> String {
        let name = &place.origin.name;
        let login = if place.origin.is_hub() {
            "docker login".to_owned()
        } else {
            format!("docker login {name}")
        };
        let found = self.login(place);
        let repository = &place.repository;
        match (&found.login, &found.note) {
            (Login::Anonymous, Some(note)) => format!(
                "`{repository}` of `{name}` is private or not there, and {note}: run `{login}`"
            ),
            (Login::Anonymous, None) => {
                format!("`{repository}` of `{name}` is private or not there: run `{login}`")
            }
            _ => format!(
                "`{name}` does not show `{repository}` to whoever is logged in: run `{login}`, or \
                 ask for the right to read it"
            ),
        }
    }

    fn token(
        &self,
        place: &Place,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        login: &Login,
    ) -> Result<HeaderValue, Trouble> {
        let mut url = Url::parse(realm)
            .map_err(|_| Trouble::failed("wants a token from an address that is malformed"))?;
        url.set_fragment(None);
        let host = host_and_port(&url);
        place.origin.permits(&url, &self.options).map_err(|refusal| {
            Trouble::failed(format!("wants a token from `{host}` {}", refusal.reason()))
        })?;
        let request = || -> Result<RequestBuilder, Trouble> {
            let mut url = url.clone();
            if let Login::Identity(identity) = login {
                let form = form(service, scope, identity);
                let request = self.http.post(url);
                return Ok(request.header(CONTENT_TYPE, FORM).body(form));
            }
            {
                let mut query = url.query_pairs_mut();
                if let Some(service) = service {
                    query.append_pair("service", service);
                }
                query.append_pair("scope", scope);
            }
            let request = self.http.get(url);
            Ok(match login {
                Login::Password(name, word) => request.header(AUTHORIZATION, basic(name, word)?),
                _ => request,
            })
        };
        let result = self.patiently(|| {
            let request = request()?;
            self.runtime.block_on(self.ask_for_token(request))
        });
        match result {
            Err(Trouble::Status(refused))
                if matches!(refused.status.as_u16(), 400 | 401 | 403 | 404) =>
            {
                Err(Trouble::Denied(self.denied(place)))
            }
            Err(Trouble::Status(refused)) => Err(Trouble::failed(format!(
                "gives no token: `{host}` answers {}",
                refused.status.as_u16()
            ))),
            Err(Trouble::Failed { reason, again }) => {
                Err(Trouble::Failed { reason: format!("gives no token: `{host}` {reason}"), again })
            }
            other => other,
        }
    }

    async fn ask_for_token(&self, request: RequestBuilder) -> Result<HeaderValue, Trouble> {
        let limit = self.options.timeout;
        let response = within(limit, request.send()).await?;
        if response.status().is_redirection() {
            return Err(Trouble::failed("leads elsewhere, where no credentials are sent"));
        }
        if !response.status().is_success() {
            return Err(refused(self, response, false).await);
        }
        let bytes = answer::body(response, TOKEN_MAX, limit).await?;
        // The reason could quote the token.
        let none = || Trouble::failed("answers without a token");
        let tokens: Tokens = serde_json::from_slice(&bytes).map_err(|_| none())?;
        let given = [tokens.token, tokens.access_token].into_iter().flatten();
        bearer(&given.into_iter().find(|token| !token.is_empty()).ok_or_else(none)?)
    }
}

#[derive(Deserialize)]
struct Tokens {
    token: Option<String>,
    access_token: Option<String>,
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(service: Option<&str>, scope: &str, identity: &str) -> String {
    // Any URL writes pairs in the form's encoding.
    let Ok(mut url) = Url::parse("form:/") else { return String::new() };
    url.query_pairs_mut()
        .append_pair("grant_type", "refresh_token")
        .append_pair("service", service.unwrap_or_default())
        .append_pair("client_id", "careen")
        .append_pair("scope", scope)
        .append_pair("refresh_token", identity);
    url.query().unwrap_or_default().to_owned()
}

fn basic(name: &str, word: &str) -> Result<HeaderValue, Trouble> {
    sensitive(&format!("Basic {}", BASE64.encode(format!("{name}:{word}").as_bytes())))
}

fn bearer(token: &str) -> Result<HeaderValue, Trouble> {
    sensitive(&format!("Bearer {token}"))
}

fn sensitive(text: &str) -> Result<HeaderValue, Trouble> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Trouble::failed("has credentials with characters that cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}
