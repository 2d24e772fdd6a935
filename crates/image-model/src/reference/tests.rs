use super::{ReferenceProblem, parse};
use careen_text::Span;
use oci_client::Reference;
use proptest::prelude::*;

const HEX64: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Ours and the client's reading of one text must agree; only what the client is known to take
/// too lightly may differ, and then ours must be the refusal or the distribution project's answer.
fn compare(text: &str) -> Result<(), TestCaseError> {
    match (parse(text), Reference::try_from(text)) {
        (Ok(ours), Ok(theirs)) => {
            let first = text.split('/').next().unwrap_or_default();
            if text.contains('/') && first.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return Ok(()); // An upper-case first component is a host name, not a namespace.
            }
            prop_assert_eq!(ours.registry(), theirs.registry(), "{}", text);
            prop_assert_eq!(ours.repository(), theirs.repository(), "{}", text);
            prop_assert_eq!(ours.digest(), theirs.digest(), "{}", text);
            prop_assert_eq!(ours.to_string(), theirs.to_string(), "{}", text);
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(problem)) => prop_assert!(false, "only ours takes {}: {}", text, problem),
        (Err(problem), Ok(_)) => {
            let lenient = match problem {
                // Upper-case hexadecimal digits; a host name with an underscore; an image id.
                ReferenceProblem::Digest(_) => text.bytes().any(|b| b.is_ascii_uppercase()),
                ReferenceProblem::Registry(_) | ReferenceProblem::ImageId(_) => true,
                _ => false,
            };
            prop_assert!(lenient, "only theirs takes {}: {}", text, problem);
        }
    }
    Ok(())
}

#[test]
fn agrees_with_the_registry_client() {
    let digest = format!("sha256:{HEX64}");
    let mut table: Vec<String> = [
        "nginx",
        "nginx:1.27",
        "nginx:latest",
        "library/nginx",
        "docker.io/nginx",
        "index.docker.io/library/nginx",
        "ghcr.io/a/b/c:v1",
        "localhost/x",
        "localhost:5000/x:y",
        "host:5000/x",
        "host.example:80",
        "a.b/c",
        "a--b/c__d",
        "a___b",
        "a..b",
        "a_-b",
        "Nginx",
        "a/B",
        "a/b:",
        ":tag",
        "a@",
        "@sha256:00",
        "a:b:c",
        "a/:b",
        "/a",
        "a/",
        "a//b",
        "",
        " ",
        "a b",
        "a:-x",
        "a:_x",
        "https://a.b/c",
        "-a/b.c/d",
        "a.b:/c",
        "a.b:x/c",
        "-a.b/c",
    ]
    .map(str::to_owned)
    .to_vec();
    table.push(format!("nginx@{digest}"));
    table.push(format!("nginx:1.27@{digest}"));
    table.push(format!("nginx@{digest}0"));
    table.push(format!("nginx@md5:{}", &HEX64[..32]));
    table.push(format!("nginx@sha512:{HEX64}{HEX64}"));
    table.push(format!("nginx:{}", "t".repeat(128)));
    table.push(format!("nginx:{}", "t".repeat(129)));
    table.push("r".repeat(247));
    table.push("r".repeat(248));
    table.push(HEX64.to_owned());
    for text in table {
        compare(&text).unwrap();
    }
}

#[test]
fn every_part_has_its_span() {
    let text = format!("ghcr.io:443/acme/web:1.2@sha256:{HEX64}");
    let parsed = parse(&text).unwrap();
    let slice = |span: Option<Span>| span.map(|span| &text[span.range()]);
    assert_eq!(slice(parsed.registry_span()), Some("ghcr.io:443"));
    assert_eq!(slice(Some(parsed.repository_span())), Some("acme/web"));
    assert_eq!(slice(parsed.tag_span()), Some("1.2"));
    assert_eq!(slice(parsed.digest_span()), Some(&text[25..]));
    assert_eq!(parsed.as_written(), text);
}

