use std::collections::HashMap;
use std::ops::Range;

use careen_text::{Source, Span};

use super::expand::{self, Expansion, Scope};
use super::{Instruction, Keyword, Problem, ProblemKind, Variable, VariableSource};
use crate::Word;

/// A build stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The name behind `AS`.
    pub name: Option<Word>,
    /// What follows `FROM`, as written. Its text is empty where nothing follows.
    pub base: Word,
    /// What the base is.
    pub base_kind: BaseKind,
    /// The variables in the base.
    pub base_variables: Vec<Variable>,
    /// The value of `--platform`.
    pub platform: Option<Word>,
    /// Its instructions, the `FROM` first, as a range of the file's.
    pub instructions: Range<usize>,
    /// The last instruction of each inherited kind, own or of a base stage.
    effective: Effective,
}

/// What a stage is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// An image. The text has all variables filled in.
    Image(String),
    /// An earlier stage, by its index.
    Stage(usize),
    /// The empty image.
    Scratch,
    /// A variable has no known value, or there is no base at all.
    Unexpanded,
}

/// Indexes of the instructions that take effect.
#[derive(Clone, Copy, Debug, Default)]
struct Effective {
    user: Option<usize>,
    shell: Option<usize>,
    workdir: Option<usize>,
    entrypoint: Option<usize>,
    cmd: Option<usize>,
    healthcheck: Option<usize>,
    stopsignal: Option<usize>,
}

impl Effective {
    fn slot(&mut self, keyword: Keyword) -> Option<&mut Option<usize>> {
        Some(match keyword {
            Keyword::User => &mut self.user,
            Keyword::Shell => &mut self.shell,
            Keyword::Workdir => &mut self.workdir,
            Keyword::Entrypoint => &mut self.entrypoint,
            Keyword::Cmd => &mut self.cmd,
            Keyword::Healthcheck => &mut self.healthcheck,
            Keyword::Stopsignal => &mut self.stopsignal,
            _ => return None,
        })
    }
}

impl Stage {
    /// Index of the instruction of that kind that takes effect: the last one of the stage, else of
    /// the stage it is built on, and so on. Known for `USER`, `SHELL`, `WORKDIR`, `ENTRYPOINT`,
    /// `CMD`, `HEALTHCHECK` and `STOPSIGNAL`.
    #[must_use]
    pub fn effective(&self, keyword: Keyword) -> Option<usize> {
        let mut effective = self.effective;
        effective.slot(keyword).and_then(|slot| *slot)
    }

    /// The text of the base image with variables filled in, where it is an image and known.
    #[must_use]
    pub fn base_image(&self) -> Option<&str> {
        if let BaseKind::Image(text) = &self.base_kind { Some(text) } else { None }
    }
}

/// Groups the instructions into stages and tells each which one it belongs to.
pub(super) fn build(
    source: &Source,
    instructions: &mut [Instruction],
    escape: char,
    problems: &mut Vec<Problem>,
) -> Vec<Stage> {
    let mut builder = Builder {
        source,
        escape,
        scope: Scope::platform(),
        names: HashMap::new(),
        stages: Vec::new(),
        problems,
    };
    for (index, instruction) in instructions.iter_mut().enumerate() {
        builder.visit(index, instruction);
    }
    let Builder { stages, .. } = builder;
    if stages.is_empty() {
        problems.push(Problem {
            kind: ProblemKind::NoStage,
            span: Span::at(0),
            message: "the file has no `FROM`".to_owned(),
        });
    }
    stages
}

/// The variables that a file's global arguments give to `FROM`.
pub(super) fn globals(source: &Source, instructions: &[Instruction], escape: char) -> Scope {
    let mut scope = Scope::platform();
    for instruction in instructions.iter().take_while(|one| one.keyword != Keyword::From) {
        declare(source, instruction, escape, &mut scope);
    }
    scope
}

/// Puts the variables of an `ARG` in front of the first `FROM` into the scope.
fn declare(source: &Source, instruction: &Instruction, escape: char, scope: &mut Scope) {
    for pair in instruction.pairs() {
        let Some(value) = &pair.value else {
            continue;
        };
        let expansion = expand::expand(&expand::raw(source, value, escape), escape, scope);
        if expansion.complete {
            scope.set(&pair.key.text, expansion.text, VariableSource::Default(pair.span));
        } else {
            scope.unset(&pair.key.text);
        }
    }
}

struct Builder<'a> {
    source: &'a Source,
    escape: char,
    scope: Scope,
    names: HashMap<String, usize>,
    stages: Vec<Stage>,
    problems: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn visit(&mut self, index: usize, instruction: &mut Instruction) {
        if instruction.keyword == Keyword::From {
            let stage = self.stage(index, instruction);
            self.stages.push(stage);
        }
        let stage = self.stages.len().checked_sub(1);
        instruction.stage = stage;
        if let Some(inner) = &mut instruction.onbuild {
            inner.stage = stage;
        }
        let Some(stage) = self.stages.last_mut() else {
            if instruction.keyword == Keyword::Arg {
                declare(self.source, instruction, self.escape, &mut self.scope);
            } else if instruction.keyword != Keyword::Unknown {
                self.problems.push(Problem {
                    kind: ProblemKind::BeforeFrom,
                    span: instruction.keyword_span,
                    message: format!("`{}` stands before `FROM`", instruction.keyword.name()),
                });
            }
            return;
        };
        stage.instructions.end = index + 1;
        if let Some(slot) = stage.effective.slot(instruction.keyword) {
            *slot = Some(index);
        }
    }

    fn stage(&mut self, index: usize, from: &Instruction) -> Stage {
        let words = from.words();
        let base = words.first().cloned().unwrap_or_else(|| Word {
            span: from.keyword_span,
            content: from.keyword_span,
            ..Word::default()
        });
        let written = expand::raw(self.source, &base, self.escape);
        let expansion = if words.is_empty() {
            Expansion::default()
        } else {
            expand::expand(&written, self.escape, &self.scope)
        };
        let base_kind = if !expansion.complete || expansion.text.is_empty() {
            BaseKind::Unexpanded
        } else if expansion.text == "scratch" {
            BaseKind::Scratch
        } else if let Some(stage) = self.names.get(&expansion.text.to_lowercase()) {
            BaseKind::Stage(*stage)
        } else {
            BaseKind::Image(expansion.text)
        };
        let effective = match base_kind {
            BaseKind::Stage(stage) => self.stages.get(stage).map(|stage| stage.effective),
            _ => None,
        };
        let is_as = words.get(1).is_some_and(|word| word.is_ignoring_case("as"));
        let name = words.get(2).filter(|_| is_as).cloned();
        if let Some(name) = &name {
            self.name(name);
        }
        Stage {
            name,
            base,
            base_kind,
            base_variables: expansion.variables,
            platform: from.flag("platform").and_then(|flag| flag.value.clone()),
            instructions: index..index + 1,
            effective: effective.unwrap_or_default(),
        }
    }

    /// Notes the name of the stage that comes next.
    fn name(&mut self, name: &Word) {
        let key = name.text.to_lowercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let starts_well = key.starts_with(|first: char| first.is_ascii_lowercase());
        if !starts_well || !key.bytes().all(allowed) || key == "scratch" {
            self.problems.push(Problem {
                kind: ProblemKind::StageName,
                span: name.span,
                message: "the name of the stage is not allowed".to_owned(),
            });
        }
        if self.names.insert(key, self.stages.len()).is_some() {
            self.problems.push(Problem {
                kind: ProblemKind::DuplicateStage,
                span: name.span,
                message: format!("there are two stages with the name `{}`", name.text),
            });
        }
    }
}
