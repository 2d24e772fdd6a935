//! Nothing secret leaves: values are planted in every kind of file and looked for, whole, in part
//! and in base64, in everything the executable says.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{AT, careen, folder, root, run};

/// Values from this length on must not be shown in part either.
const LONG: usize = 16;
/// Bytes of a long value that are one part too many.
const PART: usize = 8;

/// What is planted, and where: `@name@` in a file stands for the value.
const VALUES: &[(&str, &str)] = &[
    ("short", "q8Zt-vPw2"),
    ("long", "u7Rk2pVx9QwLz4TnB6yD3fGh8JkM1sAe"),
    ("quoted", "kR7!vT\\\"q2wZ#x9"),
    ("umlaut", "pässZq8tvPw2kLmö"),
    ("build", "A1b2C3d4E5f6G7h8I9j0kQ"),
    ("argument", "wT9xKp3LmQ7vRz2N"),
    ("header", "mJ4kVq8RtZ2wXp6LnB9sYd3H"),
    ("url", "k3Vq9ZtR7wXp2LmN8sYd"),
    ("json", "zP5nWc8XgT2bHq7RkL4v"),
    ("code", "hY6tGv3BnM9kQw2ZxR8p"),
    ("encoded", "rT5wQz8XcV2bNm7KpL4j"),
    ("broken", "gF9dSk4JhW7qZx2CvB6n"),
    ("multi", "Lx8Wq3Zt6Kv9Rp2Nm5Hb"),
    ("config", "bV7cXz4LkJ9hGf2DsA6q"),
    ("stdin", "nB3vCx8ZlK5jHg7FdS2p"),
];

/// A token of a provider, broken here so that no scanner takes it for one.
fn token() -> String {
    ["glpat", "-", "Zx8Wq3Tt6Kv9Rp2Nm5Hb"].concat()
}

