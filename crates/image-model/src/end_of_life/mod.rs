//! Until when releases of distributions and runtimes get security updates.
//!
//! The table `policies/images/end-of-life.yaml` is built in; [`EndOfLife::read`] lays newer data
//! over it. A release that no table knows is unknown: it is left out of every answer.

mod day;
mod foreign;
mod resolve;
mod table;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use self::day::DAY;

pub use resolve::canonical_name;

const TABLE: &str = include_str!("../../../../policies/images/end-of-life.yaml");

/// Bytes of data that are read.
pub const TEXT_LEN_MAX: usize = 16 << 20;
/// Products of one table; what follows is left out.
pub const PRODUCTS_MAX: usize = 4_096;
/// Releases of one product; what follows is left out.
pub const RELEASES_MAX: usize = 1_024;

/// What is known of the ends of support.
#[derive(Clone, Debug, Default)]
pub struct EndOfLife {
    products: Vec<Product>,
    /// Repository, or the path above it with `/*` → product, and the release where it is of one.
    images: HashMap<String, Vec<(usize, Option<String>)>>,
    /// ID of os-release → products.
    systems: HashMap<String, Vec<usize>>,
    /// Name on endoflife.date → product.
    foreign: HashMap<String, usize>,
}

/// A distribution or runtime.
#[derive(Clone, Debug, Default)]
struct Product {
    title: String,
    distribution: bool,
    rolling: bool,
    open_extension: bool,
    words: Vec<String>,
    releases: Vec<Release>,
}

#[derive(Clone, Debug, Default)]
struct Release {
    name: String,
    aliases: Vec<String>,
    eol: Option<i64>,
    extended: Option<i64>,
    as_of: Option<i64>,
}

/// A release of a product: Debian 12, Python 3.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle<'a> {
    /// The product, as people write it.
    pub product: &'a str,
    /// The release; `rolling` where the product has none.
    pub name: &'a str,
    /// Its code name, in lower case.
    pub alias: Option<&'a str>,
    /// Whether the product is a distribution rather than a runtime or server.
    pub distribution: bool,
    /// Midnight UTC of the last day with security updates for everyone, in Unix seconds. None
    /// where it is not fixed yet.
    pub eol: Option<i64>,
    /// The last day with security updates for those who pay or enroll.
    pub extended: Option<i64>,
    /// The day of the data.
    pub as_of: Option<i64>,
}

impl Cycle<'_> {
    /// Whether it gets no more updates at a moment in Unix seconds. The last day counts.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.eol.is_some_and(|eol| now >= eol.saturating_add(DAY))
    }

    /// Whole days until the last day with updates; negative once it is past, and none where it is
    /// not fixed.
    #[must_use]
    pub fn days_left(&self, now: i64) -> Option<i64> {
        self.eol.map(|eol| (eol.saturating_sub(now.div_euclid(DAY).saturating_mul(DAY))) / DAY)
    }
}

/// "Debian 12 (bookworm)".
impl fmt::Display for Cycle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.product, self.name)?;
        match self.alias {
            Some(alias) if self.distribution => write!(f, " ({alias})"),
            _ => Ok(()),
        }
    }
}

/// Why data about ends of life cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfLifeError {
    /// More than [`TEXT_LEN_MAX`] bytes.
    TooLong,
    /// Neither YAML nor JSON.
    Syntax,
    /// None of the known forms, or nothing in it.
    Form,
}

impl fmt::Display for EndOfLifeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the data is too long",
            Self::Syntax => "the data is neither JSON nor YAML",
            Self::Form => {
                "the data has neither the form of endoflife.date (`{\"debian\": [{\"cycle\": …}]}` \
                 or `{\"result\": [{\"name\": …, \"releases\": …}]}`) nor that of the built-in table"
            }
        })
    }
}

impl std::error::Error for EndOfLifeError {}

impl EndOfLife {
    /// What is built in. A test sees to it that it can be read.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        static EMBEDDED: LazyLock<Arc<EndOfLife>> = LazyLock::new(|| {
            let mut table = EndOfLife::default();
            // An error leaves the table empty, which the test would see.
            let _ = table.lay_over(TABLE);
            Arc::new(table)
        });
        Arc::clone(&EMBEDDED)
    }

    /// Data in the form of the table, or as endoflife.date gives it: `/api/PRODUCT.json` keyed by
    /// product, `/api/v1/products/PRODUCT`, or `/api/v1/products/full`. Laid over what is built in:
    /// releases that the data does not name stay as they are. An `eol` that is only said to be
    /// past, without the day, stays unknown.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the data as a whole. Single entries that cannot be read are left
    /// out.
    pub fn read(text: &str) -> Result<Self, EndOfLifeError> {
        let mut table = Self::embedded().as_ref().clone();
        table.lay_over(text)?;
        Ok(table)
    }

    fn lay_over(&mut self, text: &str) -> Result<(), EndOfLifeError> {
        if text.len() > TEXT_LEN_MAX {
            return Err(EndOfLifeError::TooLong);
        }
        let source = careen_text::Source::new("end-of-life", text);
        let tree = careen_yaml::parse(&source, &careen_yaml::Limits::default());
        let document = tree.documents().next().filter(careen_yaml::Document::is_complete);
        let root = document.and_then(|document| document.root()).ok_or(EndOfLifeError::Syntax)?;
        let read = if root.get("products").is_some_and(|it| it.kind() == careen_yaml::Kind::Mapping)
        {
            table::read(self, root)
        } else {
            foreign::read(self, root)
        };
        if read { Ok(()) } else { Err(EndOfLifeError::Form) }
    }

    /// Adds a release, or changes what is known of it.
    fn put(&mut self, product: usize, mut release: Release) {
        let Some(product) = self.products.get_mut(product) else { return };
        release.name.make_ascii_lowercase();
        let is_full = product.releases.len() >= RELEASES_MAX;
        match product.releases.iter_mut().find(|known| known.name == release.name) {
            Some(known) => {
                release.aliases.retain(|alias| !known.aliases.contains(alias));
                release.aliases.splice(0..0, known.aliases.drain(..));
                *known = release;
            }
            None if is_full => {}
            None => product.releases.push(release),
        }
    }
}

impl Product {
    /// The release a version belongs to: `12.5` to `12`.
    fn release(&self, version: &str) -> Option<&Release> {
        let mut version = version;
        loop {
            let is = |release: &&Release| {
                release.name == version || release.aliases.iter().any(|alias| alias == version)
            };
            if let Some(release) = self.releases.iter().find(is) {
                return Some(release);
            }
            version = version.rsplit_once('.')?.0;
        }
    }

    fn cycle<'a>(&'a self, release: &'a Release) -> Cycle<'a> {
        let alias = release.aliases.first().map(String::as_str);
        Cycle {
            product: &self.title,
            name: &release.name,
            alias: alias.filter(|alias| alias.bytes().all(|byte| byte.is_ascii_lowercase())),
            distribution: self.distribution,
            eol: release.eol,
            extended: release.extended,
            as_of: release.as_of,
        }
    }

    fn rolling(&self) -> Cycle<'_> {
        Cycle {
            product: &self.title,
            name: "rolling",
            alias: None,
            distribution: self.distribution,
            eol: None,
            extended: None,
            as_of: None,
        }
    }
}

#[cfg(test)]
mod tests;
