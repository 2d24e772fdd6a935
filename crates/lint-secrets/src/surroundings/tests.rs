use careen_model::{Context as Moment, Linter, parse};
use careen_rule::{Confidence, Findings, Severity};
use careen_text::Source;

use crate::SecretsLinter;

/// The only finding's severity, confidence and message.
fn only(path: &str, text: &str) -> (Severity, Confidence, String) {
    let text = text.replace('·', "");
    let file = parse(Source::new(path, text.as_str()), path);
    let mut findings = Findings::of_file();
    SecretsLinter::new().check_file(&file, &Moment::at(0), &mut findings);
    let findings = findings.into_vec();
    assert_eq!(findings.len(), 1, "{path}: {text}");
    let found = &findings[0];
    (found.severity, found.confidence, found.message.clone())
}

fn is_milder(path: &str, text: &str) -> bool {
    let (severity, confidence, message) = only(path, text);
    let milder = severity == Severity::Low;
    assert_eq!(milder, message.contains(", "), "{message}");
    assert!(!milder || message.contains("tests") || confidence == Confidence::Low, "{message}");
    milder
}

#[test]
fn documentation_inside_of_code_is_milder() {
    for (path, text) in [
        (
            "a.py",
            "def f():\n    \"\"\"Logs in.\n\n    login(password=\"kR7·vTq2wZ!\")\n    \"\"\"\n",
        ),
        ("a.py", "EXAMPLES = r'''\n- name: x\n  password: \"kR7·vTq2wZ!\"\n'''\n"),
        ("a.rs", "/// let password = \"kR7·vTq2wZ!\";\nfn f() {}\n"),
        ("a.rs", "//! password: \"kR7·vTq2wZ!\"\n"),
        ("a.ts", "/**\n * @example\n * { password: \"kR7·vTq2wZ!\" }\n */\nexport class A {}\n"),
        ("a.java", "  /** setPassword(\"kR7·vTq2wZ!\") */\n  int a;\n"),
        ("a.go", "// Login logs in:\n//\n//\tpassword: \"kR7·vTq2wZ!\"\nfunc Login() {}\n"),
        ("doc.go", "/*\nA file:\n\n  password: \"kR7·vTq2wZ!\"\n*/\npackage login\n"),
        ("A.pm", "my $a = 1;\n\n=head1 SYNOPSIS\n\n  password => 'kR7·vTq2wZ!'\n\n=cut\n"),
        ("a.yaml", "get:\n  example:\n    - user: a\n      password: kR7·vTq2wZ!\n"),
        ("a.json", "{\n  \"examples\": {\n    \"password\": \"kR7·vTq2wZ!\"\n  }\n}\n"),
        ("a.json", "{\"a\": {\"example\": {\"password\": \"kR7·vTq2wZ!\"}}}\n"),
        (
            "a.rs",
            "#[cfg(all(test, unix))]\n#[allow(x)]\nmod tests {\n    password = \"kR7·vTq2wZ!\";\n}\n",
        ),
        ("a.conf", "# Example: password = kR7·vTq2wZ!\n"),
        (
            "a.rs",
            "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    const PASSWORD: &str = \"kR7·vTq2wZ!\";\n}\n",
        ),
    ] {
        assert!(is_milder(path, text), "{path}: {text}");
    }
}

#[test]
fn code_beside_documentation_is_not() {
    for (path, text) in [
        ("a.py", "\"\"\"A module.\"\"\"\npassword = \"kR7·vTq2wZ!\"\n"),
        ("a.py", "CONFIG = \"\"\"\npassword = \"kR7·vTq2wZ!\"\n\"\"\"\n"),
        ("a.py", "write(\n    \"\"\"\npassword = \"kR7·vTq2wZ!\"\n\"\"\")\n"),
        ("a.py", "it = \"it's\"  # don't\npassword = \"kR7·vTq2wZ!\"\n"),
        ("a.rs", "/// A password.\nconst PASSWORD: &str = \"kR7·vTq2wZ!\";\n"),
        ("a.rs", "// let password = \"kR7·vTq2wZ!\";\n"),
        ("a.rs", "#[cfg(test)]\nmod tests {\n}\n\nconst PASSWORD: &str = \"kR7·vTq2wZ!\";\n"),
        ("a.rs", "#[cfg(test)]\nmod tests;\n\nconst PASSWORD: &str = \"kR7·vTq2wZ!\";\n"),
        ("a.ts", "/** Logs in. */\nconst password = \"kR7·vTq2wZ!\";\n"),
        ("a.ts", "glob(\"src/**\");\nconst password = \"kR7·vTq2wZ!\";\n"),
        ("a.go", "// Login logs in.\nfunc Login() {\n\tpassword := \"kR7·vTq2wZ!\"\n}\n"),
        ("a.go", "var a = 1\n\n// password := \"kR7·vTq2wZ!\"\n\nfunc f() {}\n"),
        ("A.pm", "=head1 NAME\n\n=cut\n\nmy $password = 'kR7·vTq2wZ!';\n"),
        ("a.yaml", "example:\n  user: a\nlogin:\n  password: kR7·vTq2wZ!\n"),
        ("a.yaml", "host: db.example.com # example.com\npassword: kR7·vTq2wZ!\n"),
        ("a.conf", "# password = kR7·vTq2wZ!\n"),
    ] {
        assert!(!is_milder(path, text), "{path}: {text}");
    }
}

#[test]
fn hostile_surroundings_are_read() {
    for text in ["/**", "\"\"\"", "'", "#[cfg(test)]", "\n=", "example:", "é"] {
        for path in ["a.py", "a.rs", "a.go", "a.ts", "a.pm", "a.yaml", "a.json"] {
            let text = format!("{}\npassword = \"kR7vTq2wZ!\"\n{text}", text.repeat(20_000));
            let file = parse(Source::new(path, text.as_str()), path);
            let mut findings = Findings::of_file();
            SecretsLinter::new().check_file(&file, &Moment::at(0), &mut findings);
        }
    }
}

#[test]
fn prose_is_one_step_milder() {
    let (severity, confidence, message) = only("README.md", "    password: \"kR7·vTq2wZ!\"\n");
    assert_eq!((severity, confidence), (Severity::Medium, Confidence::Low));
    assert!(message.ends_with(", in prose"), "{message}");
}
