use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// The password of a connection string stands in the file and in every dump of the settings. Read
    /// for ADO.NET, ODBC, JDBC and libpq.
    ///
    /// ```json bad
    /// {
    ///   "ConnectionStrings": {
    ///     "Shop": "Server=tcp:db.shop.internal,1433;User Id=shop;Password=kR7·vTq2wZ;Encrypt=true"
    /// #                                                                   ^^^^^^^^^ connection string of `db.shop.internal` holds a literal password
    ///   }
    /// }
    /// ```
    /// ```python bad
    /// pool = connect("host=db.shop.internal user=shop password=kR7·vTq2wZ dbname=shop")
    /// #                                                        ^^^^^^^^^ connection string of `db.shop.internal`
    /// ```
    /// ```json good
    /// {
    ///   "ConnectionStrings": {
    ///     "Shop": "Server=tcp:db.shop.internal,1433;Authentication=Active Directory Managed Identity"
    ///   }
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "connection-string-password",
        summary: "a connection string holds a literal password",
        remedy: "Change the password and put the connection string together from a secret at run time.",
        severity: High,
        check: Check::Found(Find::ConnectionPassword),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO, control::CONNECTION_STRING_IN_SECRET],
        confidence: careen_rule::Confidence::Medium,
        aliases: &[
            "dotnetconnstring-connection-string",
            "generic-db-connection-string",
            "generic-db-connection-string-3",
            "couchbase-token",
        ],
        cwe: &[259, 798],
        peers: &[
            "kingfisher:kingfisher.dotnet.connstring.1",
            "kingfisher:kingfisher.dotnet.connstring.2",
            "kingfisher:kingfisher.jdbc.1",
            "kingfisher:kingfisher.odbc.1",
            "noseyparker:np.odbc.1",
            "noseyparker:np.postgres.1",
            "titus:kingfisher.jdbc.1",
            "titus:np.odbc.1",
            "titus:np.postgres.1",
            "trufflehog:JDBC",
            "trufflehog:SQLServer",
            "trufflehog:Couchbase",
        ],
    }
}
