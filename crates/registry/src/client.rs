use std::collections::HashMap;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use careen_image_source::SourceError;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue, LOCATION, RANGE};
use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder, Method, NoProxy, Proxy, Response, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::runtime::{Builder, Runtime};

use crate::answer::{self, Answer, refused, text, within};
use crate::credentials::Found;
use crate::options::Options;
use crate::origin::{Origin, host_and_port};
use crate::retry::{LONGEST, backoff};
use crate::trouble::Trouble;

/// Places that one request may be led to.
const REDIRECTS_MAX: usize = 5;
/// Certificates of a file of authorities.
const AUTHORITIES_MAX: usize = 2000;

/// One repository of a registry, where it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) origin: Origin,
    pub(crate) repository: String,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: Option<&'static str>,
    /// The first byte that is wanted.
    pub(crate) from: u64,
}

/// Talks HTTP to registries.
pub(crate) struct Client {
    pub(crate) options: Options,
    pub(crate) runtime: Runtime,
    pub(crate) http: reqwest::Client,
    /// What is shown to a registry for a repository.
    pub(crate) grants: Mutex<HashMap<Place, HeaderValue>>,
    pub(crate) logins: Mutex<HashMap<Place, Arc<Found>>>,
}

impl Client {
    pub(crate) fn new(options: Options) -> Result<Self, SourceError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            SourceError::Unreachable(format!("no connection can be opened: {error}"))
        })?;
        let http = http(&options)?;
        let (grants, logins) = (Mutex::default(), Mutex::default());
        Ok(Self { options, runtime, http, grants, logins })
    }

    /// A small answer, whole.
    pub(crate) fn whole(&self, place: &Place, ask: &Ask, most: u64) -> Result<Answer, Trouble> {
        let limit = self.options.timeout;
        self.fetch(place, ask, |mut response| {
            let headers = std::mem::take(response.headers_mut());
            let bytes = self.runtime.block_on(answer::body(response, most, limit))?;
            Ok(Answer { headers, bytes })
        })
    }

    /// Asks until there is an answer: with credentials where they are wanted, again where the
    /// registry is busy.
    pub(crate) fn fetch<T>(
        &self,
        place: &Place,
        ask: &Ask,
        take: impl Fn(Response) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let once = |grant: Option<&HeaderValue>| take(self.follow(place, ask, grant)?);
        let grant = self.grant(place);
        let refused = match self.patiently(|| once(grant.as_ref())) {
            Err(Trouble::Status(refused)) if refused.status == 401 && refused.at_home => refused,
            other => return other,
        };
        let grant = self.authorize(place, &refused.challenges, grant.as_ref())?;
        self.patiently(|| once(Some(&grant)))
    }

    /// Tries as often as may be.
    pub(crate) fn patiently<T>(&self, once: impl Fn() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut attempt = 1;
        loop {
            let trouble = match once() {
                Ok(value) => return Ok(value),
                Err(trouble) => trouble,
            };
            let Some(asked) = trouble.again() else { return Err(trouble) };
            attempt += 1;
            let wait = asked.unwrap_or_else(|| backoff(attempt));
            if attempt > self.options.attempts || wait > LONGEST {
                return Err(trouble);
            }
            self.pause(wait);
        }
    }

    pub(crate) fn pause(&self, wait: Duration) {
        let wait = self.options.clock.pause(wait);
        if !wait.is_zero() {
            self.runtime.block_on(async { tokio::time::sleep(wait).await });
        }
    }

    /// Asks once, and goes where the registry leads. Credentials stay with the registry.
    fn follow(
        &self,
        place: &Place,
        ask: &Ask,
        grant: Option<&HeaderValue>,
    ) -> Result<Response, Trouble> {
        let mut url = ask.url.clone();
        for _ in 0..=REDIRECTS_MAX {
            let at_home = place.origin.is_home(&url);
            let mut request = self.http.request(ask.method.clone(), url.clone());
            if let Some(accept) = ask.accept {
                request = request.header(ACCEPT, accept);
            }
            if ask.from > 0 {
                request = request.header(RANGE, format!("bytes={}-", ask.from));
            }
            if let Some(grant) = grant.filter(|_| at_home) {
                request = request.header(AUTHORIZATION, grant.clone());
            }
            let response = self
                .runtime
                .block_on(async { within(self.options.timeout, request.send()).await })?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            if !status.is_redirection() {
                return Err(self.runtime.block_on(refused(self, response, at_home)));
            }
            let next = text(response.headers(), &LOCATION).and_then(|next| url.join(next).ok());
            let Some(next) = next else {
                return Err(Trouble::failed("leads elsewhere without saying where"));
            };
            place.origin.permits(&next, &self.options).map_err(|refusal| {
                Trouble::failed(format!("leads to `{}` {}", host_and_port(&next), refusal.reason()))
            })?;
            url = next;
        }
        Err(Trouble::failed(format!("leads elsewhere more than {REDIRECTS_MAX} times")))
    }

    /// What went wrong, for people. `what` is what was asked for: "blob `a` of `b`".
    pub(crate) fn explain(&self, place: &Place, what: &str, trouble: Trouble) -> SourceError {
        let denied = || self.denied(place);
        trouble.explain(&place.origin, what, denied)
    }

    fn grant(&self, place: &Place) -> Option<HeaderValue> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner).get(place).cloned()
    }
}

