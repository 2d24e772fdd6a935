//! What Ingresses tell ingress-nginx by annotations.

use careen_kube_model::ObjectView;
use careen_yaml::Node;

/// Longer snippets are read up to here; nginx itself would take more.
const READ: usize = 64 * 1024;

/// A piece of nginx configuration in an annotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snippet<'a> {
    /// The annotation.
    pub(crate) key: &'a str,
    /// Where the key stands.
    pub(crate) key_node: Node<'a>,
    /// The configuration.
    pub(crate) text: &'a str,
}

/// Whether an object is an Ingress of any version.
pub(crate) fn is_ingress(view: ObjectView<'_>) -> bool {
    matches!(view.group(), "networking.k8s.io" | "extensions")
}

/// The snippets of an Ingress that hold anything.
pub(crate) fn snippets<'a>(ingress: ObjectView<'a>) -> impl Iterator<Item = Snippet<'a>> + use<'a> {
    ingress.annotations().iter().filter_map(|annotation| {
        let (prefix, name) = annotation.key.split_once('/')?;
        // The prefix of annotations is a setting of the controller.
        let is_snippet = name.ends_with("-snippet") && prefix.ends_with("ingress.kubernetes.io");
        (is_snippet && !annotation.value.trim().is_empty()).then_some(Snippet {
            key: annotation.key,
            key_node: annotation.key_node,
            text: annotation.value,
        })
    })
}

/// The directives of nginx configuration, by their first word, at any depth. Comments and quoted
/// text are passed over.
pub(crate) fn directives(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = start(text);
    let mut begins = true;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let first = rest.chars().next()?;
            match first {
                ';' | '{' | '}' => {
                    begins = true;
                    rest = rest.get(1..)?;
                }
                '#' => rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default(),
                '"' | '\'' => {
                    begins = false;
                    rest = after_quote(rest, first);
                }
                _ => {
                    let ends =
                        |found: char| found.is_whitespace() || matches!(found, ';' | '{' | '}');
                    let end = rest.find(ends).unwrap_or(rest.len());
                    let (word, after) = rest.split_at_checked(end)?;
                    rest = after;
                    if std::mem::take(&mut begins) {
                        return Some(word);
                    }
                }
            }
        }
    })
}

fn start(text: &str) -> &str {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn after_quote(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (at, found) in text.char_indices().skip(1) {
        if !is_escaped && found == quote {
            return text.get(at + 1..).unwrap_or_default();
        }
        is_escaped = !is_escaped && found == '\\';
    }
    ""
}

/// Whether a directive hands configuration or requests to Lua.
pub(crate) fn is_lua(directive: &str) -> bool {
    directive.starts_with("lua_") || directive.contains("_by_lua")
}

#[cfg(test)]
mod tests {
    use super::{directives, is_lua};

    #[test]
    fn directives_begin_statements() {
        let text = "
            # alias /x;
            more_set_headers \"X: alias; lua_x\" ;
            location /static { alias /etc/; }
            content_by_lua_block { ngx.say('x') }
            add_header X 'it\\'s; alias'; return 200";
        let found: Vec<&str> = directives(text).collect();
        let expected = ["more_set_headers", "location", "alias", "content_by_lua_block"];
        assert_eq!(found.get(..4).unwrap(), expected);
        assert!(found.ends_with(&["add_header", "return"]), "{found:?}");
        assert!(found.iter().any(|word| is_lua(word)) && !is_lua("luxury"));
        assert_eq!(directives("\"unclosed").count(), 0);
        assert_eq!(directives("ü{ö;").collect::<Vec<_>>(), ["ü", "ö"]);
    }
}
