//! What the environment says of who runs the program: a build server, a program that writes code, or
//! a person.

use std::ffi::OsStr;

use careen_report::Format;

use crate::environment;

/// Variables that programs which write code set for what they start. `AI_AGENT` is the common one,
/// with the program's name. Left out is what editors also set in a terminal that a person sits at
/// (`CURSOR_TRACE_ID`, `REPL_ID`), and what is no statement about who runs us (`GOOSE_PROVIDER`).
const AGENTS: [&str; 18] = [
    "AI_AGENT",
    "AMP_CURRENT_THREAD_ID",
    "ANTIGRAVITY_AGENT",
    "AUGMENT_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE",
    "CLINE_ACTIVE",
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_THREAD_ID",
    "COPILOT_CLI",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    "GOOSE_TERMINAL",
    "OPENCODE",
    "OPENCODE_CLIENT",
    "PI_CODING_AGENT",
    "QWEN_CODE",
];

/// The format that suits whoever runs the program, where none is asked for.
pub(crate) fn format() -> Format {
    suiting(&|name| environment(name).is_some_and(|value| is_set(&value)))
}

fn suiting(is_set: &dyn Fn(&str) -> bool) -> Format {
    // An agent may work in a job of GitHub, and is then the one who reads.
    if AGENTS.into_iter().any(is_set) {
        Format::Agent
    } else if is_set("GITHUB_ACTIONS") {
        Format::Github
    } else {
        Format::Text
    }
}

/// Whether a variable says yes.
fn is_set(value: &OsStr) -> bool {
    !value.is_empty() && value != "0" && !value.eq_ignore_ascii_case("false")
}

/// Where the files of this commit can be looked at, in a job of GitHub.
pub(crate) fn source_url() -> Option<String> {
    source(&|name| environment(name)?.into_string().ok().filter(|value| !value.is_empty()))
}

fn source(text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let server = text("GITHUB_SERVER_URL")?;
    let repository = text("GITHUB_REPOSITORY")?;
    let commit = text("GITHUB_SHA")?;
    let is_plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte))
    };
    let parts = [&server, &repository, &commit];
    (server.starts_with("https://") && parts.iter().all(|part| is_plain(part)))
        .then(|| format!("{}/{repository}/blob/{commit}", server.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use careen_report::Format;

    use super::{AGENTS, source, suiting};

    #[test]
    fn the_environment_chooses_a_format() {
        let of = |names: &[&str]| suiting(&|name| names.contains(&name));
        assert_eq!(of(&[]), Format::Text);
        assert_eq!(of(&["GITHUB_ACTIONS"]), Format::Github);
        assert_eq!(of(&["CLAUDECODE"]), Format::Agent);
        assert_eq!(of(&["GITHUB_ACTIONS", "AI_AGENT"]), Format::Agent);
        assert!(AGENTS.is_sorted());
        for no in ["", "0", "false", "FALSE"] {
            assert!(!super::is_set(OsStr::new(no)), "{no}");
        }
        assert!(super::is_set(OsStr::new("claude-code@2")));
    }

    #[test]
    fn sources_are_linked_at_their_commit() {
        let of = |server: &str, repository: &str| {
            source(&|name| {
                Some(match name {
                    "GITHUB_SERVER_URL" => server.to_owned(),
                    "GITHUB_REPOSITORY" => repository.to_owned(),
                    _ => "abc".to_owned(),
                })
            })
        };
        let expected = Some("https://github.com/o/r/blob/abc".to_owned());
        assert_eq!(of("https://github.com", "o/r"), expected);
        assert_eq!(of("javascript:x", "o/r"), None);
        assert_eq!(of("https://github.com", "o/r) [x](y"), None);
        assert_eq!(source(&|_| None), None);
    }
}
