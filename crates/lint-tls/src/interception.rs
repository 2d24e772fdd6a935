//! CAs that sign for every host: those of intercepting proxies, of developers, and of tests.

/// Who has such a CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A proxy that a developer runs, or a program whose CA was the same everywhere.
    Debugger,
    /// A firewall, filter or virus scanner.
    Appliance,
    /// Certificates for a developer's own machine.
    Development,
    /// A test environment of a public CA.
    Staging,
}

/// A product by its CA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interceptor {
    pub(crate) kind: Kind,
    pub(crate) product: &'static str,
    /// What stands in the subject, in lower case: from the start of a value on.
    mark: &'static str,
}

const fn entry(kind: Kind, product: &'static str, mark: &'static str) -> Interceptor {
    Interceptor { kind, product, mark }
}

static INTERCEPTORS: [Interceptor; 42] = [
    entry(Kind::Debugger, "mitmproxy", "mitmproxy"),
    entry(Kind::Debugger, "Charles", "charles proxy ca"),
    entry(Kind::Debugger, "Charles", "charles proxy custom root"),
    entry(Kind::Debugger, "Fiddler", "do_not_trust_fiddlerroot"),
    entry(Kind::Debugger, "Fiddler", "fiddler root certificate authority"),
    entry(Kind::Debugger, "Burp Suite", "portswigger ca"),
    entry(Kind::Debugger, "ZAP", "owasp zed attack proxy root ca"),
    entry(Kind::Debugger, "ZAP", "zed attack proxy by checkmarx root ca"),
    entry(Kind::Debugger, "ZAP", "zap root ca"),
    entry(Kind::Debugger, "Proxyman", "proxyman"),
    entry(Kind::Debugger, "HTTP Toolkit", "http toolkit ca"),
    entry(Kind::Debugger, "AnyProxy", "anyproxy"),
    entry(Kind::Debugger, "whistle", "whistle."),
    entry(Kind::Debugger, "bettercap", "bettercap"),
    entry(Kind::Debugger, "goproxy", "goproxy untrusted mitm proxy inc"),
    entry(Kind::Debugger, "Superfish", "superfish, inc."),
    entry(Kind::Debugger, "Superfish", "superfish\\, inc."),
    entry(Kind::Debugger, "eDellRoot", "edellroot"),
    entry(Kind::Debugger, "eDellRoot", "dsdtestprovider"),
    entry(Kind::Appliance, "Zscaler", "zscaler"),
    entry(Kind::Appliance, "Netskope", "goskope"),
    entry(Kind::Appliance, "Netskope", "netskope"),
    entry(Kind::Appliance, "Cisco Umbrella", "cisco umbrella"),
    entry(Kind::Appliance, "FortiGate", "fortinet"),
    entry(Kind::Appliance, "FortiGate", "fortigate ca"),
    entry(Kind::Appliance, "Sophos", "sophos ssl ca"),
    entry(Kind::Appliance, "Sophos", "sophos_ca"),
    entry(Kind::Appliance, "Cloudflare Gateway", "cloudflare for teams ecc certificate authority"),
    entry(Kind::Appliance, "Cloudflare Gateway", "gateway ca - cloudflare managed"),
    entry(Kind::Appliance, "Kaspersky", "kaspersky anti-virus personal root certificate"),
    entry(Kind::Appliance, "Avast", "avast web/mail shield root"),
    entry(Kind::Appliance, "ESET", "eset ssl filter ca"),
    entry(Kind::Appliance, "Bitdefender", "bitdefender personal ca"),
    entry(Kind::Appliance, "AdGuard", "adguard personal ca"),
    entry(Kind::Appliance, "NetFree", "netfree sign"),
    entry(Kind::Development, "mkcert", "mkcert development ca"),
    entry(Kind::Development, "mkcert", "mkcert "),
    entry(Kind::Development, "Caddy", "caddy local authority"),
    entry(Kind::Development, "Valet", "laravel valet ca self signed"),
    entry(Kind::Staging, "Let's Encrypt's staging", "(staging) "),
    entry(Kind::Staging, "Let's Encrypt's staging", "fake le root"),
    entry(Kind::Staging, "Pebble", "pebble root ca"),
];

/// The product whose CA has this name.
pub(crate) fn interceptor(subject: &str) -> Option<&'static Interceptor> {
    let subject = subject.to_ascii_lowercase();
    INTERCEPTORS.iter().find(|each| {
        let mut before = subject.match_indices(each.mark).map(|(at, _)| subject.get(..at));
        before.any(|before| before.is_some_and(|before| before.ends_with('=')))
    })
}

#[cfg(test)]
mod tests {
    use super::{INTERCEPTORS, interceptor};

    #[test]
    fn products_are_told_by_whole_names() {
        let product = |subject| interceptor(subject).map(|each| each.product);
        assert_eq!(product("CN=mitmproxy,O=mitmproxy"), Some("mitmproxy"));
        assert_eq!(product("O=Charles,CN=Charles Proxy CA (1 Jan 2026\\, mac)"), Some("Charles"));
        assert_eq!(product("CN=mkcert alice@laptop,OU=alice@laptop"), Some("mkcert"));
        assert_eq!(product("CN=Zscaler Root CA,O=Zscaler Inc."), Some("Zscaler"));
        assert_eq!(product("CN=ISRG Root X1,O=Internet Security Research Group,C=US"), None);
        assert_eq!(product("CN=not mitmproxy"), None);
        assert_eq!(product(""), None);
    }

    #[test]
    fn marks_are_lower_case() {
        for each in &INTERCEPTORS {
            assert_eq!(each.mark, each.mark.to_ascii_lowercase(), "{each:?}");
        }
    }
}
