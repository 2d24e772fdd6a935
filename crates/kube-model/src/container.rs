//! One container of a pod.

use std::fmt;

use careen_text::Span;
use careen_yaml::Node;

use crate::node::{field, items, path, text};
use crate::pod::PodTemplate;
use crate::probe::{Probe, ProbeKind};

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs to its end before the pod's containers start.
    Init,
    /// A native sidecar: an init container with `restartPolicy: Always`, which keeps running.
    Sidecar,
    /// One of `spec.containers`.
    Main,
    /// One of `spec.ephemeralContainers`, added to a running pod for debugging.
    Ephemeral,
}

impl Role {
    /// The field of the pod's `spec` that holds such containers.
    #[must_use]
    pub const fn list(self) -> &'static str {
        match self {
            Self::Init | Self::Sidecar => "initContainers",
            Self::Main => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }

    /// What messages call it.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Init => "init container",
            Self::Sidecar => "sidecar container",
            Self::Main => "container",
            Self::Ephemeral => "ephemeral container",
        }
    }
}

/// A value with the node that decides it.
#[derive(Clone, Copy, Debug)]
pub struct Effective<'a, T> {
    /// The value in effect.
    pub value: T,
    /// Where it is written: in the container or in the pod.
    pub node: Node<'a>,
    /// Whether the container says it itself.
    pub own: bool,
}

/// A container with the pod it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// Its mapping.
    pub node: Node<'a>,
    /// What it is for.
    pub role: Role,
    /// Its name; empty where it has none.
    pub name: &'a str,
    /// Where the name's value stands, else the whole container.
    pub name_span: Span,
    /// Index in its list, from 0.
    pub index: usize,
    /// The pod.
    pub pod: PodTemplate<'a>,
    /// Path in the pod's `spec` of the list, or of the container itself.
    keys: &'static [&'static str],
    is_listed: bool,
}

