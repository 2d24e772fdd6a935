//! Variables that instructions and commands set.

use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell::{self, Command};
use careen_text::Span;

use crate::subject::Step;

/// A variable that is given a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    /// The value, quotes taken away.
    pub(crate) value: &'a str,
    /// From the name to the end of the value.
    pub(crate) span: Span,
}

impl Setting<'_> {
    /// Whether the value says no.
    pub(crate) fn is_off(self) -> bool {
        is_off(self.value)
    }
}

/// Whether a value says no.
fn is_off(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    matches!(lower.as_str(), "0" | "false" | "no" | "off")
}

/// Whether a variable makes programs take any certificate from a server.
pub(crate) fn stops_tls_checks(name: &str, value: &str) -> bool {
    match name {
        "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" => is_off(value),
        "PIP_TRUSTED_HOST" => !value.is_empty(),
        // git looks at no more than whether it is there.
        "GIT_SSL_NO_VERIFY" => true,
        // npm alone reads its variables in any mix of cases.
        _ => name.eq_ignore_ascii_case("NPM_CONFIG_STRICT_SSL") && is_off(value),
    }
}

/// Where an instruction gives the variable `name` a value, in any mix of cases: `ENV`, `ARG`, and
/// in the commands of a `RUN` `NAME=value` and `export NAME=value`.
pub(crate) fn settings<'a>(step: Step<'a>, name: &str) -> impl Iterator<Item = Setting<'a>> {
    let pairs = match step.keyword() {
        Keyword::Env | Keyword::Arg => step.instruction.pairs(),
        _ => &[],
    };
    let commands = shell::walk(step.commands());
    let assigned = commands.flat_map(|command| &command.assignments);
    let exported = shell::walk(step.commands())
        .filter(|command| matches!(command.program(), "export" | "env"))
        .flat_map(Command::arguments)
        .filter_map(move |word| {
            let (key, value) = word.text.split_once('=')?;
            key.eq_ignore_ascii_case(name).then_some(Setting { value, span: word.span })
        });
    let named = pairs.iter().chain(assigned).filter(move |pair| pair.key.is_ignoring_case(name));
    let named = named.filter_map(|pair| {
        let value = pair.value.as_ref()?;
        Some(Setting { value: &value.text, span: pair.span })
    });
    named.chain(exported).collect::<Vec<_>>().into_iter()
}
