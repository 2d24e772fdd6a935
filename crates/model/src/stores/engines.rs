//! Which images, charts and custom resources are stores.

use super::StoreForm::{self, Managed, Operator};
use super::StoreKind::{self, Cache, Database, Objects, Queue, Search};

/// Programs that use a store rather than being one.
pub(super) const CLIENTS: [&str; 20] = [
    "etcdctl",
    "kafka-console-consumer.sh",
    "kafka-topics.sh",
    "mariadb",
    "mariadb-dump",
    "mc",
    "mongo",
    "mongodump",
    "mongosh",
    "mysql",
    "mysqldump",
    "pg_dump",
    "pg_dumpall",
    "pg_isready",
    "psql",
    "redis-cli",
    "sleep",
    "tail",
    "valkey-cli",
    "zkCli.sh",
];

/// Engines by the last part of an image's repository or the name of a chart.
const NAMES: &[(&str, StoreKind, &str)] = &[
    ("activemq", Queue, "ActiveMQ"),
    ("activemq-artemis", Queue, "ActiveMQ Artemis"),
    ("activemq-classic", Queue, "ActiveMQ"),
    ("arangodb", Database, "ArangoDB"),
    ("artemis", Queue, "ActiveMQ Artemis"),
    ("cassandra", Database, "Cassandra"),
    ("chroma", Database, "Chroma"),
    ("clickhouse", Database, "ClickHouse"),
    ("clickhouse-server", Database, "ClickHouse"),
    ("cockroach", Database, "CockroachDB"),
    ("cockroachdb", Database, "CockroachDB"),
    ("couchbase", Database, "Couchbase"),
    ("couchdb", Database, "CouchDB"),
    ("cp-kafka", Queue, "Kafka"),
    ("cp-server", Queue, "Kafka"),
    ("crunchy-postgres", Database, "PostgreSQL"),
    ("crunchy-postgres-gis", Database, "PostgreSQL"),
    ("dgraph", Database, "Dgraph"),
    ("dragonfly", Cache, "Dragonfly"),
    ("eclipse-mosquitto", Queue, "Mosquitto"),
    ("elasticsearch", Search, "Elasticsearch"),
    ("elasticsearch-oss", Search, "Elasticsearch"),
    ("emqx", Queue, "EMQX"),
    ("etcd", Database, "etcd"),
    ("firebird", Database, "Firebird"),
    ("garage", Objects, "Garage"),
    ("hazelcast", Cache, "Hazelcast"),
    ("infinispan", Cache, "Infinispan"),
    ("influxdb", Database, "InfluxDB"),
    ("influxdb2", Database, "InfluxDB"),
    ("kafka", Queue, "Kafka"),
    ("kafka-native", Queue, "Kafka"),
    ("keydb", Cache, "KeyDB"),
    ("manticore", Search, "Manticore"),
    ("mariadb", Database, "MariaDB"),
    ("mariadb-galera", Database, "MariaDB"),
    ("meilisearch", Search, "Meilisearch"),
    ("memcached", Cache, "Memcached"),
    ("milvus", Database, "Milvus"),
    ("minio", Objects, "MinIO"),
    ("mongo", Database, "MongoDB"),
    ("mongodb", Database, "MongoDB"),
    ("mongodb-community-server", Database, "MongoDB"),
    ("mongodb-enterprise-server", Database, "MongoDB"),
    ("mongodb-sharded", Database, "MongoDB"),
    ("mosquitto", Queue, "Mosquitto"),
    ("mysql", Database, "MySQL"),
    ("mysql-server", Database, "MySQL"),
    ("nats", Queue, "NATS"),
    ("nats-server", Queue, "NATS"),
    ("nats-streaming", Queue, "NATS"),
    ("neo4j", Database, "Neo4j"),
    ("nsq", Queue, "NSQ"),
    ("opensearch", Search, "OpenSearch"),
    ("oracle-free", Database, "Oracle Database"),
    ("oracle-xe", Database, "Oracle Database"),
    ("percona", Database, "MySQL"),
    ("percona-server", Database, "MySQL"),
    ("percona-server-mongodb", Database, "MongoDB"),
    ("percona-xtradb-cluster", Database, "MySQL"),
    ("pgvector", Database, "PostgreSQL"),
    ("postgis", Database, "PostgreSQL"),
    ("postgres", Database, "PostgreSQL"),
    ("postgresql", Database, "PostgreSQL"),
    ("postgresql-ha", Database, "PostgreSQL"),
    ("postgresql-repmgr", Database, "PostgreSQL"),
    ("pulsar", Queue, "Pulsar"),
    ("pulsar-all", Queue, "Pulsar"),
    ("qdrant", Database, "Qdrant"),
    ("questdb", Database, "QuestDB"),
    ("quickwit", Search, "Quickwit"),
    ("rabbitmq", Queue, "RabbitMQ"),
    ("rabbitmq-server", Queue, "RabbitMQ"),
    ("redis", Cache, "Redis"),
    ("redis-cluster", Cache, "Redis"),
    ("redis-ha", Cache, "Redis"),
    ("redis-stack", Cache, "Redis"),
    ("redis-stack-server", Cache, "Redis"),
    ("redpanda", Queue, "Redpanda"),
    ("rethinkdb", Database, "RethinkDB"),
    ("rqlite", Database, "rqlite"),
    ("rustfs", Objects, "RustFS"),
    ("scylla", Database, "ScyllaDB"),
    ("seaweedfs", Objects, "SeaweedFS"),
    ("solr", Search, "Solr"),
    ("surrealdb", Database, "SurrealDB"),
    ("tidb", Database, "TiDB"),
    ("tikv", Database, "TiKV"),
    ("timescaledb", Database, "PostgreSQL"),
    ("timescaledb-ha", Database, "PostgreSQL"),
    ("typesense", Search, "Typesense"),
    ("valkey", Cache, "Valkey"),
    ("valkey-bundle", Cache, "Valkey"),
    ("valkey-cluster", Cache, "Valkey"),
    ("varnish", Cache, "Varnish"),
    ("weaviate", Database, "Weaviate"),
    ("yugabyte", Database, "YugabyteDB"),
    ("zookeeper", Database, "ZooKeeper"),
];

