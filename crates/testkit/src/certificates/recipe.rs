//! What a recipe says of one certificate, and its parameters for rcgen.

use std::net::IpAddr;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints, SanType,
    SerialNumber,
};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::forge::Forge;
use super::stores::StoreRecipe;
use crate::NOW;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Recipe {
    /// A prepared pair that no modern library makes: `rsa1024`, `sha1` (with `sha1-ca`),
    /// `secp256k1`; `leaf-sha1` under `sub-sha1` and `leaf-rsa1024` under `sub-rsa1024`, both under
    /// `weak-root`; `encrypted`, `rfc1421`, `pbes1` and `openssh`, whose keys are written in those
    /// forms; `rsa-small-d` and `rsa-inconsistent` are keys without a certificate.
    pub(super) prepared: Option<String>,
    /// No certificate but a key store of those before it.
    pub(super) store: Option<StoreRecipe>,
    common_name: Option<String>,
    /// Further attributes of the subject: `O`, `OU`, `C`.
    subject: std::collections::BTreeMap<String, String>,
    /// DNS names and IP addresses; none leaves the extension out.
    names: Vec<String>,
    /// URIs among the alternative names.
    uris: Vec<String>,
    /// Mail addresses among the alternative names.
    emails: Vec<String>,
    /// Relative to the clock: `-10d`, `1y`, `2h`, `30s`.
    not_before: String,
    not_after: String,
    /// `p256`, `p384`, `ed25519`, `rsa2048`.
    pub(super) key: String,
    /// Name of a certificate of the same recipe, which must stand before, whose key this one has.
    pub(super) key_of: Option<String>,
    ca: bool,
    path_len: Option<u8>,
    /// Whether basicConstraints is there at all.
    basic_constraints: bool,
    /// Name of the issuer in the same recipe, which must stand before; else self-signed.
    pub(super) issuer: Option<String>,
    /// Instead of the usual ones: `digital_signature`, `key_encipherment`, `key_agreement`,
    /// `key_cert_sign`, `crl_sign`; an empty list leaves the extension out.
    key_usages: Option<Vec<String>>,
    /// `server_auth`, `client_auth`, `code_signing`, `email`, `time_stamping`, `ocsp`, `any`, or
    /// a dotted identifier.
    usages: Vec<String>,
    /// Whether authorityKeyIdentifier is there; else where there is an issuer.
    aki: Option<bool>,
    /// In hexadecimal.
    serial: Option<String>,
    /// nameConstraints: DNS names and networks.
    permitted: Vec<String>,
    excluded: Vec<String>,
    /// Whether the certificate names the policy of public, domain-validated certificates.
    public: bool,
    /// Further extensions, as DER.
    extensions: Vec<Extra>,
    /// What is altered in the finished certificate, before it is signed again.
    pub(super) forge: Option<Forge>,
}

/// An extension that rcgen does not know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    /// Dotted.
    oid: String,
    #[serde(default)]
    critical: bool,
    /// The value in hexadecimal.
    der: String,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            prepared: None,
            store: None,
            common_name: None,
            subject: std::collections::BTreeMap::new(),
            names: Vec::new(),
            uris: Vec::new(),
            emails: Vec::new(),
            not_before: "-10d".to_owned(),
            not_after: "80d".to_owned(),
            key: "p256".to_owned(),
            key_of: None,
            ca: false,
            path_len: None,
            basic_constraints: true,
            issuer: None,
            key_usages: None,
            usages: Vec::new(),
            aki: None,
            serial: None,
            permitted: Vec::new(),
            excluded: Vec::new(),
            public: false,
            extensions: Vec::new(),
            forge: None,
        }
    }
}

/// certificatePolicies (RFC 5280 §4.2.1.4).
const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
/// The one policy 2.23.140.1.2.1, which the CA/Browser Forum gave domain validation.
const DOMAIN_VALIDATED: &[u8] = &[0x30, 10, 0x30, 8, 6, 6, 0x67, 0x81, 0x0c, 1, 2, 1];

