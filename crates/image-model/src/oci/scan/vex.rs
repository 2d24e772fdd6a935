use serde_json::Value;

use super::{FINDINGS_MAX, ScanReport, Statement};
use crate::oci::json::{items, owned, text, texts};

/// Reads a document of `OpenVEX`.
pub(super) fn read(document: &Value) -> Option<ScanReport> {
    if !text(document, &["@context"])?.contains("openvex.dev/ns") {
        return None;
    }
    let statements = items(document, &["statements"]).iter().take(FINDINGS_MAX);
    Some(ScanReport {
        statements: statements.filter_map(statement).collect(),
        ..ScanReport::default()
    })
}

fn statement(one: &Value) -> Option<Statement> {
    let vulnerability = one.get("vulnerability")?;
    // Version 0.0.1 has a text.
    let name = vulnerability.as_str().map(str::to_owned);
    let name = name.or_else(|| owned(vulnerability, &["name"]));
    let mut vulnerabilities: Vec<String> = name.into_iter().collect();
    vulnerabilities.extend(texts(vulnerability, &["aliases"]).take(16).map(str::to_owned));
    let mut products = Vec::new();
    for product in items(one, &["products"]) {
        let parts = items(product, &["subcomponents"]).iter();
        let parts: Vec<String> = parts.filter_map(identifier).collect();
        // What is said about a part of an image is not said about the whole of it.
        if parts.is_empty() {
            products.extend(identifier(product));
        } else {
            products.extend(parts);
        }
    }
    let status = text(one, &["status"])?;
    let harmless = matches!(status, "not_affected" | "fixed");
    (!vulnerabilities.is_empty()).then_some(Statement { vulnerabilities, products, harmless })
}

fn identifier(product: &Value) -> Option<String> {
    let known = product.as_str().map(str::to_owned);
    known.or_else(|| owned(product, &["@id"])).or_else(|| owned(product, &["identifiers", "purl"]))
}
