//! Hosts of Services in plain text: the values of variables, arguments and settings.

use std::ops::Range;

use crate::hostname;

/// Hosts of one text that are read; settings name a handful.
const HOSTS: usize = 1_000;
/// How far before a host its scheme is looked for, past a user and password.
const USER_INFO: usize = 512;
/// Longest name of DNS (RFC 1035).
const LONGEST: usize = 253;
/// Longest scheme that is read; those looked for are shorter.
const SCHEME: usize = 16;
/// What a name of the cluster's DNS ends in, unless it ends in `.svc`.
const CLUSTER: &str = ".cluster.local";

/// How a host is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `service.namespace.svc`, which can be nothing else.
    Svc,
    /// `service.namespace` in a URL.
    Dotted,
    /// `service` in a URL.
    Bare,
}

/// The port a host is called at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// As written.
    Written(u16),
    /// That of the URL's scheme.
    OfScheme(u16),
}

impl Port {
    /// Its number.
    pub(crate) const fn number(self) -> u16 {
        match self {
            Self::Written(number) | Self::OfScheme(number) => number,
        }
    }
}

/// The host of a Service, or of one of its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host<'t> {
    /// Where the host stands in the text.
    pub(crate) at: Range<usize>,
    /// The Service.
    pub(crate) service: &'t str,
    /// Its namespace, where the host names one.
    pub(crate) namespace: Option<&'t str>,
    /// How it is written.
    pub(crate) form: Form,
    /// Its port, where one is known.
    pub(crate) port: Option<Port>,
    /// Whether a single pod is meant, which has all of its ports.
    pub(crate) pod: bool,
}

/// Whether a text may name a host at all. Cheap.
pub(crate) fn may_name_one(text: &str, urls: bool) -> bool {
    text.contains(".svc") || (urls && text.contains("://"))
}

/// The hosts in a text, those of URLs without `.svc` only if asked for. Comments are left out.
pub(crate) fn hosts(text: &str, urls: bool) -> Vec<Host<'_>> {
    let mut found = Vec::new();
    let mut lines = Lines { text, start: 0, seen: 0 };
    let dotted = text.match_indices(".svc").filter_map(|(dot, _)| of_cluster(text, dot));
    found.extend(dotted.take(HOSTS).filter(|host| !lines.is_comment(host.at.start)));
    if urls {
        for (colon, separator) in text.match_indices("://") {
            let scheme = scheme_before(text, colon);
            if CALLED.contains(&scheme) {
                of_url(text, colon + separator.len(), scheme, &mut found);
            }
            if found.len() > HOSTS {
                break;
            }
        }
    }
    found
}

/// The lines of a text, for places that only go forward.
struct Lines<'t> {
    text: &'t str,
    /// Where the line starts that holds the last place.
    start: usize,
    /// The last place.
    seen: usize,
}

impl Lines<'_> {
    fn is_comment(&mut self, at: usize) -> bool {
        let passed = self.text.get(self.seen..at).unwrap_or_default();
        if let Some(last) = passed.rfind('\n') {
            self.start = self.seen + last + 1;
        }
        self.seen = at;
        let line = self.text.get(self.start..at).unwrap_or_default().trim_start();
        ["#", "//", ";", "-- "].iter().any(|mark| line.starts_with(mark))
    }
}

