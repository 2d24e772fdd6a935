//! Passwords that commands are given: by options without a telling name (`-u user:password`),
//! attached to them (`-ppassword`), or through a pipe.

mod words;

use std::ops::Range;

use careen_rule::redact;
use careen_text::Span;

use crate::assign::{Class, classify, judge};
use crate::check::Find;
use crate::context::Context;
use crate::hit::{Hit, rank};
use crate::shape::Match;
use words::{start, words};

/// How far before an anchor its command may start, in bytes.
const REACH: usize = 240;
/// Words before the name of the program: `sudo`, variables, the word of a Dockerfile.
const MOST_BEFORE: usize = 12;

/// How a program is given its password.
#[derive(Clone, Copy, Debug)]
enum How {
    /// As the word after one of these options.
    Option(&'static [&'static str]),
    /// The same, but only of the subcommand `login`.
    Login,
    /// Behind `-p`, without a blank.
    Attached,
    /// As `user:password` after one of these options.
    Pair(&'static [&'static str]),
    /// `config set NAME VALUE`.
    Setting,
    /// `--from-literal=KEY=VALUE` of `create secret`.
    Literals,
}

const PROGRAMS: &[(&[&str], How)] = &[
    (
        &["docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane", "az", "oc"],
        How::Login,
    ),
    (
        &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlcheck",
            "mariadb",
            "mariadb-dump",
            "mariadb-admin",
        ],
        How::Attached,
    ),
    (&["sshpass"], How::Option(&["-p"])),
    (&["redis-cli"], How::Option(&["-a", "--pass"])),
    (&["curl"], How::Pair(&["-u", "--user", "-U", "--proxy-user"])),
    (&["ldapsearch", "ldapadd", "ldapmodify"], How::Option(&["-w"])),
    (&["mongosh", "mongodump", "mongorestore"], How::Option(&["-p"])),
    (&["npm", "yarn", "pnpm", "composer", "pip", "poetry"], How::Setting),
    (&["kubectl", "oc"], How::Literals),
];

/// A password among the words of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given<'t> {
    /// The program.
    pub(crate) program: &'t str,
    /// Number of the word.
    pub(crate) word: usize,
    /// Where in the word.
    pub(crate) place: Range<usize>,
    /// What kind of secret the place is for.
    pub(crate) class: Class,
}

/// The passwords that a command is given, whatever they are.
pub(crate) fn given<'t>(words: &[&'t str]) -> Vec<Given<'t>> {
    let mut found = Vec::new();
    let Some((first, program)) =
        words.iter().take(MOST_BEFORE).enumerate().find_map(|(at, word)| {
            let name = word.rsplit('/').next().unwrap_or(word);
            PROGRAMS.iter().any(|(names, _)| names.contains(&name)).then_some((at, name))
        })
    else {
        return found;
    };
    let ways = PROGRAMS.iter().filter(|(names, _)| names.contains(&program)).map(|&(_, how)| how);
    let from = first + 1;
    let rest = words.get(from..).unwrap_or_default();
    for how in ways {
        let mut add = |word: usize, place: Range<usize>, class: Class| {
            found.push(Given { program, word: from + word, place, class });
        };
        match how {
            How::Option(options) => options_of(rest, options, &mut add),
            How::Login => {
                if rest.iter().take(4).any(|&word| word == "login") {
                    options_of(rest, &["-p"], &mut add);
                }
            }
            How::Attached => {
                for (at, word) in rest.iter().enumerate() {
                    if word.len() > 2 && word.starts_with("-p") {
                        add(at, 2..word.len(), Class::Password);
                    }
                }
            }
            How::Pair(options) => {
                options_of(rest, options, &mut |word, place, class| {
                    let value = rest.get(word).and_then(|text| text.get(place.clone()));
                    if let Some((user, password)) = value.and_then(|value| value.split_once(':'))
                        && !user.is_empty()
                        && user != password
                    {
                        add(word, place.start + user.len() + 1..place.end, class);
                    }
                });
            }
            How::Setting => {
                if let Some(at) = rest.windows(2).position(|two| two == ["config", "set"])
                    && let (Some(name), Some(value)) = (rest.get(at + 2), rest.get(at + 3))
                    && let Some(class) = classify(name.rsplit(':').next().unwrap_or(name))
                {
                    add(at + 3, 0..value.len(), class);
                }
            }
            How::Literals => literals(rest, &mut add),
        }
    }
    found
}

