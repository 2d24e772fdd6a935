use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// The secret of a service principal signs in to a tenant as the application, from anywhere. It is known by
    /// the ids of its client and its tenant that stand around it.
    ///
    /// ```json bad file=azure.json
    /// {
    ///   "clientId": "3c1d9be2-7fa0-4586-92e1-bb703c1d9be2",
    ///   "clientSecret": "q8Rk2Lm5Tn7Vw9Xb3·Cd4Fg6Hj1Kp0sTzYx",
    /// #                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ secret `
    ///   "tenantId": "9be27fa0-4586-42e1-bb70-3c1d9be27fa0"
    /// }
    /// ```
    /// ```json good file=azure.json
    /// {
    ///   "clientId": "3c1d9be2-7fa0-4586-92e1-bb703c1d9be2",
    ///   "clientSecret": "${CLIENT_SECRET}",
    ///   "tenantId": "9be27fa0-4586-42e1-bb70-3c1d9be27fa0"
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "azure-service-principal-committed",
        summary: "secret of an Azure service principal is committed",
        remedy: "Remove the secret from the application in Microsoft Entra, and let the workload federate its identity instead.",
        severity: Critical,
        check: Check::Found(Find::ServicePrincipal),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        references: &[
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        ],
    }
}
