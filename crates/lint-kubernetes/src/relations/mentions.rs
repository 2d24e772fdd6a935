//! Services that values name by their host: variables and arguments of containers, and settings.

use std::sync::Arc;

use careen_kube_model::{ObjectView, PodPlace, PodTemplate, field};
use careen_model::{ObjectRef, Place, Snapshot};
use careen_rule::ObjectPath;
use careen_text::Span;
use careen_yaml::{Node, NodeId};

use crate::hosts::{Form, Host, Port, hosts, may_name_one};
use crate::place::{cut, path_of};

/// Hosts of a repository that are looked at.
const MENTIONS: usize = 100_000;
/// Bytes of values that are searched; aliases may repeat one value many times.
const SEARCHED: usize = 1 << 28;

/// A host that a value names.
#[derive(Debug)]
pub(crate) struct Mention {
    place: Place,
    holder: Holder,
    value: NodeId,
    at: Span,
    /// The Service.
    pub(crate) service: Box<str>,
    /// Its namespace: as written, else that of the object, as written.
    pub(crate) namespace: Option<Box<str>>,
    /// How it is written.
    pub(crate) form: Form,
    /// Its port, where one is known.
    pub(crate) port: Option<Port>,
    /// Whether a single pod is meant.
    pub(crate) pod: bool,
}

/// What holds a value.
#[derive(Clone, Copy, Debug)]
enum Holder {
    /// A key of a ConfigMap.
    Key(NodeId),
    /// A container, by its pod and its place among all containers of it; with the name of the
    /// variable, if it is the value of one.
    Container(PodPlace, usize, Option<NodeId>),
}

/// Where a mention stands, for a finding.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// The host's place.
    pub(crate) span: Span,
    /// The host.
    pub(crate) host: &'a str,
    /// What names it, for a message.
    pub(crate) who: String,
    /// The path for the finding.
    pub(crate) path: ObjectPath,
}

/// All hosts of Services that a repository names.
#[derive(Debug)]
pub(crate) struct Mentions {
    list: Vec<Mention>,
}

impl Mentions {
    /// The mentions of a snapshot, which are found once for all checks.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(|snapshot| {
            let mut search = Search { list: Vec::new(), left: SEARCHED };
            for (place, object) in snapshot.places() {
                search.object(place, object.view);
            }
            Self { list: search.list }
        })
    }

    /// All of them, in order of path and place.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Mention> {
        self.list.iter()
    }
}

struct Search {
    list: Vec<Mention>,
    left: usize,
}

impl Search {
    fn object(&mut self, place: Place, view: ObjectView<'_>) {
        if view.is("", "ConfigMap") {
            for entry in view.at(&["data"]).iter().flat_map(Node::entries) {
                let urls = entry.name().is_some_and(is_variable);
                self.value(place, view, Holder::Key(entry.key.id()), entry.value, urls);
            }
        }
        for pod in view.pod_templates() {
            for (at, container) in pod.containers().enumerate() {
                let holder = |name| Holder::Container(pod.kept(), at, name);
                for variable in container.env() {
                    let name = field(variable.node, "name").map(|name| name.id());
                    let Some(value) = variable.value else { continue };
                    self.value(place, view, holder(name), value, true);
                }
                for (_, word) in container.words() {
                    self.value(place, view, holder(None), word, true);
                }
            }
        }
    }

    /// Looks at a value; `urls` says whether hosts without `.svc` count. In settings, a URL may name
    /// what the program itself calls so.
    fn value(
        &mut self,
        place: Place,
        view: ObjectView<'_>,
        holder: Holder,
        value: Node<'_>,
        urls: bool,
    ) {
        let Some(text) = value.text() else { return };
        let Some(left) = self.left.checked_sub(text.len()) else { return };
        self.left = left;
        if !may_name_one(text, urls) {
            return;
        }
        for host in hosts(text, urls) {
            if self.list.len() >= MENTIONS {
                return;
            }
            let Host { at, service, namespace, form, port, pod } = host;
            self.list.push(Mention {
                place,
                holder,
                value: value.id(),
                at: Span::of(at),
                service: service.into(),
                namespace: namespace.or_else(|| view.namespace()).map(Into::into),
                form,
                port,
                pod,
            });
        }
    }
}

/// Whether a key of a ConfigMap is called as variables are, so that its value is one rather than a file
/// of settings.
fn is_variable(key: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    key.bytes().all(part) && key.bytes().any(|byte| byte.is_ascii_uppercase())
}

impl Mention {
    /// Where it stands in the snapshot it was found in.
    pub(crate) fn site<'a>(&self, snapshot: &'a Snapshot) -> Option<Site<'a>> {
        let object = snapshot.at(self.place)?;
        let view = object.view;
        let value = view.tree.node(self.value);
        let host = value.text()?.get(self.at.range())?;
        let span = value.derived()?.resolve(self.at);
        let (who, path) = self.subject(view);
        Some(Site { object, span, host, who, path })
    }

    /// The container, variable or key that holds the value.
    fn subject(&self, view: ObjectView<'_>) -> (String, ObjectPath) {
        let name = |id| cut(view.tree.node(id).text().unwrap_or_default());
        let mut path = path_of(view, None);
        match self.holder {
            Holder::Key(key) => {
                path.field = Some(format!("data.{}", name(key)));
                (format!("`{}` of {}", name(key), view.display()), path)
            }
            Holder::Container(pod, at, variable) => {
                let container = PodTemplate::at(view, pod).containers().nth(at);
                let mut who = view.display().to_string();
                if let Some(container) = container {
                    path = path_of(view, Some(container));
                    who = container.display().to_string();
                }
                if let Some(variable) = variable {
                    path.field = Some(format!("env.{}", name(variable)));
                    who = format!("variable `{}` of {who}", name(variable));
                }
                (who, path)
            }
        }
    }
}
