use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// A password in a URL stands in the file and, once used, in logs, process lists and proxies.
    ///
    /// ```yaml bad
    /// databaseUrl: postgres://shop:kR7·vTq2wZ@db.shop.internal:5432/shop
    /// #                            ^^^^^^^^^ `postgres` URL of `db.shop.internal:5432` holds a literal password
    /// ```
    /// ```yaml good
    /// databaseUrl: postgres://shop:$(DB_PASSWORD)@db.shop.internal:5432/shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "url-credentials",
        summary: "a URL holds a literal password",
        remedy: "Change the password and put the URL together from a secret at run time.",
        severity: High,
        check: Check::Found(Find::UrlPassword),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO, control::CONNECTION_STRING_IN_SECRET],
        confidence: careen_rule::Confidence::High,
        aliases: &[
            "generic-connection-string",
            "cloudant-password",
            "generic-db-connection-string-2",
            "generic-db-token",
            "mongodb-connection-string",
            "mongodb-connection-string-2",
            "mongodb-token",
            "mysql-connection-string",
            "neon-connection-string",
            "heroku-connection-string",
            "postgres-id",
            "redis-connection-string",
            "redis-connection-string-2",
        ],
        cwe: &[798],
        peers: &[
            "github:mongodb_connection_string",
            "github:mysql_connection_url",
            "github:postgres_connection_string",
            "kingfisher:kingfisher.uri.1",
            "noseyparker:np.generic.10",
            "titus:kingfisher.uri.1",
            "titus:np.generic.10",
            "trufflehog:URI",
            "kingfisher:kingfisher.cloudant.1",
            "kingfisher:kingfisher.ldap.2",
            "trufflehog:LDAP",
            "kingfisher:kingfisher.mongodb.3",
            "github:mongodb_atlas_db_uri_with_credentials",
            "betterleaks:mongodb-connection-string",
            "titus:kingfisher.mongodb.3",
            "noseyparker:np.mongodb.1",
            "titus:np.mongodb.1",
            "trufflehog:MongoDB",
            "titus:kingfisher.mysql.1",
            "github:neon_connection_uri",
            "github:heroku_postgres_connection_url",
            "kingfisher:kingfisher.postgres.1",
            "kingfisher:kingfisher.redis.1",
            "titus:np.redis.1",
        ],
    }
}
