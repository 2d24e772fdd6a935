//! Who may touch the world. A crate that is not listed for a capability does without, so that a
//! linter cannot read a file, look at a clock, or print.

use super::Violation;
use super::source;

/// Something that reaches out of the process, and which crates may.
struct Capability {
    /// What stands in the source.
    signs: &'static [&'static str],
    /// What it means.
    name: &'static str,
    /// Folders whose crates may.
    allowed: &'static [&'static str],
}

const CAPABILITIES: &[Capability] = &[
    Capability {
        signs: &["std::fs", "File::open", "File::create", "OpenOptions", "fs::read"],
        name: "opens files",
        allowed: &[
            "crates/careen",
            "crates/cluster",
            "crates/image-source",
            "crates/registry",
            "crates/repo",
            "crates/testkit",
            "tests",
            "xtask",
        ],
    },
    Capability {
        signs: &["SystemTime", "Instant::now", "time::Instant", "now_utc", "now_local"],
        name: "looks at a clock",
        allowed: &["crates/careen", "crates/cluster", "crates/registry", "tests", "xtask"],
    },
    Capability {
        signs: &["println!", "eprintln!", "print!(", "eprint!(", "io::stdout", "io::stderr"],
        name: "prints",
        allowed: &["crates/careen", "crates/testkit", "tests", "xtask"],
    },
    Capability {
        signs: &["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"],
        name: "opens connections",
        allowed: &["crates/cluster", "crates/registry", "crates/testkit"],
    },
    Capability {
        signs: &["std::process", "Command::new("],
        name: "starts or ends processes",
        allowed: &["crates/careen", "crates/testkit", "tests", "xtask"],
    },
    Capability {
        signs: &["std::env", "env::var", "env::args"],
        name: "reads the environment",
        // `repo` for the working directory.
        allowed: &["crates/careen", "crates/repo", "crates/testkit", "tests", "xtask"],
    },
    Capability {
        signs: &["tokio::", "async fn "],
        name: "is asynchronous",
        allowed: &["crates/cluster", "crates/registry"],
    },
];

/// Every use of a capability that the crate does not have, outside of tests.
pub(super) fn check(path: &str, text: &str) -> Vec<Violation> {
    // A build script is no part of the program.
    if source::is_test_file(path) || path.ends_with("/build.rs") {
        return Vec::new();
    }
    let mut violations = Vec::new();
    for line in source::lines(text) {
        for capability in CAPABILITIES {
            let Some(sign) = capability.signs.iter().find(|sign| has(line.code, sign)) else {
                continue;
            };
            if !capability.allowed.iter().any(|folder| is_in(path, folder)) {
                let sign = sign.trim_end_matches(['(', ' ']);
                violations.push(Violation {
                    path: path.to_owned(),
                    line: line.number,
                    message: format!(
                        "`{sign}`: only {} may be code that {}",
                        capability.allowed.join(", "),
                        capability.name
                    ),
                });
            }
        }
    }
    violations
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether `sign` stands in the line, not as the end of a longer word or the start of a string.
fn has(line: &str, sign: &str) -> bool {
    line.match_indices(sign).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"')
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(path, text)
            .into_iter()
            .map(|each| format!("{}: {}", each.line, each.message))
            .collect()
    }

    #[test]
    fn a_linter_may_nothing() {
        let text = "use std::fs;\n// std::fs is not for us\nlet now = SystemTime::now();\n";
        let found = messages("crates/lint-tls/src/lib.rs", text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("1: `std::fs`: only crates/careen, "), "{found:?}");
        assert!(found[1].starts_with("3: `SystemTime`"), "{found:?}");
    }

    #[test]
    fn those_who_may_and_tests_are_left_alone() {
        assert_eq!(messages("crates/repo/src/walk.rs", "use std::fs;\n"), [""; 0]);
        assert_eq!(messages("crates/repository/src/a.rs", "use std::fs;\n").len(), 1);
        assert_eq!(messages("crates/text/build.rs", "use std::fs;\n"), [""; 0]);
        assert_eq!(messages("crates/text/src/tests.rs", "println!();\n"), [""; 0]);
        let inline = "fn a() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(messages("crates/text/src/a.rs", inline), [""; 0]);
    }

    #[test]
    fn longer_words_are_not_meant() {
        assert_eq!(messages("crates/text/src/a.rs", "my_println!(a); NotSystemTime\n"), [""; 0]);
        assert_eq!(messages("crates/text/src/a.rs", "a == \"SystemTime\"\n"), [""; 0]);
        assert_eq!(messages("crates/text/src/a.rs", "use std::net::IpAddr;\n"), [""; 0]);
    }
}
