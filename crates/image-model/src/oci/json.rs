//! Small questions to JSON whose shape nobody vouches for.

use serde_json::Value;

/// The value at a path of keys.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// The text at a path of keys; none where it is empty.
pub(super) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    at(value, path)?.as_str().filter(|text| !text.is_empty())
}

/// The items of the list at a path of keys; empty where there is none.
pub(super) fn items<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    at(value, path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The texts of the list at a path of keys.
pub(super) fn texts<'v>(
    value: &'v Value,
    path: &[&str],
) -> impl Iterator<Item = &'v str> + use<'v> {
    items(value, path).iter().filter_map(Value::as_str)
}

/// The names and values of the object at a path of keys.
pub(super) fn entries<'v>(
    value: &'v Value,
    path: &[&str],
) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
    let map = at(value, path).and_then(Value::as_object).into_iter();
    map.flatten().map(|(name, value)| (name.as_str(), value))
}

/// A text, owned.
pub(super) fn owned(value: &Value, path: &[&str]) -> Option<String> {
    text(value, path).map(str::to_owned)
}
