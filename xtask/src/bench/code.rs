//! Program text that looks like what repositories hold: identifiers, strings, comments, imports,
//! and now and then a line with the words a secret scanner looks for, without a secret in it.

use std::fmt::Write as _;

use super::rng::Rng;

const NOUNS: [&str; 48] = [
    "request", "response", "client", "server", "order", "customer", "payment", "invoice", "cache",
    "buffer", "stream", "event", "queue", "worker", "handler", "session", "config", "option",
    "index", "table", "record", "column", "query", "result", "error", "message", "channel",
    "context", "deadline", "metric", "label", "counter", "parser", "writer", "reader", "node",
    "cluster", "region", "bucket", "object", "policy", "rule", "filter", "route", "schema",
    "version", "user", "account",
];
const VERBS: [&str; 24] = [
    "get", "set", "load", "store", "parse", "render", "send", "receive", "open", "close", "create",
    "update", "delete", "merge", "split", "validate", "encode", "decode", "apply", "resolve",
    "register", "notify", "retry", "flush",
];
const SECRET_WORDS: [&str; 8] =
    ["password", "token", "secret", "apiKey", "credentials", "auth", "privateKey", "access_key"];
const PROSE: [&str; 28] = [
    "the", "a", "of", "when", "is", "not", "before", "after", "each", "must", "returns", "empty",
    "because", "only", "again", "with", "without", "limit", "so", "that", "callers", "may", "wait",
    "for", "first", "last", "in", "order",
];

/// One of four languages, by index.
#[derive(Clone, Copy)]
enum Language {
    Rust,
    Go,
    Script,
    Python,
}

/// A source file of about `bytes` bytes.
pub(super) fn file(rng: &mut Rng, index: usize, bytes: usize) -> (String, String) {
    let (language, ending) = match index % 4 {
        0 => (Language::Go, "go"),
        1 => (Language::Rust, "rs"),
        2 => (Language::Script, "ts"),
        _ => (Language::Python, "py"),
    };
    let name = format!("{}_{}_{index}.{ending}", rng.pick(&NOUNS), rng.pick(&NOUNS));
    let mut text = String::with_capacity(bytes + 500);
    head(rng, language, &mut text);
    while text.len() < bytes {
        function(rng, language, &mut text);
    }
    (name, text)
}

/// Markdown of about `bytes` bytes.
pub(super) fn prose(rng: &mut Rng, bytes: usize) -> String {
    let mut text = format!("# The {} {}\n\n", rng.pick(&NOUNS), rng.pick(&NOUNS));
    while text.len() < bytes {
        sentence(rng, &mut text);
        text.push_str(if rng.one_in(4) { "\n\n" } else { "\n" });
    }
    text
}

/// A Dockerfile with two stages.
pub(super) fn dockerfile(rng: &mut Rng) -> String {
    let (name, minor) = (rng.pick(&NOUNS), rng.below(20));
    format!(
        "FROM golang:1.{minor} AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/{name} ./cmd/{name}\n\n\
         FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y ca-certificates\n\
         COPY --from=build /out/{name} /usr/bin/{name}\nENV PORT={}\nEXPOSE {0}\nCMD [\"/usr/bin/{name}\"]\n",
        8000 + rng.below(999)
    )
}

fn head(rng: &mut Rng, language: Language, text: &mut String) {
    for _ in 0..3 + rng.below(6) {
        let (one, other) = (rng.pick(&NOUNS), rng.pick(&NOUNS));
        let _ = match language {
            Language::Rust => {
                writeln!(text, "use crate::{one}::{}{};", capital(other), capital(one))
            }
            Language::Go => writeln!(text, "// import \"example.com/shop/{one}/{other}\""),
            Language::Script => writeln!(text, "import {{ {other} }} from '../{one}/{other}';"),
            Language::Python => writeln!(text, "from shop.{one} import {other}"),
        };
    }
    text.push('\n');
}

fn function(rng: &mut Rng, language: Language, text: &mut String) {
    let (verb, noun, argument) = (rng.pick(&VERBS), rng.pick(&NOUNS), rng.pick(&NOUNS));
    let mark = if matches!(language, Language::Python) { "#" } else { "//" };
    let _ = write!(text, "{mark} ");
    sentence(rng, text);
    text.push('\n');
    let (noun_c, verb_c) = (capital(noun), capital(verb));
    let _ = match language {
        Language::Rust => {
            writeln!(text, "pub fn {verb}_{noun}({argument}: &str) -> Result<{noun_c}, Error> {{")
        }
        Language::Go => {
            writeln!(text, "func {verb_c}{noun_c}(ctx context.Context, {argument} string) error {{")
        }
        Language::Script => {
            writeln!(text, "export async function {verb}{noun_c}({argument}: string) {{")
        }
        Language::Python => writeln!(text, "def {verb}_{noun}({argument}):"),
    };
    for _ in 0..3 + rng.below(14) {
        text.push_str("    ");
        statement(rng, language, text);
    }
    text.push_str(if matches!(language, Language::Python) { "\n\n" } else { "}\n\n" });
}

fn statement(rng: &mut Rng, language: Language, text: &mut String) {
    let (one, other, verb) = (rng.pick(&NOUNS), rng.pick(&NOUNS), rng.pick(&VERBS));
    let number = rng.below(10_000);
    let (binding, end) = match language {
        Language::Rust => ("let ", ";"),
        Language::Script => ("const ", ";"),
        Language::Go | Language::Python => ("", ""),
    };
    let equals = if matches!(language, Language::Go) { ":=" } else { "=" };
    let _ = match rng.below(24) {
        0 => {
            let word = rng.pick(&SECRET_WORDS);
            writeln!(text, "{binding}{word} {equals} {one}.{verb}(\"{word}\"){end}")
        }
        1 => writeln!(
            text,
            "{binding}{one} {equals} {verb}(\"https://{other}.example.com/v1/{one}s/{number}\"){end}"
        ),
        2 => writeln!(text, "{binding}{one} {equals} \"{verb} {other}: {{}} of {number}\"{end}"),
        3 => writeln!(
            text,
            "{binding}{one}_hash {equals} \"{:04x}{:04x}{number:04x}\"{end}",
            rng.below(65_536),
            rng.below(65_536)
        ),
        4 | 5 => writeln!(text, "{binding}{one}_{other} {equals} {number} + {other}{end}"),
        6..=9 => writeln!(text, "{one}.{verb}({other}, {number}){end}"),
        10..=13 => {
            writeln!(text, "{binding}{one} {equals} {other}.{verb}_{one}({one}.{other}){end}")
        }
        14..=17 => writeln!(text, "{other}.{one} = {verb}({one}, \"{other}\"){end}"),
        _ => writeln!(text, "{verb}_{other}({one}_{other}, {one}.{verb}, {number}){end}"),
    };
}

fn sentence(rng: &mut Rng, text: &mut String) {
    text.push_str(&capital(rng.pick(&PROSE)));
    for _ in 0..5 + rng.below(9) {
        let word = if rng.one_in(3) { rng.pick(&NOUNS) } else { rng.pick(&PROSE) };
        let _ = write!(text, " {word}");
    }
    text.push('.');
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
