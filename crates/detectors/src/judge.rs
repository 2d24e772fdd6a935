//! The closer looks that a form may ask for; `lint-secrets` does them.

/// Their names, each with what it asks of a token.
pub const JUDGES: &[(&str, &str)] = &[
    ("atlassian", "ends with Atlassian's checksum"),
    ("azure", "is an identifiable key of Azure"),
    ("base64-json", "holds JSON in base64"),
    ("bech32", "ends with the checksum of Bech32 (BIP 173)"),
    ("both-cases", "has letters of both cases, digits, and few words of a dictionary"),
    ("cloudflare", "ends with Cloudflare's checksum"),
    ("crc32-hex", "ends with the CRC-32 of its body in hexadecimal digits"),
    ("github", "ends with GitHub's checksum"),
    ("gitlab", "ends with the checksum of GitLab's routable tokens, if it is one"),
    ("grafana", "ends with Grafana's checksum"),
    ("jwt", "is a JSON Web Token (RFC 7519) that somebody signed"),
    ("letters", "has letters of both cases"),
    ("mixed", "mixes digits and letters"),
    ("nats", "ends with the checksum of a NATS key"),
    ("random", "has digits, letters, and few words of a dictionary"),
    ("uuid", "is a random UUID (RFC 9562, version 4)"),
];
