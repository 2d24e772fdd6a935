//! Which principals may sign as what: `.careen/roles.yaml`.

use std::collections::BTreeMap;

use careen_yaml::{Kind, Node};

use crate::fields::{Fields, parse, quoted};
use crate::names::is_role;
use crate::pattern::Patterns;
use crate::{Document, Trouble};

/// Roles of one file, and principals of one role.
const MOST: usize = 1_000;

/// Which principals may sign in a role.
///
/// The default is that there is no file of roles: then every allowed signer may take every role.
/// Where there is one, a role that it does not list is nobody's.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// By role; none without a file.
    listed: Option<BTreeMap<String, Patterns>>,
}

impl Roles {
    /// Reads `.careen/roles.yaml`: `roles: {dba: [dba@example.com, "*@dba.example.com"]}`. What is wrong with
    /// it is told, and gives nobody a right.
    #[must_use]
    pub fn read(document: &Document) -> (Self, Vec<Trouble>) {
        let tree = parse(document);
        let mut roles = BTreeMap::new();
        let troubles = match Fields::open(document, &tree, "a file of roles", &["roles"]) {
            Ok(mut fields) => {
                if let Some(listed) = fields.required("roles") {
                    roles = all(&mut fields, listed);
                }
                fields.finish()
            }
            Err(troubles) => troubles,
        };
        (Self { listed: Some(roles) }, troubles)
    }

    /// The roles that are listed, in order; none without a file.
    #[must_use]
    pub fn names(&self) -> Option<Vec<&str>> {
        self.listed.as_ref().map(|listed| listed.keys().map(String::as_str).collect())
    }

    /// Whether that principal may take that role; else why not.
    pub(crate) fn admit(&self, role: &str, principal: &str) -> Result<(), String> {
        let Some(listed) = &self.listed else { return Ok(()) };
        let Some(patterns) = listed.get(role) else {
            let near = careen_text::closest(role, listed.keys().map(String::as_str));
            let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
            return Err(format!(
                "the role `{}` is not in .careen/roles.yaml{near}: add who may take it",
                quoted(role)
            ));
        };
        if patterns.admit(principal) {
            return Ok(());
        }
        Err(format!(
            "`{}` may not sign as `{}`: .careen/roles.yaml gives this role to {}",
            quoted(principal),
            quoted(role),
            quoted(patterns.as_str())
        ))
    }

    /// Whether there is a file, and it lists that role.
    pub(crate) fn lists(&self, role: &str) -> bool {
        self.listed.as_ref().is_some_and(|listed| listed.contains_key(role))
    }
}

fn all<'t>(fields: &mut Fields<'t>, listed: Node<'t>) -> BTreeMap<String, Patterns> {
    let mut roles = BTreeMap::new();
    if listed.kind() != Kind::Mapping {
        fields.say(listed, "`roles` is a mapping from roles to lists of principals".to_owned());
        return roles;
    }
    for (count, entry) in listed.entries().enumerate() {
        if count == MOST {
            fields.say(entry.key, format!("`roles` lists more than {MOST} roles"));
            break;
        }
        let name = entry.key.text().unwrap_or_default();
        if !is_role(name) {
            let name = quoted(name);
            let message = format!("the role `{name}` is not made of a-z, 0-9, `-` and `_`");
            fields.say(entry.key, message);
        } else if let Some(patterns) = principals(fields, entry.value, name) {
            roles.insert(name.to_owned(), patterns);
        }
    }
    roles
}

fn principals<'t>(fields: &mut Fields<'t>, value: Node<'t>, role: &str) -> Option<Patterns> {
    if value.kind() != Kind::Sequence {
        fields.say(value, format!("`{role}` is a list of principals: [alice@example.com]"));
        return None;
    }
    let mut patterns = Vec::new();
    for item in value.items() {
        if patterns.len() == MOST {
            fields.say(item, format!("`{role}` lists more than {MOST} principals"));
            return None;
        }
        let text = fields.text(item, role)?;
        if text.contains(|c: char| c == ',' || c.is_whitespace() || c.is_control()) {
            fields.say(item, format!("`{}` is not one principal", quoted(text)));
            return None;
        }
        patterns.push(text);
    }
    if patterns.is_empty() {
        fields.say(value, format!("`{role}` lists nobody: name a principal, or take the role out"));
        return None;
    }
    Some(Patterns::new(patterns.join(",")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Roles;
    use crate::Document;

    fn read(text: &str) -> (Roles, Vec<String>) {
        let document =
            Document { path: ".careen/roles.yaml".into(), bytes: text.as_bytes().to_vec() };
        let (roles, troubles) = Roles::read(&document);
        let told = troubles.iter();
        let told = told.map(|each| format!("{}:{} {}", each.line, each.column, each.message));
        (roles, told.collect())
    }

    #[test]
    fn a_role_is_for_those_who_are_listed() {
        let (roles, troubles) =
            read("roles:\n  dba: [dba@example.com, '*@dba.example.com']\n  qa: [q@example.com]\n");
        assert_eq!(troubles, [""; 0]);
        assert_eq!(roles.names(), Some(vec!["dba", "qa"]));
        assert_eq!(roles.admit("dba", "dba@example.com"), Ok(()));
        assert_eq!(roles.admit("dba", "bob@dba.example.com"), Ok(()));
        let why = roles.admit("qa", "dba@example.com").unwrap_err();
        assert_eq!(
            why,
            "`dba@example.com` may not sign as `qa`: .careen/roles.yaml gives this role to q@example.com"
        );
        let why = roles.admit("dbas", "dba@example.com").unwrap_err();
        assert!(why.contains("is not in .careen/roles.yaml (did you mean `dba`?): add"), "{why}");
        assert_eq!(Roles::default().admit("anything", "anybody"), Ok(()));
    }

    #[test]
    fn mistakes_are_told_and_give_nothing() {
        for (text, expected) in [
            (
                "role:\n  dba: [a@b]\n",
                "1:1 a file of roles has no key `role` (did you mean `roles`?)",
            ),
            ("roles:\n  dba: a@b\n", "2:8 `dba` is a list of principals"),
            ("roles:\n  dba: []\n", "2:8 `dba` lists nobody"),
            ("roles:\n  dba: [a@b, 'c d']\n", "2:14 `c d` is not one principal"),
            ("roles:\n  DBA: [a@b]\n", "2:3 the role `DBA` is not made of"),
            ("roles: [a]\n", "1:8 `roles` is a mapping"),
            ("roles:\n  dba: [a@b]\n  dba: [c@d]\n", "3:3 "),
            ("", "1:1 is empty: a file of roles has the keys `roles`"),
            ("- a\n", "1:1 a file of roles is a mapping"),
            ("roles: {a: &x [b@c], dba: *x}\n", "1:27 has a YAML alias"),
        ] {
            let (roles, troubles) = read(text);
            assert!(troubles[0].starts_with(expected), "{text}: {troubles:?}");
            assert!(roles.admit("dba", "a@b").is_err(), "{text}");
        }
        let (roles, troubles) = read("roles:\n  dba: []\n  qa: [q@r]\n");
        assert_eq!((troubles.len(), roles.admit("qa", "q@r")), (1, Ok(())));
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let (roles, _) = Roles::read(&Document { path: "x".into(), bytes });
            let _ = roles.admit("dba", "a@b");
        }
    }
}
