//! What a certificate (RFC 5280) says: the dict of `getpeercert`, and the facts that verification asks for.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::der::{self, Reader, Time, Value};
use crate::oids;

/// Names of the kinds of extension that are read, and of the two kinds of access to an authority.
const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
const AUTHORITY_INFORMATION_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
const COMMON_NAME: &str = "2.5.4.3";

/// The parts of a certificate.
pub struct Certificate<'a> {
    version: u8,
    serial: &'a [u8],
    issuer: Value<'a>,
    subject: Value<'a>,
    pub not_before: Time,
    pub not_after: Time,
    extensions: Vec<(String, &'a [u8])>,
}

/// One name that a certificate is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Name {
    Dns(String),
    Address(Vec<u8>),
    Email(String),
    Uri(String),
    Registered(String),
    /// A distinguished name, in DER.
    Directory(Vec<u8>),
    Other,
}

impl<'a> Certificate<'a> {
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let mut body = Reader::new(der).expect(der::SEQUENCE)?.parts().expect(der::SEQUENCE)?.parts();
        let version = match body.optional(0xa0) {
            Some(version) => version.parts().expect(der::INTEGER)?.contents.last()? + 1,
            None => 1,
        };
        let serial = body.expect(der::INTEGER)?.contents;
        body.expect(der::SEQUENCE)?;
        let issuer = body.expect(der::SEQUENCE)?;
        let mut validity = body.expect(der::SEQUENCE)?.parts();
        let (not_before, not_after) = (validity.next()?.time()?, validity.next()?.time()?);
        let subject = body.expect(der::SEQUENCE)?;
        body.expect(der::SEQUENCE)?;
        let mut extensions = Vec::new();
        if let Some(list) = body.find(|it| it.tag == 0xa3) {
            for extension in list.parts().expect(der::SEQUENCE)?.parts() {
                let mut parts = extension.parts();
                let kind = parts.next()?.dotted()?;
                parts.optional(der::BOOLEAN);
                extensions.push((kind, parts.expect(der::OCTET_STRING)?.contents));
            }
        }
        Some(Self { version, serial, issuer, subject, not_before, not_after, extensions })
    }

    fn extension(&self, kind: &str) -> Option<Reader<'a>> {
        let (_, contents) = self.extensions.iter().find(|(it, _)| it == kind)?;
        Some(Reader::new(contents).expect(der::SEQUENCE)?.parts())
    }

    pub fn is_self_issued(&self) -> bool {
        self.issuer.whole == self.subject.whole
    }

    /// True if it may sign others; before version 3 nothing says so, and a self-signed one counts.
    pub fn is_authority(&self) -> bool {
        match self.extension(BASIC_CONSTRAINTS) {
            Some(mut parts) => parts.optional(der::BOOLEAN).is_some_and(|it| it.contents != [0]),
            None => self.version < 3 && self.is_self_issued(),
        }
    }

    /// The names that it is for.
    pub fn names(&self) -> Vec<Name> {
        self.extension(SUBJECT_ALTERNATIVE_NAME).map(|it| it.map(general_name).collect()).unwrap_or_default()
    }

    /// The last common name of its subject.
    pub fn common_name(&self) -> Option<String> {
        attributes(self.subject).into_iter().flatten().rfind(|(kind, _)| kind == COMMON_NAME).map(|(_, text)| text)
    }

    /// URIs by which the issuer is reached in one way.
    fn access(&self, method: &str) -> Vec<String> {
        let Some(list) = self.extension(AUTHORITY_INFORMATION_ACCESS) else { return Vec::new() };
        let uris = list.filter_map(|it| {
            let mut parts = it.parts();
            (parts.next()?.dotted()? == method).then(|| parts.next()).flatten()
        });
        uris.filter(|it| it.tag == 0x86).map(Value::text).collect()
    }

    fn distribution_points(&self) -> Vec<String> {
        let Some(list) = self.extension(CRL_DISTRIBUTION_POINTS) else { return Vec::new() };
        // DistributionPoint, its name, the full name, and the general names in that.
        let full_names = list.filter_map(|it| it.parts().optional(0xa0)?.parts().optional(0xa0));
        full_names.flat_map(Value::parts).filter(|it| it.tag == 0x86).map(Value::text).collect()
    }

    /// The serial number in hexadecimal digits, two for each byte.
    fn serial_text(&self) -> String {
        let digits = self.serial.iter().skip_while(|it| **it == 0).map(|it| format!("{it:02X}")).collect::<String>();
        if digits.is_empty() { "00".to_owned() } else { digits }
    }

    /// The dict that `getpeercert` gives.
    pub fn to_dict(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let dict = Dict::new(thread);
        put(&dict, "subject", distinguished_name(self.subject, thread)?.into_object(), thread)?;
        put(&dict, "issuer", distinguished_name(self.issuer, thread)?.into_object(), thread)?;
        let version = protocol::make_int(i128::from(self.version), thread);
        put(&dict, "version", version, thread)?;
        for (key, value) in [
            ("serialNumber", self.serial_text()),
            ("notBefore", self.not_before.text()),
            ("notAfter", self.not_after.text()),
        ] {
            put(&dict, key, Str::from_str(&value, thread).into_object(), thread)?;
        }
        let names = self.names();
        if !names.is_empty() {
            let names: PyResult<Vec<_>> = names.iter().map(|it| name_pair(it, thread)).collect();
            let names = Tuple::new(names?, thread)?;
            put(&dict, "subjectAltName", names.into_object(), thread)?;
        }
        for (key, texts) in [
            ("OCSP", self.access(OCSP)),
            ("caIssuers", self.access(CA_ISSUERS)),
            ("crlDistributionPoints", self.distribution_points()),
        ] {
            if !texts.is_empty() {
                let texts = texts.iter().map(|it| Str::from_str(it, thread).into_object()).collect();
                let texts = Tuple::new(texts, thread)?;
                put(&dict, key, texts.into_object(), thread)?;
            }
        }
        Ok(dict)
    }
}

