use std::net::IpAddr;

use reqwest::Url;

use crate::options::Options;

const HUB: &str = "docker.io";
/// Where Docker Hub's registry really is.
const HUB_HOST: &str = "registry-1.docker.io";

/// Where a registry is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    /// What people call it: `docker.io`, `localhost:5000`.
    pub(crate) name: String,
    base: Url,
}

/// Why an address that a server named is not asked; a sentence fragment after its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Scheme,
    Local,
    UserInfo,
}

impl Refusal {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Scheme => "without encryption",
            Self::Local => "inside of this machine or its local network",
            Self::UserInfo => "with credentials in the address",
        }
    }
}

impl Origin {
    /// The registry with that name; none where the name is no host.
    pub(crate) fn new(name: &str, options: &Options) -> Option<Self> {
        let host = if name == HUB { HUB_HOST } else { name };
        let scheme = if is_plain(host, options) { "http" } else { "https" };
        let base = Url::parse(&format!("{scheme}://{host}/")).ok()?;
        // Nothing but a host and a port is a registry.
        let bare = base.path() == "/"
            && base.query().is_none()
            && base.fragment().is_none()
            && base.username().is_empty()
            && base.password().is_none();
        bare.then(|| Self { name: name.to_owned(), base })
    }

    pub(crate) fn is_hub(&self) -> bool {
        self.name == HUB
    }

    /// The URL of a path below `/v2/`.
    pub(crate) fn url(&self, path: &str) -> Option<Url> {
        self.base.join("v2/").ok()?.join(path).ok().filter(|url| self.is_home(url))
    }

    /// Whether the URL is on the registry itself, which is where its credentials may go.
    pub(crate) fn is_home(&self, url: &Url) -> bool {
        url.scheme() == self.base.scheme()
            && url.host_str() == self.base.host_str()
            && url.port_or_known_default() == self.base.port_or_known_default()
    }

    /// Whether what the registry says may lead to `url`.
    pub(crate) fn permits(&self, url: &Url, options: &Options) -> Result<(), Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        if self.is_home(url) {
            return Ok(());
        }
        if is_local(url) && !is_local(&self.base) {
            return Err(Refusal::Local);
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.base.scheme() == "http" && is_plain(&host_and_port(url), options) => {
                Ok(())
            }
            _ => Err(Refusal::Scheme),
        }
    }
}

/// `host:port` of a URL, the port only where it is written.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether a registry is asked over plain HTTP.
fn is_plain(registry: &str, options: &Options) -> bool {
    let host = host_of(registry);
    let is_named = |list: &[String]| list.iter().any(|one| one == registry || one == host);
    if is_loopback(host) { !is_named(&options.secure) } else { is_named(&options.insecure) }
}

/// The host of `host:port`, with the brackets of an IPv6 address.
fn host_of(registry: &str) -> &str {
    if registry.starts_with('[') {
        return registry.find(']').and_then(|end| registry.get(..=end)).unwrap_or(registry);
    }
    registry.split_once(':').map_or(registry, |(host, _)| host)
}

fn address_of(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address_of(host).is_some_and(|address| address.to_canonical().is_loopback())
}

/// Whether the URL names this machine, or a neighbour that has no other address: services of cloud
/// machines with their secrets are there.
fn is_local(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    let host = host.trim_end_matches('.');
    if is_loopback(host) || host.ends_with(".localhost") {
        return true;
    }
    match address_of(host).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.is_link_local() || address.is_unspecified(),
        Some(IpAddr::V6(address)) => address.is_unicast_link_local() || address.is_unspecified(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::{Origin, Refusal};
    use crate::options::Options;

    fn origin(name: &str) -> Origin {
        Origin::new(name, &options()).unwrap()
    }

    fn options() -> Options {
        Options {
            insecure: vec!["plain.test".to_owned(), "other.test:81".to_owned()],
            secure: vec!["localhost:5001".to_owned()],
            ..Options::default()
        }
    }

    fn judge(registry: &str, url: &str) -> Result<(), Refusal> {
        origin(registry).permits(&Url::parse(url).unwrap(), &options())
    }

    #[test]
    fn only_loopback_and_named_registries_are_plain() {
        for (name, url) in [
            ("docker.io", "https://registry-1.docker.io/v2/a"),
            ("ghcr.io", "https://ghcr.io/v2/a"),
            ("localhost:5000", "http://localhost:5000/v2/a"),
            ("localhost:5001", "https://localhost:5001/v2/a"),
            ("127.0.0.1:5000", "http://127.0.0.1:5000/v2/a"),
            ("[::1]:5000", "http://[::1]:5000/v2/a"),
            ("plain.test:8080", "http://plain.test:8080/v2/a"),
            ("other.test:81", "http://other.test:81/v2/a"),
            ("other.test:82", "https://other.test:82/v2/a"),
            ("localhost.evil.test", "https://localhost.evil.test/v2/a"),
            ("127.0.0.1.evil.test", "https://127.0.0.1.evil.test/v2/a"),
        ] {
            assert_eq!(origin(name).url("a").unwrap().as_str(), url, "{name}");
        }
    }

    #[test]
    fn a_path_does_not_leave_the_registry() {
        assert_eq!(origin("ghcr.io").url("https://evil.test/"), None);
        assert_eq!(origin("ghcr.io").url("//evil.test/"), None);
        assert!(Origin::new("user:word@ghcr.io", &options()).is_none());
        assert!(Origin::new("ghcr.io/a", &options()).is_none());
    }

    #[test]
    fn where_a_registry_may_lead() {
        assert_eq!(judge("ghcr.io", "https://cdn.test/a?b=c"), Ok(()));
        assert_eq!(judge("ghcr.io", "http://cdn.test/a"), Err(Refusal::Scheme));
        assert_eq!(judge("ghcr.io", "http://ghcr.io/a"), Err(Refusal::Scheme));
        assert_eq!(judge("ghcr.io", "http://plain.test/a"), Err(Refusal::Scheme));
        assert_eq!(judge("ghcr.io", "ftp://cdn.test/a"), Err(Refusal::Scheme));
        assert_eq!(judge("ghcr.io", "https://a:b@cdn.test/"), Err(Refusal::UserInfo));
        for local in [
            "https://localhost/",
            "https://127.1.2.3/",
            "https://0x7f000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://[fe80::1]/",
            "https://0.0.0.0/",
            "https://a.localhost/",
            "https://localhost./",
        ] {
            assert_eq!(judge("ghcr.io", local), Err(Refusal::Local), "{local}");
        }
        assert_eq!(judge("localhost:5000", "http://localhost:6000/"), Ok(()));
        assert_eq!(judge("localhost:5000", "http://plain.test/"), Ok(()));
        assert_eq!(judge("localhost:5000", "http://cdn.test/"), Err(Refusal::Scheme));
        assert_eq!(judge("plain.test", "http://other.test:81/"), Ok(()));
        assert_eq!(judge("plain.test", "http://localhost/"), Err(Refusal::Local));
    }
}
