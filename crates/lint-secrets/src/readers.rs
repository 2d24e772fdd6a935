//! What the readers of everything that is no token of a provider report.

use careen_rule::{Confidence, Date, Severity, redact};
use careen_text::Span;

use crate::assign::{self, Assignment};
use crate::bare_key;
use crate::check::{Find, Reader};
use crate::command;
use crate::connection;
use crate::context::Context;
use crate::files;
use crate::header;
use crate::hit::{Hit, rank};
use crate::pair;
use crate::pem;
use crate::shape::Match;
use crate::signed_url;
use crate::store::{self, Store};
use crate::url;
use crate::web_token::{self, Kind};

/// What `reader` finds at the anchor of `length` bytes at `at`.
pub(crate) fn read(
    reader: Reader,
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Hit> {
    match reader {
        // Read where the text is scanned: they need more than their place.
        Reader::Shell | Reader::Netrc | Reader::Escape | Reader::Assignment => None,
        Reader::PrivateKey => pem::read(text, at).and_then(|key| private_key(&key)),
        Reader::PackedKey => pem::read_packed(text, at).and_then(|key| packed_key(&key)),
        Reader::BareKey => bare_key::read(text, at, length).and_then(|key| bare(&key)),
        Reader::PackedStore => {
            let found = store::read_packed(text, at, length);
            found.and_then(|found| key_store(found.store, found.all, " in base64"))
        }
        Reader::Url => url::read(text, at, context).and_then(|url| in_url(text, &url)),
        Reader::ThinUrl => url::read_thin(text, at, context).and_then(|url| in_url(text, &url)),
        Reader::Authorization => {
            let found = header::read(text, at, length, context);
            found.and_then(|found| in_header(text, &found))
        }
        Reader::VendorHeader => {
            let found = header::read_vendor(text, at, length, context);
            found.and_then(|found| in_header(text, &found))
        }
        Reader::NamedHeader => {
            let found = header::read_named(text, at, length, context);
            found.and_then(|found| in_header(text, &found))
        }
        Reader::RegistryAuth => files::registry_auth(text, at, length, context),
        Reader::WebToken => {
            web_token::read(text, at).and_then(|token| web_token(text, &token, context))
        }
        Reader::SignedUrl => {
            let found = signed_url::read(text, at, length);
            found.and_then(|found| signed(text, &found, context))
        }
        Reader::Webhook => {
            let found = signed_url::read_hook(text, at, length, context);
            found.and_then(|found| webhook(text, &found))
        }
        Reader::Command => {
            let found = command::read(text, at, length, context);
            found.and_then(|found| in_command(text, &found))
        }
        Reader::Pair => pair::id(text, at).and_then(|(pair, id)| key_pair(text, id, pair)),
    }
}

pub(crate) fn span(at: Match) -> Span {
    Span::of(at.start..at.end)
}

pub(crate) fn slice(text: &str, at: Match) -> &str {
    text.get(at.start..at.end).unwrap_or_default()
}

/// The hit for a value that is given to a name.
pub(crate) fn assigned(text: &str, found: &Assignment<'_>) -> Option<Hit> {
    let shown = redact(slice(text, found.value), 0);
    let password = found.class == assign::Class::Password;
    let key = ["AccountKey", "SharedAccessKey"].contains(&found.name);
    if (password || key)
        && let Some(target) = connection::target(text, found.written, found.value)
    {
        let noun = if password { "password" } else { "key" };
        let message = format!("connection string of `{target}` holds a literal {noun}");
        let rule = Find::ConnectionPassword.rule()?;
        let evidence = format!("{target} {shown}");
        let mut hit = Hit::new(rule, span(found.value), rank::CONNECTION, message, evidence);
        hit.confidence = found.confidence;
        return Some(hit);
    }
    if pair::principal(text, found) {
        let rule = Find::ServicePrincipal.rule()?;
        let message = format!("secret `{shown}` of an Azure service principal is committed");
        return Some(Hit::new(rule, span(found.value), rank::PAIR, message, shown));
    }
    let (rule, noun) = match found.class {
        assign::Class::Password => (Find::Password.rule()?, "password"),
        assign::Class::Secret => (Find::Secret.rule()?, "secret"),
    };
    let message = format!("`{}` is assigned a literal {noun}", found.name);
    let evidence = format!("{} {shown}", found.name);
    let mut hit = Hit::new(rule, span(found.value), rank::ASSIGNED, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

/// `RSA private key`.
fn kind_of(label: &str) -> String {
    let kind = label.replace("PRIVATE KEY", "private key").replace(" BLOCK", "");
    kind.replace("NKEY SEED", "nkey seed").trim().to_owned()
}

fn protection(encrypted: bool) -> &'static str {
    if encrypted { ", protected by a passphrase only" } else { "" }
}

/// The hit for a private key that is pointed at by its first line.
fn key_hit(all: Match, message: String, evidence: String, encrypted: bool) -> Option<Hit> {
    let rule = Find::PrivateKey.rule()?;
    let mut hit = Hit::new(rule, span(all), rank::KEY, message, evidence);
    if encrypted {
        hit.severity = rule.severity.lowered(2);
    }
    Some(hit)
}

fn private_key(key: &pem::PrivateKey<'_>) -> Option<Hit> {
    let evidence = key.label.to_owned();
    let mut hit = if key.service_account && !key.encrypted {
        let message = "private key of a Google service account is committed".to_owned();
        let rule = Find::ServiceAccountKey.rule()?;
        Hit::new(rule, span(key.all), rank::KEY, message, evidence)
    } else {
        let kind = kind_of(key.label);
        let message = format!("{kind} is committed{}", protection(key.encrypted));
        key_hit(key.all, message, evidence, key.encrypted)?
    };
    hit.span = span(key.head);
    Some(hit)
}

fn packed_key(key: &pem::Packed) -> Option<Hit> {
    let kind = kind_of(&key.label);
    let message = format!("{kind} is committed in base64{}", protection(key.encrypted));
    let evidence = format!("{} in base64", key.label);
    key_hit(key.all, message, evidence, key.encrypted)
}

fn bare(key: &bare_key::BareKey) -> Option<Hit> {
    let message = format!("{} is committed{}", key.noun, protection(key.encrypted));
    let evidence = key.noun.to_owned();
    key_hit(key.secret, message, evidence, key.encrypted)
}

/// The hit for a store of keys; `all` is empty where it is a file that is no text.
pub(crate) fn key_store(found: Store, all: Match, form: &str) -> Option<Hit> {
    let message = format!("{} is committed{form}{}", found.noun, protection(found.protected));
    let find = if found.protected { Find::KeyStore } else { Find::PrivateKey };
    Some(Hit::new(find.rule()?, span(all), rank::KEY, message, found.noun.to_owned()))
}

fn in_url(text: &str, found: &url::UrlPassword<'_>) -> Option<Hit> {
    let rule = Find::UrlPassword.rule()?;
    let shown = redact(slice(text, found.password), 0);
    let (scheme, host, noun) = (found.scheme, found.host, found.noun);
    let message = format!("`{scheme}` URL of `{host}` holds a literal {noun}");
    let evidence = format!("{scheme}://{host} {shown}");
    let mut hit = Hit::new(rule, span(found.password), rank::URL, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

fn in_header(text: &str, found: &header::Authorization) -> Option<Hit> {
    let rule = Find::Authorization.rule()?;
    let shown = redact(slice(text, found.value), 0);
    let message = match (found.header, found.scheme) {
        (Some(name), _) => format!("`{}` header holds a literal credential", slice(text, name)),
        (None, "") => "`Authorization` value holds a literal credential".to_owned(),
        (None, scheme) => {
            format!("`Authorization` value holds a literal `{scheme}` credential")
        }
    };
    let evidence = format!("{} {shown}", found.scheme);
    let mut hit = Hit::new(rule, span(found.value), rank::HEADER, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

/// The last second of a day counts to it: dates without a time are read as its start.
const DAY: i64 = 86_400;

/// How long something is good for, as the end of a message.
fn validity(expires: Option<i64>, now: i64) -> (String, bool) {
    match expires {
        Some(end) if end < now => (format!(", expired on {}", Date(end)), true),
        Some(end) => (format!(", valid until {}", Date(end)), false),
        None => (", without expiry".to_owned(), false),
    }
}

fn web_token(text: &str, token: &web_token::WebToken, context: Context) -> Option<Hit> {
    let shown = redact(slice(text, token.place), "eyJ".len());
    let (validity, over) = validity(token.expires, context.now);
    let (rule, message) = match &token.kind {
        Kind::ServiceAccount { namespace, name } => {
            let account = format!("token of service account `{namespace}/{name}` is committed");
            (Find::ServiceAccountToken.rule()?, account + &validity)
        }
        Kind::Signed(kind) => {
            (Find::WebToken.rule()?, format!("{kind} `{shown}` is committed{validity}"))
        }
        Kind::Encrypted => {
            let message = format!("encrypted JSON Web Token `{shown}` is committed");
            (Find::WebToken.rule()?, message)
        }
    };
    let known = match token.kind {
        Kind::ServiceAccount { .. } => true,
        Kind::Signed(kind) => kind.starts_with("Supabase"),
        Kind::Encrypted => false,
    };
    let confidence = match (known, over) {
        (true, false) => Confidence::High,
        _ => Confidence::Medium,
    };
    let rank = rank::TOKEN + confidence as u8;
    let mut hit = Hit::new(rule, span(token.place), rank, message, shown);
    hit.confidence = confidence;
    if over {
        hit.severity = Severity::Low;
    } else if matches!(token.kind, Kind::Signed(kind) if kind.starts_with("Supabase")) {
        // It passes by every policy of the database.
        hit.severity = Severity::Critical;
    } else if token.kind == Kind::Encrypted {
        hit.severity = rule.severity.lowered(1);
    }
    Some(hit)
}

fn signed(text: &str, found: &signed_url::SignedUrl<'_>, context: Context) -> Option<Hit> {
    let rule = Find::SignedUrl.rule()?;
    let shown = redact(slice(text, found.signature), 0);
    // A date without a time ends with its day.
    let expires = found.expires.map(|end| end + if end % DAY == 0 { DAY - 1 } else { 0 });
    let (validity, over) = validity(expires, context.now);
    let host = found.host.map(|host| format!(" of `{host}`")).unwrap_or_default();
    let provider = found.provider;
    let message = format!("signed {provider} URL{host} is committed{validity}");
    let mut hit = Hit::new(rule, span(found.signature), rank::SIGNED, message, shown);
    if over || found.brief {
        hit.severity = Severity::Low;
    }
    Some(hit)
}

fn webhook(text: &str, found: &signed_url::Webhook<'_>) -> Option<Hit> {
    let rule = Find::Webhook.rule()?;
    let shown = redact(slice(text, found.secret), 0);
    let message = format!("webhook of `{}` is committed", found.host);
    let evidence = format!("{} {shown}", found.host);
    Some(Hit::new(rule, span(found.secret), rank::URL, message, evidence))
}

fn in_command(text: &str, found: &command::CommandPassword) -> Option<Hit> {
    let rule = Find::CommandPassword.rule()?;
    let shown = redact(slice(text, found.value), 0);
    let message = format!("`{}` is given a literal password", found.tool);
    let evidence = format!("{} {shown}", found.tool);
    let mut hit = Hit::new(rule, span(found.value), rank::COMMAND, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

fn key_pair(text: &str, id: Match, pair: &pair::Pair) -> Option<Hit> {
    let secret = pair::secret_beside(text, id, pair)?;
    let rule = Find::CloudSecret.rule()?;
    let shown = redact(slice(text, secret), 0);
    let provider = pair.provider;
    let message = format!("{provider} secret key `{shown}` is committed beside its key id");
    Some(Hit::new(rule, span(secret), rank::PAIR, message, format!("{provider} {shown}")))
}
