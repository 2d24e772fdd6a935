//! The table of built-in kinds, read from its text. The text's own head explains it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Every definition of every version.
const TEXT: &str = include_str!("../../../../policies/kubernetes/schemas.txt");

/// The minor versions of Kubernetes that have something, ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Minors {
    pub(super) since: u8,
    pub(super) until: u8,
}

impl Minors {
    pub(super) fn has(self, minor: u8) -> bool {
        (self.since..=self.until).contains(&minor)
    }

    /// `25-37`; nothing has a range that cannot be read.
    fn read(text: &str) -> Self {
        let (since, until) = text.split_once('-').unwrap_or_default();
        Self { since: since.parse().unwrap_or(u8::MAX), until: until.parse().unwrap_or_default() }
    }
}

/// A kind in one version of its group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) minors: Minors,
    pub(super) definition: u32,
}

/// What a value is, once lists and mappings around it are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Text,
    Bool,
    Int32,
    Int64,
    Number,
    Time,
    Quantity,
    IntOrString,
    Any,
    /// Index of a definition.
    Object(u32),
}

/// A field of a definition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// From the outside in: `[` a list of, `{` a mapping to.
    pub(super) outer: &'static str,
    pub(super) leaf: Leaf,
    pub(super) minors: Minors,
    pub(super) required: bool,
    /// The fields that tell a list's items apart, parted by commas.
    pub(super) keys: &'static str,
    /// The words it takes, parted by commas; empty for any.
    pub(super) values: &'static str,
}

/// The whole table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Of each definition its fields: first and one past the last.
    definitions: Vec<(u32, u32)>,
    /// In order of definition and name. A field that changed its type stands there twice.
    fields: Vec<Field>,
    /// In order of `apiVersion` and kind.
    kinds: Vec<Kind>,
}

/// The table, read on first use.
pub(super) fn get() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXT));
    &TABLE
}

impl Table {
    /// The fields of a definition, by name.
    pub(super) fn fields(&self, definition: u32) -> &[Field] {
        let range = self.definitions.get(definition as usize).copied().unwrap_or_default();
        self.fields.get(range.0 as usize..range.1 as usize).unwrap_or_default()
    }

    /// All kinds, in order of `apiVersion` and kind.
    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    pub(super) fn kind(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        let order = |row: &Kind| row.api_version.cmp(api_version).then(row.kind.cmp(kind));
        self.kinds.get(self.kinds.binary_search_by(order).ok()?)
    }

    /// Reads the table's text. A line that is not understood is left out; a test reads them all.
    pub(super) fn read(text: &'static str) -> Self {
        let definitions = || text.lines().filter_map(|line| line.strip_prefix(": "));
        let names = definitions().zip(0..).map(|(line, index)| {
            let name = line.split_once(' ').map_or(line, |(name, _)| name);
            (name.rsplit_once('.').unwrap_or(("", name)), index)
        });
        let names: HashMap<(&str, &str), u32> = names.collect();
        let mut table = Self::default();
        table.fields.reserve(text.len() / 32);
        let mut package = "";
        let mut all = Minors::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(first), Some(second)) = (words.next(), words.next()) else { continue };
            match first {
                "#" => {}
                ":" => {
                    package = second.rsplit_once('.').map_or("", |(package, _)| package);
                    all = Minors::read(words.next().unwrap_or_default());
                    let at = u32::try_from(table.fields.len()).unwrap_or(u32::MAX);
                    table.definitions.push((at, at));
                }
                "=" => {
                    let kind = words.next().unwrap_or_default();
                    let minors = Minors::read(words.next().unwrap_or_default());
                    let definition = table.definitions.len().saturating_sub(1);
                    let definition = u32::try_from(definition).unwrap_or(u32::MAX);
                    table.kinds.push(Kind { api_version: second, kind, minors, definition });
                }
                name => {
                    let leaf = |word: &str| leaf(word, package, &names);
                    let Some(field) = field(name, second, words, all, leaf) else { continue };
                    table.fields.push(field);
                    if let Some(range) = table.definitions.last_mut() {
                        range.1 += 1;
                    }
                }
            }
        }
        table.kinds.sort_by(|a, b| (a.api_version, a.kind).cmp(&(b.api_version, b.kind)));
        table
    }
}

