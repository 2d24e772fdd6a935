//! Which environment a file or an object is for, as its path and namespace say.

/// What an environment is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Environment {
    /// Customers use it.
    Production,
    /// Anything before that, by its usual name.
    Other(&'static str),
}

impl Environment {
    /// What the namespace says, else the path's innermost folder or name that says something.
    pub(crate) fn of(path: &str, namespace: Option<&str>) -> Option<Self> {
        namespace.and_then(of_name).or_else(|| path.rsplit('/').find_map(of_name))
    }
}

/// What a name says: one of its words is an environment.
fn of_name(name: &str) -> Option<Environment> {
    let mut before = "";
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let is = |wanted: &[&str]| wanted.iter().any(|each| word.eq_ignore_ascii_case(each));
        let found = if is(&["prod", "prd", "production"]) {
            // "pre-prod", "non-prod".
            Some(if before.eq_ignore_ascii_case("pre") || before.eq_ignore_ascii_case("non") {
                Environment::Other("pre-production")
            } else {
                Environment::Production
            })
        } else if is(&["preprod", "nonprod", "preproduction", "nonproduction"]) {
            Some(Environment::Other("pre-production"))
        } else if is(&["staging", "stage", "stg"]) {
            Some(Environment::Other("staging"))
        } else if is(&["dev", "devel", "develop", "development"]) {
            Some(Environment::Other("development"))
        } else if is(&["qa", "uat", "testing"]) {
            Some(Environment::Other("testing"))
        } else if is(&["sandbox"]) {
            Some(Environment::Other("the sandbox"))
        } else {
            None
        };
        if found.is_some() {
            return found;
        }
        before = word;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Environment::{self, Other, Production};

    #[test]
    fn paths_and_namespaces_tell_environments() {
        for (path, namespace, environment) in [
            ("overlays/prod/tls.key", None, Some(Production)),
            ("overlays/staging/tls.key", None, Some(Other("staging"))),
            ("tls-production.yaml", None, Some(Production)),
            ("env/pre-prod/tls.key", None, Some(Other("pre-production"))),
            ("env/prod/dev.key", None, Some(Other("development"))),
            ("secret.yaml", Some("shop-stg"), Some(Other("staging"))),
            ("prod/secret.yaml", Some("shop-qa"), Some(Other("testing"))),
            ("prod/secret.yaml", Some("shop"), Some(Production)),
            ("products/devices/tls.key", None, None),
            ("", None, None),
        ] {
            assert_eq!(Environment::of(path, namespace), environment, "{path}");
        }
    }
}
