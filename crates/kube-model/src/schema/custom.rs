//! Definitions of custom resources that stand in the repository.

use std::collections::HashMap;

use careen_yaml::Node;

use super::custom_walk::{Patterns, check};
use super::report::{Defect, Problem, Report};
use crate::node::{field, items, path, text};
use crate::view::ObjectView;

/// Definitions of one kind that are tried: a repository may hold several releases of an operator.
const DEFINITIONS: usize = 8;

/// The definitions of custom resources, by group and kind.
#[derive(Debug, Default)]
pub struct CustomSchemas<'a> {
    definitions: HashMap<(&'a str, &'a str), Vec<Definition<'a>>>,
    patterns: Patterns<'a>,
}

#[derive(Debug)]
struct Definition<'a> {
    versions: Vec<Version<'a>>,
    /// Whether every unknown field is kept.
    preserves: bool,
}

#[derive(Debug)]
struct Version<'a> {
    name: &'a str,
    is_served: bool,
    schema: Option<Node<'a>>,
}

impl<'a> CustomSchemas<'a> {
    /// Those of these objects that are definitions of custom resources.
    #[must_use]
    pub fn of(objects: impl Iterator<Item = ObjectView<'a>>) -> Self {
        let mut schemas = Self::default();
        for view in objects {
            if !view.is("apiextensions.k8s.io", "CustomResourceDefinition") {
                continue;
            }
            let Some(spec) = view.spec() else { continue };
            let kind = path(spec, &["names", "kind"]).and_then(|kind| kind.text());
            let (Some(group), Some(kind)) = (text(spec, "group"), kind) else { continue };
            let known = schemas.definitions.entry((group, kind)).or_default();
            if known.len() < DEFINITIONS {
                known.push(Definition::of(spec, view.version()));
            }
        }
        schemas
    }

    /// Whether there is no definition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    /// Whether there is a definition of that kind.
    #[must_use]
    pub fn has(&self, group: &str, kind: &str) -> bool {
        self.definitions.contains_key(&(group, kind))
    }

    /// Checks an object against the definition of its kind; of several the one it fits best. The
    /// report is empty for kinds without a definition.
    pub fn check(&mut self, view: ObjectView<'a>) -> Report {
        let key = (view.group(), view.kind());
        let definitions = self.definitions.get(&key).map(Vec::as_slice).unwrap_or_default();
        let reports = definitions.iter().map(|each| each.check(view, &mut self.patterns));
        reports.min_by_key(|report| report.problems.len()).unwrap_or_default()
    }
}

impl<'a> Definition<'a> {
    fn of(spec: Node<'a>, version: &str) -> Self {
        let shared = path(spec, &["validation", "openAPIV3Schema"]);
        let read = |node: Node<'a>| {
            Some(Version {
                name: text(node, "name")?,
                is_served: field(node, "served").and_then(|node| node.as_bool()) != Some(false),
                schema: path(node, &["schema", "openAPIV3Schema"]).or(shared),
            })
        };
        let mut versions: Vec<_> = items(spec, "versions").filter_map(read).collect();
        if let Some(name) = text(spec, "version").filter(|_| versions.is_empty()) {
            versions.push(Version { name, is_served: true, schema: shared });
        }
        let preserves = field(spec, "preserveUnknownFields").and_then(|node| node.as_bool());
        Self { versions, preserves: preserves.unwrap_or(version == "v1beta1") }
    }

    fn check(&self, view: ObjectView<'a>, patterns: &mut Patterns<'a>) -> Report {
        let version = self.versions.iter().find(|version| version.name == view.version());
        let problem = |bound: &str| Problem {
            span: view.api_version_span(),
            path: "apiVersion".to_owned(),
            defect: Defect::Bound(bound.to_owned()),
        };
        let problems = match version {
            None if self.versions.is_empty() => Vec::new(),
            None => vec![problem("the definition of the kind has no such version")],
            Some(version) if !version.is_served => {
                vec![problem("the definition of the kind does not serve this version")]
            }
            Some(Version { schema: None, .. }) => Vec::new(),
            Some(Version { schema: Some(schema), .. }) => {
                check(view, *schema, self.preserves, patterns)
            }
        };
        Report { problems, known: true }
    }
}

#[cfg(test)]
mod tests {
    use super::CustomSchemas;
    use crate::testing::File;
    use crate::view::ObjectView;

    const CRD: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  names: {kind: Backup, plural: backups}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [schedule, mode]
            properties:
              schedule: {type: string, pattern: '^[0-9* ]+$', minLength: 2, maxLength: 9}
              mode: {type: string, enum: [full, partial], default: full}
              keep: {type: integer, minimum: 1, maximum: 30}
              share: {type: number, minimum: 0, exclusiveMinimum: true}
              port: {x-kubernetes-int-or-string: true}
              targets:
                type: array
                minItems: 1
                maxItems: 2
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  properties: {name: {type: string}}
              labels: {type: object, additionalProperties: {type: string}}
              extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
              open: {type: object}
              template: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
  - name: v1alpha1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
";