/// Engines by whole repository, where the last part says nothing.
const REPOSITORIES: &[(&str, StoreKind, &str)] = &[
    ("couchbase/server", Database, "Couchbase"),
    ("database/enterprise", Database, "Oracle Database"),
    ("database/express", Database, "Oracle Database"),
    ("database/free", Database, "Oracle Database"),
    ("db2_community/db2", Database, "Db2"),
    ("infinispan/server", Cache, "Infinispan"),
    ("mssql/server", Database, "SQL Server"),
    ("typesense/typesense", Search, "Typesense"),
];

/// Engines by the kind of an object that an operator or a cloud's controller acts on.
const RESOURCES: &[(&str, &str, StoreKind, &str, StoreForm)] = &[
    ("acid.zalan.do", "postgresql", Database, "PostgreSQL", Operator),
    ("app.redislabs.com", "RedisEnterpriseCluster", Cache, "Redis", Operator),
    ("cassandra.datastax.com", "CassandraDatacenter", Database, "Cassandra", Operator),
    ("clickhouse.altinity.com", "ClickHouseInstallation", Database, "ClickHouse", Operator),
    ("cluster.redpanda.com", "Redpanda", Queue, "Redpanda", Operator),
    ("couchbase.com", "CouchbaseCluster", Database, "Couchbase", Operator),
    ("crdb.cockroachlabs.com", "CrdbCluster", Database, "CockroachDB", Operator),
    ("database.arangodb.com", "ArangoDeployment", Database, "ArangoDB", Operator),
    ("databases.spotahome.com", "RedisFailover", Cache, "Redis", Operator),
    ("dragonflydb.io", "Dragonfly", Cache, "Dragonfly", Operator),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch", Search, "Elasticsearch", Operator),
    ("hyperspike.io", "Valkey", Cache, "Valkey", Operator),
    ("k8s.mariadb.com", "MariaDB", Database, "MariaDB", Operator),
    ("k8ssandra.io", "K8ssandraCluster", Database, "Cassandra", Operator),
    ("kafka.strimzi.io", "Kafka", Queue, "Kafka", Operator),
    ("kubegres.reactive-tech.io", "Kubegres", Database, "PostgreSQL", Operator),
    ("minio.min.io", "Tenant", Objects, "MinIO", Operator),
    ("moco.cybozu.com", "MySQLCluster", Database, "MySQL", Operator),
    ("mongodb.com", "MongoDB", Database, "MongoDB", Operator),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity", Database, "MongoDB", Operator),
    ("mysql.oracle.com", "InnoDBCluster", Database, "MySQL", Operator),
    ("mysql.presslabs.org", "MysqlCluster", Database, "MySQL", Operator),
    ("opensearch.opster.io", "OpenSearchCluster", Search, "OpenSearch", Operator),
    ("pg.percona.com", "PerconaPGCluster", Database, "PostgreSQL", Operator),
    ("pgv2.percona.com", "PerconaPGCluster", Database, "PostgreSQL", Operator),
    ("pingcap.com", "TidbCluster", Database, "TiDB", Operator),
    ("planetscale.com", "VitessCluster", Database, "MySQL", Operator),
    ("postgres-operator.crunchydata.com", "PostgresCluster", Database, "PostgreSQL", Operator),
    ("postgresql.cnpg.io", "Cluster", Database, "PostgreSQL", Operator),
    ("ps.percona.com", "PerconaServerMySQL", Database, "MySQL", Operator),
    ("psmdb.percona.com", "PerconaServerMongoDB", Database, "MongoDB", Operator),
    ("pxc.percona.com", "PerconaXtraDBCluster", Database, "MySQL", Operator),
    ("rabbitmq.com", "RabbitmqCluster", Queue, "RabbitMQ", Operator),
    ("redis.redis.opstreelabs.in", "Redis", Cache, "Redis", Operator),
    ("redis.redis.opstreelabs.in", "RedisCluster", Cache, "Redis", Operator),
    ("redis.redis.opstreelabs.in", "RedisReplication", Cache, "Redis", Operator),
    ("scylla.scylladb.com", "ScyllaCluster", Database, "ScyllaDB", Operator),
    ("solr.apache.org", "SolrCloud", Search, "Solr", Operator),
    ("stackgres.io", "SGCluster", Database, "PostgreSQL", Operator),
    // Amazon, by ACK and by Crossplane.
    ("database.aws.crossplane.io", "RDSInstance", Database, "RDS", Managed),
    ("docdb.aws.upbound.io", "Cluster", Database, "DocumentDB", Managed),
    ("documentdb.services.k8s.aws", "DBCluster", Database, "DocumentDB", Managed),
    ("dynamodb.aws.upbound.io", "Table", Database, "DynamoDB", Managed),
    ("dynamodb.services.k8s.aws", "Table", Database, "DynamoDB", Managed),
    ("elasticache.aws.upbound.io", "ReplicationGroup", Cache, "ElastiCache", Managed),
    ("elasticache.services.k8s.aws", "CacheCluster", Cache, "ElastiCache", Managed),
    ("elasticache.services.k8s.aws", "ReplicationGroup", Cache, "ElastiCache", Managed),
    ("kafka.aws.upbound.io", "Cluster", Queue, "MSK", Managed),
    ("kafka.services.k8s.aws", "Cluster", Queue, "MSK", Managed),
    ("memorydb.services.k8s.aws", "Cluster", Database, "MemoryDB", Managed),
    ("mq.services.k8s.aws", "Broker", Queue, "Amazon MQ", Managed),
    ("opensearchservice.services.k8s.aws", "Domain", Search, "OpenSearch", Managed),
    ("rds.aws.crossplane.io", "DBCluster", Database, "RDS", Managed),
    ("rds.aws.crossplane.io", "DBInstance", Database, "RDS", Managed),
    ("rds.aws.upbound.io", "Cluster", Database, "RDS", Managed),
    ("rds.aws.upbound.io", "Instance", Database, "RDS", Managed),
    ("rds.services.k8s.aws", "DBCluster", Database, "RDS", Managed),
    ("rds.services.k8s.aws", "DBInstance", Database, "RDS", Managed),
    ("s3.aws.upbound.io", "Bucket", Objects, "S3", Managed),
    ("s3.services.k8s.aws", "Bucket", Objects, "S3", Managed),
    ("sqs.services.k8s.aws", "Queue", Queue, "SQS", Managed),
    // Google, by Config Connector and by Crossplane.
    ("alloydb.cnrm.cloud.google.com", "AlloyDBCluster", Database, "AlloyDB", Managed),
    ("database.gcp.crossplane.io", "CloudSQLInstance", Database, "Cloud SQL", Managed),
    ("redis.cnrm.cloud.google.com", "RedisInstance", Cache, "Memorystore", Managed),
    ("redis.gcp.upbound.io", "Instance", Cache, "Memorystore", Managed),
    ("spanner.cnrm.cloud.google.com", "SpannerInstance", Database, "Spanner", Managed),
    ("sql.cnrm.cloud.google.com", "SQLInstance", Database, "Cloud SQL", Managed),
    ("sql.gcp.upbound.io", "DatabaseInstance", Database, "Cloud SQL", Managed),
    ("storage.cnrm.cloud.google.com", "StorageBucket", Objects, "Cloud Storage", Managed),
    // Azure, by its Service Operator and by Crossplane.
    ("cache.azure.com", "Redis", Cache, "Azure Cache for Redis", Managed),
    ("dbformysql.azure.com", "FlexibleServer", Database, "Azure Database for MySQL", Managed),
    (
        "dbformysql.azure.upbound.io",
        "FlexibleServer",
        Database,
        "Azure Database for MySQL",
        Managed,
    ),
    (
        "dbforpostgresql.azure.com",
        "FlexibleServer",
        Database,
        "Azure Database for PostgreSQL",
        Managed,
    ),
    (
        "dbforpostgresql.azure.upbound.io",
        "FlexibleServer",
        Database,
        "Azure Database for PostgreSQL",
        Managed,
    ),
    ("documentdb.azure.com", "DatabaseAccount", Database, "Cosmos DB", Managed),
    ("sql.azure.com", "Server", Database, "Azure SQL", Managed),
];

