//! What a name promises.

/// What a name promises to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Something a person could type.
    Password,
    /// Something a machine made.
    Secret,
}

/// Most words of a name that are looked at.
const MOST: usize = 16;

/// Words after the secret's own word that do not change what the name holds.
const NEUTRAL: &[&str] = &[
    "value",
    "val",
    "plain",
    "plaintext",
    "raw",
    "str",
    "prod",
    "production",
    "dev",
    "test",
    "staging",
    "stage",
    "live",
    "default",
    "new",
    "old",
    "current",
    "base64",
    "base",
    "b",
    "b64",
    "hex",
    "here",
    "primary",
    "secondary",
];
/// What makes a `key` a secret one.
const KEY_OF: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "encrypt",
    "signing",
    "signature",
    "master",
    "account",
    "auth",
    "storage",
    "shared",
    "subscription",
    "service",
    "app",
    "application",
    "jwt",
    "hmac",
    "aes",
    "deploy",
    "admin",
    "crypt",
    "crypto",
    "cipher",
    "session",
    "token",
    "cookie",
    "license",
    "hash",
];
/// Words that end in a secret's word without a border, as in `dbpassword`.
const ENDINGS: &[(&str, Class)] = &[
    ("password", Class::Password),
    ("passwd", Class::Password),
    ("passphrase", Class::Password),
    ("passcode", Class::Password),
    ("requirepass", Class::Password),
    ("apikey", Class::Secret),
    ("accesskey", Class::Secret),
    ("secretkey", Class::Secret),
    ("privatekey", Class::Secret),
    ("authkey", Class::Secret),
    ("accesstoken", Class::Secret),
    ("authtoken", Class::Secret),
    ("bottoken", Class::Secret),
    ("clientsecret", Class::Secret),
    ("appsecret", Class::Secret),
];
/// What makes a token no secret.
const HARMLESS_TOKENS: &[&str] = &[
    "csrf",
    "xsrf",
    "next",
    "page",
    "continuation",
    "cancellation",
    "pagination",
    "sync",
    "stop",
    "eos",
    "bos",
    "pad",
    "unk",
    "start",
    "end",
    "mask",
    "sep",
    "cls",
    "special",
    "prompt",
    "design",
    "lexer",
    "sort",
    "idempotency",
    "cancel",
    "delimiter",
    "syntax",
    "color",
    "theme",
    "max",
    "min",
    "num",
    "public",
    // What makes a request happen once only, or says how far something got.
    "change",
    "request",
    "action",
    "output",
    "input",
    "resume",
    "checkpoint",
    // Proof that a person is at work, good for a minute.
    "captcha",
    "recaptcha",
    "hcaptcha",
];

/// What `name` promises, if it promises a secret.
pub(crate) fn classify(name: &str) -> Option<Class> {
    let mut lower = [0u8; 96];
    let mut words = [(0usize, 0usize); MOST];
    let count = split(name, &mut lower, &mut words);
    let word = |index: usize| -> &str {
        let &(start, end) = words.get(index).unwrap_or(&(0, 0));
        lower.get(start..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    };
    let mut last = count.checked_sub(1)?;
    while last > 0 && (is_number(word(last)) || NEUTRAL.contains(&word(last))) {
        last -= 1;
    }
    let before = last.checked_sub(1).map_or("", word);
    if matches!(
        before,
        "public"
            | "pub"
            | "no"
            | "is"
            | "has"
            | "get"
            | "set"
            | "hide"
            | "show"
            | "forgot"
            | "existing"
            | "hashed"
            | "encrypted"
            // `mysql_native_password`, a way to log in.
            | "native"
    ) {
        return None;
    }
    match word(last) {
        "pwd" | "pass" | "pw" | "psw" | "pswd" => Some(Class::Password),
        "secret" | "secrets" | "credential" | "credentials" => Some(Class::Secret),
        "token" | "tokens" => (!HARMLESS_TOKENS.contains(&before)).then_some(Class::Secret),
        "key" | "keys" => KEY_OF.contains(&before).then_some(Class::Secret),
        other => ENDINGS.iter().find(|(end, _)| other.ends_with(end)).map(|&(_, class)| class),
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits a name at separators and humps into lower-case words; answers how many there are. Only
/// the last words are kept of a name with very many.
fn split(name: &str, lower: &mut [u8; 96], words: &mut [(usize, usize); MOST]) -> usize {
    let bytes = name.as_bytes();
    let mut count = 0;
    let mut start = None;
    let close =
        |from: Option<usize>, to: usize, count: &mut usize, words: &mut [(usize, usize); MOST]| {
            if let Some(from) = from {
                if *count == MOST {
                    words.rotate_left(1);
                    *count -= 1;
                }
                if let Some(slot) = words.get_mut(*count) {
                    *slot = (from, to);
                    *count += 1;
                }
            }
        };
    for (at, &byte) in bytes.iter().enumerate().take(lower.len()) {
        if let Some(slot) = lower.get_mut(at) {
            *slot = byte.to_ascii_lowercase();
        }
        let before = at.checked_sub(1).and_then(|index| bytes.get(index)).copied().unwrap_or(b'_');
        let after = bytes.get(at + 1).copied().unwrap_or(b'_');
        if !byte.is_ascii_alphanumeric() {
            close(start.take(), at, &mut count, words);
        } else {
            let hump = byte.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && after.is_ascii_lowercase()));
            let number =
                byte.is_ascii_digit() != before.is_ascii_digit() && before.is_ascii_alphanumeric();
            if start.is_some() && (hump || number) {
                close(start.take(), at, &mut count, words);
            }
            start = start.or(Some(at));
        }
    }
    close(start, bytes.len().min(lower.len()), &mut count, words);
    count
}

#[cfg(test)]
mod tests {
    use super::{Class, classify};

    #[test]
    fn names_that_promise_a_password() {
        for name in [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "spring.datasource.password",
            "PGPASSWORD",
            "smtp-passwd",
            "rootpassword",
            "DB_PASS",
            "userPwd",
            "password2",
            "PASSWORD_PROD",
            "keyPassphrase",
        ] {
            assert_eq!(classify(name), Some(Class::Password), "{name}");
        }
    }

    #[test]
    fn names_that_promise_a_secret() {
        for name in [
            "client_secret",
            "clientSecret",
            "API_KEY",
            "apiKey",
            "apikey",
            "APIKey",
            "aws_secret_access_key",
            "GITHUB_TOKEN",
            "token",
            "authToken",
            "private_key",
            "SECRET_KEY_BASE64",
            "X-Api-Key",
            "encryptionKey",
        ] {
            assert_eq!(classify(name), Some(Class::Secret), "{name}");
        }
    }

    #[test]
    fn names_that_promise_something_else() {
        for name in [
            "password_file",
            "passwordLength",
            "secretName",
            "token_type",
            "next_token",
            "csrfToken",
            "key",
            "primary_key",
            "publicKey",
            "cache_key",
            "passenger",
            "bypass",
            "compass",
            "tokenizer",
            "secret_id",
            "monkey",
            "access_key_id",
            "passwordHash",
            "hashed_secret",
            "SECRET_KEY_PATH",
            "password_policy",
            "keyboard",
            "mysql_native_password",
            "ClientRequestToken",
            "recaptchaToken",
        ] {
            assert_eq!(classify(name), None, "{name}");
        }
    }
}