/// The HTTP client: no redirects, no unpacking, no environment.
fn http(options: &Options) -> Result<reqwest::Client, SourceError> {
    install_provider();
    let authorities = authorities(options)?;
    let trusted: Result<Vec<_>, _> =
        authorities.iter().map(|one| Certificate::from_der(one)).collect();
    let trusted = trusted.map_err(|_| of_authorities("they are malformed"))?;
    if let Ok(client) = builder(options)?.tls_certs_merge(trusted).build() {
        return Ok(client);
    }
    // A system without authorities of its own, such as a bare container.
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(authorities);
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    builder(options)?
        .tls_backend_preconfigured(tls)
        .build()
        .map_err(|_| SourceError::Unreachable("no connection can be prepared".to_owned()))
}

fn builder(options: &Options) -> Result<ClientBuilder, SourceError> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("careen/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        // A digest is of the bytes that were sent.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .retry(reqwest::retry::never())
        .connect_timeout(options.timeout);
    let Some(proxy) = &options.proxy else { return Ok(builder) };
    // The URL may hold a password: it is not repeated.
    let proxy = Proxy::all(proxy)
        .map_err(|_| SourceError::Malformed("the URL of the proxy is malformed".to_owned()))?;
    let spared = format!("localhost,127.0.0.0/8,::1,{}", options.no_proxy.as_deref().unwrap_or(""));
    Ok(builder.proxy(proxy.no_proxy(NoProxy::from_string(&spared))))
}

/// The cryptography of the whole program is aws-lc-rs; `reqwest` is built without any.
fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // That another is there already is what was wanted.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

fn of_authorities(reason: &str) -> SourceError {
    SourceError::Malformed(format!("the certificates of authorities cannot be used: {reason}"))
}

fn authorities(options: &Options) -> Result<Vec<CertificateDer<'static>>, SourceError> {
    let mut all = Vec::new();
    for path in &options.ca_files {
        let bytes = std::fs::read(path)
            .map_err(|error| SourceError::Io(format!("`{}`: {error}", path.display())))?;
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(&bytes).take(AUTHORITIES_MAX) {
            let malformed = format!("`{}` is no PEM", path.display());
            all.push(certificate.map_err(|_| of_authorities(&malformed))?);
        }
        if all.len() == before {
            return Err(of_authorities(&format!("`{}` has none", path.display())));
        }
    }
    Ok(all)
}
