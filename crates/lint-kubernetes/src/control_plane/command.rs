//! Finding the program that a container runs, and the words that follow it.

use std::borrow::Cow;

use careen_image_model::Joined;
use careen_image_model::shell::{self, Command};
use careen_kube_model::Container;
use careen_text::{Derived, Span};
use careen_yaml::Node;

use super::flags::{Flag, Piece, read};
use super::{Component, Program, Written, base, normal};

/// Words of one command line that are looked at.
const WORDS: usize = 400;
/// Bytes of a script that are looked at.
const SCRIPT: usize = 16 * 1024;
/// A program may be started by another one, this many times.
const WRAPPERS: usize = 4;

pub(super) fn component(container: Container<'_>) -> Option<Component<'_>> {
    let mut words = container.words();
    let (mut word, mut node) = words.next()?;
    for _ in 0..WRAPPERS {
        let name = base(word);
        if let Some(program) = Program::of(name) {
            let rest = words.take(WORDS).map(|(text, node)| piece(text, node)).collect();
            return finish(container, program, piece(word, node).span, rest);
        }
        match name {
            "sh" | "bash" | "ash" | "dash" => {
                let is_command = |word: &str| {
                    word.starts_with('-') && !word.starts_with("--") && word.contains('c')
                };
                words.find(|(word, _)| is_command(word))?;
                let (script, node) = words.next()?;
                return in_script(container, script, node);
            }
            "hyperkube" => {
                let (word, node) = words.next()?;
                let program = hyperkube(word)?;
                let rest = words.take(WORDS).map(|(text, node)| piece(text, node)).collect();
                return finish(container, program, piece(word, node).span, rest);
            }
            name if is_wrapper(name) => {
                (word, node) = words.find(|(word, _)| !is_option(word))?;
            }
            _ => return None,
        }
    }
    None
}

/// What a script says that runs one of them; most scripts say none of it.
const NAMES: &[&str] = &[
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
    "etcd",
    "hyperkube",
];

/// Whether the program only starts the one that its arguments name.
fn is_wrapper(name: &str) -> bool {
    matches!(
        name,
        "go-runner"
            | "kube-log-runner"
            | "tini"
            | "dumb-init"
            | "exec"
            | "nohup"
            | "env"
            | "catatonit"
    )
}

/// Whether a word is for the program that starts another: an option, or a variable for `env`.
fn is_option(word: &str) -> bool {
    word.starts_with('-') || word.contains('=')
}

/// The programs in one, which it knew by these names too.
fn hyperkube(word: &str) -> Option<Program> {
    Program::of(word).or(match word {
        "apiserver" => Some(Program::ApiServer),
        "controller-manager" => Some(Program::ControllerManager),
        "scheduler" => Some(Program::Scheduler),
        "proxy" => Some(Program::Proxy),
        _ => None,
    })
}

fn in_script<'a>(container: Container<'a>, script: &str, node: Node<'a>) -> Option<Component<'a>> {
    if script.len() > SCRIPT || !NAMES.iter().any(|name| script.contains(name)) {
        return None;
    }
    let commands = shell::commands(&Joined::verbatim(script, 0));
    let derived = node.derived();
    shell::walk(&commands)
        .find_map(|command| in_command(container, command, derived.as_ref(), node))
}

fn in_command<'a>(
    container: Container<'a>,
    command: &Command,
    derived: Option<&Derived>,
    node: Node<'a>,
) -> Option<Component<'a>> {
    let resolve = |span: Span| derived.map_or_else(|| node.span(), |derived| derived.resolve(span));
    let mut words = command.words.iter();
    let mut word = words.next()?;
    for _ in 0..WRAPPERS {
        let name = base(&word.text);
        let program = match Program::of(name) {
            Some(program) => Some(program),
            None if name == "hyperkube" => {
                word = words.next()?;
                Some(hyperkube(&word.text)?)
            }
            None if is_wrapper(name) => None,
            None => return None,
        };
        if let Some(program) = program {
            let rest = words.take(WORDS).map(|word| Piece {
                text: Cow::Owned(word.text.clone()),
                span: resolve(if word.quoted { word.content } else { word.span }),
                literal: word.literal && !has_variable(&word.text),
            });
            return finish(container, program, resolve(word.span), rest.collect());
        }
        word = words.find(|word| !is_option(&word.text))?;
    }
    None
}

fn finish<'a>(
    container: Container<'a>,
    program: Program,
    span: Span,
    words: Vec<Piece<'a>>,
) -> Option<Component<'a>> {
    let is_cut = words.len() >= WORDS;
    let (mut flags, mut complete) = read(words);
    // A patch, as kubeadm takes them, says only what it changes.
    complete &= !is_cut && !is_patch(container.node.source().path());
    // Such a container asks for the version and ends.
    if flags.iter().any(|flag| matches!(&*flag.name, "version" | "help" | "h")) {
        return None;
    }
    if program == Program::Etcd {
        complete &= container.env_from().next().is_none();
        // The command line goes before the environment: it comes last.
        flags.splice(0..0, environment(container));
    }
    let file = match program {
        Program::Etcd => "config-file",
        _ => "config",
    };
    complete &= !flags.iter().any(|flag| flag.name == file);
    let object = container.pod.object;
    let container = Some(container);
    let written = Written::Command;
    Some(Component { program, object, container, written, span, flags, complete })
}

/// Whether a file is a patch of kubeadm, such as `kube-apiserver0+merge.yaml`.
pub(super) fn is_patch(path: &str) -> bool {
    let name = base(path);
    name.contains('+') || name.starts_with("kubeletconfiguration")
}

/// The settings of etcd in variables: `ETCD_CERT_FILE` is `--cert-file`.
fn environment<'a>(container: Container<'a>) -> Vec<Flag<'a>> {
    let flag = |env: careen_kube_model::EnvVar<'a>| {
        let name = env.name.strip_prefix("ETCD_")?;
        let node = env.value.unwrap_or(env.node);
        let value = env.value.and_then(|node| node.text()).filter(|text| !has_variable(text));
        let name = normal(Cow::Owned(name.to_ascii_lowercase()));
        let span = node.span();
        Some(Flag { name, value: value.map(Cow::Borrowed), span, value_span: span })
    };
    container.env().take(WORDS).filter_map(flag).collect()
}

/// Whether Kubernetes puts the value of a variable in: `$(NAME)`.
fn has_variable(text: &str) -> bool {
    text.contains("$(")
}

/// A word with its place.
fn piece<'a>(text: &'a str, node: Node<'a>) -> Piece<'a> {
    let literal = !has_variable(text);
    Piece { text: Cow::Borrowed(text), span: inner_span(text, node), literal }
}

/// Where the text of a scalar stands: without its quotes, where it stands there as it is.
pub(super) fn inner_span(text: &str, node: Node<'_>) -> Span {
    let span = node.span();
    let written = node.source().slice(span);
    let inner = Span::new(span.start.saturating_add(1), span.end.saturating_sub(1).max(span.start));
    let is_quoted = written.starts_with(['"', '\'']) && node.source().slice(inner) == text;
    if is_quoted { inner } else { span }
}
