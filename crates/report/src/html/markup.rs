//! How tests look at a page.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{self, SHA256};
use data_encoding::BASE64;

use super::SCRIPT;

/// A digest as a policy has it.
pub(crate) fn digest(text: &str) -> String {
    BASE64.encode(digest::digest(&SHA256, text.as_bytes()).as_ref())
}

/// The page without its style sheet and its script, which are no matter of the report.
pub(crate) fn body(page: &str, style: &str) -> String {
    page.replace(style, "").replace(SCRIPT, "")
}

/// The names of all elements, as a browser would see them open.
pub(crate) fn elements(page: &str) -> BTreeSet<&str> {
    let starts = page.match_indices('<').map(|(at, _)| &page[at + 1..]);
    let names = starts.map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The values of an attribute.
pub(crate) fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}
