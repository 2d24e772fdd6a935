use careen_rule::{Severity, control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A live Stripe key moves money. Test keys only reach the sandbox; publishable keys (`pk_`)
    /// are meant to be public.
    ///
    /// ```yaml bad
    /// token: "sk_live_Ux·Y44TRWhbQw8KdzKYC5JkAk"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Stripe secret key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "stripe-key-committed",
        summary: "Stripe secret key is committed",
        remedy: "Roll the key in the Stripe dashboard and hand the new one over from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix("Stripe secret key", "sk_live_", &[Part::Of(&charset::ALNUM, 20, 247)]),
            Shape::prefix(
                "Stripe restricted key",
                "rk_live_",
                &[Part::Of(&charset::ALNUM, 20, 247)],
            ),
            Shape::prefix(
                "Stripe test key",
                "sk_test_",
                &[Part::Of(&charset::ALNUM, 20, 247)],
            )
            .severity(Severity::Low),
            Shape::prefix(
                "Stripe restricted test key",
                "rk_test_",
                &[Part::Of(&charset::ALNUM, 20, 247)],
            )
            .severity(Severity::Low),
            Shape::prefix(
                "Stripe webhook signing secret",
                "whsec_",
                &[Part::Of(&charset::BASE64, 32, 64)],
            )
            .severity(Severity::High),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["stripe-token", "stripe-signing-secret"],
        peers: &[
            "betterleaks:stripe-access-token", "github:stripe_api_key",
            "github:stripe_legacy_api_key", "github:stripe_live_restricted_key",
            "github:stripe_test_restricted_key", "github:stripe_test_secret_key",
            "github:stripe_webhook_signing_secret", "gitleaks:stripe-access-token",
            "kingfisher:kingfisher.stripe.1", "kingfisher:kingfisher.stripe.2",
            "kingfisher:kingfisher.stripe.3", "noseyparker:np.stripe.1", "noseyparker:np.stripe.2",
            "titus:np.stripe.1", "titus:np.stripe.2", "trufflehog:Stripe",
            "trufflehog:StripePaymentIntent",
        ],
        references: &["https://docs.stripe.com/keys"],
    }
}
