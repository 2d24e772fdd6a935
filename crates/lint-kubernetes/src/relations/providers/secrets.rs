//! Secrets that operators name after their own objects, and Secrets that something else fills.

use careen_kube_model::{ObjectView, Secret, field};
use careen_model::Snapshot;
use careen_yaml::Node;

use crate::placeholder::is_placeholder;
use crate::relations::text;

/// Operators' kinds, with what they add to the object's name for the Secrets that they make.
const DERIVED: [(&str, &str, &[&str]); 9] = [
    ("postgresql.cnpg.io", "Cluster", &["-app", "-superuser", "-ca", "-server", "-replication"]),
    (
        "elasticsearch.k8s.elastic.co",
        "Elasticsearch",
        &["-es-elastic-user", "-es-http-certs-public"],
    ),
    ("rabbitmq.com", "RabbitmqCluster", &["-default-user"]),
    ("kafka.strimzi.io", "Kafka", &["-cluster-ca-cert", "-clients-ca-cert"]),
    ("pxc.percona.com", "PerconaXtraDBCluster", &["-secrets"]),
    ("psmdb.percona.com", "PerconaServerMongoDB", &["-secrets"]),
    ("mysql.presslabs.org", "MysqlCluster", &["-secret"]),
    ("hyperspike.io", "Valkey", &[""]),
    ("redis.redis.opstreelabs.in", "Redis", &[""]),
];

/// Custom resources of one repository that are asked whether they write a Secret.
const WRITERS: usize = 10_000;

/// Tells the names of Secrets that follow from other objects.
pub(super) fn derived(snapshot: &Snapshot, add: &mut dyn FnMut(&str, Option<&str>)) {
    for (group, kind, ends) in DERIVED {
        for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
            for end in ends {
                add(&format!("{}{end}", object.view.name()), object.view.namespace());
            }
        }
    }
    of_users(snapshot, add);
    // Crossplane writes what it has made into a Secret of the given name.
    let custom = snapshot.objects().filter(|object| object.view.group().contains('.'));
    for object in custom.take(WRITERS) {
        let Some(target) = object.view.at(&["spec", "writeConnectionSecretToRef"]) else {
            continue;
        };
        if let Some(name) = text(target, "name") {
            add(name, text(target, "namespace").or_else(|| object.view.namespace()));
        }
    }
}

/// One Secret for each user of a database, as Zalando's and Crunchy's operators make them.
fn of_users(snapshot: &Snapshot, add: &mut dyn FnMut(&str, Option<&str>)) {
    for object in snapshot.of_kind("postgresql") {
        let view = object.view;
        let users = view.at(&["spec", "users"]).filter(|_| view.group() == "acid.zalan.do");
        for user in users.iter().flat_map(Node::entries) {
            let user = user.name().unwrap_or_default().replace('_', "-");
            let name = format!("{user}.{}.credentials.postgresql.acid.zalan.do", view.name());
            add(&name, view.namespace());
        }
    }
    for object in snapshot.of_kind("PostgresCluster").chain(snapshot.of_kind("PerconaPGCluster")) {
        let view = object.view;
        let users = view.at(&["spec", "users"]);
        // Without a list there is one user, called as the cluster is.
        add(&format!("{0}-pguser-{0}", view.name()), view.namespace());
        for user in users.iter().flat_map(Node::items) {
            let user = text(user, "name").unwrap_or_default();
            add(&format!("{}-pguser-{user}", view.name()), view.namespace());
        }
    }
}

/// Annotations by which a controller or a tool fills in a Secret.
const FILLED: [&str; 7] = [
    "avp.kubernetes.io/path",
    "kubernetes.io/service-account.name",
    "operator.1password.io/item-path",
    "secret-generator.v1.mittwald.de/autogenerate",
    "secret-generator.v1.mittwald.de/type",
    "vault.security.banzaicloud.io/vault-addr",
    "vals-operator.digitalis.io/owner",
];

/// Whether a Secret of the repository has its values from somewhere else: it is encrypted, a controller
/// fills it in, or its values say where to find them.
pub(super) fn is_filled_elsewhere(view: ObjectView<'_>) -> bool {
    let annotations = view.annotations();
    if crate::strings::is_encrypted(view) || FILLED.iter().any(|key| annotations.has(key)) {
        return true;
    }
    let Some(secret) = Secret::of(view) else { return false };
    if secret.secret_type() == "kubernetes.io/service-account-token" {
        return true;
    }
    let values = ["data", "stringData"].into_iter().filter_map(|key| field(view.root(), key));
    let mut texts =
        values.flat_map(|list| list.entries()).filter_map(|entry| entry.value.text()).peekable();
    texts.peek().is_some()
        && texts.all(|text| {
            let is_reference = text.starts_with("vault:") || text.starts_with("ref+");
            is_reference || is_placeholder(text)
        })
}
