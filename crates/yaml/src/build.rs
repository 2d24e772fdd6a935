//! From parser events to the tree.

use std::collections::HashMap;
use std::sync::Arc;

use careen_text::{Source, Span};
use granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as EventSpan, StructureStyle, Tag,
};

use crate::arena::{HAS_MERGE, MERGE_KEY, MISSING, NONE, OWNED, RawKind, RawNode, Style};
use crate::scan;
use crate::tree::{Comment, Limits, Problem, ProblemKind, RawDocument, Tree};

/// Of each kind of problem no more are kept: a hostile file could have one on every byte.
const MAX_PROBLEMS: usize = 1000;

/// Parses YAML or JSON. Never fails: what is wrong becomes a [`Problem`], and everything that was
/// understood is in the tree.
#[must_use]
pub fn parse(source: &Arc<Source>, limits: &Limits) -> Tree {
    let mut builder = Builder::new(source, limits);
    let text = source.text();
    // Offsets have 32 bits, and unescaped text can be longer than the source.
    if text.len() >= u32::MAX as usize / 2 {
        builder.open_document(Span::at(0));
        builder.problem(ProblemKind::Limit, Span::at(0), "the file is too large".to_owned());
        builder.abandon();
        return builder.finish();
    }
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_comments: true,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: limits.max_depth,
        block_nesting_limit: limits.max_depth,
        // As the libyaml port of kubectl and the API server.
        block_scalar_eof_without_line_feed: true,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    loop {
        let step = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((event, span))) => builder.event(event, &span),
            Some(Err(error)) => {
                builder.syntax_error(&error);
                Step::SkipDocument
            }
        };
        match step {
            Step::Next => {}
            Step::SkipDocument => {
                builder.abandon();
                // Whether another document remains shows in the next event.
                if parser.proceed_next_document().is_err() {
                    break;
                }
            }
            Step::Stop => {
                builder.abandon();
                break;
            }
        }
    }
    builder.finish()
}

enum Step {
    Next,
    SkipDocument,
    Stop,
}

/// An open collection.
struct Frame {
    node: u32,
    last: u32,
}

struct Builder<'s> {
    text: &'s str,
    tree: Tree,
    stack: Vec<Frame>,
    /// Anchor number to node.
    anchors: Vec<u32>,
    tags: HashMap<Box<str>, u32>,
    /// The end of the last node, where searches for indicators start.
    cursor: usize,
    in_document: bool,
    /// Where a document without `---` starts: after the `...` before it.
    after_end: Option<u32>,
    counts: [usize; 4],
}

impl<'s> Builder<'s> {
    fn new(source: &'s Arc<Source>, limits: &Limits) -> Self {
        Self {
            text: source.text(),
            tree: Tree {
                source: Arc::clone(source),
                nodes: Vec::new(),
                pool: String::new(),
                tags: Vec::new(),
                indexes: HashMap::new(),
                aliased: Vec::new(),
                documents: Vec::new(),
                comments: Vec::new(),
                problems: Vec::new(),
                limits: limits.clone(),
            },
            stack: Vec::new(),
            anchors: Vec::new(),
            tags: HashMap::new(),
            cursor: 0,
            in_document: false,
            after_end: Some(0),
            counts: [0; 4],
        }
    }

