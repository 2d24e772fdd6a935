//! Words and phrases by which people name what a control asks for.

/// The words that point to a control; none for a name that is no control.
#[must_use]
pub fn words(control_id: &str) -> &'static [&'static str] {
    WORDS.iter().find(|(id, _)| *id == control_id).map_or(&[], |(_, words)| words)
}

/// Every control with its words, in the order of the checklist.
// One row a control; rustfmt would give every phrase a line of its own.
#[rustfmt::skip]
pub(crate) const WORDS: &[(&str, &[&str])] = &[
    ("tests-pass", &[
        "all tests pass", "unit tests", "test suite", "tests are green", "regression tests",
        "build is green", "ci pipeline green",
    ]),
    ("integration-tests-pass", &[
        "integration tests", "contract tests", "component tests",
    ]),
    ("e2e-tests-pass", &[
        "end-to-end tests", "e2e tests", "smoke tests", "critical paths tested", "user journeys",
        "acceptance tests", "staging tests", "no regressions", "critical flows", "browser tests",
        "tests in staging environment",
    ]),
    ("coverage-threshold", &[
        "test coverage", "code coverage", "coverage threshold", "coverage", "line coverage",
    ]),
    ("code-reviewed", &[
        "pull requests reviewed", "code reviewed", "code review", "peer review",
        "reviewed and approved", "merge requests approved", "approved by reviewer",
        "second pair of eyes", "manifests reviewed", "changes reviewed",
    ]),
    ("linters-pass", &[
        "linter", "lint", "linting", "formatter", "style checks", "compiler warnings",
    ]),
    ("static-analysis-clean", &[
        "sonarqube", "static analysis", "sast", "security warnings",
        "critical security vulnerabilities", "code scanning", "quality gate", "codeql", "semgrep",
    ]),
    ("dependencies-scanned", &[
        "dependency check", "owasp", "dependencies scanned", "third-party libraries",
        "vulnerable dependencies", "security patches applied", "known cves",
        "dependencies up to date", "software composition analysis", "sbom",
        "packages vulnerabilities", "library vulnerabilities",
    ]),
    ("code-complexity", &[
        "code complexity", "complexity", "cyclomatic", "maintainability", "technical debt",
    ]),
    ("load-tested", &[
        "load test", "performance test", "stress test", "load testing", "performance tested",
        "soak test", "benchmark", "peak traffic", "expected load", "capacity test",
    ]),
    ("latency-budget", &[
        "latency", "response time", "p99", "p95", "acceptable latency", "performance acceptable",
        "slow requests", "latency budget", "response times acceptable", "percentile",
    ]),
    ("error-rate-budget", &[
        "error rate", "error rates", "failed requests", "error budget", "5xx", "http 500",
        "success rate",
    ]),
    ("docs-readme-current", &[
        "readme", "documentation updated", "project documentation", "setup instructions",
        "developer documentation", "getting started",
    ]),
    ("docs-openapi-current", &[
        "api documentation", "openapi", "swagger", "api docs", "api reference", "api specification",
    ]),
    ("docs-changelog", &[
        "change log", "changelog", "release notes", "breaking changes", "version history",
        "version bumped",
    ]),
    ("docs-runbook", &[
        "rollback procedure documented", "runbook", "runbooks", "known issues", "deployment notes",
        "migration guide", "deployment plan", "rollback plan", "rollback steps", "playbook",
        "operations manual", "troubleshooting guide", "rollback plan ready",
        "rollback plan verified", "deployment steps documented", "disaster recovery plan",
        "on-call documentation", "incident response procedure",
    ]),
    ("migrations-tested", &[
        "migration scripts", "database migrations", "migrations tested", "migrations applied",
        "schema changes", "schema migration", "migrations reversible", "alembic", "flyway",
        "liquibase", "backward compatible schema",
    ]),
    ("backup-configured", &[
        "backup", "backups", "backup created", "backup verified", "restore tested", "snapshot",
        "point in time recovery", "backup schedule", "backup retention",
    ]),
    ("database-alerts", &[
        "database alerts", "database monitoring alerts", "replication lag alert",
        "slow query alert", "database monitored", "monitoring alerts database",
        "disk usage alert database",
    ]),
    ("connection-pool-set", &[
        "connection pool", "connection pooling", "pool size", "pgbouncer", "max connections",
        "pooler", "hikari",
    ]),
    ("query-review", &[
        "indexes reviewed", "queries optimized", "query plan", "slow queries",
        "database queries performing", "explain analyze", "index", "n 1 queries",
        "queries reviewed", "database queries", "query performance", "missing indexes",
    ]),
    ("image-scanned", &[
        "image scanned", "container scan", "image vulnerabilities", "base image scanned", "trivy",
        "grype", "scanned for vulnerabilities", "docker image scan", "vulnerability scan container",
    ]),
    ("image-in-registry", &[
        "image pushed", "ecr", "container registry", "image registry", "image digest", "image tag",
        "pinned by digest", "artifact registry", "latest tag", "docker hub", "private registry",
    ]),
    ("image-signed", &[
        "image signed", "images signed", "cosign", "signature", "sigstore", "provenance", "notary",
        "supply chain attestation",
    ]),
    ("image-base", &[
        "base image", "end of life base image", "supported base image", "os packages",
        "base image up to date", "base image pinned", "distribution version",
    ]),
    ("image-non-root", &[
        "root user", "non-root", "run as non root", "runasnonroot", "unprivileged user",
        "container user", "rootless",
    ]),
    ("image-minimal", &[
        "minimal attack surface", "distroless", "minimal image", "attack surface", "image size",
        "slim image", "no shell in image", "multi-stage build", "build tools image",
    ]),
    ("resource-limits", &[
        "resource limits", "cpu limits", "memory limits", "cpu requests", "memory requests",
        "requests and limits", "resource requests", "cpu memory", "cpu requests limits",
        "memory requests limits",
    ]),
    ("health-probes", &[
        "health checks configured", "liveness probe", "readiness probe", "startup probe",
        "health endpoint", "probes", "probe", "healthz", "health checks",
    ]),
    ("network-policies", &[
        "network policies", "network policy", "default deny", "ingress egress rules", "firewall",
        "network segmentation", "restrict access pods", "pod traffic restricted", "security group",
    ]),
    ("env-configured", &[
        "environment variables", "env vars", "configuration validated", "configuration",
        "feature flags", "config map", "settings production", "environment variables documented",
        "dotenv", "debug mode disabled",
    ]),
    ("service-urls", &[
        "service urls", "endpoints urls", "hostnames", "base url", "urls configured",
        "upstream addresses", "service addresses", "localhost urls", "service discovery",
    ]),
    ("secrets-not-in-repo", &[
        "secrets not committed", "credentials in repository", "hardcoded secrets",
        "api keys secured", "database credentials secure", "secrets in code", "git history secrets",
        "plaintext passwords", "credentials secure", "hardcoded credentials", "passwords in source",
        "api keys secure", "secret scanning",
    ]),
    ("secrets-in-vault", &[
        "vault", "secrets stored in vault", "secret manager", "secret store", "external secrets",
        "sealed secrets", "key vault", "secrets manager", "jwt secrets in vault", "parameter store",
    ]),
    ("secrets-encrypted", &[
        "secrets encrypted", "encryption of secrets", "etcd encryption", "kms", "encrypted secrets",
        "sops",
    ]),
    ("credential-rotation", &[
        "keys rotated", "rotation", "rotate", "credentials rotated", "api keys rotated",
        "password rotation", "rotation policy", "expired credentials", "rotate secrets",
        "tokens rotated",
    ]),
    ("connection-string-in-secret", &[
        "connection string", "database url", "connection string in secrets", "dsn in secret",
        "jdbc url",
    ]),
    ("tls-valid", &[
        "tls certificates valid", "certificate", "certificates", "certificate expiry",
        "ssl certificate", "certificate chain", "cert renewal", "certificates expire",
        "certificate expires",
    ]),
    ("tls-enabled", &[
        "tls ssl enabled", "https", "tls enabled", "ssl enabled", "encryption in transit", "tls",
        "hsts", "http redirects to https", "traffic encrypted", "tls termination",
    ]),
    ("ssh-keys", &[
        "ssh keys", "ssh", "authorized keys", "bastion", "host keys", "deploy keys",
    ]),
    ("namespace-declared", &[
        "namespace", "namespace created", "namespaces", "pod security", "pod security standards",
        "pod security admission",
    ]),
    ("service-account", &[
        "service account", "service account configured", "token automount",
        "dedicated service account", "default service account",
    ]),
    ("rbac-least-privilege", &[
        "rbac", "least privilege", "role bindings", "cluster admin", "service account permissions",
        "permissions", "roles", "access rights", "wildcard permissions", "rbac policies",
    ]),
    ("cloud-iam", &[
        "iam", "iam policies", "workload identity", "irsa", "cloud permissions", "iam roles",
        "instance profile", "cloud credentials", "managed identity",
    ]),
    ("autoscaling", &[
        "hpa", "autoscaling", "auto scaling", "horizontal pod autoscaler", "keda", "scale out",
        "scaling policy", "autoscaler", "scales automatically", "replicas scale load",
    ]),
    ("resource-quotas", &[
        "resource quota", "quotas", "limit range", "resource quotas", "namespace quota",
    ]),
    ("caching-configured", &[
        "caching", "cache", "cache hit rates", "redis", "memcached", "cdn", "cache headers",
        "cache invalidation", "cache eviction",
    ]),
    ("metrics-exposed", &[
        "prometheus metrics", "metrics exposed", "metrics collected", "verify metrics", "metrics",
        "scrape", "metrics endpoint", "servicemonitor", "instrumentation",
        "metrics being collected", "opentelemetry", "exporter",
    ]),
    ("dashboards", &[
        "grafana dashboards", "dashboard", "dashboards", "monitoring dashboard",
    ]),
    ("alerts-configured", &[
        "alerts configured", "alerts", "alerting", "alert rules", "critical alerts", "pagerduty",
        "monitoring enabled", "monitor resource usage", "alertmanager", "notification on failure",
        "paging", "slo alerts", "monitoring and logging enabled", "alert thresholds",
    ]),
    ("log-aggregation", &[
        "log aggregation", "logs collected", "centralized logging", "logging enabled",
        "log retention", "elk", "loki", "fluent bit", "logs shipped", "structured logs",
        "logs being collected", "log collection", "stdout", "log aggregation set up",
        "monitoring and logging enabled",
    ]),
    ("error-tracking", &[
        "error tracking", "sentry", "rollbar", "bugsnag", "crash reporting", "exception tracking",
        "unhandled exceptions reported",
    ]),
    ("database-encrypted", &[
        "database encrypted at rest", "encrypted at rest", "encryption at rest", "disk encryption",
        "volume encryption", "encrypted storage", "storage encrypted",
    ]),
    ("log-masking", &[
        "sensitive data masked", "logs masked", "masked in logs", "redaction", "log redaction",
        "sensitive data in logs", "pii in logs", "scrubbed logs", "passwords in logs",
        "personal data in logs", "secrets in logs",
    ]),
    ("pii-compliance", &[
        "pii", "gdpr", "personal data", "privacy", "pii handling", "data protection officer",
        "hipaa", "ccpa", "consent", "data retention policy", "privacy impact assessment",
        "data processing agreement",
    ]),
    ("canary-strategy", &[
        "canary", "deploy to canary", "expand to 50", "monitor for 15 minutes", "monitor canary",
        "blue-green", "gradual rollout", "traffic shifting", "progressive delivery",
        "expand to 100", "if healthy expand", "rolling update", "staged rollout",
        "percent of traffic", "rollout steps", "expand",
    ]),
    ("automatic-rollback", &[
        "automatic rollback", "auto rollback", "trigger rollback", "critical functionality broken",
        "rolls back automatically", "rollback on failure", "progress deadline", "atomic deploy",
        "rollback triggers", "trigger automatic rollback",
    ]),
    ("dns-load-balancer", &[
        "dns", "load balancer", "update dns", "dns records", "cname", "ingress hosts",
        "external dns", "domain points to", "dns ttl",
    ]),
    ("cluster-healthy", &[
        "cluster health", "nodes healthy", "all nodes ready", "cluster healthy", "node pressure",
        "control plane", "kubernetes nodes", "nodes ready",
    ]),
    ("storage-available", &[
        "storage space", "disk space", "storage available", "persistent volumes bound", "pvc bound",
        "volume capacity", "free space", "disk usage",
    ]),
    ("network-reachable", &[
        "network connectivity", "endpoints responding", "service accessible",
        "api endpoints working", "reachable", "connectivity verified", "services reachable",
        "endpoints healthy", "site loads", "health endpoint responds", "url responds",
    ]),
    ("workloads-healthy", &[
        "health checks passing", "previous version running", "application logs clean",
        "logs for errors", "unexpected resource usage", "pods running", "pods healthy", "restarts",
        "crash loops", "oom kills", "rollout complete", "check logs for errors",
        "replicas available", "crashloopbackoff", "deployment rolled out", "application starts",
    ]),
    ("database-reachable", &[
        "database connected", "database accessible", "database created", "database reachable",
        "database connection works", "database connectivity", "connect to database",
    ]),
    ("external-services", &[
        "external services", "third-party services", "third-party apis", "external dependencies",
        "payment provider", "webhooks", "upstream services", "egress hosts",
        "external integrations", "partner api",
    ]),
    ("previous-version-tagged", &[
        "previous version tagged", "git tag", "release tagged", "last version tagged", "tag",
        "tagged", "previous release tag", "rollback artifact",
    ]),
    ("rollback-rehearsed", &[
        "rollback tested", "rollback rehearsed", "trained on rollback", "rollback drill",
        "disaster recovery drill", "game day", "rollback exercise", "practised rollback",
        "rollback dry run",
    ]),
    ("emergency-contacts", &[
        "engineer contact", "team contact", "contact", "contacts", "on-call engineer",
        "escalation path", "on-call rotation", "phone numbers", "admin contact", "code owners",
        "escalation policy", "on-call schedule", "who to call",
    ]),
    ("sign-off", &[
        "sign-off", "team lead", "product owner", "signed off", "go no-go decision",
        "approval from", "stakeholder approval", "release manager approves",
        "sign-off security team", "change approval board", "qa lead",
    ]),
    ("release-communication", &[
        "maintenance window", "incident commander", "communication channels",
        "stakeholders notified", "notify stakeholders", "status posted", "deployment status",
        "communication plan", "team notified", "incident ticket", "incident review", "bug report",
        "post-mortem", "user reports", "deployment window scheduled", "status page",
        "support team informed", "customers informed", "announcement", "issues documented",
        "post-deployment report", "metrics reviewed", "cloudwatch",
        "deployment status communicated", "slack channel", "schedule incident review", "notified",
        "retrospective", "freeze calendar", "helpdesk briefed", "communication",
    ]),
    ("data-integrity", &[
        "data consistency", "data corruption", "data integrity", "consistency check", "data loss",
        "row counts", "checksums data", "data validated", "data reconciliation", "orphaned records",
    ]),
    ("security-trigger", &[
        "security issue discovered", "security scanning completed", "security scan",
        "security incident", "security scanning", "penetration test", "security audit",
        "security findings",
    ]),
    ("availability", &[
        "pod disruption budget", "replicas", "high availability", "anti-affinity",
        "topology spread", "multiple zones", "single point of failure", "redundancy",
        "graceful shutdown", "survive node loss", "more than one replica",
    ]),
    ("manifests-valid", &[
        "manifests valid", "kubeconform", "dry run manifests", "yaml valid", "deprecated api",
        "api versions", "schema validation manifests", "helm lint", "kubectl apply dry run",
        "manifests validate",
    ]),
];
