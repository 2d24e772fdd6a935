//! Names and values that stand in two fields of one mapping, in any order: the environment of a
//! container, parameters of a chart, a template or a stack, settings of an application.

use careen_yaml::{Kind, Node};

use super::Pass;
use crate::assign::classify;

/// Fields of a name with those of its value.
const PAIRS: &[(&str, &str)] = &[
    ("name", "value"),
    ("name", "default"),
    ("Name", "Value"),
    ("key", "value"),
    ("Key", "Value"),
    ("ParameterKey", "ParameterValue"),
    ("parameterKey", "parameterValue"),
    ("parameter_key", "parameter_value"),
];

pub(super) fn read(pass: &mut Pass<'_, '_>, key: &str, node: Node<'_>) {
    for (name, value) in PAIRS {
        let Some(value) = node.get(value).filter(|value| value.kind() == Kind::Scalar) else {
            continue;
        };
        if let Some(name) = node.get(name).and_then(|name| name.text()) {
            if let Some(class) = promise(name) {
                pass.named(name, class, value);
            }
            return;
        }
        // `adminPassword: {value: …}` of parameters of a deployment.
        if let Some(class) = promise(key) {
            pass.named(key, class, value);
            return;
        }
    }
}

fn promise(name: &str) -> Option<crate::assign::Class> {
    classify(name.trim_matches(['-', '.', '_']))
}