impl<'a> Container<'a> {
    /// The container at a path in the pod's `spec`, where there is a list with its index there.
    pub(crate) fn of(
        pod: PodTemplate<'a>,
        role: Role,
        keys: &'static [&'static str],
        index: Option<usize>,
        node: Node<'a>,
    ) -> Self {
        let role = match role {
            Role::Init if text(node, "restartPolicy") == Some("Always") => Role::Sidecar,
            role => role,
        };
        let name = field(node, "name");
        Self {
            node,
            role,
            name: name.and_then(|node| node.text()).unwrap_or_default(),
            name_span: name.map_or_else(|| node.span(), |node| node.span()),
            index: index.unwrap_or(0),
            pod,
            keys,
            is_listed: index.is_some(),
        }
    }

    /// The value of a field that is there and not `null`.
    #[must_use]
    pub fn field(self, key: &str) -> Option<Node<'a>> {
        field(self.node, key)
    }

    /// The value at the end of a path of fields, all there and not `null`.
    #[must_use]
    pub fn at(self, keys: &[&str]) -> Option<Node<'a>> {
        path(self.node, keys)
    }

    /// The container for a message: "container `web` in Deployment `shop/api`".
    #[must_use]
    pub fn display(self) -> impl fmt::Display + use<'a> {
        Display(self)
    }

    /// Its path in the object, such as `spec.template.spec.containers[0]`.
    #[must_use]
    pub fn path(self) -> String {
        let mut path = format!("{}.{}", self.pod.spec_path(), self.keys.join("."));
        if self.is_listed {
            path.push_str(&format!("[{}]", self.index));
        }
        path
    }

    /// Whether it runs as long as its pod: a main container or a native sidecar of a pod that is
    /// meant to stay.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        matches!(self.role, Role::Main | Role::Sidecar) && self.pod.is_long_running()
    }

    /// `image`.
    #[must_use]
    pub fn image(self) -> Option<Node<'a>> {
        self.field("image")
    }

    /// `resources`; an empty mapping counts as there.
    #[must_use]
    pub fn resources(self) -> Option<Node<'a>> {
        self.field("resources")
    }

    /// `resources.limits`.
    #[must_use]
    pub fn limits(self) -> Option<Node<'a>> {
        self.at(&["resources", "limits"])
    }

    /// `resources.requests`.
    #[must_use]
    pub fn requests(self) -> Option<Node<'a>> {
        self.at(&["resources", "requests"])
    }

    /// The limit of a resource, such as `memory`.
    #[must_use]
    pub fn limit(self, resource: &str) -> Option<Node<'a>> {
        field(self.limits()?, resource)
    }

    /// The request for a resource as written.
    #[must_use]
    pub fn request(self, resource: &str) -> Option<Node<'a>> {
        field(self.requests()?, resource)
    }

    /// The request in effect: the API server takes the limit where no request is written.
    #[must_use]
    pub fn effective_request(self, resource: &str) -> Option<Node<'a>> {
        self.request(resource).or_else(|| self.limit(resource))
    }

    /// `securityContext`; an empty mapping counts as there.
    #[must_use]
    pub fn security_context(self) -> Option<Node<'a>> {
        self.field("securityContext")
    }

    /// A field of the container's own `securityContext`, such as `privileged`.
    #[must_use]
    pub fn security(self, key: &str) -> Option<Node<'a>> {
        field(self.security_context()?, key)
    }

    /// A field of `securityContext` that the container takes from its pod where it does not say it
    /// itself: `runAsUser`, `runAsGroup`, `runAsNonRoot`, `seLinuxOptions`, `seccompProfile`,
    /// `appArmorProfile`, `windowsOptions`.
    #[must_use]
    pub fn effective_security(self, key: &str) -> Option<Effective<'a, Node<'a>>> {
        let own = self.security(key).map(|node| Effective { value: node, node, own: true });
        own.or_else(|| {
            self.pod.security(key).map(|node| Effective { value: node, node, own: false })
        })
    }

    /// Whether the kubelet refuses to start it as root: `runAsNonRoot` of the container over that
    /// of the pod. None where neither says so or the value is no boolean.
    #[must_use]
    pub fn effective_run_as_non_root(self) -> Option<Effective<'a, bool>> {
        let Effective { value, node, own } = self.effective_security("runAsNonRoot")?;
        Some(Effective { value: value.as_bool()?, node, own })
    }

    /// The user it runs as: `runAsUser` of the container over that of the pod. None where neither
    /// says so (the image decides) or the value is no integer.
    #[must_use]
    pub fn effective_run_as_user(self) -> Option<Effective<'a, i64>> {
        let Effective { value, node, own } = self.effective_security("runAsUser")?;
        Some(Effective { value: value.as_i64()?, node, own })
    }

    /// The group it runs as: `runAsGroup` of the container over that of the pod.
    #[must_use]
    pub fn effective_run_as_group(self) -> Option<Effective<'a, i64>> {
        let Effective { value, node, own } = self.effective_security("runAsGroup")?;
        Some(Effective { value: value.as_i64()?, node, own })
    }

    /// `type` of the seccomp profile of the container over that of the pod.
    #[must_use]
    pub fn effective_seccomp_type(self) -> Option<Effective<'a, &'a str>> {
        let Effective { value, own, .. } = self.effective_security("seccompProfile")?;
        let node = field(value, "type")?;
        Some(Effective { value: node.text()?, node, own })
    }

    /// Whether it is privileged, with the node that says so.
    #[must_use]
    pub fn privileged(self) -> Option<Node<'a>> {
        self.security("privileged").filter(|node| node.as_bool() == Some(true))
    }

    /// The entries of `securityContext.capabilities.add` or `.drop`.
    pub fn capabilities(self, list: &str) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let list = self.security("capabilities").and_then(|node| field(node, list));
        list.into_iter().flat_map(crate::node::strings)
    }

    /// A probe, where it is there.
    #[must_use]
    pub fn probe(self, kind: ProbeKind) -> Option<Probe<'a>> {
        self.field(kind.field()).map(|node| Probe { kind, node })
    }

    /// The probes it has.
    pub fn probes(self) -> impl Iterator<Item = Probe<'a>> + use<'a> {
        ProbeKind::ALL.into_iter().filter_map(move |kind| self.probe(kind))
    }

    /// The entries of `ports`.
    pub fn ports(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        items(self.node, "ports")
    }

    /// The entries of `env`.
    pub fn env(self) -> impl Iterator<Item = EnvVar<'a>> + use<'a> {
        items(self.node, "env").map(|node| EnvVar {
            node,
            name: text(node, "name").unwrap_or_default(),
            value: field(node, "value"),
            value_from: field(node, "valueFrom"),
        })
    }

    /// The entries of `envFrom`.
    pub fn env_from(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        items(self.node, "envFrom")
    }

    /// `command`, which replaces the image's entry point.
    #[must_use]
    pub fn command(self) -> Option<Node<'a>> {
        self.field("command")
    }

    /// `args`, which replace the image's command.
    #[must_use]
    pub fn args(self) -> Option<Node<'a>> {
        self.field("args")
    }

    /// The words of `command`, then of `args`.
    pub fn words(self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        self.command().into_iter().chain(self.args()).flat_map(crate::node::strings)
    }

    /// The entries of `volumeMounts`.
    pub fn volume_mounts(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        items(self.node, "volumeMounts")
    }

    /// `lifecycle`.
    #[must_use]
    pub fn lifecycle(self) -> Option<Node<'a>> {
        self.field("lifecycle")
    }

    /// `lifecycle.preStop`.
    #[must_use]
    pub fn pre_stop(self) -> Option<Node<'a>> {
        self.at(&["lifecycle", "preStop"])
    }

    /// The pull policy in effect: as written, else `Always` for `latest` or no tag, else
    /// `IfNotPresent`. A digest counts as a tag that is not `latest`.
    #[must_use]
    pub fn effective_pull_policy(self) -> &'a str {
        if let Some(policy) = text(self.node, "imagePullPolicy").filter(|text| !text.is_empty()) {
            return policy;
        }
        let image = text(self.node, "image").unwrap_or_default();
        let last = image.rsplit_once('/').map_or(image, |(_, last)| last);
        match last.split_once(':') {
            _ if image.contains('@') => "IfNotPresent",
            Some((_, tag)) if tag != "latest" => "IfNotPresent",
            _ => "Always",
        }
    }
}

