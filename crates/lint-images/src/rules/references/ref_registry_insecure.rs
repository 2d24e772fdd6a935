use careen_image_model::shell;
use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_model::{Context, File};
use careen_rule::{Confidence, Sink, control, rule};
use careen_text::Span;
use careen_yaml::{Limits, Node};

use crate::Check;
use crate::subject::{Call, FileSite, cut, path_of};

rule! {
    /// A registry that is reached by plain HTTP, or whose certificate is not verified, can be
    /// played by anybody on the way: what is pulled is what they send, and the password goes to
    /// them. Give the registry a certificate, and the tools its CA. Fine for a registry on the
    /// machine itself; such are not judged.
    ///
    /// Judged are the options of tools that pull and push (skopeo, Buildah, Podman, crane, ORAS,
    /// kaniko, cosign, Trivy, nerdctl, dockerd) in Dockerfiles and containers, and the files
    /// `daemon.json`, `registries.conf` and `hosts.toml` of container engines.
    ///
    /// ```dockerfile bad
    /// FROM quay.io/skopeo/stable:v1.20.0
    /// RUN skopeo copy --src-tls-verify=false docker://registry.example.com/a:1 dir:/a
    /// #               ^^^^^^^^^^^^^^^^^^^^^^ `skopeo` does not verify the registry it talks to
    /// USER 101
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: build
    ///   namespace: ci
    /// spec:
    ///   containers:
    ///   - name: build
    ///     image: gcr.io/kaniko-project/executor:v1.23.2
    ///     args:
    ///     - --destination=registry.example.com/web:1.4.0
    ///     - --skip-tls-verify
    /// #     ^^^^^^^^^^^^^^^^^ container `build` in Pod `ci/build` does not verify the registry it talks to
    /// ```
    /// ```json bad file=etc/docker/daemon.json
    /// {"insecure-registries": ["127.0.0.0/8", "registry.example.com:5000"]}
    /// #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ the registry `registry.example.com:5000` may be reached without TLS
    /// ```
    /// ```toml bad file=etc/containers/registries.conf
    /// [[registry]]
    /// location = "localhost:5000"
    /// insecure = true
    /// [[registry]]
    /// location = "registry.example.com"
    /// insecure = true # for now
    /// ^^^^^^^^^^^^^^^ the certificate of a registry is not verified
    /// ```
    /// ```dockerfile good
    /// FROM quay.io/skopeo/stable:v1.20.0
    /// RUN skopeo copy --src-tls-verify=true docker://registry.example.com/a:1 dir:/a
    /// RUN skopeo copy --src-tls-verify=false docker://localhost:5000/a:1 dir:/a
    /// RUN skopeo copy --src-tls-verify=$VERIFY docker://registry.example.com/a:1 dir:/a
    /// USER 101
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: build
    ///   namespace: ci
    /// spec:
    ///   containers:
    ///   - name: build
    ///     image: gcr.io/kaniko-project/executor:v1.23.2
    ///     args: ["--destination=registry.example.com/web:1.4.0", "--skip-tls-verify=false"]
    ///   - name: other
    ///     image: registry.example.com/web:1.4.0
    ///     args: ["--insecure"]
    /// ```
    /// ```json good file=etc/docker/daemon.json
    /// {"insecure-registries": ["localhost:5000"]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-registry-insecure",
        summary: "registry is reached without TLS or without verifying its certificate",
        remedy: "Give the registry a certificate, and the tool the CA that issued it.",
        severity: High,
        check: Check::File(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[295, 319],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &[
            "https://docs.docker.com/reference/cli/dockerd/#insecure-registries",
            "https://github.com/containerd/containerd/blob/main/docs/hosts.md",
        ],
    }
}

/// What tools take that makes them not verify a registry, or go without TLS.
const TOOLS: &[(&[&str], &[&str])] = &[
    (&["skopeo"], &["--tls-verify=false", "--src-tls-verify=false", "--dest-tls-verify=false"]),
    (&["podman", "buildah"], &["--tls-verify=false"]),
    (&["crane", "gcrane", "krane", "trivy"], &["--insecure"]),
    (
        &["oras"],
        &[
            "--insecure",
            "--plain-http",
            "--from-insecure",
            "--from-plain-http",
            "--to-insecure",
            "--to-plain-http",
        ],
    ),
    (&["nerdctl", "dockerd"], &["--insecure-registry"]),
    (&["cosign"], &["--allow-insecure-registry", "--allow-http-registry"]),
    (
        &["kaniko", "executor", "/kaniko/executor"],
        &[
            "--insecure",
            "--insecure-pull",
            "--insecure-registry",
            "--skip-tls-verify",
            "--skip-tls-verify-pull",
            "--skip-tls-verify-registry",
        ],
    ),
];

fn check(site: &FileSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(build) = site.build
        && (build.mentions("insecure") || build.mentions("tls") || build.mentions("http"))
    {
        for step in build.steps() {
            for call in shell::walk(step.commands()).filter_map(Call::of) {
                let words = call.arguments.iter().map(|word| word.text.as_str());
                let Some(at) = insecure(call.program(), words) else { continue };
                if let Some(word) = call.arguments.get(at) {
                    let program = call.program();
                    let message = format!("`{program}` does not verify the registry it talks to");
                    step.report(out, word.span, message);
                }
            }
        }
    }
    let pods = site.file.views().filter_map(ObjectView::pod_template);
    pods.flat_map(PodTemplate::containers).for_each(|container| check_container(container, out));
    check_configuration(site.file, out);
}

