//! What a `preStop` hook waits for.

use careen_kube_model::{path, strings};
use careen_yaml::Node;

/// Longest shell text that is read.
const LONGEST: usize = 4096;

/// How long a hook sleeps at least, with the node that says so: `sleep: {seconds: 10}`, or `sleep
/// 10` in the command it executes. Sleeps in loops and conditions count once, or not at all.
pub(crate) fn seconds(hook: Node<'_>) -> Option<(i64, Node<'_>)> {
    if let Some(node) = path(hook, &["sleep", "seconds"]) {
        return Some((node.as_i64()?, node));
    }
    let command = path(hook, &["exec", "command"])?;
    let words: Vec<_> = strings(command).take(50).collect();
    let program = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    match words.as_slice() {
        [(first, _), (amount, node), rest @ ..] if program(first) == "sleep" && rest.is_empty() => {
            Some((duration(amount)?, *node))
        }
        [(shell, _), rest @ ..] if program(shell).ends_with("sh") => {
            let at = rest.iter().position(|(word, _)| is_command_flag(word))?;
            let (text, node) = rest.get(at + 1)?;
            Some((in_shell(text)?, *node))
        }
        _ => None,
    }
}

/// `-c`, also together with others as in `-ec`.
fn is_command_flag(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
}

/// The sum of the sleeps that are commands of their own in a list of commands.
fn in_shell(text: &str) -> Option<i64> {
    if text.len() > LONGEST {
        return None;
    }
    // What comes after `||`, in a pipe, in the background or in a block may not run or not wait.
    let is_plain = !text.contains("||")
        && !text.contains(['|', '{', '(', '`', '<', '>'])
        && !text.replace("&&", ";").contains('&');
    let has_blocks = text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        matches!(word, "if" | "while" | "until" | "for" | "case" | "trap" | "exit" | "exec")
    });
    if !is_plain || has_blocks {
        return None;
    }
    let joined = text.replace("&&", ";");
    let mut total: Option<i64> = None;
    for command in joined.split([';', '\n']) {
        let mut words = command.split_whitespace();
        let name = words.next().unwrap_or_default();
        if name.rsplit('/').next() != Some("sleep") {
            continue;
        }
        let (Some(amount), None) = (words.next(), words.next()) else { continue };
        if let Some(seconds) = duration(amount) {
            total = Some(total.unwrap_or(0).saturating_add(seconds));
        }
    }
    total
}

/// Seconds of `10`, `10s`, `2m` and the like, rounded down.
fn duration(text: &str) -> Option<i64> {
    let text = text.trim_matches(['"', '\'']);
    let (number, unit) = match text.as_bytes().last()? {
        b's' => (text.strip_suffix('s')?, 1),
        b'm' => (text.strip_suffix('m')?, 60),
        b'h' => (text.strip_suffix('h')?, 3600),
        b'd' => (text.strip_suffix('d')?, 86_400),
        _ => (text, 1),
    };
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    whole.parse::<u32>().ok().map(|whole| i64::from(whole) * unit)
}

#[cfg(test)]
mod tests {
    use careen_text::Source;
    use careen_yaml::{Limits, parse};

    fn seconds(text: &str) -> Option<i64> {
        let tree = parse(&Source::new("a.yaml", text.to_owned()), &Limits::default());
        let root = tree.documents().next().unwrap().root().unwrap();
        super::seconds(root).map(|(seconds, _)| seconds)
    }

    #[test]
    fn sleeps_are_found() {
        for (hook, expected) in [
            ("{sleep: {seconds: 10}}", Some(10)),
            ("{exec: {command: [sleep, '15']}}", Some(15)),
            ("{exec: {command: [/bin/sleep, 2m]}}", Some(120)),
            ("{exec: {command: [sh, -c, 'sleep 5']}}", Some(5)),
            ("{exec: {command: [/bin/bash, -ec, 'sleep 5; nginx -s quit && sleep 6']}}", Some(11)),
            ("{exec: {command: [sh, -c, 'while true; do sleep 5; done']}}", None),
            ("{exec: {command: [sh, -c, 'sleep 100 & wait']}}", None),
            ("{exec: {command: [sh, -c, 'sleep $WAIT']}}", None),
            ("{exec: {command: [nginx, -s, quit]}}", None),
            ("{httpGet: {path: /, port: 80}}", None),
            ("{exec: {command: [sleep]}}", None),
        ] {
            assert_eq!(seconds(hook), expected, "{hook}");
        }
    }
}
