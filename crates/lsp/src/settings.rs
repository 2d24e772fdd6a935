//! What a user may set in the editor.

use careen_text::closest;
use serde_json::Value;

/// The settings. Everything else stands in `careen.yaml`, so that the editor says what the command
/// line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `careen.profile`: the profile to start from, instead of the configuration's.
    pub profile: Option<String>,
    /// `careen.select`: the rules, groups or linters to run, instead of the configuration's.
    pub select: Vec<String>,
    /// `careen.lint.on`: when an open document is checked.
    pub moment: Moment,
    /// `careen.lint.scope`: whose findings are shown.
    pub scope: Scope,
}

/// When an open document is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// While it is written.
    #[default]
    Change,
    /// When it is opened or saved.
    Save,
}

/// Whose findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of open documents.
    #[default]
    Open,
    /// Those of all files of the workspace.
    Workspace,
}

const KEYS: [&str; 5] = ["profile", "select", "lint", "lint.on", "lint.scope"];

impl Settings {
    /// Reads settings as editors send them: the object itself, or the object under `careen`. What
    /// does not hold is told and passed over.
    pub(crate) fn read(value: &Value) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let value = value.get("careen").unwrap_or(value);
        let Some(entries) = value.as_object() else {
            if !value.is_null() {
                problems.push("the settings of careen are an object".to_owned());
            }
            return (settings, problems);
        };
        for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
            settings.take(key, value, &mut problems);
        }
        (settings, problems)
    }

    fn take(&mut self, key: &str, value: &Value, problems: &mut Vec<String>) {
        match (key, value) {
            ("profile", Value::String(name)) => {
                self.profile = Some(name.clone()).filter(|name| !name.is_empty());
            }
            ("profile", _) => problems.push("`careen.profile` is the name of a profile".to_owned()),
            ("select", Value::String(name)) => {
                self.select = name.split(',').map(|name| name.trim().to_owned()).collect();
                self.select.retain(|name| !name.is_empty());
            }
            ("select", Value::Array(names)) if names.iter().all(Value::is_string) => {
                self.select =
                    names.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
            }
            ("select", _) => problems.push("`careen.select` is a list of names".to_owned()),
            ("lint", Value::Object(entries)) => {
                for (key, value) in entries {
                    self.take(&format!("lint.{key}"), value, problems);
                }
            }
            ("lint.on", _) => match value.as_str() {
                Some("change") => self.moment = Moment::Change,
                Some("save") => self.moment = Moment::Save,
                _ => problems.push("`careen.lint.on` is `change` or `save`".to_owned()),
            },
            ("lint.scope", _) => match value.as_str() {
                Some("open") => self.scope = Scope::Open,
                Some("workspace") => self.scope = Scope::Workspace,
                _ => problems.push("`careen.lint.scope` is `open` or `workspace`".to_owned()),
            },
            // Extensions of editors keep settings of their own beside ours.
            _ => {
                if let Some(near) = closest(key, KEYS) {
                    problems.push(format!(
                        "there is no setting `careen.{key}` (did you mean `careen.{near}`?)"
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Moment, Scope, Settings};

    #[test]
    fn settings_have_two_forms() {
        let flat = json!({"profile": "strict", "select": "tls, secrets", "lint.on": "save",
            "lint.scope": "workspace", "trace": {"server": "off"}});
        let nested = json!({"careen": {"profile": "strict", "select": ["tls", "secrets"],
            "lint": {"on": "save", "scope": "workspace"}}});
        for value in [flat, nested] {
            let (settings, problems) = Settings::read(&value);
            assert_eq!(problems, [""; 0]);
            assert_eq!(settings.profile.as_deref(), Some("strict"));
            assert_eq!(settings.select, ["tls", "secrets"]);
            assert_eq!((settings.moment, settings.scope), (Moment::Save, Scope::Workspace));
        }
    }

    #[test]
    fn slips_are_told_and_the_rest_holds() {
        let (settings, problems) = Settings::read(
            &json!({"profil": "x", "select": [1], "lint": {"on": 1}, "profile": "a"}),
        );
        assert_eq!(settings.profile.as_deref(), Some("a"));
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|it| it.contains("did you mean `careen.profile`?")));
        assert_eq!(Settings::read(&json!([])).1.len(), 1);
        assert_eq!(Settings::read(&json!(null)).1.len(), 0);
    }
}