    fn found(text: &str) -> Vec<String> {
        let file = File::new(&format!("{CRD}---\n{text}"));
        let views = || file.objects.iter().map(|object| ObjectView::new(object, &file.tree));
        let mut schemas = CustomSchemas::of(views());
        let report = schemas.check(views().next_back().unwrap());
        let told = report.problems.iter();
        told.map(|problem| format!("{} {problem}", file.slice(problem.span))).collect()
    }

    fn backup(spec: &str) -> String {
        format!("{{apiVersion: example.com/v1, kind: Backup, metadata: {{name: a, x: 1}}, {spec}}}")
    }

    #[test]
    fn good_resources_are_left_alone() {
        for spec in [
            "spec: {schedule: 0 * *}",
            "spec: {schedule: 0 *, mode: ~, keep: 30, share: 0.1, port: http, labels: {a: b}}",
            "spec: {schedule: 0 *, mode: partial, keep: ~, port: 80, extra: {a: {b: 1}}}",
            "spec: {schedule: 0 *, targets: [{name: a}, {name: b}], open: {a: 1}}",
            "spec: {schedule: 0 *, template: {apiVersion: v1, kind: Pod, metadata: {a: 1}}}",
        ] {
            assert_eq!(found(&backup(spec)), [""; 0], "{spec}");
        }
        assert_eq!(found("{apiVersion: example.org/v1, kind: Backup, spec: {a: 1}}"), [""; 0]);
    }

    #[test]
    fn every_bound_is_told() {
        for (spec, expected) in [
            ("a: 1", "Backup lacks the required field `spec`"),
            ("spec: {}", "spec lacks the required field `spec.schedule`"),
            ("spec: {schedule: 12}", "12 has a number in `spec.schedule`, where a string belongs"),
            (
                "spec: {schedule: a b}",
                "a b has an invalid value in `spec.schedule`: it does not match",
            ),
            ("spec: {schedule: 0}", "0 has a number"),
            (
                "spec: {schedule: '0'}",
                "'0' has an invalid value in `spec.schedule`: it has fewer than 2 characters",
            ),
            (
                "spec: {schedule: 0 * * * * *}",
                "0 * * * * * has an invalid value in `spec.schedule`: it has more than 9",
            ),
            (
                "spec: {schedule: 0 *, mode: ful}",
                "ful has a value in `spec.mode` that it does not take: did you mean `full`?",
            ),
            (
                "spec: {schedule: 0 *, keep: 0}",
                "0 has an invalid value in `spec.keep`: it is less than 1",
            ),
            (
                "spec: {schedule: 0 *, keep: 31}",
                "31 has an invalid value in `spec.keep`: it is more than 30",
            ),
            (
                "spec: {schedule: 0 *, keep: 1.5}",
                "1.5 has a number in `spec.keep`, where a whole number",
            ),
            (
                "spec: {schedule: 0 *, share: 0}",
                "0 has an invalid value in `spec.share`: it is not more than 0",
            ),
            ("spec: {schedule: 0 *, port: 1.5}", "1.5 has a number in `spec.port`"),
            (
                "spec: {schedule: 0 *, targets: []}",
                "[] has an invalid value in `spec.targets`: it has fewer than 1 item",
            ),
            (
                "spec: {schedule: 0 *, targets: [{}, {}, {}]}",
                "[{}, {}, {}] has an invalid value in `spec.targets`: it has more than 2",
            ),
            (
                "spec: {schedule: 0 *, targets: [{name: a}, {name: a}]}",
                "a has an invalid value in `spec.targets[1]`: another item has the same",
            ),
            (
                "spec: {schedule: 0 *, shedule: a}",
                "shedule has an unknown field `spec.shedule`: did you mean `schedule`?",
            ),
            ("spec: {schedule: 0 *, labels: {a: 1}}", "1 has a number in `spec.labels.a`"),
            (
                "spec: {schedule: 0 *, targets: {a: 1}}",
                "{a: 1} has a mapping in `spec.targets`, where a list",
            ),
        ] {
            let found = found(&backup(spec));
            assert!(found.iter().any(|each| each.starts_with(expected)), "{spec}: {found:?}");
        }
    }

    #[test]
    fn versions_count() {
        let text = "{apiVersion: example.com/v2, kind: Backup, spec: {}}";
        assert!(found(text)[0].contains("no such version"), "{:?}", found(text));
        let text = "{apiVersion: example.com/v1alpha1, kind: Backup, spec: {}}";
        assert!(found(text)[0].contains("does not serve"), "{:?}", found(text));
    }
}
