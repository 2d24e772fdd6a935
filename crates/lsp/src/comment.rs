//! How comments are written, by the name of a file.

/// What opens a comment and, where the line does not, what closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    /// Whether a comment may follow something on its line.
    pub(crate) trailing: bool,
}

const HASH: Syntax = Syntax { open: "# ", close: "", trailing: true };
/// In a Dockerfile and in files of variables, `#` begins a comment at the start of a line only.
const HASH_FIRST: Syntax = Syntax { trailing: false, ..HASH };
const SLASHES: Syntax = Syntax { open: "// ", close: "", trailing: true };
const DASHES: Syntax = Syntax { open: "-- ", close: "", trailing: true };
const MARKUP: Syntax = Syntax { open: "<!-- ", close: " -->", trailing: true };
const STARS: Syntax = Syntax { open: "/* ", close: " */", trailing: true };

/// The syntax of comments in a file; `None` where there are none, as in JSON.
pub(crate) fn syntax(name: &str) -> Option<Syntax> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let is = |word: &str| name == word || name.starts_with(&format!("{word}."));
    if is("dockerfile") || is("containerfile") || name.ends_with(".dockerfile") || is(".env") {
        return Some(HASH_FIRST);
    }
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "yaml" | "yml" | "toml" | "sh" | "bash" | "zsh" | "py" | "rb" | "tf" | "tfvars" | "hcl"
        | "pl" | "r" | "ps1" | "nix" => HASH,
        "env" | "properties" | "conf" | "cfg" | "ini" => HASH_FIRST,
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "tsx" | "go" | "rs" | "java" | "kt" | "kts"
        | "scala" | "groovy" | "gradle" | "c" | "h" | "cc" | "cpp" | "hpp" | "cs" | "swift"
        | "php" | "dart" | "proto" | "jsonnet" | "libsonnet" => SLASHES,
        "sql" | "lua" | "hs" => DASHES,
        "html" | "htm" | "xml" | "md" | "svg" | "vue" => MARKUP,
        "css" | "scss" | "less" => STARS,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::syntax;

    #[test]
    fn names_tell_the_syntax() {
        let open = |name| syntax(name).map(|syntax| syntax.open.trim());
        assert_eq!(open("deploy/Web.YAML"), Some("#"));
        assert_eq!(open("Dockerfile.dev"), Some("#"));
        assert_eq!(open("c:\\a\\main.go"), Some("//"));
        assert_eq!(open("a.html"), Some("<!--"));
        for none in ["a.json", "tls.pem", "tls.key", "README", ""] {
            assert_eq!(open(none), None, "{none}");
        }
        assert!(!syntax("Dockerfile").unwrap().trailing);
    }
}