fn field(
    name: &'static str,
    shape: &'static str,
    words: std::str::Split<'static, char>,
    minors: Minors,
    leaf: impl Fn(&str) -> Option<Leaf>,
) -> Option<Field> {
    let (shape, required) = match shape.strip_suffix('!') {
        Some(shape) => (shape, true),
        None => (shape, false),
    };
    let inner = shape.trim_start_matches(['[', '{']);
    let outer = shape.get(..shape.len() - inner.len())?;
    let leaf = leaf(inner)?;
    let mut field = Field { name, outer, leaf, minors, required, keys: "", values: "" };
    for word in words {
        match word.split_at_checked(1)? {
            ("^", minors) => field.minors = Minors::read(minors),
            ("#", keys) => field.keys = keys,
            ("|", values) => field.values = values,
            _ => return None,
        }
    }
    Some(field)
}

fn leaf(word: &str, package: &str, names: &HashMap<(&str, &str), u32>) -> Option<Leaf> {
    Some(match word {
        "s" => Leaf::Text,
        "b" => Leaf::Bool,
        "i" => Leaf::Int32,
        "l" => Leaf::Int64,
        "n" => Leaf::Number,
        "t" => Leaf::Time,
        "q" => Leaf::Quantity,
        "p" => Leaf::IntOrString,
        "*" => Leaf::Any,
        _ => {
            let name = word.strip_prefix('@')?;
            // A name without its package is one of the same package.
            Leaf::Object(*names.get(&name.rsplit_once('.').unwrap_or((package, name)))?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Leaf, TEXT, Table, get};

    #[test]
    fn every_line_is_read() {
        let table = get();
        let count = |start: &str| TEXT.lines().filter(|line| line.starts_with(start)).count();
        let lines = TEXT.lines().count() - count("# ");
        assert_eq!(table.kinds.len(), count("= "));
        assert_eq!(table.definitions.len(), count(": "));
        assert_eq!(table.fields.len(), lines - count("= ") - count(": "));
        for index in 0..table.definitions.len() {
            let fields = table.fields(u32::try_from(index).unwrap());
            assert!(fields.is_sorted_by_key(|field| field.name), "{fields:?}");
            for field in fields {
                assert!((25..=field.minors.until).contains(&field.minors.since), "{field:?}");
                assert!(field.minors.until <= 37, "{field:?}");
                assert!(field.keys.split(',').count() <= 4, "{field:?}");
            }
        }
        for kind in &table.kinds {
            assert!(kind.minors.since <= kind.minors.until, "{kind:?}");
        }
    }

    #[test]
    fn fields_have_their_types() {
        let table = get();
        let kind = table.kind("v1", "Pod").unwrap();
        let spec = table.fields(kind.definition).iter().find(|field| field.name == "spec").unwrap();
        let Leaf::Object(spec) = spec.leaf else { panic!("{spec:?}") };
        let fields = table.fields(spec);
        let containers = fields.iter().find(|field| field.name == "containers").unwrap();
        assert_eq!((containers.outer, containers.keys), ("[", "name"));
        assert!(containers.required);
        assert!(table.kind("v1", "Pods").is_none() && table.kind("apps/v1", "Pod").is_none());
    }

    #[test]
    fn nonsense_is_left_out() {
        let table = Table::read("\n: a\n= \nb\nc [?\nd @e\nf s x\ng s ^\n: \n= a b c\n");
        assert_eq!(table.fields.len(), 1);
        assert_eq!(table.kinds.len(), 2);
    }
}
