//! Passwords on command lines: `curl -u user:password`, `sshpass -p`, `docker login -p` and what
//! else takes one as an argument. Options whose names tell what they take are read as assignments.

use careen_rule::Confidence;

use crate::assign::{Class, judge};
use crate::charset::NAME;
use crate::context::Context;
use crate::shape::{Match, starts_fresh};

/// Bytes of a command line that are read.
const LONGEST: usize = 800;
/// Arguments that are read.
const MOST: usize = 40;

/// A password that a command is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommandPassword {
    /// `curl`.
    pub(crate) tool: &'static str,
    /// Where the password stands.
    pub(crate) value: Match,
    /// How sure we are.
    pub(crate) confidence: Confidence,
}

/// Where a tool takes its password.
#[derive(Clone, Copy, Debug)]
enum Takes {
    /// Behind one of these options, as its next argument or joined to it.
    Option(&'static [&'static str]),
    /// Behind one of these options, only joined to it: `-pSECRET`.
    Joined(&'static str),
    /// The part after a separator of what stands behind one of these options: `user:password`.
    Pair(&'static [&'static str], char),
    /// Behind `pass:` of one of these options.
    Pass(&'static [&'static str]),
    /// Where none of the other fits: the argument of this number behind a word.
    Operand(&'static str, usize),
    /// `user/password@database`, as the first argument that looks so.
    Slash,
}

/// Tools, by the literals that lead to them.
const TOOLS: &[(&str, &[&str], Takes)] = &[
    ("curl", &["curl"], Takes::Pair(&["-u", "--user", "-U", "--proxy-user"], ':')),
    ("sshpass", &["sshpass"], Takes::Option(&["-p"])),
    (
        "mysql",
        &["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlsh", "mysqlshow", "mariadb"],
        Takes::Joined("-p"),
    ),
    ("redis-cli", &["redis-cli"], Takes::Option(&["-a", "--pass"])),
    (
        "mongo",
        &["mongo", "mongosh", "mongodump", "mongorestore", "mongoimport", "mongoexport"],
        Takes::Option(&["-p", "--password"]),
    ),
    (
        "ldap",
        &["ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami", "ldapdelete", "ldappasswd"],
        Takes::Option(&["-w"]),
    ),
    ("smbclient", &["smbclient", "rpcclient", "smbget"], Takes::Pair(&["-U", "--user"], '%')),
    ("htpasswd", &["htpasswd"], Takes::Operand("-b", 3)),
    ("sqlcmd", &["sqlcmd", "bcp"], Takes::Option(&["-P"])),
    ("sqlplus", &["sqlplus", "expdp", "impdp", "sqlldr"], Takes::Slash),
    ("rabbitmqctl", &["rabbitmqctl"], Takes::Operand("add_user", 2)),
    ("rabbitmqctl", &["rabbitmqctl"], Takes::Operand("change_password", 2)),
    ("openssl", &["openssl"], Takes::Pass(&["-passin", "-passout", "-pass", "-password"])),
    (
        "keytool",
        &["keytool"],
        Takes::Option(&["-storepass", "-keypass", "-srcstorepass", "-deststorepass"]),
    ),
    ("net use", &["net"], Takes::Operand("use", 0)),
    ("ConvertTo-SecureString", &["SecureString"], Takes::Operand("SecureString", 1)),
];

/// Literals that lead here. They begin a command, but for ` login ` of many.
pub(crate) const ANCHORS: &[&str] = &[
    "curl",
    "sshpass",
    "mysql",
    "mariadb",
    "redis-cli",
    "mongo",
    "ldap",
    "smbclient",
    "htpasswd",
    "sqlcmd",
    "sqlplus",
    "rabbitmqctl",
    "openssl",
    "keytool",
    "net use ",
    "SecureString",
    " login ",
];

/// Commands whose `login` takes a password behind `-p`.
const LOGINS: &[(&str, &str)] = &[
    ("docker", "docker login"),
    ("podman", "podman login"),
    ("nerdctl", "nerdctl login"),
    ("buildah", "buildah login"),
    ("skopeo", "skopeo login"),
    ("oras", "oras login"),
    ("crane auth", "crane auth login"),
    ("helm registry", "helm registry login"),
    ("az", "az login"),
    ("az acr", "az acr login"),
    ("oc", "oc login"),
    ("argocd", "argocd login"),
    ("cf", "cf login"),
];

