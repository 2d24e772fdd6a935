//! Nothing secret leaves, in any format.

use std::fs;

use crate::harness::{AT, root, run};

/// Everything in harbor that must not be shown, also in part.
const SECRETS: [&str; 6] = [
    "q8Zt-vPw2kLm",
    "u7Rk2pVx9QwLz4TnB6yD",
    "A1b2C3d4E5f6G7h8I9j0",
    "k3Vq9ZtR7wXp2LmN8sYd4HcJ",
    "winter-storage-42",
    "cThadC12UHcya0xt",
];

#[test]
fn no_format_shows_a_secret() {
    let root = root();
    let mut secrets: Vec<String> = SECRETS.iter().map(|&secret| secret.to_owned()).collect();
    let key = fs::read_to_string(root.join("fixtures/repos/harbor/tls/admin.key")).unwrap();
    secrets.extend(key.lines().filter(|line| !line.starts_with('-')).map(str::to_owned));
    let tls =
        fs::read_to_string(root.join("fixtures/repos/harbor/deploy/tls-secret.yaml")).unwrap();
    let key = tls.lines().find_map(|line| line.trim().strip_prefix("tls.key: ")).unwrap();
    secrets.push(key[..24].to_owned());
    for format in ["text", "json", "sarif"] {
        for extra in [&[][..], &["--select", "kubernetes,images,tls"], &["--show-suppressed"]] {
            let arguments =
                [&["check", "fixtures/repos/harbor", "--format", format, "--at", AT], extra]
                    .concat();
            let run = run(&root, &arguments);
            for secret in &secrets {
                assert!(!run.stdout.contains(secret.as_str()), "{format} {extra:?} shows {secret}");
                assert!(!run.stderr.contains(secret.as_str()), "{format}: stderr shows {secret}");
            }
        }
    }
}
