use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::place::cut;

rule! {
    /// At the levels `debug` and `trace` programs write down whole requests, with what is secret in them,
    /// and so much that a store of logs drops what matters. A test system may want it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     args: ["--log-level=trace"]
    /// #                       ^^^^^ container `web` in Pod `shop/web` logs at level `trace` (`--log-level`)
    ///     env:
    ///     - {name: LOG_LEVEL, value: debug}
    /// #                              ^^^^^ container `web` in Pod `shop/web` logs at level `debug` (`LOG_LEVEL`)
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     env: [{name: LOG_LEVEL, value: info}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "log-config-debug",
        summary: "container logs at a level for debugging",
        remedy: "Set the level to `info` or above.",
        severity: Low,
        check: Check::Container(check),
        confidence: Confidence::High,
        default: false,
        fragments: true,
        controls: &[control::LOG_MASKING],
        references: &["https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut say = |span: Span, level: &str, how: &str| {
        if is_debug(level) {
            let message =
                format!("{} logs at level `{}` (`{}`)", container.display(), cut(level), cut(how));
            out.report(span, message).evidence(how);
        }
    };
    for variable in container.env().filter(|variable| is_level_variable(variable.name)) {
        if let Some((node, level)) = variable.value.and_then(|node| Some((node, node.text()?))) {
            say(node.span(), level, variable.name);
        }
    }
    let mut flag = None;
    for (word, node) in container.words() {
        if let Some(flag) = flag.take() {
            say(node.span(), word, flag);
        }
        match word.split_once('=') {
            Some((name, level)) if is_level_flag(name) => {
                let start = name.len() + 1;
                let span = node.derived().map_or_else(
                    || node.span(),
                    |derived| derived.resolve(Span::of(start..start + level.len())),
                );
                say(span, level, name);
            }
            None if is_level_flag(word) => flag = Some(word),
            _ => {}
        }
    }
}

fn is_debug(level: &str) -> bool {
    ["debug", "trace", "verbose", "all"].iter().any(|word| level.trim().eq_ignore_ascii_case(word))
}

fn is_level_variable(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL", "LOGGING_LEVEL_ROOT", "RUST_LOG"].iter().any(
        |known| name == *known || name.strip_suffix(known).is_some_and(|rest| rest.ends_with('_')),
    )
}

fn is_level_flag(flag: &str) -> bool {
    let name = flag.trim_start_matches('-').replace(['_', '.'], "-");
    flag.starts_with('-') && matches!(name.as_str(), "log-level" | "loglevel" | "logging-level")
}
