use careen_text::Source;

use super::{StoreForm, StoreKind, store_of_image, stores};
use crate::{Snapshot, parse};

fn snapshot(text: &str) -> Snapshot {
    Snapshot::new(vec![parse(Source::new("a.yaml", text), "a.yaml")])
}

fn told(text: &str) -> Vec<(StoreKind, &'static str, StoreForm, Option<String>, bool)> {
    let found = stores(&snapshot(text));
    found
        .into_iter()
        .map(|found| {
            let container = found.container.map(Into::into);
            (found.kind, found.engine, found.form, container, found.persistent)
        })
        .collect()
}

fn workload(kind: &str, container: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: db, namespace: shop}}\nspec:\n  \
         selector: {{matchLabels: {{app: db}}}}\n  template:\n    spec:\n      containers:\n      - {{name: main, {container}}}\n{more}"
    )
}

#[test]
fn images_of_stores_are_known() {
    for (image, expected) in [
        ("postgres:17", Some("PostgreSQL")),
        (
            "docker.io/library/postgres@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            Some("PostgreSQL"),
        ),
        ("bitnami/postgresql:16", Some("PostgreSQL")),
        ("ghcr.io/zalando/spilo-17:4.0", Some("PostgreSQL")),
        ("mcr.microsoft.com/mssql/server:2022", Some("SQL Server")),
        ("quay.io/minio/minio:1", Some("MinIO")),
        ("prometheuscommunity/postgres-exporter", None),
        ("edoburu/pgbouncer", None),
        ("shop/server:1", None),
        ("mongo-express:1", None),
        ("NOT AN IMAGE", None),
        ("", None),
    ] {
        assert_eq!(store_of_image(image).map(|(_, engine)| engine), expected, "{image}");
    }
}

#[test]
fn workloads_run_stores() {
    let claim = "  volumeClaimTemplates:\n  - {metadata: {name: data}}\n";
    let main = || Some("main".to_owned());
    assert_eq!(
        told(&workload("StatefulSet", "image: 'postgres:17'", claim)),
        [(StoreKind::Database, "PostgreSQL", StoreForm::Workload, main(), true)]
    );
    assert_eq!(
        told(&workload("Deployment", "image: 'redis:8'", "")),
        [(StoreKind::Cache, "Redis", StoreForm::Workload, main(), false)]
    );
    assert_eq!(
        told(&workload("StatefulSet", "image: 'shop/ledger:1'", claim)),
        [(StoreKind::Other, "", StoreForm::Workload, None, true)]
    );
    assert_eq!(told(&workload("StatefulSet", "image: 'shop/ledger:1'", "")), []);
    assert_eq!(
        told(&workload("Deployment", "image: 'postgres:17', command: [/bin/sleep, '9']", "")),
        []
    );
    let volume = "      volumes:\n      - {name: d, persistentVolumeClaim: {claimName: d}}\n";
    assert!(told(&workload("Deployment", "image: 'mysql:8'", volume))[0].4);
}

#[test]
fn jobs_and_patches_are_no_stores() {
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: dump}\nspec:\n  template:\n    spec:\n      \
               restartPolicy: Never\n      containers:\n      - {name: main, image: 'postgres:17'}\n";
    assert_eq!(told(job), []);
    assert_eq!(told(&workload("StatefulSet", "env: []", "")), []);
}

#[test]
fn resources_become_stores() {
    for (api, kind, expected) in [
        ("postgresql.cnpg.io/v1", "Cluster", Some(("PostgreSQL", StoreForm::Operator))),
        ("acid.zalan.do/v1", "postgresql", Some(("PostgreSQL", StoreForm::Operator))),
        ("rds.services.k8s.aws/v1alpha1", "DBInstance", Some(("RDS", StoreForm::Managed))),
        ("kubedb.com/v1", "MongoDB", Some(("MongoDB", StoreForm::Operator))),
        ("cluster.x-k8s.io/v1beta1", "Cluster", None),
    ] {
        let found = told(&format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: db}}\n"));
        let found = found.first().map(|found| (found.1, found.2));
        assert_eq!(found, expected, "{api} {kind}");
    }
}

#[test]
fn charts_install_stores() {
    let text = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n\
                metadata: {name: db, namespace: flux}\nspec:\n  targetNamespace: shop\n  \
                chart: {spec: {chart: postgresql}}\n";
    let found = stores(&snapshot(text));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].engine, found[0].form), ("PostgreSQL", StoreForm::Chart));
    assert_eq!(found[0].namespace.as_deref(), Some("shop"));
    assert_eq!(told(&text.replace("postgresql", "postgres-operator")), []);
}
