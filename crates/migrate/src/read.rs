//! Reading YAML and JSON of others.

use std::sync::Arc;

use careen_text::{Source, Span};
use careen_yaml::{Kind, Limits, Node, Tree, parse};

use crate::Input;
use crate::model::Origin;
use crate::work::Work;

/// Items of one list that are read; nobody writes so many.
pub(crate) const MOST_ITEMS: usize = 10_000;

/// A file in YAML or JSON.
pub(crate) struct Page {
    source: Arc<Source>,
    tree: Tree,
    path: Arc<str>,
}

impl Page {
    /// Parses the file; what does not parse is told.
    pub(crate) fn of(input: &Input, work: &mut Work) -> Self {
        let source = Source::new(input.path.as_str(), input.text.as_str());
        let tree = parse(&source, &Limits::default());
        let page = Self { path: input.path.as_str().into(), source, tree };
        for problem in tree_problems(&page.tree) {
            work.left(
                page.origin(problem.0),
                "the file",
                format!("it does not parse: {}", problem.1),
            );
        }
        page
    }

    /// The first document, if it is a mapping; told else.
    pub(crate) fn root(&self, work: &mut Work) -> Option<Node<'_>> {
        let root = self.tree.documents().next().and_then(|document| document.root());
        match root {
            Some(root) if root.kind() == Kind::Mapping => Some(root),
            Some(root) if !root.is_null() => {
                work.left(self.at(root), "the file", "it is no mapping of keys to values");
                None
            }
            _ => None,
        }
    }

    pub(crate) fn origin(&self, span: Span) -> Origin {
        Origin { path: Arc::clone(&self.path), line: self.source.position(span.start).line }
    }

    pub(crate) fn at(&self, node: Node<'_>) -> Origin {
        self.origin(node.span())
    }

    /// The words of a list, or of one word that may hold several after commas, with their places.
    pub(crate) fn words<'t>(&self, node: Node<'t>) -> Vec<(&'t str, Origin)> {
        match node.kind() {
            Kind::Scalar => {
                let origin = self.at(node);
                let words = node.text().unwrap_or_default().split(',').map(str::trim);
                let words = words.filter(|word| !word.is_empty() && !node.is_null());
                words.take(MOST_ITEMS).map(|word| (word, origin.clone())).collect()
            }
            Kind::Sequence => node
                .items()
                .take(MOST_ITEMS)
                .filter_map(|item| Some((item.text()?.trim(), self.at(item))))
                .filter(|(word, _)| !word.is_empty())
                .collect(),
            Kind::Mapping => Vec::new(),
        }
    }
}

fn tree_problems(tree: &Tree) -> Vec<(Span, String)> {
    tree.problems().iter().take(5).map(|it| (it.span, it.message.clone())).collect()
}
