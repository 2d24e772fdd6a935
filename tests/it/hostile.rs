//! Bad input: each file ends in a note or a finding, never in a panic, never in silence, and never
//! at the cost of its neighbours.

use std::fs;

use crate::harness::{POD, Run, check, folder, run, run_with};

const NEIGHBOUR: &str = "zz/pod.yaml:7:11 memory-limit-missing";

/// Checks files beside an innocent neighbour, whose finding must not be lost.
fn beside(files: &[(&str, &[u8])]) -> Run {
    let folder = folder(&[files, &[("zz/pod.yaml", POD.as_bytes())]].concat());
    let run = check(folder.path());
    assert!(run.findings().contains(&NEIGHBOUR.to_owned()), "{}{}", run.stdout, run.stderr);
    assert!(!run.stderr.contains("internal failure"), "{}", run.stderr);
    run
}

fn assert_told(run: &Run, path: &str, words: &str) {
    let told = [run.findings(), run.notes()].concat();
    let messages: Vec<String> = run.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["path"], finding["message"]))
        .collect();
    let all = [told, messages].concat();
    assert!(
        all.iter().any(|line| line.contains(path) && line.contains(words)),
        "nothing on {path} says `{words}`: {all:#?}"
    );
}

#[test]
fn binary_junk_is_counted() {
    let run = beside(&[("junk.yaml", &[0, 159, 146, 150, 0, 1, 2, 3]), ("junk.bin", &[0; 4096])]);
    assert_eq!(
        run.json()["summary"]["not_looked_at"]["binary"]
            .as_u64()
            .or_else(|| run.json()["summary"]["binary"].as_u64()),
        Some(2)
    );
    assert_eq!(run.code, 1);
}

#[test]
fn a_huge_file_is_a_note() {
    let folder = folder(&[("zz/pod.yaml", POD.as_bytes())]);
    let file = fs::File::create(folder.path().join("huge.yaml")).unwrap();
    file.set_len(100 << 20).unwrap();
    fs::write(folder.path().join("large.yaml"), "a: b\n".repeat(2 << 20)).unwrap();
    let run = check(folder.path());
    assert_told(&run, "large.yaml", "limit large.yaml");
    assert!(run.findings().contains(&NEIGHBOUR.to_owned()));
    assert_eq!(run.code, 1, "a file that is too large is told, and is no failure of ours");
}

#[test]
fn deep_nesting_and_laughing_aliases_are_bounded() {
    let deep = format!("apiVersion: v1\nkind: Pod\nspec: {}", "[".repeat(100_000));
    let block: String = (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let block = format!("apiVersion: v1\nkind: Pod\nmetadata:\n{block}");
    let mut laughs = "apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        laughs.push_str(&format!("a{level}: &a{level} [{below}, {below}, {below}]\n"));
    }
    laughs.push_str("spec: *a29\nself: &self [*self]\n");
    let run = beside(&[
        ("deep.yaml", deep.as_bytes()),
        ("block.yaml", block.as_bytes()),
        ("laughs.yaml", laughs.as_bytes()),
    ]);
    assert_told(&run, "deep.yaml", "yaml-invalid");
    assert_eq!(run.code, 1);
}

