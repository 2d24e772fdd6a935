//! Edits after which a person says "that is still the same finding", replayed one by one and one on
//! top of the other, against a baseline that was made before all of them. And edits that make a new
//! one, which has to be told.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use careen_testkit::{Blobs, make};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{folder, run};

const SHOP: &str = "\
# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      hostNetwork: true
      containers:
      - name: web
        image: registry.example.com/shop/web:latest
        imagePullpolicy: Always
        env:
        - name: DATABASE_PASSWORD
          value: q8Zt-vPw2kLm
        - name: LEVEL
          value: info
        ports:
        - name: http
          containerPort: 8080
      - name: proxy
        image: registry.example.com/shop/proxy:2.1
        securityContext:
          privileged: true
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: apí
  ports:
  - port: 80
    targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: api
  namespace: shop
spec:
  minAvailable: 3
  selector:
    matchLabels: {app: api}
";

const WORKER: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  namespace: shop
spec:
  replicas: 1
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
      - name: worker
        image: registry.example.com/shop/worker:1.4.0
";

const DOCKERFILE: &str = "\
FROM node:18-bullseye AS build
WORKDIR app
COPY . .
RUN apt-get update

FROM nginx
ARG NPM_TOKEN
COPY --from=builder /src/dist /usr/share/nginx/html
EXPOSE 22
USER root
CMD nginx -g 'daemon off;'
";

const SETTINGS: &str = "\
# Copied from staging
SESSION_SECRET=\"u7Rk2pVx9QwLz4TnB6yD\"
GREETING=Moin
";

const COMPOSE: &str = "\
services:
  store:
    image: postgres:11
  cache:
    image: redis:latest
";

const RECIPE: &str = "\
ca: {ca: true, common_name: Shop CA, not_after: 5y}
old: {common_name: shop.example.com, issuer: ca, not_after: 20d}
new: {common_name: shop.example.com, issuer: ca, not_after: 25d, key_of: old}
rekeyed: {common_name: shop.example.com, issuer: ca, not_after: 25d}
";

/// The same certificates for every repository of this run.
fn blob(name: &str) -> String {
    static BLOBS: OnceLock<Blobs> = OnceLock::new();
    BLOBS.get_or_init(|| make(RECIPE))[name].clone()
}

/// A repository with something for each linter, and its baseline.
struct Yard {
    folder: TempDir,
}

impl Yard {
    fn new() -> Self {
        let folder = folder(&[
            ("deploy/shop.yaml", SHOP.as_bytes()),
            ("deploy/worker.yaml", WORKER.as_bytes()),
            ("services/web/Dockerfile", DOCKERFILE.as_bytes()),
            ("compose.yaml", COMPOSE.as_bytes()),
            ("settings.env", SETTINGS.as_bytes()),
            ("src/notify.js", b"const apiKey = 'k3Vt9xQp2LmZ8wRd4NcY7bHs';\n"),
            ("tls/shop.crt", blob("old.crt").as_bytes()),
            ("tls/shop.key", blob("old.key").as_bytes()),
        ]);
        let created = run(folder.path(), &["baseline", "create"]);
        assert_eq!(created.code, 0, "{}", created.stderr);
        let yard = Self { folder };
        assert_eq!(yard.new_findings(), Vec::<String>::new());
        yard
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no `{from}`: {text}");
        self.write(path, &text.replace(from, to));
    }

    fn rename(&self, from: &str, to: &str) {
        let to = self.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path().join(from), to).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    /// Where a file is by now: edits that move it come before edits of what is in it.
    fn find(&self, names: &[&str]) -> String {
        let found = names.iter().find(|name| self.path().join(name).is_file());
        found.unwrap_or_else(|| panic!("none of {names:?}")).to_string()
    }

    fn shop(&self) -> String {
        self.find(&[
            "deploy/shop.yaml",
            "deploy/api.yaml",
            "k8s/base/api.yaml",
            "k8s/base/workload.yaml",
        ])
    }

    fn dockerfile(&self) -> String {
        self.find(&["services/web/Dockerfile", "build/web/Dockerfile", "build/web/Containerfile"])
    }