#[test]
fn short_names_are_completed() {
    let parsed = parse("nginx").unwrap();
    assert_eq!(parsed.registry(), "docker.io");
    assert_eq!(parsed.written_registry(), None);
    assert_eq!(parsed.repository(), "library/nginx");
    assert_eq!(parsed.name(), "docker.io/library/nginx");
    assert_eq!(parse("acme/web").unwrap().repository(), "acme/web");
    assert_eq!(parse("localhost/web").unwrap().name(), "localhost/web");
    assert_eq!(parse("[::1]:5000/web").unwrap().registry(), "[::1]:5000");
}

#[test]
fn latest_is_latest_however_written() {
    let latest = |text: &str| parse(text).unwrap().is_latest_or_untagged();
    assert!(latest("nginx"));
    assert!(latest("nginx:latest"));
    assert!(!latest("nginx:1"));
    assert!(!latest(&format!("nginx@sha256:{HEX64}")));
    assert!(latest(&format!("nginx:latest@sha256:{HEX64}")));
}

#[test]
fn problems_point_at_the_part() {
    type Kind = fn(Span) -> ReferenceProblem;
    let table: &[(&str, Kind, &str)] = &[
        ("a.io/Acme/web", ReferenceProblem::RepositoryUppercase, "Acme"),
        ("acme/-web", ReferenceProblem::Repository, "-web"),
        ("a.io:x/web", ReferenceProblem::Registry, "a.io:x"),
        ("web:a/b:", ReferenceProblem::Registry, "web:a"),
        ("web:ä", ReferenceProblem::Tag, "ä"),
        ("web@sha256:abc", ReferenceProblem::DigestLength, "sha256:abc"),
        ("web@md5:abc", ReferenceProblem::DigestAlgorithm, "md5:abc"),
        ("web@sha256:XY", ReferenceProblem::Digest, "sha256:XY"),
        ("docker://web", ReferenceProblem::Scheme, "docker://"),
        ("web :1", ReferenceProblem::Blank, " "),
        ("web:${TAG}", ReferenceProblem::Unexpanded, "${TAG}"),
        ("web:$TAG-x", ReferenceProblem::Unexpanded, "$TAG"),
        ("$(A)/web", ReferenceProblem::Unexpanded, "$(A)"),
        ("{{ .Values.image }}:1", ReferenceProblem::Unexpanded, "{{ .Values.image }}"),
        ("web:{{ x", ReferenceProblem::Unexpanded, "{{ x"),
    ];
    for (text, problem, part) in table {
        let found = parse(text).unwrap_err();
        assert_eq!(&text[found.span().range()], *part, "{text}");
        assert_eq!(found, problem(found.span()), "{text}");
    }
    assert_eq!(parse(""), Err(ReferenceProblem::Empty));
    assert_eq!(parse(":1"), Err(ReferenceProblem::Empty));
}

fn plausible() -> impl Strategy<Value = String> {
    let registry = prop_oneof![
        Just(String::new()),
        "[a-zA-Z0-9_-]{1,6}/",
        "[a-z0-9-]{1,5}[.][a-z0-9]{1,3}(:[0-9]{0,4})?/",
        Just("localhost:5000/".to_owned()),
        Just("index.docker.io/".to_owned()),
    ];
    let path = "[a-zA-B0-9]{1,3}([._-]{0,3}[a-z0-9]{0,2}){0,3}(/[a-z0-9._-]{0,4}){0,2}";
    let tag = "(:[A-Za-z0-9_.-]{0,5})?";
    let digest = prop_oneof![
        Just(String::new()),
        Just(format!("@sha256:{HEX64}")),
        "@sha256:[0-9a-f]{63,65}",
        "@sha(256|384|512):[0-9a-fA-F]{32,40}",
    ];
    (registry, path, tag, digest).prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn plausible_references_agree(text in plausible()) {
        compare(&text)?;
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        match parse(&text) {
            Ok(parsed) => {
                for span in [parsed.registry_span(), Some(parsed.repository_span()), parsed.tag_span(), parsed.digest_span()].into_iter().flatten() {
                    prop_assert!(text.get(span.range()).is_some());
                }
            }
            Err(problem) => prop_assert!(text.get(problem.span().range()).is_some()),
        }
    }
}