/// Reads `service.namespace.svc` around the dot before `svc`.
fn of_cluster(text: &str, dot: usize) -> Option<Host<'_>> {
    let svc = dot + ".svc".len();
    let after = text.get(svc..)?;
    let end = if after.starts_with(CLUSTER) { svc + CLUSTER.len() } else { svc };
    let after = text.get(end..)?;
    let next = after.strip_prefix('.').unwrap_or(after).chars().next();
    // Another domain, a part of a word, or the place for a value.
    if next.is_some_and(|next| next.is_ascii_alphanumeric() || "-_$%{<*".contains(next)) {
        return None;
    }
    let (before, least) = near(text, dot, LONGEST);
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
    let (start, previous) = match start {
        Some(at) => {
            let previous = before.get(at..)?.chars().next()?;
            (least + at + previous.len_utf8(), Some(previous))
        }
        None if least == 0 => (0, None),
        None => return None,
    };
    if previous.is_some_and(|previous| "}$%*)>\\".contains(previous)) {
        return None;
    }
    let mut labels = text.get(start..dot)?.rsplit('.');
    let (namespace, service) = (labels.next()?, labels.next()?);
    let pods = labels.next();
    if !is_label(namespace) || !is_label(service) || pods.is_some_and(str::is_empty) {
        return None;
    }
    let port = written_port(after.strip_prefix('.').unwrap_or(after));
    let port = match port {
        Some(Ok(port)) => Some(Port::Written(port)),
        Some(Err(())) => None,
        None => scheme_of(text, start).and_then(port_of).map(Port::OfScheme),
    };
    Some(Host {
        at: start..end,
        service,
        namespace: Some(namespace),
        form: Form::Svc,
        port,
        pod: pods.is_some(),
    })
}

/// Reads the hosts of a URL whose authority starts at `from`.
fn of_url<'t>(text: &'t str, from: usize, scheme: &str, found: &mut Vec<Host<'t>>) {
    let rest = text.get(from..).unwrap_or_default();
    let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'`<>|;)]\\".contains(c));
    let whole = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let skipped = whole.rfind('@').map_or(0, |at| at + 1);
    let mut start = from + skipped;
    for part in whole.get(skipped..).unwrap_or_default().split(',').take(HOSTS) {
        let name = part.split(':').next().unwrap_or_default();
        let port = match written_port(part.get(name.len()..).unwrap_or_default()) {
            Some(Ok(port)) => Some(Port::Written(port)),
            Some(Err(())) => None,
            None => port_of(scheme).map(Port::OfScheme),
        };
        let at = start..start + name.len();
        start += part.len() + 1;
        let mut labels = name.split('.');
        let (Some(service), namespace) = (labels.next(), labels.next()) else { continue };
        let is_service = is_label(service) && service.starts_with(|c: char| c.is_ascii_lowercase());
        if labels.next().is_some() || !is_service || !namespace.is_none_or(is_label) {
            continue;
        }
        let form = if namespace.is_some() { Form::Dotted } else { Form::Bare };
        found.push(Host { at, service, namespace, form, port, pod: false });
    }
}

/// The port at the start of what follows a host: none where no colon does, an error where what
/// follows the colon is no number.
fn written_port(after: &str) -> Option<Result<u16, ()>> {
    let after = after.strip_prefix(':')?;
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (digits, rest) = after.split_at_checked(end)?;
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "_$%{<-.".contains(c)) {
        return Some(Err(()));
    }
    Some(digits.parse().map_err(|_| ()))
}

/// The scheme of the URL whose host starts at `start`, past a user and password.
fn scheme_of(text: &str, start: usize) -> Option<&str> {
    let before = text.get(..start)?;
    let colon = match before.strip_suffix("://") {
        Some(before) => before.len(),
        None => {
            let (near, least) = near(before, before.strip_suffix('@')?.len(), USER_INFO);
            let colon = near.rfind("://")?;
            if near.get(colon..)?.contains(|c: char| c.is_whitespace() || "\"'".contains(c)) {
                return None;
            }
            least + colon
        }
    };
    Some(scheme_before(text, colon))
}

