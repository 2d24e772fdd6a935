//! Variables of the environment that change what Careen does, or tell where it runs.

use std::fmt::Write;

use super::line;

/// Variables of which only whether they are set is told.
const NAMES: [&str; 24] = [
    "AI_AGENT",
    "BITBUCKET_BUILD_NUMBER",
    "BUILDKITE",
    "CIRCLECI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "DOCKER_CONFIG",
    "FORCE_COLOR",
    "GITHUB_STEP_SUMMARY",
    "GITLAB_CI",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "JENKINS_URL",
    "NO_PROXY",
    "PRE_COMMIT",
    "RAYON_NUM_THREADS",
    "REGISTRY_AUTH_FILE",
    "SOURCE_DATE_EPOCH",
    "SSL_CERT_FILE",
    "TF_BUILD",
    "WT_SESSION",
];

/// Terminals that are called so.
const TERMINALS: [&str; 16] = [
    "alacritty",
    "ansi",
    "cygwin",
    "dumb",
    "foot",
    "linux",
    "rxvt",
    "rxvt-unicode-256color",
    "screen",
    "screen-256color",
    "tmux",
    "tmux-256color",
    "vt100",
    "xterm",
    "xterm-256color",
    "xterm-kitty",
];

/// Whether a value is one that cannot be a secret.
type Harmless = fn(&str) -> bool;

/// Variables whose value is told, if it is one of those that are expected.
const SHOWN: [(&str, Harmless); 5] = [
    ("CI", is_switch),
    ("GITHUB_ACTIONS", is_switch),
    ("NO_COLOR", is_switch),
    ("COLUMNS", |value| value.len() <= 4 && value.bytes().all(|byte| byte.is_ascii_digit())),
    ("TERM", |value| TERMINALS.contains(&value)),
];

fn is_switch(value: &str) -> bool {
    matches!(value, "" | "0" | "1" | "true" | "false" | "yes" | "no")
}

pub(super) fn write(out: &mut String) {
    line!(out, "\n**Environment**\n");
    for (name, is_harmless) in SHOWN {
        let said = match crate::environment(name) {
            None => "not set".to_owned(),
            Some(value) => match value.to_str().filter(|value| is_harmless(value)) {
                Some(value) => format!("`{value}`").replace("``", "empty"),
                None => "set to something else".to_owned(),
            },
        };
        line!(out, "- `{name}`: {said}");
    }
    let (set, unset): (Vec<_>, Vec<_>) =
        NAMES.into_iter().partition(|name| crate::environment(name).is_some());
    let list =
        |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    line!(out, "- set: {}", list(set));
    line!(out, "- not set: {}", list(unset));
}
