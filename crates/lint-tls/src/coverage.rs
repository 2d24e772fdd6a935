//! Whether certificates answer for a host, within a limit on the work.

use careen_x509_model::{Certificate, San};

/// Most comparisons of a host with a name in one check: a limit on hostile input.
const COMPARISONS: usize = 50_000_000;

/// Compares hosts with the names of certificates, until too much was asked.
#[derive(Debug)]
pub(crate) struct Coverage {
    left: usize,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { left: COMPARISONS }
    }
}

impl Coverage {
    /// Takes note of work; false where too much was done already, so that nothing more is judged.
    pub(crate) fn spend(&mut self, work: usize) -> bool {
        self.left = self.left.saturating_sub(work.max(1));
        self.left > 0
    }

    /// Whether a client that asks for `host` may accept one of the certificates by name. A host
    /// that is a wildcard stands for all below it, of which a certificate need not name each: one
    /// is enough. True as well once the limit is reached.
    pub(crate) fn answers<'c>(
        &mut self,
        certificates: impl IntoIterator<Item = &'c Certificate>,
        host: &str,
    ) -> bool {
        certificates
            .into_iter()
            .any(|certificate| !self.spend(certificate.san.len()) || answers(certificate, host))
    }
}

/// As [`Coverage::answers`] for one certificate, without a limit.
pub(crate) fn answers(certificate: &Certificate, host: &str) -> bool {
    match host.strip_prefix('*').filter(|suffix| suffix.starts_with('.')) {
        Some(suffix) => certificate
            .san
            .iter()
            .any(|name| matches!(name, San::Dns(name) if ends_with(name, suffix))),
        None => certificate.covers_host(host),
    }
}

fn ends_with(name: &str, suffix: &str) -> bool {
    let start = name.len().checked_sub(suffix.len()).filter(|start| *start > 0);
    start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::{Coverage, ends_with};

    #[test]
    fn names_below_a_wildcard() {
        assert!(ends_with("a.Example.com", ".example.com"));
        assert!(ends_with("*.example.com", ".example.com"));
        assert!(ends_with("b.a.example.com", ".example.com"));
        for name in ["example.com", ".example.com", "badexample.com", "", "ü"] {
            assert!(!ends_with(name, ".example.com"), "{name}");
        }
    }

    #[test]
    fn work_ends() {
        let mut coverage = Coverage { left: 3 };
        assert!(coverage.spend(1) && coverage.spend(0) && !coverage.spend(9));
    }
}