#[test]
fn encodings_and_line_breaks_keep_their_places() {
    let crlf = POD.replace('\n', "\r\n");
    let bom = format!("\u{feff}{POD}");
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(POD.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut broken = POD.as_bytes().to_vec();
    broken.extend(b"# \xff\xfe\xc3\n");
    let run = beside(&[
        ("crlf.yaml", crlf.as_bytes()),
        ("bom.yaml", bom.as_bytes()),
        ("utf16.yaml", &utf16),
        ("broken.yaml", &broken),
    ]);
    for name in ["crlf", "bom", "utf16", "broken"] {
        let place = format!("{name}.yaml:7:11 memory-limit-missing");
        assert!(run.findings().contains(&place), "{place}: {:#?}", run.findings());
    }
    assert_told(&run, "broken.yaml", "not valid UTF-8");
}

#[test]
fn one_broken_document_loses_only_itself() {
    let text = format!("{POD}---\napiVersion: v1\nkind: [Pod\n---\n{POD}");
    let run = beside(&[("several.yaml", text.as_bytes())]);
    let own: Vec<_> = run
        .findings()
        .into_iter()
        .filter(|line| line.starts_with("several") && line.ends_with("memory-limit-missing"))
        .collect();
    assert_eq!(own.len(), 2, "{own:?}");
    assert_told(&run, "several.yaml", "yaml-invalid");
}

#[test]
fn templates_are_counted_not_misread() {
    let helm = POD.replace("registry.example.com/web:1.4.0", "{{ .Values.image }}");
    let jinja = format!("{{% if production %}}\n{POD}{{% endif %}}\n");
    let alert = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\n\
                 spec:\n  groups:\n  - name: a\n    rules:\n    - alert: Down\n      annotations:\n\
                 \x20       summary: \"{{ $labels.pod }} is down\"\n";
    let run = beside(&[
        ("chart/templates/pod.yaml", helm.as_bytes()),
        ("site.yaml", jinja.as_bytes()),
        ("alert.yaml", alert.as_bytes()),
    ]);
    assert_told(&run, "chart/templates/pod.yaml", "not rendered");
    assert_told(&run, "site.yaml", "not rendered");
    assert!(!run.notes().iter().any(|note| note.contains("alert.yaml")), "{:?}", run.notes());
    let wrong: Vec<_> =
        run.findings().into_iter().filter(|line| line.starts_with("chart")).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn damaged_certificates_and_secrets_are_named() {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2FyZWVuIHRydW5jYXRlZCBjZXJ0\n";
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: not base64!\n";
    let run = beside(&[("cut.pem", pem.as_bytes()), ("secret.yaml", secret.as_bytes())]);
    assert_told(&run, "cut.pem:1:1", "pem-malformed");
    assert_told(&run, "secret.yaml:5:16", "secret-data-not-base64");
}

#[cfg(unix)]
#[test]
fn links_and_names_of_ill_will_do_no_harm() {
    use std::os::unix::fs::symlink;
    let folder =
        folder(&[("zz/pod.yaml", POD.as_bytes()), ("a\u{1b}[31mred\nname.yaml", POD.as_bytes())]);
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink("nowhere", folder.path().join("dangling.yaml")).unwrap();
    let run_text = run(folder.path(), &["check"]);
    assert!(!run_text.stdout.contains('\u{1b}'), "no escape reaches the terminal");
    assert!(run_text.stdout.contains("\\u{1b}[31mred\\u{a}name.yaml"), "{}", run_text.stdout);
    let own = check(folder.path());
    let limits: Vec<_> =
        own.findings().into_iter().filter(|line| line.ends_with("memory-limit-missing")).collect();
    assert_eq!(limits.len(), 2, "{limits:?}");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_makes_the_analysis_incomplete() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("zz/pod.yaml", POD.as_bytes()), ("closed.yaml", POD.as_bytes())]);
    let closed = folder.path().join("closed.yaml");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&closed).is_ok() {
        eprintln!("SKIPPED: this user may read everything");
        return;
    }
    let run = check(folder.path());
    assert_eq!(run.code, 2);
    assert!(run.findings().contains(&NEIGHBOUR.to_owned()));
    assert_told(&run, "closed.yaml", "unreadable");
}

#[test]
fn standard_input_may_be_anything() {
    let empty = folder(&[]);
    for input in [&b""[..], b"\0\0\0", b"FROM", b"{", b"-----BEGIN", b"apiVersion: v1\nkind: [\n"] {
        let run = run_with(empty.path(), &["check", "-"], input);
        assert!(run.code == 0 || run.code == 1, "{input:?}: {} {}", run.code, run.stderr);
    }
}