type Add<'a> = dyn FnMut(usize, Range<usize>, Class) + 'a;

/// Values of options: the next word, or what follows the option or its `=`.
fn options_of(words: &[&str], options: &[&str], add: &mut Add<'_>) {
    for (at, word) in words.iter().enumerate() {
        for option in options {
            let Some(tail) = word.strip_prefix(option) else { continue };
            if tail.is_empty() {
                if let Some(value) = words.get(at + 1) {
                    add(at + 1, 0..value.len(), Class::Password);
                }
            } else if let Some(value) = tail.strip_prefix('=') {
                add(at, word.len() - value.len()..word.len(), Class::Password);
            } else if !option.starts_with("--") {
                add(at, option.len()..word.len(), Class::Password);
            }
        }
    }
}

fn literals(words: &[&str], add: &mut Add<'_>) {
    if !words.windows(2).any(|two| two == ["create", "secret"]) {
        return;
    }
    for (at, word) in words.iter().enumerate() {
        let (at, pair) = match word.strip_prefix("--from-literal") {
            Some("") => (at + 1, words.get(at + 1).copied().unwrap_or_default()),
            Some(tail) => (at, tail.strip_prefix('=').unwrap_or_default()),
            None => continue,
        };
        let Some((key, value)) = pair.split_once('=') else { continue };
        let length = words.get(at).map_or(0, |word| word.len());
        add(at, length - value.len()..length, classify(key).unwrap_or(Class::Password));
    }
}

/// Reads the command around the anchor at `at`. `done` is the last command that was read: one
/// command may hold several anchors.
pub(crate) fn read(
    text: &str,
    at: usize,
    context: Context,
    done: &mut Range<usize>,
    found: &mut Vec<Hit>,
) {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("chpasswd") {
        return piped(text, at, "chpasswd", true, context, found);
    }
    if rest.starts_with("word-stdin") {
        return piped(text, at, "--password-stdin", false, context, found);
    }
    if done.contains(&at) {
        return;
    }
    let from = start(text, at);
    let words = words(text, from);
    *done = from..words.last().map_or(at + 1, |last| last.end);
    let texts: Vec<&str> = words.iter().map(|&at| slice(text, at)).collect();
    for given in given(&texts) {
        let Some(word) = words.get(given.word) else { continue };
        let place =
            Match { start: word.start + given.place.start, end: word.start + given.place.end };
        found.extend(hit(text, unquoted(text, place), given.program, given.class, context));
    }
}

/// The hit for a value that a program is given, where the value may be a secret.
fn hit(text: &str, place: Match, program: &str, class: Class, context: Context) -> Option<Hit> {
    let value = slice(text, place);
    let mut hit = judged(value, program, class, context)?;
    hit.span = Span::of(place.start..place.end);
    hit.secret = hit.span;
    Some(hit)
}

/// The hit for a value, without its place.
pub(crate) fn judged(value: &str, program: &str, class: Class, context: Context) -> Option<Hit> {
    let confidence = judge(value, class, true, context)?;
    let (find, noun) = match class {
        Class::Password => (Find::CommandPassword, "password"),
        Class::Secret => (Find::Secret, "secret"),
    };
    let shown = redact(value, 0);
    let message = format!("`{program}` is given a literal {noun}");
    let evidence = format!("{program} {shown}");
    let mut hit = Hit::new(find.rule()?, Span::default(), rank::FILE, message, evidence);
    hit.confidence = confidence;
    Some(hit)
}

