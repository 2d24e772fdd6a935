use std::collections::HashMap;

use careen_text::{Source, Span};

use super::{BaseKind, Dockerfile, Instruction, Keyword};
use crate::Word;
use crate::reference::{self, ImageRef, ReferenceProblem};

/// An image that a Dockerfile names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The reference with variables filled in; as written where that is not possible.
    pub text: String,
    /// Whether `text` has no variable without a value left.
    pub expanded: bool,
    /// Where the reference stands.
    pub span: Span,
    /// What the image is for.
    pub kind: ImageUseKind,
    /// Index of the instruction that names it; absent for a directive.
    pub instruction: Option<usize>,
}

/// What an image in a Dockerfile is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageUseKind {
    /// The base of the stage with this index.
    Base(usize),
    /// `COPY --from=`.
    CopyFrom,
    /// `RUN --mount=from=`.
    MountFrom,
    /// The front end in `# syntax=`.
    Syntax,
}

impl ImageUse {
    /// The reference taken apart.
    ///
    /// # Errors
    ///
    /// Says which part is wrong, or that a variable has no known value.
    pub fn reference(&self) -> Result<ImageRef, ReferenceProblem> {
        if !self.expanded && !self.text.contains('$') {
            return Err(ReferenceProblem::Unexpanded(Span::of(0..self.text.len())));
        }
        reference::parse(&self.text)
    }

    /// Where a part of the reference, given as a span of `text`, stands in the file: exactly where
    /// the reference stands there as it is, else with the whole reference.
    #[must_use]
    pub fn span_of(&self, source: &Source, part: Span) -> Span {
        let moved = part.shifted(self.span.start);
        if source.slice(self.span) == self.text && self.span.encloses(moved) {
            moved
        } else {
            self.span
        }
    }
}

impl Dockerfile {
    /// Every image the file names, in the order of the file: the front end, bases that are no
    /// stage and not `scratch`, and sources of `COPY --from` and `RUN --mount` that are no stage.
    /// A name may still be a build context that the caller of the build provides.
    #[must_use]
    pub fn images(&self) -> Vec<ImageUse> {
        let mut names: HashMap<String, usize> = HashMap::new();
        for (index, stage) in self.stages.iter().enumerate() {
            if let Some(name) = &stage.name {
                names.insert(name.text.to_lowercase(), index);
            }
        }
        let mut images = Vec::new();
        let syntax = |name: &Word| name.is_ignoring_case("syntax");
        if let Some(directive) = self.directives.iter().find(|one| syntax(&one.name)) {
            // The front end's own arguments may follow the reference.
            let text = directive.value.text.split_whitespace().next().unwrap_or_default();
            let span = directive.value.span;
            images.push(ImageUse {
                text: text.to_owned(),
                expanded: true,
                span: Span::new(span.start, span.start + Span::of(0..text.len()).end),
                kind: ImageUseKind::Syntax,
                instruction: None,
            });
        }
        for (index, instruction) in self.instructions.iter().enumerate() {
            if instruction.keyword == Keyword::From {
                images.extend(self.base(index, instruction));
            }
            let (effective, kind) = match instruction.effective() {
                one if one.keyword == Keyword::Copy => (one, ImageUseKind::CopyFrom),
                one if one.keyword == Keyword::Run => (one, ImageUseKind::MountFrom),
                _ => continue,
            };
            for word in sources(effective, kind) {
                let number = word.text.bytes().all(|byte| byte.is_ascii_digit());
                if number || word.text == "scratch" || names.contains_key(&word.text.to_lowercase())
                {
                    continue;
                }
                images.push(ImageUse {
                    text: word.text.clone(),
                    expanded: word.literal,
                    span: word.content,
                    kind,
                    instruction: Some(index),
                });
            }
        }
        images
    }

    fn base(&self, index: usize, from: &Instruction) -> Option<ImageUse> {
        let stage_index = from.stage?;
        let stage = self.stages.get(stage_index)?;
        let (text, expanded) = match &stage.base_kind {
            BaseKind::Image(text) => (text.clone(), true),
            BaseKind::Unexpanded if !from.words().is_empty() => (stage.base.text.clone(), false),
            BaseKind::Unexpanded | BaseKind::Stage(_) | BaseKind::Scratch => return None,
        };
        Some(ImageUse {
            text,
            expanded,
            span: stage.base.content,
            kind: ImageUseKind::Base(stage_index),
            instruction: Some(index),
        })
    }
}

/// The values of `--from=`, or of `from=` in `--mount=`.
fn sources(instruction: &Instruction, kind: ImageUseKind) -> Vec<&Word> {
    if kind == ImageUseKind::CopyFrom {
        let flags = instruction.flags("from");
        return flags.filter_map(|flag| flag.value.as_ref()).collect();
    }
    instruction.flags("mount").filter_map(|flag| flag.field("from")).collect()
}