fn scheme_before(text: &str, colon: usize) -> &str {
    let (before, _) = near(text, colon, SCHEME);
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| {
        at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    before.get(start..).unwrap_or_default()
}

/// What stands before a place, at most so many bytes of it, and where that starts.
fn near(text: &str, at: usize, most: usize) -> (&str, usize) {
    let mut least = at.saturating_sub(most);
    while !text.is_char_boundary(least) {
        least += 1;
    }
    (text.get(least..at).unwrap_or_default(), least)
}

/// The port that clients call if a URL of the scheme has none.
fn port_of(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// Schemes of URLs whose host is looked up and called.
const CALLED: [&str; 26] = [
    "amqp",
    "amqps",
    "clickhouse",
    "grpc",
    "grpcs",
    "http",
    "https",
    "kafka",
    "ldap",
    "ldaps",
    "mariadb",
    "mongodb",
    "mqtt",
    "mqtts",
    "mysql",
    "nats",
    "postgres",
    "postgresql",
    "redis",
    "rediss",
    "smtp",
    "smtps",
    "tcp",
    "tls",
    "ws",
    "wss",
];

/// Whether this is a label of a DNS name, as the name of a Service or a namespace is.
fn is_label(text: &str) -> bool {
    const LABEL: usize = 63;
    text.len() <= LABEL && hostname::is_label(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Form, Port, hosts};

    fn shown(text: &str) -> Vec<String> {
        let shown = hosts(text, true).into_iter().map(|host| {
            assert!(text.get(host.at.clone()).unwrap().contains(host.service));
            let form = match host.form {
                Form::Svc => "svc",
                Form::Dotted => "dotted",
                Form::Bare => "bare",
            };
            let port = match host.port {
                None => String::new(),
                Some(Port::Written(port)) => format!(":{port}"),
                Some(Port::OfScheme(port)) => format!("~{port}"),
            };
            let pod = if host.pod { " pod" } else { "" };
            format!("{form} {}/{}{port}{pod}", host.namespace.unwrap_or("-"), host.service)
        });
        shown.collect()
    }

    #[test]
    fn hosts_are_read() {
        for (text, expected) in [
            ("db.shop.svc", "svc shop/db"),
            ("http://db.shop.svc/path", "svc shop/db~80"),
            ("https://db.shop.svc.cluster.local", "svc shop/db~443"),
            ("postgres://user:p:w@db.shop.svc:5432/x", "svc shop/db:5432"),
            ("http://user@db.shop.svc", "svc shop/db~80"),
            ("db.shop.svc.cluster.local.:53", "svc shop/db:53"),
            ("db-0.db.shop.svc:${PORT}", "svc shop/db pod"),
            ("--upstream=db.shop.svc:80,", "svc shop/db:80"),
            ("http://api:8080/x", "bare -/api:8080"),
            ("jdbc:mysql://user:secret@db.data:3306/x", "dotted data/db:3306"),
            ("https://api", "bare -/api~443"),
        ] {
            assert_eq!(shown(text), [expected], "{text}");
        }
        assert_eq!(shown("mongodb://a:1,b:2/x"), ["bare -/a:1", "bare -/b:2"]);
        assert_eq!(shown("# x.shop.svc\ny.shop.svc"), ["svc shop/y"]);
    }

    #[test]
    fn other_texts_have_none() {
        for text in [
            "",
            ".svc",
            "db.svc",
            "*.shop.svc",
            "${NAME}.shop.svc",
            "$(NAME)-db.shop.svc",
            "{{ name }}.shop.svc",
            "db.shop.svcs",
            "db.shop.svc.example.com",
            "db.shop.svc.${DOMAIN}",
            "db.shop.svc.clusterset.local",
            "Db.Shop.svc",
            "s3://bucket/x",
            "http://example.com.au/",
            "http://10.0.0.1:80",
            "http://${HOST}:80",
            "http://$(HOST)",
            "file:///etc/x",
            "  // see web.shop.svc",
        ] {
            assert_eq!(shown(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\PC|[a-z.:/@\n]|\\.svc|://|\\.cluster\\.local){0,60}") {
            for host in hosts(&text, true) {
                prop_assert!(text.get(host.at).is_some());
            }
        }
    }
}
