mod instructions;
mod properties;
mod stages;

use std::sync::Arc;

use careen_text::Source;

use super::{Dockerfile, Instruction, parse};
use crate::Word;

fn read(text: &str) -> Dockerfile {
    parse(&Source::new("Dockerfile", text))
}

/// The only instruction behind `FROM x`.
fn one(text: &str) -> (Dockerfile, Instruction) {
    let file = read(&format!("FROM x\n{text}"));
    assert_eq!(file.instructions.len(), 2, "{:?}", file.instructions);
    let instruction = file.instructions[1].clone();
    (file, instruction)
}

fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

fn slices<'a>(source: &'a Arc<Source>, words: &[Word]) -> Vec<&'a str> {
    words.iter().map(|word| source.slice(word.span)).collect()
}