    fn report(&self) -> Value {
        let arguments = ["check", "--format", "json", "--baseline", "careen-baseline.json"];
        let told = run(self.path(), &arguments);
        assert!(told.code < 2, "{}", told.stderr);
        told.json()
    }

    /// `path rule container` of what the baseline does not know, in order.
    fn new_findings(&self) -> Vec<String> {
        let report = self.report();
        let mut found: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let container = finding["object"]["container"].as_str().unwrap_or_default();
                let text = |key: &str| finding[key].as_str().unwrap();
                format!("{} {} {container}", text("path"), text("rule")).trim_end().to_owned()
            })
            .collect();
        found.sort();
        found
    }
}

type Edit = (&'static str, fn(&Yard));
type Plant = (&'static str, fn(&Yard), &'static [&'static str]);

/// Edits after which every finding is the same to a person, in an order in which they can be made
/// one after the other.
const SAME: &[Edit] = &[
    ("image tag bump", |it| {
        it.change(&it.shop(), "proxy:2.1", "proxy:2.2");
        it.change("deploy/worker.yaml", "worker:1.4.0", "worker:1.5.0");
    }),
    ("digest added and bumped", |it| {
        let digest = "0123456789abcdef".repeat(4);
        it.change("deploy/worker.yaml", "worker:1.", &format!("worker@sha256:{digest} # 1."));
    }),
    ("reorder documents", |it| {
        let text = it.read(&it.shop());
        let mut parts: Vec<&str> = text.split("---\n").collect();
        parts.rotate_left(1);
        it.write(&it.shop(), &parts.join("---\n"));
    }),
    ("reorder containers", |it| {
        let text = it.read(&it.shop());
        let (before, rest) = text.split_once("      - name: web\n").unwrap();
        let (web, rest) = rest.split_once("      - name: proxy\n").unwrap();
        let (proxy, after) = rest.split_once("privileged: true\n").unwrap();
        let all = format!(
            "{before}      - name: proxy\n{proxy}privileged: true\n      - name: web\n{web}{after}"
        );
        it.write(&it.shop(), &all);
    }),
    ("reorder env", |it| {
        let password = "        - name: DATABASE_PASSWORD\n          value: q8Zt-vPw2kLm\n";
        let level = "        - name: LEVEL\n          value: info\n";
        it.change(&it.shop(), &format!("{password}{level}"), &format!("{level}{password}"));
    }),
    ("quotes changed", |it| {
        it.change(&it.shop(), "value: q8Zt-vPw2kLm", "value: \"q8Zt-vPw2kLm\"");
        it.change("src/notify.js", "'", "\"");
        it.change("settings.env", "\"", "'");
    }),
    ("comments and blank lines added", |it| {
        it.change(&it.shop(), "spec:\n", "spec:\n  # as agreed\n\n");
        it.change(&it.dockerfile(), "FROM nginx\n", "# what is served\nFROM nginx\n\n");
        it.change("settings.env", "# Copied", "# Long ago\n# copied");
    }),
    ("reindented", |it| {
        let wider: String = it
            .read("deploy/worker.yaml")
            .lines()
            .map(|line| {
                let depth = line.len() - line.trim_start().len();
                format!("{}{}\n", " ".repeat(depth * 2), line.trim_start())
            })
            .collect();
        let wider = wider.replace("- name: worker\n", "-   name: worker\n");
        it.write("deploy/worker.yaml", &wider);
    }),
    ("replicas changed", |it| it.change(&it.shop(), "replicas: 3", "replicas: 2")),
    ("line ends of Windows", |it| {
        for path in ["src/notify.js", "settings.env", "compose.yaml"] {
            it.change(path, "\n", "\r\n");
        }
        it.change(&it.dockerfile(), "\n", "\r\n");
    }),
    ("file renamed", |it| it.rename(&it.shop(), "deploy/api.yaml")),
    ("file moved to another folder", |it| it.rename(&it.shop(), "k8s/base/api.yaml")),
    ("document moved to a file of its own", |it| {
        let text = it.read(&it.shop());
        let mut parts: Vec<&str> = text.split("---\n").collect();
        let service = parts.iter().position(|part| part.contains("kind: Service\n")).unwrap();
        it.write("deploy/service.yaml", parts.remove(service));
        it.write(&it.shop(), &parts.join("---\n"));
    }),
    ("two files joined", |it| {
        let worker = it.read("deploy/worker.yaml");
        let path = it.shop();
        let shop = it.read(&path);
        it.write(&path, &format!("{}\n---\n{worker}", shop.trim_end()));
        it.remove("deploy/worker.yaml");
    }),
    ("container renamed", |it| it.change(&it.shop(), "- name: proxy\n", "- name: envoy\n")),
    ("object renamed", |it| {
        it.change(
            &it.shop(),
            "kind: Deployment\nmetadata:\n  name: api\n",
            "kind: Deployment\nmetadata:\n  name: backend\n",
        );
    }),
    ("file renamed after the object", |it| {
        it.rename(&it.shop(), "k8s/base/workload.yaml");
    }),
    ("Dockerfile instruction added above", |it| {
        it.change(&it.dockerfile(), "WORKDIR app", "LABEL team=\"shop\"\nWORKDIR app");
    }),
    ("base image bumped", |it| {
        it.change(&it.dockerfile(), "node:18-bullseye", "node:16-bullseye");
        it.change("compose.yaml", "postgres:11", "postgres:10");
    }),
    ("stage renamed", |it| it.change(&it.dockerfile(), " AS build", " AS compile")),
    ("Dockerfile moved", |it| it.rename(&it.dockerfile(), "build/web/Dockerfile")),
    ("Dockerfile renamed", |it| it.rename(&it.dockerfile(), "build/web/Containerfile")),
    ("secret moved within its file", |it| {
        let text = it.read("settings.env");
        let secret = text.lines().find(|line| line.starts_with("SESSION_SECRET")).unwrap();
        let rest: String =
            text.lines().filter(|line| *line != secret).map(|line| format!("{line}\n")).collect();
        it.write("settings.env", &format!("{rest}\n{secret}\n"));
    }),
    ("secret moved to another file", |it| {
        it.write("config/app.env", &it.read("settings.env"));
        it.remove("settings.env");
        it.write("src/keys.js", &format!("// kept apart\n{}", it.read("src/notify.js")));
        it.remove("src/notify.js");
    }),
    ("certificate renewed", |it| it.write("tls/shop.crt", &blob("new.crt"))),
    ("certificate and key moved", |it| {
        it.rename("tls/shop.crt", "certs/live/shop.crt");
        it.rename("tls/shop.key", "certs/live/shop.key");
    }),
    ("YAML to JSON", |it| {
        let pod = it.find(&["deploy/service.yaml", "deploy/shop.yaml"]);
        let text = it.read(&pod);
        let parts: Vec<String> = text
            .split("---\n")
            .map(|part| serde_json::to_string_pretty(&as_json(part)).unwrap())
            .collect();
        it.write(&pod, &parts.join("\n---\n"));
    }),
];

/// The value of a document, by our own reader.
fn as_json(text: &str) -> Value {
    let source = careen_text::Source::new("a.yaml", text.to_owned());
    let tree = careen_yaml::parse(&source, &careen_yaml::Limits::default());
    let root = tree.documents().next().unwrap().root().unwrap();
    value(root)
}

fn value(node: careen_yaml::Node<'_>) -> Value {
    match node.kind() {
        careen_yaml::Kind::Mapping => node
            .entries()
            .map(|entry| (entry.key.text().unwrap().to_owned(), value(entry.value)))
            .collect(),
        careen_yaml::Kind::Sequence => node.items().map(value).collect(),
        careen_yaml::Kind::Scalar => node
            .as_i64()
            .map(Value::from)
            .or_else(|| node.as_bool().map(Value::from))
            .unwrap_or_else(|| Value::from(node.text().unwrap())),
    }
}

#[test]
fn edits_one_by_one_lose_nothing() {
    let mut lost = Vec::new();
    for (name, edit) in SAME {
        // These need others before them.
        let before: &[&str] = match *name {
            "file renamed after the object" => &["file moved to another folder", "object renamed"],
            _ => &[],
        };
        let yard = Yard::new();
        for (_, edit) in SAME.iter().filter(|(name, _)| before.contains(name)) {
            edit(&yard);
        }
        edit(&yard);
        let new = yard.new_findings();
        if !new.is_empty() {
            lost.push(format!("{name}: {new:#?}"));
        }
    }
    assert!(SAME.len() > 20 && lost.is_empty(), "told as new:\n{}", lost.join("\n"));
}

#[test]
fn edits_one_on_top_of_the_other_lose_nothing_and_new_defects_are_told() {
    let yard = Yard::new();
    for (name, edit) in SAME {
        edit(&yard);
        assert_eq!(yard.new_findings(), Vec::<String>::new(), "{name}");
    }
    // None of the entries is left over: they all were found again, each once.
    let notes = yard.report()["notes"].to_string();
    assert!(!notes.contains("matches nothing"), "{notes}");
    let mut expected = Vec::new();
    for (name, plant, new) in NEW {
        plant(&yard);
        expected.extend(new.iter().map(|it| (*it).to_owned()));
        expected.sort();
        assert_eq!(yard.new_findings(), expected, "{name}");
    }
    // An update writes the entries anew, at their new places.
    let updated = run(yard.path(), &["baseline", "update"]);
    assert_eq!(updated.code, 0, "{}", updated.stderr);
    assert_eq!(yard.new_findings(), Vec::<String>::new());
    let file = yard.read("careen-baseline.json");
    assert!(
        file.contains("build/web/Containerfile") && !file.contains("deploy/shop.yaml"),
        "{file}"
    );
}

/// Edits that make new findings, and what must be told after each.
const NEW: &[Plant] = &[
    (
        "container added",
        |it| {
            let path = it.shop();
            let text = it.read(&path);
            let new = "      containers:\n      - name: metrics\n        image: registry.example.com/shop/metrics:1.0\n        \
                       resources: {limits: {memory: 64Mi, cpu: 1}, requests: {memory: 64Mi, cpu: 1}}\n        \
                       readinessProbe: {httpGet: {path: /, port: 9090}}\n        \
                       livenessProbe: {httpGet: {path: /live, port: 9090}}\n        \
                       ports: [{name: metrics, containerPort: 9090}]\n        securityContext:\n          \
                       readOnlyRootFilesystem: true\n          runAsNonRoot: true\n          \
                       allowPrivilegeEscalation: false\n          seccompProfile: {type: RuntimeDefault}\n";
            it.write(&path, &text.replacen("      containers:\n", new, 1));
        },
        &["k8s/base/workload.yaml capabilities-not-dropped-all metrics"],
    ),
    (
        "mended in one container, made in another",
        |it| {
            it.change(
                &it.shop(),
                "      - name: envoy\n",
                "      - name: envoy\n        resources: {limits: {memory: 64Mi}}\n",
            );
            it.change(&it.shop(), "limits: {memory: 64Mi, cpu: 1}", "limits: {cpu: 1}");
        },
        &["k8s/base/workload.yaml memory-limit-missing metrics"],
    ),
    (
        "secret copied",
        |it| it.write("src/more.js", &it.read("src/keys.js")),
        &["src/more.js secret-assigned"],
    ),
    (
        "secret changed",
        |it| it.change("config/app.env", "u7Rk2pVx9QwLz4TnB6yD", "w2Xc8mKq5RtJ7nVb3HsG"),
        &["config/app.env secret-assigned"],
    ),
    (
        "instruction with a defect",
        |it| {
            it.change(
                &it.dockerfile(),
                "EXPOSE 22",
                "RUN curl -k https://a.example/x -o /x\r\nEXPOSE 22",
            );
        },
        &["build/web/Containerfile dockerfile-curl-insecure"],
    ),
    (
        "certificate of another key",
        |it| it.write("certs/live/shop.crt", &blob("rekeyed.crt")),
        &["certs/live/shop.key key-certificate-mismatch"],
    ),
];
