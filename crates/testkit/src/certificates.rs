//! Certificates from recipes, at the tests' own clock.
//!
//! A recipe names certificates and says what is special about each; examples then write
//! `${leaf.crt}`, `${leaf.key}`, and `${leaf.crt|base64}` where a single line is wanted.

use std::collections::BTreeMap;
use std::net::IpAddr;

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::NOW;

/// PEM texts by name: `leaf.crt`, `leaf.key`.
pub type Blobs = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Recipe {
    /// A prepared pair that no modern library makes: `rsa1024`, `sha1` (with `sha1-ca`),
    /// `secp256k1`, and `encrypted` and `openssh`, whose keys are written in those forms.
    prepared: Option<String>,
    common_name: Option<String>,
    /// DNS names and IP addresses; none leaves the extension out.
    names: Vec<String>,
    /// Relative to the clock: `-10d`, `1y`, `2h`.
    not_before: String,
    not_after: String,
    /// `p256`, `p384`, `ed25519`, `rsa2048`.
    key: String,
    ca: bool,
    path_len: Option<u8>,
    /// Name of the issuer in the same recipe, which must stand before; else self-signed.
    issuer: Option<String>,
    /// `server_auth`, `client_auth`.
    usages: Vec<String>,
    /// Whether the certificate names the policy of public, domain-validated certificates.
    public: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            prepared: None,
            common_name: None,
            names: Vec::new(),
            not_before: "-10d".to_owned(),
            not_after: "80d".to_owned(),
            key: "p256".to_owned(),
            ca: false,
            path_len: None,
            issuer: None,
            usages: Vec::new(),
            public: false,
        }
    }
}

/// certificatePolicies (RFC 5280 §4.2.1.4).
const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
/// The one policy 2.23.140.1.2.1, which the CA/Browser Forum gave domain validation.
const DOMAIN_VALIDATED: &[u8] = &[0x30, 10, 0x30, 8, 6, 6, 0x67, 0x81, 0x0c, 1, 2, 1];

/// Makes every certificate of a recipe (YAML: name → properties), in its order.
///
/// # Panics
///
/// If the recipe does not hold.
#[must_use]
pub fn make(recipe: &str) -> Blobs {
    let recipes: serde_yaml::Mapping = serde_yaml::from_str(recipe).expect("a recipe is YAML");
    let mut blobs = Blobs::new();
    let mut issuers: BTreeMap<String, (CertificateParams, String)> = BTreeMap::new();
    for (name, value) in recipes {
        let name = name.as_str().expect("a name is a string").to_owned();
        let recipe: Recipe = serde_yaml::from_value(value).expect("a recipe's properties");
        let (certificate, key) = match &recipe.prepared {
            Some(prepared) => self::prepared(prepared),
            None => {
                let key = KeyPair::generate_for(algorithm(&recipe.key)).expect("a key");
                let params = params(&name, &recipe);
                let certificate = match &recipe.issuer {
                    None => params.self_signed(&key),
                    Some(issuer) => {
                        let (issuer, issuer_key) =
                            issuers.get(issuer).expect("issuers stand first");
                        let issuer_key = KeyPair::from_pem(issuer_key).expect("our own key");
                        params.signed_by(&key, &Issuer::from_params(issuer, issuer_key))
                    }
                };
                let certificate = certificate.expect("a certificate").pem();
                issuers.insert(name.clone(), (params, key.serialize_pem()));
                (certificate, key.serialize_pem())
            }
        };
        blobs.insert(format!("{name}.crt"), certificate.replace("\r\n", "\n"));
        blobs.insert(format!("{name}.key"), key.replace("\r\n", "\n"));
    }
    blobs
}

fn prepared(name: &str) -> (String, String) {
    let (certificate, key) = match name {
        "rsa1024" => (include_str!("../data/rsa1024.crt"), include_str!("../data/rsa1024.key")),
        "sha1" => (include_str!("../data/sha1.crt"), include_str!("../data/sha1.key")),
        "sha1-ca" => (include_str!("../data/sha1-ca.crt"), ""),
        "secp256k1" => {
            (include_str!("../data/secp256k1.crt"), include_str!("../data/secp256k1.key"))
        }
        "encrypted" => {
            (include_str!("../data/p256.crt"), include_str!("../data/p256-encrypted.key"))
        }
        "openssh" => (include_str!("../data/p256.crt"), include_str!("../data/p256-openssh.key")),
        _ => panic!("nothing called `{name}` is prepared"),
    };
    (certificate.to_owned(), key.to_owned())
}

fn algorithm(name: &str) -> &'static rcgen::SignatureAlgorithm {
    match name {
        "p256" => &rcgen::PKCS_ECDSA_P256_SHA256,
        "p384" => &rcgen::PKCS_ECDSA_P384_SHA384,
        "ed25519" => &rcgen::PKCS_ED25519,
        "rsa2048" => &rcgen::PKCS_RSA_SHA256,
        _ => panic!("no key is called `{name}`"),
    }
}

fn params(name: &str, recipe: &Recipe) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let common_name = recipe.common_name.as_deref().unwrap_or(name);
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.subject_alt_names = recipe
        .names
        .iter()
        .map(|name| match name.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.as_str().try_into().expect("a DNS name")),
        })
        .collect();
    params.not_before = moment(&recipe.not_before);
    params.not_after = moment(&recipe.not_after);
    params.use_authority_key_identifier_extension = recipe.issuer.is_some();
    if recipe.ca {
        let constraints =
            recipe.path_len.map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained);
        params.is_ca = IsCa::Ca(constraints);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    }
    for usage in &recipe.usages {
        params.extended_key_usages.push(match usage.as_str() {
            "server_auth" => ExtendedKeyUsagePurpose::ServerAuth,
            "client_auth" => ExtendedKeyUsagePurpose::ClientAuth,
            _ => panic!("no usage is called `{usage}`"),
        });
    }
    if recipe.public {
        params.custom_extensions.push(CustomExtension::from_oid_content(
            CERTIFICATE_POLICIES,
            DOMAIN_VALIDATED.to_vec(),
        ));
    }
    params
}

/// `-10d`, `80d`, `1y`, `2h` from [`NOW`].
fn moment(text: &str) -> OffsetDateTime {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: i64 = number.parse().expect("a number and a unit");
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "y" => 24 * 365,
        _ => panic!("a duration ends in h, d or y"),
    };
    OffsetDateTime::from_unix_timestamp(NOW).expect("a time") + Duration::hours(number * hours)
}

/// Puts blobs into lines. A blob alone on its line is indented as the line is. Returns the text
/// and, for each given line, the number of the line where it now begins.
#[must_use]
pub fn substitute(lines: &[String], blobs: &Blobs) -> (String, Vec<u32>) {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(lines.len());
    let mut number = 1;
    for line in lines {
        starts.push(number);
        let mut line = line.clone();
        let indent: String = line.chars().take_while(|character| *character == ' ').collect();
        while let Some(from) = line.find("${") {
            let Some(length) = line[from..].find('}') else { break };
            let name = line[from + 2..from + length].to_owned();
            let (name, encoded) = match name.strip_suffix("|base64") {
                Some(name) => (name.to_owned(), true),
                None => (name, false),
            };
            let Some(blob) = blobs.get(&name) else { break };
            let value = if encoded {
                BASE64.encode(blob.as_bytes())
            } else {
                blob.trim_end().replace('\n', &format!("\n{indent}"))
            };
            line.replace_range(from..=from + length, &value);
        }
        number += 1 + u32::try_from(line.matches('\n').count()).expect("few lines");
        text.push_str(&line);
        text.push('\n');
    }
    (text, starts)
}
