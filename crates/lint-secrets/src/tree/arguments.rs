//! Words of a command line in a list: an option and its value are two items of it.

use careen_text::Span;
use careen_yaml::{Kind, Node};

use super::Pass;
use crate::assign::classify;
use crate::shell;

/// Longer lists are no command lines.
const MOST: usize = 200;

pub(super) fn read(pass: &mut Pass<'_, '_>, list: Node<'_>) {
    let items: Vec<Node<'_>> = list.items().take(MOST + 1).collect();
    if items.len() < 2 || items.len() > MOST {
        return;
    }
    let mut words = Vec::with_capacity(items.len());
    for item in &items {
        match item.text() {
            Some(text) if item.kind() == Kind::Scalar => words.push(text),
            _ => return,
        }
    }
    for (at, pair) in words.windows(2).enumerate() {
        let [option, value] = pair else { continue };
        let Some(name) = option.strip_prefix('-') else { continue };
        let name = name.trim_start_matches('-');
        if value.starts_with('-') || name.contains(['=', ' ', '\n']) {
            continue;
        }
        if let (Some(class), Some(&node)) = (classify(name), items.get(at + 1)) {
            pass.named(option, class, node);
        }
    }
    for given in shell::given(&words) {
        let value = words.get(given.word).and_then(|word| word.get(given.place.clone()));
        let node = items.get(given.word).and_then(Node::derived);
        let (Some(value), Some(derived)) = (value, node) else { continue };
        if let Some(mut hit) = shell::judged(value, given.program, given.class, pass.context) {
            hit.secret = derived.resolve(Span::of(given.place));
            hit.span = hit.secret;
            pass.found.push(hit);
        }
    }
}