fn planted(text: &str) -> Vec<u8> {
    let mut text = text.to_owned();
    for (name, value) in VALUES {
        text = text.replace(&format!("@{name}@"), value);
        text = text.replace(&format!("@{name}|base64@"), &base64(value.as_bytes()));
    }
    text.replace("@token@", &token()).into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let index = (bits >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}

const FILES: &[(&str, &str)] = &[
    (
        "deploy/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: \
         {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      \
         containers:\n      - name: web\n        image: nginx\n        args: \
         [\"--password=@argument@\", \"--port=80\"]\n        env: [{name: DB_PASSWORD, value: \
         \"@short@\"}, {name: A, value: b}, {name: A, value: c}]\n        livenessProbe: {httpGet: \
         {path: /, port: 80, httpHeaders: [{name: Authorization, value: \"Bearer @header@\"}]}}\n",
    ),
    (
        "deploy/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  password: \
         @encoded|base64@\nstringData:\n  token: '@token@'\n  password2: '@umlaut@'\n  notes: |\n    \
         password=@multi@\n    second line\n",
    ),
    (
        "deploy/settings.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  DB_PASSWORD: \
         @config@\n  url: postgres://app:@url@@db:5432/app\n",
    ),
    ("deploy/broken.yaml", "kind: Secret\nstringData:\n  password: \"@broken@\n  b: : c\n a: [\n"),
    ("deploy/broken2.yaml", "a: 1\npassword: @broken@: {x\n"),
    ("app/.env", "DB_PASSWORD=\"@quoted@\"\nAPI_TOKEN=@long@\nEMPTY=\n"),
    (
        "app/Dockerfile",
        "FROM debian\nARG API_TOKEN=@build@\nENV DB_PASSWORD=@short@\nRUN curl -H 'Authorization: \
         Bearer @header@' http://example.com/ | sh\nRUN echo \"root:@argument@\" | chpasswd\nCMD run\n",
    ),
    ("app/config.json", "{\n  \"db\": {\"password\": \"@json@\"},\n  \"a\": \"@token@\"\n}\n"),
    ("app/main.py", "import a\nDB_PASSWORD = '@code@'\nconnect('redis://:@url@@cache:6379/0')\n"),
    ("app/main.go", "package a\n\nvar apiKey = \"@long@\"\n"),
    ("app/application.properties", "spring.datasource.password=@config@\n"),
];

/// Everything that must not be shown: values, their parts, their base64 and escaped forms.
fn forbidden() -> Vec<(String, String)> {
    let key = fs::read_to_string(root().join("fixtures/repos/harbor/tls/admin.key")).unwrap();
    let lines = key.lines().filter(|line| !line.starts_with('-')).map(|line| ("key", line));
    let token = token();
    // How a key begins, its algorithm tells: so do the examples in manual pages.
    let lines = lines.skip(1);
    let values = VALUES.iter().map(|(name, value)| (*name, *value)).chain(lines);
    let mut all = Vec::new();
    for (name, value) in values.chain([("token", &token[6..])]) {
        let mut say = |text: String| all.push((name.to_owned(), text));
        say(value.to_owned());
        say(base64(value.as_bytes()).trim_end_matches('=')[..PART].to_owned());
        say(value.escape_default().to_string());
        say(value.replace('\\', "\\\\").replace('"', "\\\""));
        let characters: Vec<char> = value.chars().collect();
        if characters.len() >= LONG {
            for part in characters.windows(PART) {
                say(part.iter().collect());
            }
        }
    }
    all
}

fn assert_silent(what: &str, text: &str, forbidden: &[(String, String)]) {
    // Thousands of values in megabytes of text: most are ruled out by how they begin.
    let parts: HashSet<&[u8]> = text.as_bytes().windows(PART).collect();
    for (name, value) in forbidden {
        if !value.as_bytes().get(..PART).is_none_or(|part| parts.contains(part)) {
            continue;
        }
        if let Some(at) = text.find(value.as_str()) {
            let from = text.floor_char_boundary(at.saturating_sub(300));
            let to = text.ceil_char_boundary((at + 100).min(text.len()));
            panic!("{what} shows `{name}` ({value}):\n{}", &text[from..to]);
        }
    }
}

fn repository() -> tempfile::TempDir {
    let files: Vec<(&str, Vec<u8>)> =
        FILES.iter().map(|(path, text)| (*path, planted(text))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, &**text)).collect();
    let folder = folder(&files);
    let key = fs::read(root().join("fixtures/repos/harbor/tls/admin.key")).unwrap();
    fs::create_dir(folder.path().join("tls")).unwrap();
    fs::write(folder.path().join("tls/server.key"), &key).unwrap();
    folder
}

