use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// Terraform writes everything its providers know into the state, passwords and keys in the clear,
    /// whether they are marked as sensitive or not. Read for outputs and attributes that the state marks
    /// as sensitive, and for attributes with names that promise a secret.
    ///
    /// ```json bad file=terraform.tfstate
    /// {
    ///   "version": 4,
    ///   "terraform_version": "1.9.5",
    ///   "outputs": {
    ///     "pepper": {
    ///       "value": "Hm3·pQ9xVdw2",
    /// #               ^^^^^^^^^^^ Terraform state holds the sensitive output `pepper`
    ///       "type": "string",
    ///       "sensitive": true
    ///     }
    ///   },
    ///   "resources": []
    /// }
    /// ```
    /// ```json good file=terraform.tfstate
    /// {
    ///   "version": 4,
    ///   "terraform_version": "1.9.5",
    ///   "outputs": {"region": {"value": "eu-west-1", "type": "string"}},
    ///   "resources": []
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "terraform-state-committed",
        summary: "value of a committed Terraform state is a secret",
        remedy: "Change what the state holds, keep the state in an encrypted backend with access control, and leave it out of the repository.",
        severity: High,
        check: Check::Found(Find::TerraformState),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[312, 798],
        references: &["https://developer.hashicorp.com/terraform/language/state/sensitive-data"],
    }
}
