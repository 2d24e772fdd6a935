//! Versions of what `go` fetches.

use super::operands;
use super::pin::{Open, moves};
use crate::subject::Call;

/// The options of the build that take the next word.
const WITH_VALUE: &[&str] = &[
    "-C",
    "-asmflags",
    "-buildmode",
    "-compiler",
    "-covermode",
    "-coverpkg",
    "-exec",
    "-gccgoflags",
    "-gcflags",
    "-installsuffix",
    "-ldflags",
    "-mod",
    "-modfile",
    "-o",
    "-overlay",
    "-p",
    "-pgo",
    "-pkgdir",
    "-tags",
    "-toolexec",
];

/// The packages of a `go install`, `go get` or `go run` whose version it leaves open.
///
/// Without an `@`, `go install` and `go run` take the version of `go.mod`; `go get` moves to the
/// newest.
pub(crate) fn open_modules(call: Call<'_>) -> Option<Open<'_>> {
    if call.program() != "go" {
        return None;
    }
    let (subcommand, rest) = call.arguments.split_first()?;
    let (takes, gets) = match subcommand.text.as_str() {
        "install" => (usize::MAX, false),
        "get" => (usize::MAX, true),
        // What follows is for the program.
        "run" => (1, false),
        _ => return None,
    };
    Open::among(operands::of(rest, WITH_VALUE).take(takes), |text| {
        if text.starts_with(['.', '/']) {
            return None;
        }
        match text.split_once('@') {
            Some((name, "upgrade" | "patch")) => Some(name),
            Some((name, version)) => moves(version).then_some(name),
            // Only packages of the standard library have no dot in their first element.
            None => (gets && text.split('/').next()?.contains('.')).then_some(text),
        }
    })
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::open_modules;
    use crate::subject::Call;

    #[test]
    fn modules() {
        let name = |text: &str| {
            let commands = commands(&Joined::verbatim(text, 0));
            open_modules(Call::of(&commands[0])?).map(|open| open.name.to_owned())
        };
        for text in [
            "go install example.com/a@latest",
            "go install -v -ldflags '-s -w' example.com/a@main",
            "go get example.com/a",
            "go get -u example.com/a@upgrade",
            "go run example.com/a@latest gen",
        ] {
            assert_eq!(name(text).as_deref(), Some("example.com/a"), "{text}");
        }
        for text in [
            "go install example.com/a@v1.2.3",
            "go install example.com/a@0c6da5b",
            "go install example.com/a@$VERSION",
            "go install example.com/a",
            "go install ./...",
            "go install",
            "go get -d ./...",
            "go run . example.com/a@latest",
            "go build -tags x@latest .",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
