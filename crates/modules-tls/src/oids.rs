//! Object identifiers that certificates hold, with the numbers and names that OpenSSL gives them.

/// One object identifier.
pub struct Known {
    pub number: i32,
    pub short: &'static str,
    pub long: &'static str,
    pub oid: &'static str,
}

const fn known(number: i32, short: &'static str, long: &'static str, oid: &'static str) -> Known {
    Known { number, short, long, oid }
}

/// By OpenSSL's numbers.
pub const KNOWN: &[Known] = &[
    known(4, "MD5", "md5", "1.2.840.113549.2.5"),
    known(6, "rsaEncryption", "rsaEncryption", "1.2.840.113549.1.1.1"),
    known(13, "CN", "commonName", "2.5.4.3"),
    known(14, "C", "countryName", "2.5.4.6"),
    known(15, "L", "localityName", "2.5.4.7"),
    known(16, "ST", "stateOrProvinceName", "2.5.4.8"),
    known(17, "O", "organizationName", "2.5.4.10"),
    known(18, "OU", "organizationalUnitName", "2.5.4.11"),
    known(48, "emailAddress", "emailAddress", "1.2.840.113549.1.9.1"),
    known(49, "unstructuredName", "unstructuredName", "1.2.840.113549.1.9.2"),
    known(55, "unstructuredAddress", "unstructuredAddress", "1.2.840.113549.1.9.8"),
    known(64, "SHA1", "sha1", "1.3.14.3.2.26"),
    known(65, "RSA-SHA1", "sha1WithRSAEncryption", "1.2.840.113549.1.1.5"),
    known(82, "subjectKeyIdentifier", "X509v3 Subject Key Identifier", "2.5.29.14"),
    known(83, "keyUsage", "X509v3 Key Usage", "2.5.29.15"),
    known(85, "subjectAltName", "X509v3 Subject Alternative Name", "2.5.29.17"),
    known(86, "issuerAltName", "X509v3 Issuer Alternative Name", "2.5.29.18"),
    known(87, "basicConstraints", "X509v3 Basic Constraints", "2.5.29.19"),
    known(88, "crlNumber", "X509v3 CRL Number", "2.5.29.20"),
    known(89, "certificatePolicies", "X509v3 Certificate Policies", "2.5.29.32"),
    known(90, "authorityKeyIdentifier", "X509v3 Authority Key Identifier", "2.5.29.35"),
    known(99, "GN", "givenName", "2.5.4.42"),
    known(100, "SN", "surname", "2.5.4.4"),
    known(101, "initials", "initials", "2.5.4.43"),
    known(103, "crlDistributionPoints", "X509v3 CRL Distribution Points", "2.5.29.31"),
    known(105, "serialNumber", "serialNumber", "2.5.4.5"),
    known(106, "title", "title", "2.5.4.12"),
    known(107, "description", "description", "2.5.4.13"),
    known(126, "extendedKeyUsage", "X509v3 Extended Key Usage", "2.5.29.37"),
    known(129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    known(130, "clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
    known(131, "codeSigning", "Code Signing", "1.3.6.1.5.5.7.3.3"),
    known(132, "emailProtection", "E-mail Protection", "1.3.6.1.5.5.7.3.4"),
    known(133, "timeStamping", "Time Stamping", "1.3.6.1.5.5.7.3.8"),
    known(140, "deltaCRL", "X509v3 Delta CRL Indicator", "2.5.29.27"),
    known(173, "name", "name", "2.5.4.41"),
    known(174, "dnQualifier", "dnQualifier", "2.5.4.46"),
    known(177, "authorityInfoAccess", "Authority Information Access", "1.3.6.1.5.5.7.1.1"),
    known(178, "OCSP", "OCSP", "1.3.6.1.5.5.7.48.1"),
    known(179, "caIssuers", "CA Issuers", "1.3.6.1.5.5.7.48.2"),
    known(180, "OCSPSigning", "OCSP Signing", "1.3.6.1.5.5.7.3.9"),
    known(294, "ipsecEndSystem", "IPSec End System", "1.3.6.1.5.5.7.3.5"),
    known(295, "ipsecTunnel", "IPSec Tunnel", "1.3.6.1.5.5.7.3.6"),
    known(296, "ipsecUser", "IPSec User", "1.3.6.1.5.5.7.3.7"),
    known(391, "DC", "domainComponent", "0.9.2342.19200300.100.1.25"),
    known(398, "subjectInfoAccess", "Subject Information Access", "1.3.6.1.5.5.7.1.11"),
    known(400, "role", "role", "2.5.4.72"),
    known(401, "policyConstraints", "X509v3 Policy Constraints", "2.5.29.36"),
    known(408, "id-ecPublicKey", "id-ecPublicKey", "1.2.840.10045.2.1"),
    known(415, "prime256v1", "prime256v1", "1.2.840.10045.3.1.7"),
    known(458, "UID", "userId", "0.9.2342.19200300.100.1.1"),
    known(503, "x500UniqueIdentifier", "x500UniqueIdentifier", "2.5.4.45"),
    known(509, "generationQualifier", "generationQualifier", "2.5.4.44"),
    known(510, "pseudonym", "pseudonym", "2.5.4.65"),
    known(660, "street", "streetAddress", "2.5.4.9"),
    known(661, "postalCode", "postalCode", "2.5.4.17"),
    known(666, "nameConstraints", "X509v3 Name Constraints", "2.5.29.30"),
    known(668, "RSA-SHA256", "sha256WithRSAEncryption", "1.2.840.113549.1.1.11"),
    known(669, "RSA-SHA384", "sha384WithRSAEncryption", "1.2.840.113549.1.1.12"),
    known(670, "RSA-SHA512", "sha512WithRSAEncryption", "1.2.840.113549.1.1.13"),
    known(672, "SHA256", "sha256", "2.16.840.1.101.3.4.2.1"),
    known(673, "SHA384", "sha384", "2.16.840.1.101.3.4.2.2"),
    known(674, "SHA512", "sha512", "2.16.840.1.101.3.4.2.3"),
    known(675, "SHA224", "sha224", "2.16.840.1.101.3.4.2.4"),
    known(715, "secp384r1", "secp384r1", "1.3.132.0.34"),
    known(716, "secp521r1", "secp521r1", "1.3.132.0.35"),
    known(748, "inhibitAnyPolicy", "X509v3 Inhibit Any Policy", "2.5.29.54"),
    known(794, "ecdsa-with-SHA256", "ecdsa-with-SHA256", "1.2.840.10045.4.3.2"),
    known(795, "ecdsa-with-SHA384", "ecdsa-with-SHA384", "1.2.840.10045.4.3.3"),
    known(796, "ecdsa-with-SHA512", "ecdsa-with-SHA512", "1.2.840.10045.4.3.4"),
    known(860, "businessCategory", "businessCategory", "2.5.4.15"),
    known(910, "anyExtendedKeyUsage", "Any Extended Key Usage", "2.5.29.37.0"),
    known(912, "RSASSA-PSS", "rsassaPss", "1.2.840.113549.1.1.10"),
    known(951, "ct_precert_scts", "CT Precertificate SCTs", "1.3.6.1.4.1.11129.2.4.2"),
    known(955, "jurisdictionL", "jurisdictionLocalityName", "1.3.6.1.4.1.311.60.2.1.1"),
    known(956, "jurisdictionST", "jurisdictionStateOrProvinceName", "1.3.6.1.4.1.311.60.2.1.2"),
    known(957, "jurisdictionC", "jurisdictionCountryName", "1.3.6.1.4.1.311.60.2.1.3"),
    known(1020, "tlsfeature", "TLS Feature", "1.3.6.1.5.5.7.1.24"),
    known(1034, "X25519", "X25519", "1.3.101.110"),
    known(1035, "X448", "X448", "1.3.101.111"),
    known(1087, "ED25519", "ED25519", "1.3.101.112"),
    known(1088, "ED448", "ED448", "1.3.101.113"),
    known(1089, "organizationIdentifier", "organizationIdentifier", "2.5.4.97"),
];

pub fn by_oid(oid: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|it| it.oid == oid)
}

pub fn by_number(number: i32) -> Option<&'static Known> {
    KNOWN.iter().find(|it| it.number == number)
}

pub fn by_name(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|it| it.short == name || it.long == name)
}