/// One entry of `env`.
#[derive(Clone, Copy, Debug)]
pub struct EnvVar<'a> {
    /// The entry.
    pub node: Node<'a>,
    /// Its name; empty where it has none.
    pub name: &'a str,
    /// `value`, where it is there and not `null`.
    pub value: Option<Node<'a>>,
    /// `valueFrom`, where it is there and not `null`.
    pub value_from: Option<Node<'a>>,
}

struct Display<'a>(Container<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let container = self.0;
        let (noun, object) = (container.role.noun(), container.pod.object.display());
        match crate::view::cut(container.name) {
            "" => write!(formatter, "{noun} {} in {object}", container.index),
            name => write!(formatter, "{noun} `{name}` in {object}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ProbeKind;
    use crate::testing::{File, SHOP};

    #[test]
    fn fields() {
        let file = File::new(SHOP);
        let pod = file.first().pod_template().unwrap();
        let web = pod.containers().next().unwrap();
        assert_eq!(web.display().to_string(), "container `web` in Deployment `shop/api`");
        assert_eq!(web.path(), "spec.template.spec.containers[0]");
        assert_eq!(file.slice(web.name_span), "web");
        assert_eq!(web.image().and_then(|node| node.text()), Some("shop/api:1.2"));
        let text = |node: Option<careen_yaml::Node<'_>>| file.slice(node.unwrap().span());
        assert_eq!(text(web.limit("memory")), "1Gi");
        assert_eq!(text(web.request("memory")), "512Mi");
        assert!(web.request("cpu").is_none());
        assert_eq!(text(web.effective_request("cpu")), "2");
        let probe = web.probe(ProbeKind::Liveness).unwrap();
        assert_eq!((probe.period(), probe.timeout(), probe.failure_threshold()), (5, 1, 3));
        assert_eq!(probe.action().unwrap().0, "httpGet");
        assert_eq!(web.probes().count(), 1);
        assert_eq!(web.ports().count(), 1);
        assert_eq!(web.env_from().count(), 1);
        assert_eq!(web.volume_mounts().count(), 1);
        let words: Vec<_> = web.words().map(|(word, _)| word).collect();
        assert_eq!(words, ["serve", "--port", "8080"]);
        let env: Vec<_> = web.env().map(|env| (env.name, env.value_from.is_some())).collect();
        assert_eq!(env, [("MODE", false), ("TOKEN", true)]);
        assert!(web.lifecycle().is_none() && web.pre_stop().is_none());
        assert!(web.is_long_running());
    }

    #[test]
    fn the_container_goes_before_the_pod() {
        let file = File::new(SHOP);
        let pod = file.first().pod_template().unwrap();
        let [web, helper] = pod.containers().collect::<Vec<_>>().try_into().unwrap();
        let user = web.effective_run_as_user().unwrap();
        assert_eq!((user.value, user.own, file.slice(user.node.span())), (1000, false, "1000"));
        let user = helper.effective_run_as_user().unwrap();
        assert_eq!((user.value, user.own, file.slice(user.node.span())), (0, true, "0"));
        // `null` in the container says nothing.
        let non_root = helper.effective_run_as_non_root().unwrap();
        assert_eq!((non_root.value, non_root.own), (true, false));
        assert_eq!(helper.effective_seccomp_type().unwrap().value, "RuntimeDefault");
        assert!(helper.privileged().is_some() && web.privileged().is_none());
        assert!(web.effective_run_as_group().is_none());
    }

    #[test]
    fn pull_policy_follows_the_tag() {
        for (container, policy) in [
            ("image: a", "Always"),
            ("image: a:latest", "Always"),
            ("image: a:1", "IfNotPresent"),
            ("image: 'localhost:5000/a'", "Always"),
            ("image: 'localhost:5000/a:1'", "IfNotPresent"),
            ("image: 'a@sha256:00'", "IfNotPresent"),
            ("image: a, imagePullPolicy: Never", "Never"),
        ] {
            let text =
                format!("{{apiVersion: v1, kind: Pod, spec: {{containers: [{{{container}}}]}}}}");
            let file = File::new(&text);
            let pod = file.first().pod_template().unwrap();
            let found = pod.containers().next().unwrap();
            assert_eq!(found.effective_pull_policy(), policy, "{container}");
            assert_eq!(found.display().to_string(), "container 0 in Pod");
        }
    }
}
