//! What is wrong with an object.

use std::fmt;

use careen_text::Span;

use crate::quantity::QuantityProblem;
use crate::version::KubernetesVersion;

/// Everything that was found wrong with one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In order of the file, but for what is missing: that stands after what its parent holds.
    pub problems: Vec<Problem>,
    /// Whether the object was looked at: there is a definition of its kind.
    pub known: bool,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: the key of an unknown field, the value of the wrong type, and for what is missing
    /// the key of what should hold it.
    pub span: Span,
    /// Path in the object, such as `spec.containers[0].imagePullpolicy`; of the missing field.
    pub path: String,
    /// What.
    pub defect: Defect,
}

/// What a violation is. No value is repeated: it may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// There is no such field.
    Unknown {
        /// The field that was meant.
        meant: Option<String>,
        /// The first and the last version of Kubernetes that have the field after all.
        elsewhere: Option<(KubernetesVersion, KubernetesVersion)>,
    },
    /// The value has the wrong type.
    Type {
        /// What belongs there: "a whole number".
        wanted: &'static str,
        /// What stands there: "a string".
        found: &'static str,
    },
    /// The value is no quantity.
    Quantity(QuantityProblem),
    /// A field that must be there is not.
    Missing,
    /// The word is none of those the field takes.
    Word {
        /// All words it takes.
        values: Vec<String>,
        /// The word that was meant.
        meant: Option<String>,
    },
    /// An item of a list has the same key as one before it.
    Twice {
        /// The fields that are the key.
        keys: &'static str,
        /// Where the item before it says so.
        first: Span,
    },
    /// The value breaks a bound of a custom resource's definition, such as "it is less than 1".
    Bound(String),
}

impl fmt::Display for Problem {
    /// What is wrong, to follow the object's name: "has a string in `spec.replicas`, …".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = cut(&self.path);
        match &self.defect {
            Defect::Unknown { elsewhere: Some((since, until)), .. } => {
                if *until == KubernetesVersion::NEWEST {
                    write!(formatter, "has the field `{path}`, which Kubernetes {since} brought")
                } else {
                    write!(formatter, "has the field `{path}`, which only Kubernetes {since} ")?;
                    if since == until {
                        formatter.write_str("has")
                    } else {
                        write!(formatter, "to {until} have")
                    }
                }
            }
            Defect::Unknown { meant: Some(meant), .. } => {
                write!(formatter, "has an unknown field `{path}`: did you mean `{meant}`?")
            }
            Defect::Unknown { .. } => write!(formatter, "has an unknown field `{path}`"),
            Defect::Type { wanted, found } => {
                write!(formatter, "has {found} in `{path}`, where {wanted} belongs")
            }
            Defect::Quantity(problem) => {
                write!(formatter, "has an invalid quantity in `{path}`: {problem}")
            }
            Defect::Missing => write!(formatter, "lacks the required field `{path}`"),
            Defect::Word { values, meant } => {
                write!(formatter, "has a value in `{path}` that it does not take: ")?;
                match meant {
                    Some(meant) => write!(formatter, "did you mean `{meant}`?"),
                    None => write!(formatter, "use {}", Words(values)),
                }
            }
            Defect::Twice { keys, .. } => {
                write!(formatter, "has a second item with the same `{keys}` in `{path}`")
            }
            Defect::Bound(bound) => write!(formatter, "has an invalid value in `{path}`: {bound}"),
        }
    }
}

/// The words in back quotes, with "or" before the last; of many the first ones.
struct Words<'a>(&'a [String]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 8;
        let shown = self.0.len().min(MOST);
        for (index, word) in self.0.iter().take(shown).enumerate() {
            let before = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(formatter, "{before}`{}`", cut(word))?;
        }
        if shown < self.0.len() { formatter.write_str(" or another") } else { Ok(()) }
    }
}

/// The end of a path, which says most.
fn cut(path: &str) -> &str {
    const LONGEST: usize = 160;
    let mut from = path.len().saturating_sub(LONGEST);
    while !path.is_char_boundary(from) {
        from += 1;
    }
    path.get(from..).unwrap_or_default()
}