fn put(dict: &Dict, key: &str, value: Py<Object>, thread: &mut Thread) -> PyResult<()> {
    let key = thread.intern_text(key);
    dict.set_str(&key, &value, thread)
}

fn general_name(value: Value<'_>) -> Name {
    match value.tag {
        0x81 => Name::Email(value.text()),
        0x82 => Name::Dns(value.text()),
        0xa4 => Name::Directory(value.contents.to_vec()),
        0x86 => Name::Uri(value.text()),
        0x87 => Name::Address(value.contents.to_vec()),
        0x88 => Name::Registered(Value { tag: der::OID, ..value }.dotted().unwrap_or_default()),
        _ => Name::Other,
    }
}

/// The attributes of a distinguished name, by its relative names.
fn attributes(name: Value<'_>) -> Vec<Vec<(String, String)>> {
    let attribute = |value: Value<'_>| {
        let mut parts = value.parts();
        Some((parts.next()?.dotted()?, parts.next()?.text()))
    };
    name.parts().map(|relative| relative.parts().filter_map(attribute).collect()).collect()
}

fn pair(first: &str, second: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let pair = vec![Str::from_str(first, thread).into_object(), Str::from_str(second, thread).into_object()];
    Ok(Tuple::new(pair, thread)?.into_object())
}

fn distinguished_name(name: Value<'_>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let mut relatives = Vec::new();
    for relative in attributes(name) {
        let mut pairs = Vec::new();
        for (kind, text) in relative {
            let kind = oids::by_oid(&kind).map_or(kind.as_str(), |it| it.long);
            pairs.push(pair(kind, &text, thread)?);
        }
        relatives.push(Tuple::new(pairs, thread)?.into_object());
    }
    Tuple::new(relatives, thread)
}

/// An address of four or sixteen bytes, as OpenSSL writes it: groups of the longer ones are not shortened.
fn address_text(bytes: &[u8]) -> String {
    match bytes.len() {
        4 => bytes.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        16 => {
            let groups = bytes.as_chunks().0.iter().map(|it| format!("{:X}", u16::from_be_bytes(*it)));
            groups.collect::<Vec<_>>().join(":")
        }
        _ => "<invalid>".to_owned(),
    }
}

fn name_pair(name: &Name, thread: &mut Thread) -> PyResult<Py<Object>> {
    match name {
        Name::Dns(text) => pair("DNS", text, thread),
        Name::Email(text) => pair("email", text, thread),
        Name::Uri(text) => pair("URI", text, thread),
        Name::Address(bytes) => pair("IP Address", &address_text(bytes), thread),
        Name::Registered(oid) => pair("Registered ID", oids::by_oid(oid).map_or(oid, |it| it.long), thread),
        Name::Other => pair("othername", "<unsupported>", thread),
        Name::Directory(bytes) => {
            let name = Reader::new(bytes).next();
            let name = match name {
                Some(name) => distinguished_name(name, thread)?,
                None => Tuple::empty(thread),
            };
            let items = vec![Str::from_str("DirName", thread).into_object(), name.into_object()];
            Ok(Tuple::new(items, thread)?.into_object())
        }
    }
}
