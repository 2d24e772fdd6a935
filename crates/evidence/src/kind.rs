use std::fmt;
use std::str::FromStr;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// JUnit XML, as most test runners write it.
    Junit,
    /// `lcov.info`.
    Lcov,
    /// Cobertura XML.
    Cobertura,
    /// JaCoCo XML.
    Jacoco,
    /// `llvm-cov export`, JSON.
    LlvmCov,
    /// SARIF of another tool.
    Sarif,
    /// The quality gate of SonarQube, JSON of `api/qualitygates/project_status`.
    SonarQube,
    /// OWASP dependency-check, JSON.
    DependencyCheck,
    /// Trivy, JSON.
    Trivy,
    /// Grype, JSON.
    Grype,
    /// OSV-Scanner, JSON.
    Osv,
    /// CycloneDX, JSON, with vulnerabilities or VEX.
    CycloneDx,
    /// k6: `--summary-export` or `handleSummary`, JSON.
    K6,
    /// JMeter: a JTL in CSV, or `statistics.json`.
    Jmeter,
    /// Gatling: `stats.json` or `global_stats.json`.
    Gatling,
    /// The answer of Prometheus' query API, JSON.
    Prometheus,
    /// OpenSSF Scorecard, JSON.
    Scorecard,
    /// Complexity of functions: CSV of lizard.
    Complexity,
    /// Reviews of merged changes, JSON of a forge.
    Reviews,
    /// Objects of a cluster, JSON of `kubectl get`.
    Kubectl,
}

/// What a report speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Tests that ran.
    Tests,
    /// How much of the code tests reach.
    Coverage,
    /// Findings of a linter or an analyser.
    Analysis,
    /// Known vulnerabilities of dependencies or images.
    Vulnerabilities,
    /// A load test, or measurements of the running system.
    Load,
    /// Complexity of code.
    Complexity,
    /// Reviews of changes.
    Reviews,
    /// Practices of the project.
    Practices,
    /// A cluster.
    Cluster,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 20] = [
        Self::Junit,
        Self::Lcov,
        Self::Cobertura,
        Self::Jacoco,
        Self::LlvmCov,
        Self::Sarif,
        Self::SonarQube,
        Self::DependencyCheck,
        Self::Trivy,
        Self::Grype,
        Self::Osv,
        Self::CycloneDx,
        Self::K6,
        Self::Jmeter,
        Self::Gatling,
        Self::Prometheus,
        Self::Scorecard,
        Self::Complexity,
        Self::Reviews,
        Self::Kubectl,
    ];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Lcov => "lcov",
            Self::Cobertura => "cobertura",
            Self::Jacoco => "jacoco",
            Self::LlvmCov => "llvm-cov",
            Self::Sarif => "sarif",
            Self::SonarQube => "sonarqube",
            Self::DependencyCheck => "dependency-check",
            Self::Trivy => "trivy",
            Self::Grype => "grype",
            Self::Osv => "osv",
            Self::CycloneDx => "cyclonedx",
            Self::K6 => "k6",
            Self::Jmeter => "jmeter",
            Self::Gatling => "gatling",
            Self::Prometheus => "prometheus",
            Self::Scorecard => "scorecard",
            Self::Complexity => "complexity",
            Self::Reviews => "reviews",
            Self::Kubectl => "kubectl",
        }
    }

    /// What reports of this kind speak of. SARIF and CycloneDX may speak of vulnerabilities or of code: SARIF
    /// counts as analysis, and as vulnerabilities too where its rules name them.
    #[must_use]
    pub const fn class(self) -> Class {
        match self {
            Self::Junit => Class::Tests,
            Self::Lcov | Self::Cobertura | Self::Jacoco | Self::LlvmCov => Class::Coverage,
            Self::Sarif | Self::SonarQube => Class::Analysis,
            Self::DependencyCheck | Self::Trivy | Self::Grype | Self::Osv | Self::CycloneDx => {
                Class::Vulnerabilities
            }
            Self::K6 | Self::Jmeter | Self::Gatling | Self::Prometheus => Class::Load,
            Self::Scorecard => Class::Practices,
            Self::Complexity => Class::Complexity,
            Self::Reviews => Class::Reviews,
            Self::Kubectl => Class::Cluster,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(())
    }
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 9] = [
        Self::Tests,
        Self::Coverage,
        Self::Analysis,
        Self::Vulnerabilities,
        Self::Load,
        Self::Complexity,
        Self::Reviews,
        Self::Practices,
        Self::Cluster,
    ];

    /// The word users write; also accepted wherever a kind is.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Coverage => "coverage",
            Self::Analysis => "analysis",
            Self::Vulnerabilities => "vulnerabilities",
            Self::Load => "load",
            Self::Complexity => "complexity-report",
            Self::Reviews => "review-list",
            Self::Practices => "practices",
            Self::Cluster => "cluster",
        }
    }
}

impl FromStr for Class {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.as_str() == word).ok_or(())
    }
}
