//! The objects that findings stand in, as a list in which each names what holds it.

use std::collections::BTreeMap;

use careen_rule::ObjectPath;
use careen_sarif::LogicalLocation;
use careen_text::sanitize_line;

use crate::words::cut;

/// Characters of a name.
const MAX_NAME: usize = 240;

/// The objects met so far.
#[derive(Debug, Default)]
pub(super) struct Objects {
    list: Vec<LogicalLocation>,
    places: BTreeMap<(String, &'static str), usize>,
}

impl Objects {
    /// What a result says of the object it stands in: the innermost thing that is known, which has
    /// its place in the list.
    pub(super) fn of(&mut self, path: &ObjectPath) -> Option<LogicalLocation> {
        if path.kind.is_empty() && path.name.is_empty() {
            return None;
        }
        // A Dockerfile's only stage has no name.
        let mut full = path.to_string().trim_end_matches('/').to_owned();
        let mut place = self.put(&path.name, &full, "resource", None);
        let parts = [(&path.container, "container"), (&path.field, "property")];
        for (part, kind) in parts {
            if let Some(part) = part {
                full = format!("{full}/{part}");
                place = self.put(part, &full, kind, Some(place));
            }
        }
        let mut object = self.list.get(place)?.clone();
        object.index = Some(place);
        object.parent_index = None;
        Some(object)
    }

    fn put(&mut self, name: &str, full: &str, kind: &'static str, parent: Option<usize>) -> usize {
        let tidy = |text: &str| cut(&sanitize_line(text), MAX_NAME).into_owned();
        let full = tidy(full);
        *self.places.entry((full.clone(), kind)).or_insert_with(|| {
            self.list.push(LogicalLocation {
                index: None,
                parent_index: parent,
                name: (!name.is_empty()).then(|| tidy(name)),
                fully_qualified_name: Some(full),
                kind: Some(kind.to_owned()),
            });
            self.list.len() - 1
        })
    }

    pub(super) fn list(self) -> Vec<LogicalLocation> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::ObjectPath;

    use super::Objects;

    #[test]
    fn each_names_what_holds_it_once() {
        let mut path = ObjectPath {
            api_version: "apps/v1".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: Some("shop".to_owned()),
            name: "web".to_owned(),
            ..ObjectPath::default()
        };
        let mut objects = Objects::default();
        let whole = objects.of(&path).unwrap();
        assert_eq!((whole.index, whole.parent_index), (Some(0), None));
        path.container = Some("nginx".to_owned());
        path.field = Some("image".to_owned());
        let field = objects.of(&path).unwrap();
        assert_eq!(field.index, Some(2));
        assert_eq!(
            field.fully_qualified_name.as_deref(),
            Some("apps/v1/Deployment/shop/web/nginx/image")
        );
        assert_eq!(objects.of(&path).unwrap(), field);
        let parents: Vec<_> = objects.list().iter().map(|object| object.parent_index).collect();
        assert_eq!(parents, [None, Some(0), Some(1)]);
        assert!(Objects::default().of(&ObjectPath::default()).is_none());
    }
}
