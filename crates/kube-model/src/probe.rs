//! The probes of a container.

use careen_yaml::Node;

use crate::node::field;

/// The three probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// Restarts the container when it fails.
    Liveness,
    /// Takes the pod out of its Services while it fails.
    Readiness,
    /// Holds the other two back until it succeeds.
    Startup,
}

impl ProbeKind {
    /// All probes.
    pub const ALL: [Self; 3] = [Self::Liveness, Self::Readiness, Self::Startup];

    /// The container's field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Liveness => "livenessProbe",
            Self::Readiness => "readinessProbe",
            Self::Startup => "startupProbe",
        }
    }
}

/// A probe, with defaults applied.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// Which one.
    pub kind: ProbeKind,
    /// Its mapping.
    pub node: Node<'a>,
}

impl<'a> Probe<'a> {
    /// The action: the field's name (`httpGet`, `tcpSocket`, `exec`, `grpc`) and value.
    #[must_use]
    pub fn action(self) -> Option<(&'static str, Node<'a>)> {
        ["httpGet", "tcpSocket", "exec", "grpc"]
            .into_iter()
            .find_map(|key| Some((key, field(self.node, key)?)))
    }

    fn seconds(self, key: &str, default: i64) -> i64 {
        // Zero is "not set" to the API server, for these as for all defaulted numbers.
        field(self.node, key)
            .and_then(|node| node.as_i64())
            .filter(|&number| number != 0)
            .unwrap_or(default)
    }

    /// `initialDelaySeconds`, by default 0.
    #[must_use]
    pub fn initial_delay(self) -> i64 {
        self.seconds("initialDelaySeconds", 0)
    }

    /// `periodSeconds`, by default 10.
    #[must_use]
    pub fn period(self) -> i64 {
        self.seconds("periodSeconds", 10)
    }

    /// `timeoutSeconds`, by default 1.
    #[must_use]
    pub fn timeout(self) -> i64 {
        self.seconds("timeoutSeconds", 1)
    }

    /// `failureThreshold`, by default 3.
    #[must_use]
    pub fn failure_threshold(self) -> i64 {
        self.seconds("failureThreshold", 3)
    }

    /// `successThreshold`, by default 1.
    #[must_use]
    pub fn success_threshold(self) -> i64 {
        self.seconds("successThreshold", 1)
    }
}