/// Reads the command that the literal at `at` leads to.
pub(crate) fn read(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<CommandPassword> {
    let bytes = text.as_bytes();
    let literal = text.get(at..at + length)?;
    if literal == " login " {
        let head = text.get(..at)?;
        let &(_, tool) = LOGINS.iter().find(|(tool, _)| head.ends_with(tool))?;
        let options = Takes::Option(&["-p", "--password", "--client-secret"]);
        return passwords(text, at + length - 1, options, context)
            .map(|(value, confidence)| CommandPassword { tool, value, confidence });
    }
    if !starts_fresh(bytes, at) {
        return None;
    }
    let ahead = NAME.run(bytes.get(at..)?, 32);
    let word = text.get(at..at + ahead)?;
    for &(tool, names, takes) in TOOLS {
        if !names.contains(&word) {
            continue;
        }
        let from = match takes {
            Takes::Operand("use", _) | Takes::Operand("SecureString", _) => at,
            _ => {
                // `"curl", "-u"` of a list.
                let quoted = bytes.get(at + ahead).is_some_and(|&byte| b"\"'".contains(&byte))
                    && at.checked_sub(1).and_then(|before| bytes.get(before))
                        == bytes.get(at + ahead);
                at + ahead + usize::from(quoted)
            }
        };
        if let Some((value, confidence)) = passwords(text, from, takes, context) {
            return Some(CommandPassword { tool, value, confidence });
        }
    }
    None
}

/// The first password among the arguments of a command.
fn passwords(
    text: &str,
    from: usize,
    takes: Takes,
    context: Context,
) -> Option<(Match, Confidence)> {
    let words = words(text, from);
    let value_at = |index: usize| words.get(index).copied();
    let slice = |place: Match| text.get(place.start..place.end).unwrap_or_default();
    let judged =
        |place: Match, class: Class| Some((place, judge(slice(place), class, true, context)?));
    let tail = |place: Match, skip: usize| Match { start: place.start + skip, end: place.end };
    // What an option is given: the next argument, or what is joined to it.
    let given = |index: usize, word: Match, option: &str| -> Option<Match> {
        let rest = slice(word).strip_prefix(option)?;
        let skip = option.len();
        match rest.bytes().next() {
            None => value_at(index + 1),
            Some(b'=') => Some(tail(word, skip + 1)),
            Some(_) if !option.starts_with("--") && option.len() == 2 => Some(tail(word, skip)),
            Some(_) => None,
        }
    };
    // Only the first of an option counts, as a second one would be another command's.
    let first = |options: &[&str]| {
        words
            .iter()
            .enumerate()
            .find_map(|(index, &word)| options.iter().find_map(|option| given(index, word, option)))
    };
    match takes {
        Takes::Option(options) => judged(first(options)?, Class::Password),
        Takes::Joined(option) => {
            let joined = |word: &&Match| {
                slice(**word).strip_prefix(option).is_some_and(|rest| !rest.is_empty())
            };
            let word = *words.iter().find(joined)?;
            judged(tail(word, option.len()), Class::Password)
        }
        Takes::Pair(options, separator) => {
            let pair = first(options)?;
            let (user, password) = slice(pair).split_once(separator)?;
            if password.is_empty() {
                // `curl -u token:` asks for nothing more.
                let user = Match { start: pair.start, end: pair.start + user.len() };
                return judged(user, Class::Secret);
            }
            if user == password {
                return None;
            }
            judged(tail(pair, user.len() + separator.len_utf8()), Class::Password)
        }
        Takes::Pass(options) => {
            let index = words.iter().position(|&word| options.contains(&slice(word)))?;
            let value = value_at(index + 1)?;
            slice(value).strip_prefix("pass:")?;
            judged(tail(value, "pass:".len()), Class::Password)
        }
        Takes::Operand("use", _) => network_share(text, &words, context),
        Takes::Operand("SecureString", _) => secure_string(text, from, &words, context),
        Takes::Operand(word, number) => {
            let is_it = |place: &Match| {
                let own = slice(*place);
                let bundled = word == "-b" && own.starts_with('-') && !own.starts_with("--");
                own == word || (bundled && own.contains('b'))
            };
            let first = words.iter().position(is_it)?;
            let mut operands =
                words.iter().skip(first + 1).filter(|&&each| !slice(each).starts_with('-'));
            // `-n` prints the result, so that there is no file.
            let fewer = word == "-b" && slice(value_at(first)?).contains('n');
            judged(*operands.nth(number - 1 - usize::from(fewer))?, Class::Password)
        }
        Takes::Slash => words.iter().find_map(|&word| {
            let own = slice(word);
            let (user, rest) = own.split_once('/')?;
            let password = rest.split('@').next()?;
            let plain = !user.is_empty()
                && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let start = word.start + user.len() + 1;
            let value = Match { start, end: start + password.len() };
            if plain && rest.contains('@') && user != password {
                judged(value, Class::Password)
            } else {
                None
            }
        }),
    }
}

/// `net use Z: \\\\server\\share PASSWORD /user:shop`.
fn network_share(text: &str, words: &[Match], context: Context) -> Option<(Match, Confidence)> {
    let slice = |place: &Match| text.get(place.start..place.end).unwrap_or_default();
    let share = words.iter().position(|word| slice(word).starts_with("\\\\"))?;
    let value = words.get(share + 1).filter(|word| !slice(word).starts_with(['/', '*']))?;
    Some((*value, judge(slice(value), Class::Password, true, context)?))
}

/// `ConvertTo-SecureString "…" -AsPlainText -Force`.
fn secure_string(
    text: &str,
    at: usize,
    words: &[Match],
    context: Context,
) -> Option<(Match, Confidence)> {
    let slice = |place: &Match| text.get(place.start..place.end).unwrap_or_default();
    let is = |word: &Match, name: &str| slice(word).eq_ignore_ascii_case(name);
    if !text.get(..at)?.ends_with("ConvertTo-")
        || !words.iter().any(|word| is(word, "-AsPlainText"))
    {
        return None;
    }
    let mut arguments = words
        .iter()
        .skip(1)
        .filter(|word| !["-AsPlainText", "-Force", "-String"].iter().any(|name| is(word, name)));
    let value = arguments.next()?;
    let quoted =
        text.as_bytes().get(value.start.checked_sub(1)?).is_some_and(|b| b"\"'".contains(b));
    if !quoted {
        return None;
    }
    Some((*value, judge(slice(value), Class::Password, true, context)?))
}

/// The words of the command line that starts at `from`, without their quotes. A backslash or a
/// backtick at the end of a line joins it to the next; the signs of lists separate words too.
fn words(text: &str, from: usize) -> Vec<Match> {
    let bytes = text.as_bytes();
    let end = bytes.len().min(from + LONGEST);
    let mut words = Vec::new();
    let mut at = from;
    while at < end && words.len() < MOST {
        let byte = bytes.get(at).copied().unwrap_or(b'\n');
        let next = bytes.get(at + 1).copied();
        match byte {
            b' ' | b'\t' | b',' | b'[' | b']' | b'(' | b')' => at += 1,
            b'\\' | b'`' if matches!(next, Some(b'\n' | b'\r')) => {
                let rest = bytes.get(at + 1..end).unwrap_or_default();
                at += 1 + rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
            }
            b'\\' if next == Some(b'n') => break,
            b'\n' | b'\r' | b'|' | b';' | b'&' | b'>' | b'<' | b'#' => break,
            b'"' | b'\'' => {
                let rest = bytes.get(at + 1..end).unwrap_or_default();
                let Some(length) = rest.iter().position(|&each| each == byte || each == b'\n')
                else {
                    break;
                };
                // Inside of another literal both quotes are escaped.
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                let escaped = before == Some(&b'\\');
                let end = at + 1 + length.saturating_sub(usize::from(escaped));
                if length > 0 && rest.get(length) == Some(&byte) {
                    words.push(Match { start: at + 1, end });
                }
                at += 1 + length + usize::from(rest.get(length) == Some(&byte));
            }
            _ => {
                let rest = bytes.get(at..end).unwrap_or_default();
                // `\\\\server\\share` is a word, `\\"` ends one.
                let stops = |index: usize, each: u8| {
                    let escape = each == b'\\'
                        && matches!(rest.get(index + 1), Some(b'"' | b'\'' | b'\n' | b'\r' | b'n'));
                    each.is_ascii_whitespace() || b"\"'`|;<>".contains(&each) || escape
                };
                let length =
                    rest.iter().enumerate().take_while(|&(index, &each)| !stops(index, each));
                let length = length.count();
                if length == 0 {
                    at += 1;
                    continue;
                }
                let word = Match { start: at, end: at + length };
                let trimmed = text
                    .get(word.start..word.end)
                    .map_or(0, |word| word.trim_end_matches([',', ')', ']']).len());
                if trimmed > 0 {
                    words.push(Match { start: at, end: at + trimmed });
                }
                at += length;
                // `--user='shop:…'`: the quoted rest is the word's value.
                let joined = text.get(word.start..word.end).is_some_and(|word| word.ends_with('='));
                if joined && matches!(bytes.get(at), Some(b'"' | b'\'')) {
                    let _ = words.pop();
                    words.extend(joined_value(bytes, word.start, at, end));
                }
            }
        }
    }
    words.retain(|word| text.get(word.start..word.end).is_some());
    words
}

/// `--user="shop:…"` as two words: the option, and what it is given.
fn joined_value(bytes: &[u8], start: usize, quote: usize, end: usize) -> Vec<Match> {
    let sign = bytes.get(quote).copied().unwrap_or(b'"');
    let rest = bytes.get(quote + 1..end).unwrap_or_default();
    let length = rest.iter().position(|&each| each == sign || each == b'\n').unwrap_or(0);
    vec![Match { start, end: quote - 1 }, Match { start: quote + 1, end: quote + 1 + length }]
}

#[cfg(test)]
mod tests {
    use super::{ANCHORS, read};
    use crate::context::{Context, FileClass};

    const CONFIG: Context = Context { class: FileClass::Config, fixture: false, now: 0 };

    fn found(text: &str) -> Option<(&'static str, &str)> {
        ANCHORS.iter().find_map(|anchor| {
            text.match_indices(anchor).find_map(|(at, _)| {
                let found = read(text, at, anchor.len(), CONFIG)?;
                Some((found.tool, &text[found.value.start..found.value.end]))
            })
        })
    }

    #[test]
    fn passwords_of_many_tools() {
        for (text, tool) in [
            ("curl -s -u shop:kR7vTq2wZ https://x.internal", "curl"),
            ("curl -ushop:kR7vTq2wZ https://x.internal", "curl"),
            ("curl --user 'shop:kR7vTq2wZ' https://x.internal", "curl"),
            ("curl --user=shop:kR7vTq2wZ https://x.internal", "curl"),
            ("curl --user=\"shop:kR7vTq2wZ\" https://x.internal", "curl"),
            ("curl https://x.internal \\\n  -u shop:kR7vTq2wZ", "curl"),
            ("os.system(\"curl -u shop:kR7vTq2wZ https://x\")", "curl"),
            ("\"curl -u \\\"shop:kR7vTq2wZ\\\" https://x\"", "curl"),
            ("[\"curl\", \"-u\", \"shop:kR7vTq2wZ\", \"https://x\"]", "curl"),
            ("sshpass -p kR7vTq2wZ ssh shop@x", "sshpass"),
            ("sshpass -p'kR7vTq2wZ' ssh shop@x", "sshpass"),
            ("mysqldump -h db -u shop -pkR7vTq2wZ shop > x", "mysql"),
            ("redis-cli -h cache -a kR7vTq2wZ ping", "redis-cli"),
            ("mongosh -u shop -p kR7vTq2wZ", "mongo"),
            ("ldapsearch -x -D cn=a -w kR7vTq2wZ", "ldap"),
            ("smbclient //x/y -U shop%kR7vTq2wZ", "smbclient"),
            ("htpasswd -bc /etc/pw shop kR7vTq2wZ", "htpasswd"),
            ("htpasswd -nb shop kR7vTq2wZ", "htpasswd"),
            ("sqlcmd -S db -U sa -P kR7vTq2wZ -Q x", "sqlcmd"),
            ("sqlplus shop/kR7vTq2wZ@db", "sqlplus"),
            ("rabbitmqctl add_user shop kR7vTq2wZ", "rabbitmqctl"),
            ("openssl rsa -in a.key -passin pass:kR7vTq2wZ", "openssl"),
            ("keytool -list -storepass kR7vTq2wZ", "keytool"),
            ("net use Z: \\\\srv\\share kR7vTq2wZ /user:shop", "net use"),
            ("ConvertTo-SecureString \"kR7vTq2wZ\" -AsPlainText -Force", "ConvertTo-SecureString"),
            ("ConvertTo-SecureString -String 'kR7vTq2wZ' -AsPlainText", "ConvertTo-SecureString"),
            ("docker login -u shop -p kR7vTq2wZ registry.internal", "docker login"),
            ("az acr login -n shop -p kR7vTq2wZ", "az acr login"),
            ("helm registry login -u shop -p kR7vTq2wZ x", "helm registry login"),
        ] {
            assert_eq!(found(text), Some((tool, "kR7vTq2wZ")), "{text}");
        }
        let text = "curl https://x -u 9f3kWq7Lz2Vx8Rt5Bn1M:";
        assert_eq!(found(text), Some(("curl", "9f3kWq7Lz2Vx8Rt5Bn1M")));
    }

    #[test]
    fn commands_without_a_literal() {
        for text in [
            "curl -u \"$USER:$PASSWORD\" https://x",
            "curl -u shop https://x",
            "curl -u ${CREDENTIALS} https://x",
            "curl -u user:password https://x",
            "curl https://x; other -u shop:kR7vTq2wZ",
            "curl -o a.u:kR7vTq2wZ https://x",
            "mysql -u root -p shop",
            "mysql -P3306 -h db",
            "mysql -p\"$PASSWORD\" shop",
            "sshpass -e ssh shop@x",
            "docker login -u shop --password-stdin",
            "docker login -p $(cat token) x",
            "openssl rsa -passin env:PASS",
            "openssl rsa -passin pass:$PASS",
            "htpasswd -c file shop",
            "ConvertTo-SecureString $env:PASSWORD -AsPlainText",
            "ConvertTo-SecureString -Key $key \"kR7vTq2wZ\"",
            "net use Z: \\\\srv\\share * /user:shop",
            "curl",
            "curl -u",
            "curl -u é:é",
            "sqlplus /nolog",
            "see the login page -p",
            " login ",
            "curl \"",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