/// The store that an image of a repository, or a chart of a name, is.
pub(super) fn of_repository(repository: &str) -> Option<(StoreKind, &'static str)> {
    let last = repository.rsplit('/').next().unwrap_or(repository);
    // Zalando's image carries its release in its name: `spilo-17`.
    if last == "spilo" || last.starts_with("spilo-") {
        return Some((Database, "PostgreSQL"));
    }
    let named = NAMES.iter().find(|(name, ..)| *name == last);
    let whole = || {
        REPOSITORIES.iter().find(|(name, ..)| {
            repository == *name
                || repository.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
        })
    };
    named.or_else(whole).map(|&(_, kind, engine)| (kind, engine))
}

/// The store that an object of a group and kind becomes.
pub(super) fn of_resource(group: &str, kind: &str) -> Option<(StoreKind, &'static str, StoreForm)> {
    if group == "kubedb.com" {
        let (store, engine) = of_kubedb(kind)?;
        return Some((store, engine, Operator));
    }
    let known = RESOURCES.iter().find(|(own, name, ..)| *own == group && *name == kind);
    known.map(|&(_, _, store, engine, form)| (store, engine, form))
}

/// KubeDB names its kinds as the engines are called.
fn of_kubedb(kind: &str) -> Option<(StoreKind, &'static str)> {
    let lower = kind.to_ascii_lowercase();
    let known = NAMES.iter().find(|(name, ..)| *name == lower);
    known.map(|&(_, store, engine)| (store, engine))
}
