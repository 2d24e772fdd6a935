//! Kinds whose `k8s-openapi` type decodes base64: the content of an entry is for the secret rules
//! to judge, and Go takes line breaks in base64 that `k8s-openapi` refuses. Only the shape counts
//! here.

#![allow(dead_code, reason = "the types exist for what reading into them refuses")]

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;

type Map = BTreeMap<String, Option<String>>;

/// A Secret with undecoded values.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    api_version: String,
    kind: String,
    metadata: Option<ObjectMeta>,
    immutable: Option<bool>,
    #[serde(rename = "type")]
    secret_type: Option<String>,
    data: Option<Map>,
    string_data: Option<Map>,
}

/// A ConfigMap with undecoded values.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigMap {
    api_version: String,
    kind: String,
    metadata: Option<ObjectMeta>,
    immutable: Option<bool>,
    data: Option<Map>,
    binary_data: Option<Map>,
}
