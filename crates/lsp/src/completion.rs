//! Names of rules, where one is to be written.

use careen_rule::Meta;
use serde_json::{Value, json};

/// Names of the configuration.
const CONFIGURATIONS: [&str; 2] = ["careen.yaml", ".careen.yaml"];

/// Whether a name of a rule may follow what stands in front of the pointer.
pub(crate) fn is_wanted(name: &str, before: &str, above: &[&str]) -> bool {
    if let Some((_, after)) = before.rsplit_once("careen:") {
        let after = after.trim_start();
        let list = ["ignore-file", "ignore"].iter().find_map(|word| after.strip_prefix(word));
        let open = list.and_then(|rest| rest.trim_start().strip_prefix('['));
        return open.is_some_and(|names| !names.contains(']'));
    }
    if !CONFIGURATIONS.contains(&name) {
        return false;
    }
    let key = |line: &str| {
        let key = line.trim_start().trim_start_matches("- ");
        ["select:", "ignore:", "severity:", "rules:", "rule:"].iter().any(|it| key.starts_with(it))
    };
    if key(before) {
        return true;
    }
    // An item or an entry below such a key, at whatever depth.
    let depth = |line: &str| line.len() - line.trim_start().len();
    let item = before.trim_start().starts_with("- ");
    let mut above = above.iter().rev().filter(|line| !line.trim().is_empty());
    above
        .find(|line| {
            depth(line) < depth(before)
                || (item && depth(line) == depth(before) && !line.trim_start().starts_with('-'))
        })
        .is_some_and(|line| key(line))
}

/// All rules as completions.
pub(crate) fn items(rules: &[&'static Meta]) -> Value {
    let item = |rule: &&Meta| {
        // 12 is `Value` in the protocol's list of kinds.
        json!({"label": rule.id, "kind": 12, "detail": rule.summary})
    };
    Value::Array(rules.iter().map(item).collect())
}

#[cfg(test)]
mod tests {
    use super::is_wanted;

    #[test]
    fn names_are_wanted_in_lists_of_rules() {
        for before in ["# careen: ignore[", "x: 1 # careen: ignore[a, ", "// careen: ignore-file[b"]
        {
            assert!(is_wanted("a.yaml", before, &[]), "{before}");
        }
        for before in ["# careen: ", "# careen: ignore[a] ", "ignore[", "select: ["] {
            assert!(!is_wanted("a.yaml", before, &[]), "{before}");
        }
        assert!(is_wanted("careen.yaml", "select: [", &[]));
        assert!(is_wanted("careen.yaml", "- ", &["ignore:", "- host-port"]));
        assert!(is_wanted("careen.yaml", "  ", &["rules:", "  host-port: {}"]));
        assert!(is_wanted("careen.yaml", "  - rule: ", &["ignore:"]));
        assert!(!is_wanted("careen.yaml", "  - ", &["select: []", "exclude:"]));
    }
}
