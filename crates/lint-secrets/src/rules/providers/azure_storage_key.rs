use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An account key opens everything in a storage account, a Service Bus namespace or a Cosmos
    /// database, and does not expire.
    ///
    /// ```yaml bad
    /// connection: "AccountKey=GKLi+QJ2vRKG1LCjc4509J·oyeibUm1s4EjtNOZUPFVS3jTsx0erL4KfrJhkRbDwXTXgJNR3oMVWJfUV6+Cqb+A=="
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Azure storage account key
    /// ```
    /// ```yaml good
    /// connection: "${CONNECTION}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "azure-storage-key-committed",
        summary: "Azure account key is committed",
        remedy: "Rotate the key, forbid shared keys where possible, and give the workload a managed identity.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "Azure storage account key",
                "AccountKey=",
                &[Part::Of(&charset::BASE64, 80, 90)],
            ),
            Shape::prefix(
                "Azure shared access key",
                "SharedAccessKey=",
                &[Part::Of(&charset::BASE64, 40, 60)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["azure-token-2", "azure-connection-string"],
        peers: &[
            "betterleaks:azure-servicebus-connection-string",
            "betterleaks:azure-storage-account-key", "betterleaks:azure-storage-account-name",
            "github:azure_ai_services_key", "github:azure_anomaly_detector_ee_key",
            "github:azure_anomaly_detector_key", "github:azure_apim_direct_management_key",
            "github:azure_apim_gateway_key", "github:azure_apim_repository_key",
            "github:azure_apim_subscription_key", "github:azure_app_configuration_key",
            "github:azure_batch_key_identifiable", "github:azure_cache_for_redis_access_key",
            "github:azure_cognitive_services_key", "github:azure_communication_services_key",
            "github:azure_computer_vision_key", "github:azure_container_registry_key_identifiable",
            "github:azure_content_safety_key", "github:azure_cosmosdb_key_identifiable",
            "github:azure_custom_vision_prediction_key", "github:azure_custom_vision_training_key",
            "github:azure_event_grid_key_identifiable", "github:azure_event_hub_key_identifiable",
            "github:azure_face_key", "github:azure_fluid_relay_key",
            "github:azure_form_recognizer_key", "github:azure_function_key",
            "github:azure_health_decision_support_key", "github:azure_health_insights_key",
            "github:azure_immersive_reader_key", "github:azure_internal_all_in_one_key",
            "github:azure_iot_device_connection_string", "github:azure_iot_device_key",
            "github:azure_iot_device_provisioning_key", "github:azure_iot_hub_key",
            "github:azure_knowledge_key", "github:azure_luis_authoring_key",
            "github:azure_luis_key", "github:azure_management_certificate", "github:azure_maps_key",
            "github:azure_metrics_advisor_key", "github:azure_mixed_reality_key",
            "github:azure_ml_inference_identifiable_key",
            "github:azure_ml_internal_service_principal_identifiable_key",
            "github:azure_ml_web_service_classic_identifiable_key", "github:azure_openai_key",
            "github:azure_qna_maker_key", "github:azure_search_admin_key",
            "github:azure_search_query_key", "github:azure_speech_services_key",
            "github:azure_speech_translation_key", "github:azure_storage_account_key",
            "kingfisher:kingfisher.azure.devops.2", "kingfisher:kingfisher.azure.notificationhub.2",
            "kingfisher:kingfisher.azure.notificationhub.3",
            "kingfisher:kingfisher.azure.notificationhub.4", "kingfisher:kingfisher.azureapim.1",
            "kingfisher:kingfisher.azurebatch.1", "kingfisher:kingfisher.azurecognitive.1",
            "kingfisher:kingfisher.azurecosmosdb.1", "kingfisher:kingfisher.azureeventgrid.1",
            "kingfisher:kingfisher.azuremaps.1", "kingfisher:kingfisher.azuremixedreality.1",
            "kingfisher:kingfisher.azureopenai.1", "kingfisher:kingfisher.azureopenai.2",
            "kingfisher:kingfisher.azuresearch.key.1", "kingfisher:kingfisher.azurespeech.1",
            "kingfisher:kingfisher.azurespeech.2", "kingfisher:kingfisher.azurestorage.1",
            "kingfisher:kingfisher.azurestorage.2", "kingfisher:kingfisher.azurestorage.key.1",
            "kingfisher:kingfisher.azurestorage.name.1", "kingfisher:kingfisher.azuretranslator.1",
            "kingfisher:kingfisher.azuretranslator.2", "titus:kingfisher.azureopenai.1",
            "titus:kingfisher.azureopenai.2", "titus:kingfisher.azuresearch.key.1",
            "titus:kingfisher.azurestorage.1c", "titus:kingfisher.azurestorage.2",
            "titus:np.azure.5", "titus:np.azure.6", "trufflehog:AzureAPIManagementSubscriptionKey",
            "trufflehog:AzureApiManagementRepositoryKey", "trufflehog:AzureBatch",
            "trufflehog:AzureContainerRegistry", "trufflehog:AzureCosmosDBKeyIdentifiable",
            "trufflehog:AzureDirectManagementKey", "trufflehog:AzureFunctionKey",
            "trufflehog:AzureOpenAI", "trufflehog:AzureSasToken", "trufflehog:AzureSearchQueryKey",
            "trufflehog:AzureStorage",
        ],
        references: &[
            "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
        ],
    }
}
