use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::{Holder, ImageSite};

rule! {
    /// Anybody may open an account on Docker Hub under a name that nearly is that of a well-known
    /// publisher, and wait for slips of the keyboard. Such images have carried miners of
    /// cryptocurrency. Judged are publishers on Docker Hub whose name is one letter, or two
    /// letters in the wrong order, away from a well-known one.
    ///
    /// ```dockerfile bad
    /// FROM bitanmi/redis:8.2
    /// #    ^^^^^^^ base image `bitanmi/redis:8.2` is from `bitanmi`, which is nearly `bitnami`
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM bitnami/redis:8.2 AS one
    /// FROM registry.example.com/bitanmi/redis:8.2 AS two
    /// FROM acme/redis:8.2
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-typosquat",
        summary: "image is from a publisher whose name is nearly that of a well-known one",
        remedy: "Check the spelling.",
        severity: High,
        check: Check::ImageUse(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[1357],
        controls: &[control::IMAGE_BASE, control::IMAGE_IN_REGISTRY],
        references: &["https://docs.docker.com/docker-hub/image-library/trusted-content/"],
    }
}

/// Publishers on Docker Hub whose images are pulled most. Short names are left out: too many
/// others are near them.
const KNOWN: &[&str] = &[
    "airbyte",
    "aquasec",
    "atlassian",
    "bitnami",
    "bitnamilegacy",
    "clickhouse",
    "cloudflare",
    "confluentinc",
    "curlimages",
    "envoyproxy",
    "fluent",
    "gitlab",
    "grafana",
    "hashicorp",
    "influxdata",
    "jaegertracing",
    "jenkins",
    "linuxserver",
    "localstack",
    "mattermost",
    "metabase",
    "nginxinc",
    "opensearchproject",
    "openpolicyagent",
    "portainer",
    "rancher",
    "selenium",
    "sonatype",
    "timescale",
    "traefik",
    "velero",
];

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    if reference.registry() != "docker.io" || matches!(image.holder, Holder::Syntax) {
        return;
    }
    let repository = reference.repository();
    let Some((publisher, _)) = repository.split_once('/') else { return };
    if KNOWN.contains(&publisher) {
        return;
    }
    let Some(known) = KNOWN.iter().find(|known| is_slip(publisher.as_bytes(), known.as_bytes()))
    else {
        return;
    };
    let start = reference.repository_span().start;
    let span = image.span_of(careen_text::Span::of(0..publisher.len()).shifted(start));
    let name = image.display();
    let message = format!("{name} is from `{publisher}`, which is nearly `{known}`");
    image.report(out, span, message);
}

/// Whether one is the other with a letter too many, too few or another one, or with two neighbours
/// swapped. A digit at the end tells two accounts of one owner.
fn is_slip(written: &[u8], known: &[u8]) -> bool {
    let same = |(a, b): &(&u8, &u8)| a == b;
    let front = written.iter().zip(known).take_while(same).count();
    let back = written.iter().rev().zip(known.iter().rev()).take_while(same).count();
    let (long, short) = (written.len().max(known.len()), written.len().min(known.len()));
    if long - short == 1 {
        return front + back >= short && !written.last().is_some_and(u8::is_ascii_digit);
    }
    if long != short || front == long {
        return false;
    }
    let rest = long.saturating_sub(front + back);
    let swapped = rest == 2
        && written.get(front) == known.get(front + 1)
        && written.get(front + 1) == known.get(front);
    rest == 1 || swapped
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, is_slip};

    #[test]
    fn slips() {
        let slip = |a: &str| is_slip(a.as_bytes(), b"grafana");
        for written in ["grafan", "grafanna", "grafama", "grafnaa", "rgafana"] {
            assert!(slip(written), "{written}");
        }
        for written in ["grafana", "grafana2", "gra", "grfn", "anafarg", "graphana", ""] {
            assert!(!slip(written), "{written}");
        }
    }

    #[test]
    fn the_known_are_no_slips_of_each_other() {
        for one in KNOWN {
            for other in KNOWN {
                assert!(!is_slip(one.as_bytes(), other.as_bytes()), "{one} {other}");
            }
        }
    }
}