/// The index of the word that turns verification off.
fn insecure<'w>(program: &str, words: impl Iterator<Item = &'w str> + Clone) -> Option<usize> {
    let (_, flags) = TOOLS.iter().find(|(programs, _)| programs.contains(&program))?;
    if words.clone().any(|word| is_local(word.rsplit("//").next().unwrap_or(word))) {
        return None;
    }
    words.enumerate().find_map(|(at, word)| {
        let (name, value) = word.split_once('=').map_or((word, None), |(a, b)| (a, Some(b)));
        let whole = flags.contains(&word);
        let named = flags.contains(&name) && !value.is_some_and(is_no);
        // Where a registry is named that may be on the machine itself, or a variable says it.
        let open = value.is_some_and(|value| value.contains('$') || is_local(value));
        (whole || (named && !open)).then_some(at)
    })
}

fn is_no(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "f" | "no")
}

/// Whether a registry is on the machine itself.
fn is_local(registry: &str) -> bool {
    let registry = registry.trim_start_matches("http://").trim_start_matches("https://");
    registry.starts_with("localhost")
        || registry.starts_with("127.")
        || registry.starts_with("[::1]")
}

fn check_container(container: Container<'_>, out: &mut Sink<'_>) {
    let words: Vec<(&str, Node<'_>)> = container.words().collect();
    let Some((first, _)) = words.first() else { return };
    let image = container.image().and_then(|image| image.text()).unwrap_or_default();
    let called = first.rsplit('/').next().unwrap_or(first);
    let by_image = || {
        let name = image.split(['@', ':']).next().unwrap_or_default();
        TOOLS.iter().flat_map(|(programs, _)| *programs).copied().find(|program| {
            name.rsplit('/')
                .take(2)
                .any(|part| part == *program || part.starts_with(&format!("{program}-")))
        })
    };
    let has_command = container.command().is_some();
    let program = if has_command { Some(called) } else { by_image() };
    let Some(program) = program else { return };
    let Some(at) = insecure(program, words.iter().map(|(word, _)| *word)) else { return };
    if let Some((_, node)) = words.get(at) {
        let message = format!("{} does not verify the registry it talks to", container.display());
        let span = node.derived().map_or_else(|| node.span(), |derived| derived.whole());
        out.report(span, message).object(path_of(container));
    }
}

/// The files of container engines, which are known by their names.
fn check_configuration(file: &File, out: &mut Sink<'_>) {
    let path = file.source.path();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    match name {
        "daemon.json" => check_daemon(file, out),
        "registries.conf" => check_lines(file, "insecure", out),
        "hosts.toml" => check_lines(file, "skip_verify", out),
        _ if folder == "registries.conf.d" => check_lines(file, "insecure", out),
        _ => {}
    }
}

fn check_daemon(file: &File, out: &mut Sink<'_>) {
    if !file.source.text().contains("insecure-registries") {
        return;
    }
    let tree = careen_yaml::parse(&file.source, &Limits::default());
    let Some(root) = tree.documents().next().and_then(|document| document.root()) else { return };
    for item in root.get("insecure-registries").iter().flat_map(Node::items) {
        if let Some(registry) = item.text().filter(|text| !text.is_empty() && !is_local(text)) {
            let message = format!("the registry `{}` may be reached without TLS", cut(registry));
            out.report(item.span(), message).evidence(cut(registry));
        }
    }
}

/// Lines `key = true` of TOML.
fn check_lines(file: &File, key: &str, out: &mut Sink<'_>) {
    let text = file.source.text();
    // A registry on the machine itself stands in a line above.
    let mut local = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or(line).trim();
        if code.starts_with("[[") || code.starts_with("[host") {
            local = code.contains("localhost") || code.contains("127.0.0.");
        }
        if let Some((name, value)) = code.split_once('=') {
            let (name, value) = (name.trim(), value.trim());
            if matches!(name, "location" | "prefix" | "server") {
                local = is_local(value.trim_matches(['"', '\'']));
            }
            if name == key && value == "true" && !local {
                let from = start + line.len() - line.trim_start().len();
                let span = Span::of(from..from + code.len());
                out.report(span, "the certificate of a registry is not verified");
            }
        }
        start += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::insecure;

    #[test]
    fn options_that_turn_verification_off() {
        for (command, at) in [
            ("skopeo copy --dest-tls-verify=false a docker://r/b", Some(1)),
            ("skopeo copy --dest-tls-verify=0 a docker://r/b", None),
            ("skopeo copy --dest-tls-verify a docker://r/b", None),
            ("crane pull --insecure r/a", Some(1)),
            ("crane pull --insecure=false r/a", None),
            ("crane pull --insecure=true r/a", Some(1)),
            ("crane pull --insecure localhost:5000/a", None),
            ("kaniko --insecure-registry=r:5000", Some(0)),
            ("kaniko --insecure-registry=127.0.0.1:5000", None),
            ("kaniko --skip-tls-verify=$SKIP", None),
            ("curl --insecure https://r/a", None),
            ("podman push --tls-verify=false r/a", Some(1)),
        ] {
            let mut words = command.split(' ');
            let program = words.next().unwrap();
            assert_eq!(insecure(program, words), at, "{command}");
        }
    }
}
