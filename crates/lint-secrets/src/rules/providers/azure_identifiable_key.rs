use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// Azure marks the keys of many services with a fixed text inside, so that they can be
    /// recognised.
    ///
    /// ```yaml bad
    /// token: "IgKfdvGHnaZoxd38PqaMtn5C3FxaL·7kZdwgKPvWOfHc6HwgG1BnPvDkPpyjEodN6yQVP9wx4ldB3+AStZQlFr3=="
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Azure storage account key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "azure-identifiable-key-committed",
        summary: "Azure identifiable key is committed",
        remedy: "Rotate the key of the service and give the workload a managed identity.",
        severity: Critical,
        check: Check::Token(&[
            Shape::infix(
                "Azure storage account key",
                (&charset::BASE64_BODY, 76, 76),
                "+ASt",
                &[Part::Of(&charset::BASE64, 8, 10)],
            ),
            Shape::infix(
                "Azure Batch key",
                (&charset::BASE64_BODY, 76, 76),
                "+ABa",
                &[Part::Of(&charset::BASE64, 8, 10)],
            ),
            Shape::infix(
                "Azure Cosmos DB key",
                (&charset::BASE64_BODY, 76, 76),
                "ACDb",
                &[Part::Of(&charset::BASE64, 8, 10)],
            ),
            Shape::infix(
                "Azure API Management key",
                (&charset::BASE64_BODY, 76, 76),
                "+APIM",
                &[Part::Of(&charset::BASE64, 7, 9)],
            ),
            Shape::infix(
                "Azure Service Bus key",
                (&charset::BASE64_BODY, 33, 33),
                "+ASb",
                &[Part::Of(&charset::BASE64, 7, 9)],
            ),
            Shape::infix(
                "Azure IoT key",
                (&charset::BASE64_BODY, 33, 33),
                "AIoT",
                &[Part::Of(&charset::BASE64, 7, 9)],
            ),
            Shape::infix(
                "Azure Event Hubs key",
                (&charset::BASE64_BODY, 33, 33),
                "+AEh",
                &[Part::Of(&charset::BASE64, 7, 9)],
            ),
            Shape::infix(
                "Azure Functions key",
                (&charset::BASE64_BODY, 44, 44),
                "AzFu",
                &[Part::Of(&charset::BASE64, 8, 10)],
            ),
            Shape::infix(
                "Azure Search key",
                (&charset::BASE64_BODY, 42, 42),
                "AzSe",
                &[Part::Of(&charset::BASE64, 6, 8)],
            ),
            Shape::infix(
                "Azure Container Registry key",
                (&charset::BASE64_BODY, 42, 42),
                "+ACR",
                &[Part::Of(&charset::BASE64, 6, 8)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
    }
}