/// `echo VALUE | program`: the last word of the command before the pipe.
fn piped(text: &str, at: usize, program: &str, user: bool, context: Context, found: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let head = bytes.get(at.saturating_sub(REACH)..at).unwrap_or_default();
    let line = head.iter().rev().take_while(|&&byte| byte != b'\n').count();
    let from = at - line;
    let Some(pipe) = bytes.get(from..at).and_then(|line| memchr::memrchr(b'|', line)) else {
        return;
    };
    let left = bytes.get(from..from + pipe).unwrap_or_default();
    let echo =
        ["echo ", "printf "].iter().filter_map(|name| memchr::memmem::rfind(left, name.as_bytes()));
    let Some(echo) = echo.max() else { return };
    let words = words(text, from + echo);
    let Some(&last) = words.get(1..).and_then(<[Match]>::last) else { return };
    if last.end > from + pipe {
        return;
    }
    let mut place = unquoted(text, last);
    if user {
        let Some((name, _)) = slice(text, place).split_once(':') else { return };
        place.start += name.len() + 1;
    }
    found.extend(hit(text, place, program, Class::Password, context));
}

fn slice(text: &str, at: Match) -> &str {
    text.get(at.start..at.end).unwrap_or_default()
}

/// A value without the quotes that a word has in its middle, up to an escape of the string that
/// holds the command.
fn unquoted(text: &str, at: Match) -> Match {
    let value = slice(text, at);
    let inner = ['"', '\'']
        .iter()
        .find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote).map(|_| 1))
        .unwrap_or(0);
    let escape = ["\\n", "\\r", "\\t", "\\x", "\\0", "\\\"", "\\u"]
        .iter()
        .filter_map(|escape| value.find(escape));
    let end = escape.min().map_or(at.end - inner, |cut| at.start + cut);
    Match { start: at.start + inner, end: end.max(at.start + inner) }
}

#[cfg(test)]
mod tests {
    use super::{given, read};
    use crate::context::{Context, FileClass};

    #[test]
    fn places_of_passwords() {
        let places = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let all = given(&words);
            let texts = all.iter().map(|given| words[given.word][given.place.clone()].to_owned());
            texts.collect::<Vec<_>>()
        };
        for (line, expected) in [
            ("sudo docker login -u a -p b c", vec!["b"]),
            ("docker run -p 80:80 x", vec![]),
            ("helm registry login -p b c", vec!["b"]),
            ("mysql -h x -pb", vec!["b"]),
            ("mysql -p shop", vec![]),
            ("/usr/bin/sshpass -pb ssh x", vec!["b"]),
            ("curl -sSf -u a:b x", vec!["b"]),
            ("curl --user=a:b x", vec!["b"]),
            ("curl -u a x", vec![]),
            ("redis-cli -a b ping", vec!["b"]),
            ("npm config set //x/:_authToken b", vec!["b"]),
            ("npm config set color b", vec![]),
            (
                "kubectl create secret generic s --from-literal=k=b --from-literal l=c",
                vec!["b", "c"],
            ),
            ("kubectl create configmap s --from-literal=k=b", vec![]),
            ("echo nothing", vec![]),
        ] {
            assert_eq!(places(line), expected, "{line}");
        }
    }

    #[test]
    fn pipes_lead_to_what_was_echoed() {
        let context = Context { class: FileClass::Config, fixture: false, now: 0 };
        let value = "Hm3·pQ9xVdw2".replace('·', "");
        for (line, anchor, found) in [
            (format!("echo {value} | docker login --password-stdin"), "word-stdin", true),
            (format!("x && echo 'root:{value}' | sudo chpasswd"), "chpasswd", true),
            (
                format!("printf '%s' \"{value}\" | docker login --password-stdin"),
                "word-stdin",
                true,
            ),
            ("echo \"$TOKEN12\" | docker login --password-stdin".to_owned(), "word-stdin", false),
            (format!("cat {value} | docker login --password-stdin"), "word-stdin", false),
        ] {
            let mut hits = Vec::new();
            read(&line, line.find(anchor).unwrap(), context, &mut (0..0), &mut hits);
            let marked: Vec<&str> = hits.iter().map(|hit| &line[hit.secret.range()]).collect();
            assert_eq!(marked, if found { vec![value.as_str()] } else { vec![] }, "{line}");
        }
    }
}