pub(super) fn params(name: &str, recipe: &Recipe) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let common_name = recipe.common_name.as_deref().unwrap_or(name);
    if !common_name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, common_name);
    }
    for (attribute, value) in &recipe.subject {
        let attribute = match attribute.as_str() {
            "O" => DnType::OrganizationName,
            "OU" => DnType::OrganizationalUnitName,
            "C" => DnType::CountryName,
            _ => panic!("no attribute of a subject is called `{attribute}`"),
        };
        params.distinguished_name.push(attribute, value.as_str());
    }
    params.subject_alt_names = alternative_names(recipe);
    params.not_before = moment(&recipe.not_before);
    params.not_after = moment(&recipe.not_after);
    params.use_authority_key_identifier_extension = recipe.aki.unwrap_or(recipe.issuer.is_some());
    params.serial_number = recipe.serial.as_deref().map(|serial| SerialNumber::from(bytes(serial)));
    let usages = if recipe.ca {
        let constraints =
            recipe.path_len.map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained);
        params.is_ca = IsCa::Ca(constraints);
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign]
    } else {
        params.is_ca = if recipe.basic_constraints { IsCa::ExplicitNoCa } else { IsCa::NoCa };
        vec![KeyUsagePurpose::DigitalSignature]
    };
    params.key_usages = match &recipe.key_usages {
        Some(names) => names.iter().map(|name| key_usage(name)).collect(),
        None => usages,
    };
    params.extended_key_usages = recipe.usages.iter().map(|usage| purpose(usage)).collect();
    if !recipe.permitted.is_empty() || !recipe.excluded.is_empty() {
        let subtrees = |names: &[String]| names.iter().map(|name| subtree(name)).collect();
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: subtrees(&recipe.permitted),
            excluded_subtrees: subtrees(&recipe.excluded),
        });
    }
    if recipe.public {
        params.custom_extensions.push(CustomExtension::from_oid_content(
            CERTIFICATE_POLICIES,
            DOMAIN_VALIDATED.to_vec(),
        ));
    }
    for extra in &recipe.extensions {
        let mut extension =
            CustomExtension::from_oid_content(&numbers(&extra.oid), bytes(&extra.der));
        extension.set_criticality(extra.critical);
        params.custom_extensions.push(extension);
    }
    params
}

fn alternative_names(recipe: &Recipe) -> Vec<SanType> {
    let hosts = recipe.names.iter().map(|name| match name.parse::<IpAddr>() {
        Ok(address) => SanType::IpAddress(address),
        Err(_) => SanType::DnsName(name.as_str().try_into().expect("a DNS name")),
    });
    let uris = recipe.uris.iter().map(|uri| SanType::URI(uri.as_str().try_into().expect("ASCII")));
    let emails = recipe.emails.iter();
    let emails = emails.map(|email| SanType::Rfc822Name(email.as_str().try_into().expect("ASCII")));
    hosts.chain(uris).chain(emails).collect()
}

fn key_usage(name: &str) -> KeyUsagePurpose {
    match name {
        "digital_signature" => KeyUsagePurpose::DigitalSignature,
        "content_commitment" => KeyUsagePurpose::ContentCommitment,
        "key_encipherment" => KeyUsagePurpose::KeyEncipherment,
        "data_encipherment" => KeyUsagePurpose::DataEncipherment,
        "key_agreement" => KeyUsagePurpose::KeyAgreement,
        "key_cert_sign" => KeyUsagePurpose::KeyCertSign,
        "crl_sign" => KeyUsagePurpose::CrlSign,
        _ => panic!("no key usage is called `{name}`"),
    }
}

fn purpose(name: &str) -> ExtendedKeyUsagePurpose {
    match name {
        "server_auth" => ExtendedKeyUsagePurpose::ServerAuth,
        "client_auth" => ExtendedKeyUsagePurpose::ClientAuth,
        "code_signing" => ExtendedKeyUsagePurpose::CodeSigning,
        "email" => ExtendedKeyUsagePurpose::EmailProtection,
        "time_stamping" => ExtendedKeyUsagePurpose::TimeStamping,
        "ocsp" => ExtendedKeyUsagePurpose::OcspSigning,
        "any" => ExtendedKeyUsagePurpose::Any,
        oid => ExtendedKeyUsagePurpose::Other(numbers(oid)),
    }
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<CidrSubnet>() {
        Ok(network) => GeneralSubtree::IpAddress(network),
        Err(_) => GeneralSubtree::DnsName(name.to_owned()),
    }
}

pub(super) fn numbers(oid: &str) -> Vec<u64> {
    oid.split('.').map(|number| number.parse().expect("a dotted identifier")).collect()
}

pub(super) fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.chars().filter(|character| !character.is_whitespace()).collect();
    data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).expect("hexadecimal")
}

/// `-10d`, `80d`, `1y`, `2h`, `30s` from [`NOW`].
fn moment(text: &str) -> OffsetDateTime {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: i64 = number.parse().expect("a number and a unit");
    let seconds = match unit {
        "s" => 1,
        "h" => 3600,
        "d" => 24 * 3600,
        "y" => 365 * 24 * 3600,
        _ => panic!("a duration ends in s, h, d or y"),
    };
    OffsetDateTime::from_unix_timestamp(NOW).expect("a time") + Duration::seconds(number * seconds)
}
