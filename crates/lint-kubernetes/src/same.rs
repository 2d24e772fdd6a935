//! Whether two values say the same.

use careen_yaml::{Kind, Node};

/// Deeper values are taken to differ.
const DEPTH: usize = 6;
/// Nodes that are compared; more are taken to differ. Aliases can make small text large.
const NODES: usize = 500;

/// Whether two nodes hold the same value, in whatever order keys are written.
pub(crate) fn same(a: Node<'_>, b: Node<'_>) -> bool {
    let mut left = NODES;
    compare(a, b, DEPTH, &mut left)
}

fn compare(a: Node<'_>, b: Node<'_>, depth: usize, left: &mut usize) -> bool {
    if depth == 0 || *left == 0 || a.kind() != b.kind() {
        return false;
    }
    *left -= 1;
    match a.kind() {
        Kind::Scalar => a.scalar() == b.scalar(),
        Kind::Sequence => {
            let mut others = b.items();
            let all = a.items().all(|item| {
                others.next().is_some_and(|other| compare(item, other, depth - 1, left))
            });
            all && others.next().is_none()
        }
        Kind::Mapping => {
            let all = a.entries().all(|entry| {
                let other = entry.name().and_then(|name| b.get(name));
                other.is_some_and(|other| compare(entry.value, other, depth - 1, left))
            });
            all && a.entries().count() == b.entries().count()
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_text::Source;
    use careen_yaml::{Limits, parse};

    #[test]
    fn values_are_compared() {
        for (a, b, expected) in [
            ("{path: /, port: 80}", "{port: 80, path: '/'}", true),
            ("{path: /, port: 80}", "{path: /, port: '80'}", false),
            ("{path: /}", "{path: /, port: 80}", false),
            ("{path: /, port: 80}", "{path: /}", false),
            ("[a, b]", "[a, b]", true),
            ("[a]", "[a, b]", false),
            ("[a, b]", "[a]", false),
            ("[[[[[[[[a]]]]]]]]", "[[[[[[[[a]]]]]]]]", false),
        ] {
            let tree = parse(&Source::new("a.yaml", format!("[{a}, {b}]")), &Limits::default());
            let document = tree.documents().next().unwrap();
            let items: Vec<_> = document.root().unwrap().items().collect();
            assert_eq!(super::same(items[0], items[1]), expected, "{a} {b}");
        }
    }
}