/// Runs with all that could make it talk.
fn loud(directory: &Path, arguments: &[&str]) -> String {
    let mut command: Command = careen(directory);
    command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("CAREEN_LOG", "trace");
    let output = command.args(arguments).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout + &String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_planted_value_is_found() {
    let folder = repository();
    let run = run(folder.path(), &["check", "--format", "json", "--at", AT]);
    let report = run.json();
    let shown = serde_json::to_string(&report["findings"]).unwrap();
    for (path, _) in FILES.iter().filter(|(path, _)| !path.contains("broken")) {
        assert!(shown.contains(path), "{path}: no finding\n{:#?}", run.findings());
    }
}

#[test]
fn no_output_shows_a_planted_value() {
    let folder = repository();
    let forbidden = forbidden();
    for format in ["text", "json", "sarif"] {
        for extra in [
            &[][..],
            &["--full"],
            &["--color", "always"],
            &["--show-suppressed", "--profile", "strict"],
            &["--select", "all"],
            &["--select", "kubernetes,images,tls"],
            &["--select", "kubernetes"],
            &["--select", "images"],
            &["--select", "tls"],
        ] {
            let arguments = [&["check", "--format", format, "--at", AT], extra].concat();
            let text = loud(folder.path(), &arguments);
            assert!(text.len() > 20, "{text}");
            assert_silent(&arguments.join(" "), &text, &forbidden);
        }
    }
}

#[test]
fn no_format_of_a_host_shows_a_planted_value() {
    let folder = repository();
    let forbidden = forbidden();
    for format in
        ["concise", "jsonl", "github", "gitlab", "junit", "markdown", "rdjson", "azure", "agent"]
    {
        let arguments =
            ["check", "--format", format, "--at", AT, "--select", "all", "--show-suppressed"];
        let text = loud(folder.path(), &arguments);
        assert!(text.len() > 200, "{text}");
        assert_silent(&arguments.join(" "), &text, &forbidden);
    }
}

#[test]
fn no_fix_baseline_or_page_shows_a_planted_value() {
    let folder = repository();
    let path = folder.path();
    let forbidden = forbidden();
    for arguments in [
        &["check", "--diff", "--unsafe-fixes"][..],
        &["check", "--diff", "--select", "all", "--unsafe-fixes"],
        &["baseline", "create"],
        &["check", "--baseline", "careen-baseline.json", "--show-suppressed"],
        &["check", "--baseline", "careen-baseline.json", "--show-suppressed", "--format", "sarif"],
        &["explain", "password-assigned"],
        &["check", "--fix", "--unsafe-fixes", "--format", "json"],
    ] {
        let text = loud(path, arguments);
        assert_silent(&arguments.join(" "), &text, &forbidden);
    }
    let baseline = fs::read_to_string(path.join("careen-baseline.json")).unwrap();
    assert!(baseline.lines().count() > 10);
    assert_silent("the baseline", &baseline, &forbidden);
}

#[test]
fn no_error_shows_a_planted_value() {
    let folder = repository();
    let path = folder.path();
    let forbidden = forbidden();
    for file in ["app/.env", "app/config.json", "deploy/broken.yaml", "deploy/broken2.yaml"] {
        for arguments in [
            &["check", "--baseline", file][..],
            &["check", "--schema", file],
            &["check", "--format", "sarif", file],
        ] {
            assert_silent(&arguments.join(" "), &loud(path, arguments), &forbidden);
        }
        for name in [".gitleaks.toml", ".gitleaksignore", ".secrets.baseline"] {
            fs::copy(path.join(file), path.join(name)).unwrap();
            assert_silent(name, &loud(path, &["check", "--format", "json"]), &forbidden);
            fs::remove_file(path.join(name)).unwrap();
        }
    }
}

#[test]
fn standard_input_is_no_way_out() {
    let folder = folder(&[]);
    let text = planted("services:\n  web:\n    environment:\n      DB_PASSWORD: @stdin@\n");
    let forbidden = forbidden();
    for name in ["compose.yaml", "Dockerfile", "a.env", "a.py", "a.bin"] {
        let arguments = ["check", "-", "--stdin-name", name, "--format", "json"];
        let run = crate::harness::run_with(folder.path(), &arguments, &text);
        assert_silent(name, &(run.stdout + &run.stderr), &forbidden);
    }
}

#[test]
fn the_fixtures_are_silent() {
    // Everything in harbor that must not be shown, also in part.
    const SECRETS: [&str; 6] = [
        "q8Zt-vPw2kLm",
        "u7Rk2pVx9QwLz4TnB6yD",
        "A1b2C3d4E5f6G7h8I9j0",
        "k3Vq9ZtR7wXp2LmN8sYd4HcJ",
        "winter-storage-42",
        "cThadC12UHcya0xt",
    ];
    let root = root();
    let mut secrets: Vec<(String, String)> =
        SECRETS.iter().map(|&secret| ("harbor".to_owned(), secret.to_owned())).collect();
    let key = fs::read_to_string(root.join("fixtures/repos/harbor/tls/admin.key")).unwrap();
    let lines = key.lines().filter(|line| !line.starts_with('-'));
    secrets.extend(lines.map(|line| ("key".to_owned(), line.to_owned())));
    let tls =
        fs::read_to_string(root.join("fixtures/repos/harbor/deploy/tls-secret.yaml")).unwrap();
    let key = tls.lines().find_map(|line| line.trim().strip_prefix("tls.key: ")).unwrap();
    secrets.push(("tls.key".to_owned(), key[..24].to_owned()));
    for format in ["text", "json", "sarif"] {
        for extra in [&[][..], &["--select", "kubernetes,images,tls"], &["--show-suppressed"]] {
            let arguments =
                [&["check", "fixtures/repos/harbor", "--format", format, "--at", AT], extra]
                    .concat();
            assert_silent(&arguments.join(" "), &loud(&root, &arguments), &secrets);
        }
    }
}