    fn event(&mut self, event: Event<'_>, at: &EventSpan) -> Step {
        let span = self.span(at);
        match event {
            Event::DocumentStart(explicit, _) => {
                let start = if explicit { span.start } else { self.implicit_start(span.start) };
                self.open_document(Span::at(start));
                // Without `---` the event stands at the first token, which for a block scalar is
                // past its indicator.
                self.cursor = if explicit { span.end } else { start } as usize;
            }
            Event::DocumentEnd => {
                self.in_document = false;
                // Only `...` has an extent.
                self.after_end = Some(span.end).filter(|_| !span.is_empty());
            }
            Event::Comment(..) => {
                let own_line = scan::starts_line(self.text.as_bytes(), span.start as usize);
                let text = Span::new((span.start + 1).min(span.end), span.end);
                self.tree.comments.push(Comment { span, text, own_line });
            }
            Event::Scalar(text, style, anchor, tag) => {
                return self.scalar(&text, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                return self.open(RawKind::Sequence, style, anchor, tag.as_deref(), span);
            }
            Event::MappingStart(style, anchor, tag) => {
                return self.open(RawKind::Mapping, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span)),
            Event::Alias(anchor) => {
                let target = self.anchors.get(anchor).copied().unwrap_or(NONE);
                return self.alias(target, span);
            }
            Event::UnresolvedAlias(name) => {
                let message = format!("alias `*{}` has no anchor before it", short(&name));
                self.problem(ProblemKind::UnknownAlias, span, message);
                return self.alias(NONE, span);
            }
            _ => {}
        }
        Step::Next
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mut span: Span,
    ) -> Step {
        let bytes = self.text.as_bytes();
        let mut flags = 0;
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let mut content = span;
        match style {
            Style::Plain if span.is_empty() => {
                flags |= MISSING;
                if self.awaits_value() {
                    let given = span.start as usize;
                    let at = scan::missing_value(bytes, self.cursor, given);
                    span = Span::of(at..at);
                }
                content = span;
            }
            Style::SingleQuoted | Style::DoubleQuoted if span.len() >= 2 => {
                content = Span::new(span.start + 1, span.end - 1);
            }
            Style::Literal | Style::Folded => {
                let start = span.start as usize;
                let found = scan::find_block_indicator(bytes, self.cursor, start);
                let indicator = found.unwrap_or(start);
                let head = found.map_or(start, |indicator| scan::line_end(bytes, indicator));
                let mut end = scan::trim_blank_lines(bytes, start.max(head), span.end as usize);
                // An empty block scalar is its head: the indicator with its modifiers.
                if let Some(indicator) = found
                    && (end <= head || span.is_empty())
                {
                    end = head_end(bytes, indicator);
                }
                span = Span::of(indicator..end);
            }
            _ => {}
        }
        let text = if flags & MISSING != 0 { "" } else { text };
        let mut raw = RawNode::new(RawKind::Scalar, style, span);
        raw.flags = flags;
        if self.text.get(content.range()) == Some(text) {
            raw.data = content.start;
            raw.len = content.len();
        } else {
            let (Ok(start), Ok(len)) =
                (u32::try_from(self.tree.pool.len()), u32::try_from(text.len()))
            else {
                return self.limit(span, "the file holds too much text");
            };
            raw.flags |= OWNED;
            raw.data = start;
            raw.len = len;
            self.tree.pool.push_str(text);
        }
        raw.tag = self.tag(tag);
        self.mark_merge_key(&mut raw, text, tag);
        self.cursor = self.cursor.max(span.end as usize);
        self.add(raw, anchor).map_or_else(|step| step, |_| Step::Next)
    }

    /// `<<` as a plain key, or any key tagged `!!merge`.
    fn mark_merge_key(&mut self, raw: &mut RawNode, text: &str, tag: Option<&Tag>) {
        let is_key = self.stack.last().is_some_and(|frame| {
            let open = self.tree.raw(frame.node);
            open.is_some_and(|open| open.kind == RawKind::Mapping && open.len % 2 == 0)
        });
        let tagged = tag.map(|tag| tag.suffix() == "merge");
        if is_key && text == "<<" && tagged.unwrap_or(raw.style == Style::Plain) {
            raw.flags |= MERGE_KEY;
            if let Some(frame) = self.stack.last() {
                self.tree.flag(frame.node, HAS_MERGE);
            }
        }
    }

    fn awaits_value(&self) -> bool {
        self.stack
            .last()
            .and_then(|frame| self.tree.raw(frame.node))
            .is_some_and(|open| open.kind == RawKind::Mapping && open.len % 2 == 1)
    }

    fn open(
        &mut self,
        kind: RawKind,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mut span: Span,
    ) -> Step {
        let in_mapping = self.stack.last().and_then(|frame| self.tree.raw(frame.node));
        let in_mapping = in_mapping.is_some_and(|open| open.kind == RawKind::Mapping);
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        // A sequence at the indentation of its key is reported at its first item.
        if kind == RawKind::Sequence && style == Style::Block && in_mapping {
            let dash = scan::find_dash(self.text.as_bytes(), self.cursor, span.start as usize);
            if let Some(dash) = dash {
                span = Span::of(dash..dash);
            }
        }
        if self.stack.len() >= self.tree.limits.max_depth {
            let limit = self.tree.limits.max_depth;
            let message = format!("collections are nested more than {limit} deep");
            self.problem(ProblemKind::Limit, span, message);
            return Step::SkipDocument;
        }
        let past = if style == Style::Flow || kind == RawKind::Sequence { 1 } else { 0 };
        let past = if span.is_empty() && style == Style::Flow { 0 } else { past };
        self.cursor = self.cursor.max(span.start as usize + past);
        let mut raw = RawNode::new(kind, style, span);
        raw.tag = self.tag(tag);
        match self.add(raw, anchor) {
            Ok(node) => {
                self.stack.push(Frame { node, last: NONE });
                Step::Next
            }
            Err(step) => step,
        }
    }

    fn close(&mut self, end: Option<Span>) {
        let Some(frame) = self.stack.pop() else { return };
        let last = self.tree.raw(frame.last).map(|last| last.end);
        let Some(raw) = self.tree.nodes.get_mut(frame.node as usize) else { return };
        let end = match end {
            Some(end) if raw.style == Style::Flow => Some(end.end),
            _ => last,
        };
        raw.end = end.unwrap_or(raw.end).max(raw.end);
        self.cursor = self.cursor.max(raw.end as usize);
        if raw.kind != RawKind::Mapping {
            return;
        }
        for key in self.tree.settle_keys(frame.node) {
            let span = self.tree.raw(key).map(RawNode::span).unwrap_or_default();
            let name = short(self.tree.key_text(key).unwrap_or_default());
            let message = format!("key `{name}` is given again in the same mapping");
            self.problem(ProblemKind::DuplicateKey, span, message);
        }
    }

    fn alias(&mut self, target: u32, span: Span) -> Step {
        let mut raw = RawNode::new(RawKind::Alias, Style::Plain, span);
        raw.data = target;
        if target != NONE {
            self.tree.aliased.push(target);
        }
        self.cursor = self.cursor.max(span.end as usize);
        self.add(raw, 0).map_or_else(|step| step, |_| Step::Next)
    }

    /// Appends a node to the open collection or makes it the root.
    fn add(&mut self, mut raw: RawNode, anchor: usize) -> Result<u32, Step> {
        let count = self.tree.nodes.len();
        let id = match u32::try_from(count) {
            Ok(id) if id != NONE && count < self.tree.limits.max_nodes => id,
            _ => return Err(self.limit(raw.span(), "the file has too many nodes")),
        };
        match self.stack.last_mut() {
            Some(frame) => {
                raw.parent = frame.node;
                let previous = std::mem::replace(&mut frame.last, id);
                if let Some(open) = self.tree.nodes.get_mut(frame.node as usize) {
                    open.len += 1;
                    if previous == NONE {
                        open.data = id;
                    }
                }
                if let Some(previous) = self.tree.nodes.get_mut(previous as usize) {
                    previous.next = id;
                }
            }
            None => {
                if let Some(document) = self.tree.documents.last_mut()
                    && document.root == NONE
                {
                    document.root = id;
                }
            }
        }
        self.tree.nodes.push(raw);
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, NONE);
            }
            if let Some(slot) = self.anchors.get_mut(anchor) {
                *slot = id;
            }
        }
        Ok(id)
    }

    fn tag(&mut self, tag: Option<&Tag>) -> u32 {
        let Some(tag) = tag else { return NONE };
        let name = if tag.handle() == "tag:yaml.org,2002:" {
            format!("!!{}", tag.suffix())
        } else {
            let name = format!("{}{}", tag.handle(), tag.suffix());
            name.strip_prefix("tag:yaml.org,2002:").map(|core| format!("!!{core}")).unwrap_or(name)
        };
        let name = name.into_boxed_str();
        if let Some(&index) = self.tags.get(&name) {
            return index;
        }
        let index = u32::try_from(self.tree.tags.len()).unwrap_or(NONE);
        self.tree.tags.push(name.clone());
        self.tags.insert(name, index);
        index
    }

    /// Where a document without `---` starts whose first token is at `token`: after the `...`
    /// before it, which after an error was passed over.
    fn implicit_start(&self, token: u32) -> u32 {
        let before = self.tree.documents.last().map_or(0, |document| document.span.start);
        let skipped = || {
            let text = self.text.get(before as usize..token as usize)?;
            let mark = text.rfind("\n...")? + "\n...".len();
            Some(before + Span::of(0..mark).end)
        };
        self.after_end.or_else(skipped).unwrap_or(token)
    }

    fn open_document(&mut self, span: Span) {
        self.in_document = true;
        let start = if self.tree.documents.is_empty() { 0 } else { span.start };
        if let Some(before) = self.tree.documents.last_mut() {
            before.span.end = start.max(before.span.start);
        }
        let span = Span::at(start);
        self.tree.documents.push(RawDocument { root: NONE, span, complete: true });
    }

    /// Closes what is open, keeping it, and marks the document.
    fn abandon(&mut self) {
        while let Some(frame) = self.stack.last() {
            let node = frame.node;
            if self.awaits_value() {
                let end = self.tree.raw(frame.last).map_or(0, |key| key.end);
                let mut raw = RawNode::new(RawKind::Scalar, Style::Plain, Span::at(end));
                raw.data = end;
                raw.flags = MISSING;
                // At the node limit the key without value goes instead.
                let full = self.tree.nodes.len() >= self.tree.limits.max_nodes;
                if full || self.add(raw, 0).is_err() {
                    self.drop_last_key(node);
                }
            }
            self.close(None);
        }
        if let Some(document) = self.tree.documents.last_mut() {
            document.complete = false;
        }
        self.in_document = false;
        self.after_end = None;
    }

    fn drop_last_key(&mut self, mapping: u32) {
        let Some(open) = self.tree.nodes.get_mut(mapping as usize) else { return };
        open.len -= open.len.min(1);
        let (mut last, mut before) = (open.data, NONE);
        if open.len == 0 {
            open.data = NONE;
        }
        while let Some(next) = self.tree.raw(last).map(|raw| raw.next).filter(|&next| next != NONE)
        {
            before = last;
            last = next;
        }
        if let Some(before) = self.tree.nodes.get_mut(before as usize) {
            before.next = NONE;
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.last = before;
        }
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.cursor).min(self.text.len());
        let rest = self.text.get(at..).unwrap_or_default();
        let width = rest.chars().next().filter(|character| !character.is_control());
        let span = Span::of(at..at + width.map_or(0, char::len_utf8));
        // Text after the root of a document that nothing ended belongs to that document.
        let trailing = matches!(error.kind(), ErrorKind::ExpectedDocumentStart)
            && self.after_end.is_none()
            && !self.tree.documents.is_empty();
        if !self.in_document && !trailing {
            self.open_document(span);
        }
        let kind = match error.kind() {
            ErrorKind::RecursionLimitExceeded
            | ErrorKind::TooManyComments
            | ErrorKind::DirectiveByteLimitExceeded { .. } => ProblemKind::Limit,
            _ => ProblemKind::Syntax,
        };
        self.problem(kind, span, error.kind().to_string());
    }

    fn limit(&mut self, span: Span, message: &str) -> Step {
        self.problem(ProblemKind::Limit, span, message.to_owned());
        Step::Stop
    }

    fn problem(&mut self, kind: ProblemKind, span: Span, message: String) {
        let Some(count) = self.counts.get_mut(kind as usize) else { return };
        *count += 1;
        if *count <= MAX_PROBLEMS {
            let document = self.tree.documents.len().saturating_sub(1);
            self.tree.problems.push(Problem { span, kind, message, document });
        }
    }

    fn span(&self, span: &EventSpan) -> Span {
        let range = span.byte_range().unwrap_or(self.cursor..self.cursor);
        Span::of(range.start.min(self.text.len())..range.end.min(self.text.len()))
    }

    fn finish(mut self) -> Tree {
        if let Some(last) = self.tree.documents.last_mut() {
            last.span.end = Span::of(0..self.text.len()).end;
        }
        self.tree.comments.sort_by_key(|comment| comment.span.start);
        self.tree.problems.sort_by_key(|problem| problem.span.start);
        self.tree.aliased.sort_unstable();
        self.tree.aliased.dedup();
        self.tree.nodes.shrink_to_fit();
        self.tree.pool.shrink_to_fit();
        self.tree
    }
}

/// The end of a block scalar's indicator and modifiers.
fn head_end(bytes: &[u8], indicator: usize) -> usize {
    let mut end = indicator + 1;
    while bytes.get(end).is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-')) {
        end += 1;
    }
    end.min(bytes.len())
}

/// A name cut to a length that fits a message.
fn short(name: &str) -> String {
    const MAX: usize = 60;
    if name.chars().nth(MAX).is_none() {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(MAX).collect();
    cut.push('…');
    cut
}
