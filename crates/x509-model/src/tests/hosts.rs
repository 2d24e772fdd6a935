use super::{ca, leaf, only_certificate};

#[test]
fn hosts_of_a_certificate() {
    let (pem, _) = leaf(&["example.com", "*.example.org", "10.0.0.1", "2001:db8::1"], &ca("ca"));
    let certificate = only_certificate(&pem);
    assert_eq!(certificate.san.len(), 4);
    let table = [
        ("example.com", true),
        ("Example.Com.", true),
        ("www.example.com", false),
        ("a.example.org", true),
        ("a.b.example.org", false),
        ("example.org", false),
        ("*.example.org", true),
        ("*.example.com", false),
        ("10.0.0.1", true),
        ("10.0.0.2", false),
        ("2001:db8::1", true),
        ("[2001:DB8:0::1]", true),
        ("[2001:db8::2]", false),
        ("", false),
        (".", false),
        ("..", false),
    ];
    for (host, expected) in table {
        assert_eq!(certificate.covers_host(host), expected, "{host}");
    }
}

#[test]
fn the_common_name_is_no_host() {
    let (pem, _) = leaf(&[], &ca("ca"));
    let certificate = only_certificate(&pem);
    assert_eq!(certificate.common_names, ["leaf"]);
    assert!(!certificate.covers_host("leaf") && !certificate.has_san);
}

#[test]
fn an_address_written_as_dns_name_covers_no_address() {
    let mut params = super::params("leaf", &[]);
    params.subject_alt_names = vec![rcgen::SanType::DnsName("10.0.0.1".try_into().unwrap())];
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = only_certificate(&params.self_signed(&key).unwrap().pem());
    assert!(!certificate.covers_host("10.0.0.1"));
}
