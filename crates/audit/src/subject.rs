use std::fmt;

/// What a control is about. A control that rests on the absence of findings proves something only where
/// there was something to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Files of any kind.
    Repository,
    /// Kubernetes objects.
    Objects,
    /// Objects that run pods.
    Workloads,
    /// Workloads that answer requests: a Service selects them, or they have a port.
    ServingWorkloads,
    /// Containers of workloads.
    Containers,
    /// Namespaces that objects are in.
    Namespaces,
    /// Services.
    Services,
    /// Hosts that are reached from outside.
    PublicHosts,
    /// Workloads that answer HTTP.
    HttpServices,
    /// Images that manifests and Dockerfiles name.
    Images,
    /// Images whose signatures and attestations were looked for.
    ExaminedImages,
    /// Dockerfiles.
    Dockerfiles,
    /// Certificates, or hosts that are to have one.
    CertificatesOrHosts,
    /// Databases, caches, queues and other stores of data.
    Stores,
    /// Databases.
    Databases,
    /// Databases, or steps of migrations.
    DatabasesOrMigrations,
    /// Steps of database migrations.
    Migrations,
    /// READMEs.
    Readmes,
    /// Changelogs.
    Changelogs,
    /// READMEs and other prose.
    Documents,
    /// Descriptions of HTTP APIs.
    ApiDescriptions,
    /// Lists of people to call.
    Contacts,
    /// Alerts.
    Alerts,
    /// Dashboards.
    Dashboards,
    /// What collects logs.
    LogAgents,
}

impl Subject {
    /// The word for one and for several.
    const fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Repository => ("file", "files"),
            Self::Objects => ("object", "objects"),
            Self::Workloads => ("workload", "workloads"),
            Self::ServingWorkloads => ("workload that serves", "workloads that serve"),
            Self::Containers => ("container", "containers"),
            Self::Namespaces => ("namespace", "namespaces"),
            Self::Services => ("Service", "Services"),
            Self::PublicHosts => ("public host", "public hosts"),
            Self::HttpServices => ("workload that serves HTTP", "workloads that serve HTTP"),
            Self::Images => ("image", "images"),
            Self::ExaminedImages => {
                ("image with examined signatures", "images with examined signatures")
            }
            Self::Dockerfiles => ("Dockerfile", "Dockerfiles"),
            Self::CertificatesOrHosts => ("certificate or TLS host", "certificates and TLS hosts"),
            Self::Stores => ("stateful store", "stateful stores"),
            Self::Databases => ("database", "databases"),
            Self::DatabasesOrMigrations => ("database or migration", "databases and migrations"),
            Self::Migrations => ("migration", "migrations"),
            Self::Readmes => ("README", "READMEs"),
            Self::Changelogs => ("changelog", "changelogs"),
            Self::Documents => ("document", "documents"),
            Self::ApiDescriptions => ("API description", "API descriptions"),
            Self::Contacts => ("list of contacts", "lists of contacts"),
            Self::Alerts => ("alert", "alerts"),
            Self::Dashboards => ("dashboard", "dashboards"),
            Self::LogAgents => ("log agent", "log agents"),
        }
    }

    /// `1 container`, `12 containers`.
    #[must_use]
    pub fn count(self, count: usize) -> String {
        let (one, many) = self.nouns();
        format!("{count} {}", if count == 1 { one } else { many })
    }

    /// What to add, where there is none.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::ExaminedImages => {
                "Check the images' signatures with `careen check --online`, or have somebody sign."
            }
            Self::Repository => "Name the folder that holds what is released.",
            _ => "Add it to the repository, or bind the item to what else decides it.",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.nouns().0)
    }
}
