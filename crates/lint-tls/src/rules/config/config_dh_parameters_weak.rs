use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::Content;

use crate::{BundleSite, Check};

rule! {
    /// With Diffie-Hellman parameters of 1024 bits and below a state can read the traffic, and
    /// because many servers share the same few groups, the work is done once for all of them
    /// (Logjam, 2015). Clients refuse less than 1024 bits, Java and OpenSSL at higher levels less
    /// than 2048.
    ///
    /// Better still is to do without: ECDHE needs no parameters.
    ///
    /// ```text bad file=dhparam.pem
    /// -----BEGIN DH PARAMETERS-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Diffie-Hellman parameters have 512 bits
    /// MEYCQQC09hpJzDUMFbNYJbSD+bGJiTZz8I3haZatdjGyh6fR+AbhiiKUcl4DjWtQ
    /// SgnXctvQC8gDtACdIKPie7eYKT4jAgEC
    /// -----END DH PARAMETERS-----
    /// ```
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-dh-parameters-weak",
        summary: "Diffie-Hellman parameters have less than 2048 bits",
        remedy: "Take suites with ECDHE only, or one of the groups of RFC 7919.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["testssl:DH_groups"],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_ENABLED],
        references: &["https://weakdh.org/", "https://www.rfc-editor.org/rfc/rfc7919"],
    }
}

const SMALLEST: u32 = 2048;

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for item in &site.bundle.material.items {
        let Content::DhParameters { bits } = item.content else { continue };
        if bits < SMALLEST {
            out.report(item.place, format!("Diffie-Hellman parameters have {bits} bits"));
        }
    }
}
