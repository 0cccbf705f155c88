//! `_ssl.Certificate` and `_ssl.SSLSession`.

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::certificate::Certificate;
use crate::credentials::to_pem;
use crate::errors::raise_plain;

/// What `public_bytes` can give.
pub const ENCODING_PEM: i32 = 1;
pub const ENCODING_DER: i32 = 2;

/// A certificate in DER.
#[derive(Default)]
pub struct Der(pub Vec<u8>);

impl Traverse for Der {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// The dict of a certificate.
pub fn decode(der: &[u8], thread: &mut Thread) -> PyResult<Py<Dict>> {
    match Certificate::read(der) {
        Some(certificate) => certificate.to_dict(thread),
        None => Err(raise_plain("Error decoding certificate", thread)),
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct CertificateObject {
    header: Header,
    der: Guarded<Der>,
}

impl CertificateObject {
    pub fn make(der: &[u8], thread: &mut Thread) -> Py<CertificateObject> {
        let der = Guarded::new(Der(der.to_vec()));
        Py::new(CertificateObject { header: Header::new(CertificateObject::class()), der }, thread)
    }
}

#[python_type(name = "_ssl.Certificate", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl CertificateObject {
    /// public_bytes($self, /, format=Encoding.PEM)
    /// --
    ///
    ///
    #[method]
    fn public_bytes(&self, #[default(ENCODING_PEM)] format: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let der = self.der.get(thread).0.clone();
        match format {
            ENCODING_PEM => Ok(Str::from_str(&to_pem(&der), thread).into_object()),
            ENCODING_DER => Ok(Bytes::from_slice(&der, thread).into_object()),
            _ => Err(raise!(thread, ValueError, "Unsupported format")),
        }
    }

    /// get_info($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_info(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let der = self.der.get(thread).0.clone();
        decode(&der, thread)
    }
}

/// A session that could be resumed. Connections do not give theirs away, so there are no instances.
#[derive(Instance)]
#[repr(C)]
pub struct SslSession {
    header: Header,
}

#[python_type(name = "_ssl.SSLSession", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl SslSession {}
