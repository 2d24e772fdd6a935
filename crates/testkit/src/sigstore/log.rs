use serde_json::{Value, json};

use super::{TestKey, base64, described_log, hex, sha256};

const ORIGIN: &str = "log.test - 1";
/// Where the entry stands in all logs that were before this one.
const GLOBAL_INDEX: u64 = 1_000_001;

/// A transparency log (Rekor v1) of two entries: one that was there, and the one that is asked for.
pub(super) struct Log {
    key: TestKey,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { key: TestKey::new() }
    }

    pub(super) fn described(&self) -> Value {
        described_log(&self.key)
    }

    /// The entry of a bundle.
    pub(super) fn entry(&self, body: &Value, moment: i64, proven: bool) -> Value {
        let bytes = body.to_string().into_bytes();
        let mut entry = json!({
            "logIndex": GLOBAL_INDEX.to_string(),
            "logId": { "keyId": base64(&self.id()) },
            "kindVersion": { "kind": body["kind"], "version": body["apiVersion"] },
            "integratedTime": moment.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": base64(&self.promise(&bytes, moment)) },
            "canonicalizedBody": base64(&bytes),
        });
        if proven {
            entry["inclusionProof"] = self.proof(&bytes);
        }
        entry
    }

    /// The entry as cosign notes it in an annotation.
    pub(super) fn annotation(&self, body: &Value, moment: i64) -> Value {
        let bytes = body.to_string().into_bytes();
        json!({
            "SignedEntryTimestamp": base64(&self.promise(&bytes, moment)),
            "Payload": {
                "body": base64(&bytes),
                "integratedTime": moment,
                "logIndex": GLOBAL_INDEX,
                "logID": hex(&self.id()),
            },
        })
    }

    fn id(&self) -> Vec<u8> {
        sha256(&self.key.spki())
    }

    fn promise(&self, body: &[u8], moment: i64) -> Vec<u8> {
        // Keys of JSON are sorted here: that is the canonical form.
        let payload = format!(
            r#"{{"body":"{}","integratedTime":{moment},"logID":"{}","logIndex":{GLOBAL_INDEX}}}"#,
            base64(body),
            hex(&self.id()),
        );
        self.key.sign(payload.as_bytes())
    }

    fn proof(&self, body: &[u8]) -> Value {
        let other = leaf(b"an entry that was there");
        let root = sha256(&[&[1][..], &other, &leaf(body)].concat());
        let note = format!("{ORIGIN}\n2\n{}\n", base64(&root));
        let id = self.id();
        let signature = [&id[..4], &self.key.sign(note.as_bytes())].concat();
        json!({
            "logIndex": "1",
            "rootHash": base64(&root),
            "treeSize": "2",
            "hashes": [base64(&other)],
            "checkpoint": { "envelope": format!("{note}\n— log.test {}\n", base64(&signature)) },
        })
    }
}

fn leaf(entry: &[u8]) -> Vec<u8> {
    sha256(&[&[0][..], entry].concat())
}
