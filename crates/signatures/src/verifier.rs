//! Everything about one image.

use careen_image_model::ImageRef;
use careen_image_model::oci::{Covers, Digest, Evidence, Index};
use careen_image_source::ImageSource;

use crate::discovery::Search;
use crate::judge::Court;
use crate::policy::{Policy, TrustedRoot};
use crate::sigstore::Root;

/// Looks for signatures and attestations, and judges them.
pub struct Verifier {
    policy: Policy,
    /// Each root that the policy names, and those that count without one, made ready once.
    roots: Vec<(TrustedRoot, Root)>,
    without_policy: Vec<TrustedRoot>,
    now: i64,
}

/// Why a trusted root cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the trusted root `{name}` cannot be used: {why}")]
pub struct RootError {
    /// How the policy calls it.
    pub name: String,
    /// One sentence fragment.
    pub why: String,
}

/// What counts where no policy says so: whoever is vouched for by them, nobody is trusted for it.
const WITHOUT_POLICY: [TrustedRoot; 2] = [TrustedRoot::PublicGood, TrustedRoot::GitHub];

impl Verifier {
    /// Makes a policy ready. The moment of judgement is in Unix seconds. Where no rule covers an
    /// image, the public instances of Sigstore and GitHub vouch for whoever signed it.
    ///
    /// # Errors
    ///
    /// Where a trusted root of the policy is none.
    pub fn new(policy: Policy, now: i64) -> Result<Self, RootError> {
        Self::with_roots(policy, WITHOUT_POLICY.to_vec(), now)
    }

    /// As [`Verifier::new`], with other roots where no rule covers an image.
    ///
    /// # Errors
    ///
    /// Where a trusted root is none.
    pub fn with_roots(
        policy: Policy,
        without_policy: Vec<TrustedRoot>,
        now: i64,
    ) -> Result<Self, RootError> {
        let mut roots: Vec<(TrustedRoot, Root)> = Vec::new();
        let named = policy.rules.iter().flat_map(|rule| &rule.trusted_roots);
        for root in named.chain(&without_policy).chain([&TrustedRoot::default()]) {
            if roots.iter().any(|(known, _)| known == root) {
                continue;
            }
            let ready =
                Root::new(root).map_err(|why| RootError { name: root.name().to_owned(), why })?;
            roots.push((root.clone(), ready));
        }
        Ok(Self { policy, roots, without_policy, now })
    }

    /// What is known about who signed an image and what is attested of it. `manifest` is what is
    /// deployed; `index` what it was chosen from, of which a signature counts too, told apart.
    #[must_use]
    pub fn evidence(
        &self,
        source: &dyn ImageSource,
        name: Option<&ImageRef>,
        manifest: Option<&Digest>,
        index: Option<(&Digest, &Index)>,
    ) -> Evidence {
        let rule = self.policy.rule_for(name).and_then(|at| self.policy.rules.get(at));
        let mut evidence = Evidence {
            requirement: rule.map(|rule| rule.requirement(name)),
            ..Evidence::default()
        };
        if !source.keeps_evidence() || (manifest.is_none() && index.is_none()) {
            return evidence;
        }
        evidence.searched = true;
        let roots: Vec<&Root> = match rule {
            Some(rule) if rule.trusted_roots.is_empty() => self.ready(&[TrustedRoot::default()]),
            Some(rule) => self.ready(&rule.trusted_roots),
            None => self.ready(&self.without_policy),
        };
        if rule.is_some_and(|rule| !rule.identities.is_empty() || !rule.unlogged) {
            let mut stale: Vec<String> = Vec::new();
            for root in &roots {
                match root.stale(self.now) {
                    Some(why) => stale.push(why),
                    // One that is in use is enough.
                    None => {
                        stale.clear();
                        break;
                    }
                }
            }
            evidence.stale_root = stale.into_iter().next();
        }
        let court = Court { rule, roots: &roots };
        let repository = name.filter(|_| rule.is_some_and(|rule| rule.same_repository));
        let mut search = Search::new(source, court, repository, evidence);
        if let Some(manifest) = manifest {
            search.subject(manifest, Covers::Manifest);
            if let Some((_, index)) = index {
                search.inside(manifest, index);
            }
        }
        if let Some((digest, _)) = index
            && manifest != Some(digest)
        {
            search.subject(digest, Covers::Index);
        }
        search.finish()
    }

    fn ready(&self, wanted: &[TrustedRoot]) -> Vec<&Root> {
        let of = |root| self.roots.iter().find(|(known, _)| known == root).map(|(_, root)| root);
        wanted.iter().filter_map(of).collect()
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let roots: Vec<&str> = self.roots.iter().map(|(_, root)| root.name()).collect();
        f.debug_struct("Verifier")
            .field("policy", &self.policy)
            .field("roots", &roots)
            .field("now", &self.now)
            .finish()
    }
}
