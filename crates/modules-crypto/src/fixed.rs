//! `_md5`, `_sha1` and `_sha2`: types that only the modules' functions make instances of.

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::PyResult;
use objects::module::Module;
use objects::object::BaseObject;
use objects::refs::{Header, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use system::exclusive::Exclusive;

use crate::digest::{Algorithm, Digester};
use crate::object::{self, Message};
use crate::set_lock_limit;

pub const TYPES: &[&TypeDeclaration] = &[
    Md5::DECLARATION,
    Sha1::DECLARATION,
    Sha224::DECLARATION,
    Sha256::DECLARATION,
    Sha384::DECLARATION,
    Sha512::DECLARATION,
];

/// A hash object's type. The name is one token, because the attribute wants a literal.
macro_rules! fixed_hash {
    ($typ:ident, $name:tt) => {
        #[derive(Instance)]
        #[repr(C)]
        pub struct $typ {
            header: Header,
            state: Exclusive<Digester>,
        }

        impl $typ {
            fn make(data: Option<Message<'_>>, string: Option<Message<'_>>, thread: &mut Thread) -> PyResult<Py<$typ>> {
                let message = object::initial(data, string, thread)?;
                let state = object::started(Algorithm::$typ.start(), message, thread)?;
                Ok(Py::new($typ { header: Header::new($typ::class()), state }, thread))
            }
        }

        #[python_type(name = $name, base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
        impl $typ {
            /// copy($self, /)
            /// --
            ///
            /// Return a copy of the hash object.
            #[defining_class]
            #[method]
            fn copy(&self, thread: &mut Thread) -> Py<$typ> {
                let state = object::copy(&self.state, thread);
                Py::new($typ { header: Header::new($typ::class()), state }, thread)
            }

            /// digest($self, /)
            /// --
            ///
            /// Return the digest value as a bytes object.
            #[method]
            fn digest(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
                object::digest(&self.state, thread)
            }

            /// hexdigest($self, /)
            /// --
            ///
            /// Return the digest value as a string of hexadecimal digits.
            #[method]
            fn hexdigest(&self, thread: &mut Thread) -> String {
                object::hex_digest(&self.state, thread)
            }

            /// update($self, obj, /)
            /// --
            ///
            /// Update this hash object's state with the provided string.
            #[method]
            fn update(&self, obj: Message<'_>, thread: &mut Thread) -> PyResult<()> {
                object::update(&self.state, &obj, thread)
            }

            #[getter]
            fn block_size(&self) -> usize {
                Algorithm::$typ.block_size()
            }

            #[getter]
            fn name(&self) -> &'static str {
                Algorithm::$typ.name()
            }

            #[getter]
            fn digest_size(&self) -> usize {
                Algorithm::$typ.digest_size()
            }
        }
    };
}

fixed_hash!(Md5, "_md5.md5");
fixed_hash!(Sha1, "_sha1.sha1");
fixed_hash!(Sha224, "_sha2.SHA224Type");
fixed_hash!(Sha256, "_sha2.SHA256Type");
fixed_hash!(Sha384, "_sha2.SHA384Type");
fixed_hash!(Sha512, "_sha2.SHA512Type");

pub struct Md5Module;

#[python_module(name = "_md5")]
impl Md5Module {
    /// md5($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new MD5 hash object; optionally initialized with a string.
    #[function]
    fn md5(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Md5>> {
        Md5::make(data, string, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("MD5Type", Md5::class(), thread)?;
        set_lock_limit(module, thread)
    }
}

pub struct Sha1Module;

#[python_module(name = "_sha1")]
impl Sha1Module {
    /// sha1($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new SHA1 hash object; optionally initialized with a string.
    #[function]
    fn sha1(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Sha1>> {
        Sha1::make(data, string, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("SHA1Type", Sha1::class(), thread)?;
        set_lock_limit(module, thread)
    }
}

pub struct Sha2Module;

#[python_module(name = "_sha2")]
impl Sha2Module {
    /// sha256($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new SHA-256 hash object; optionally initialized with a string.
    #[function]
    fn sha256(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Sha256>> {
        Sha256::make(data, string, thread)
    }

    /// sha224($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new SHA-224 hash object; optionally initialized with a string.
    #[function]
    fn sha224(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Sha224>> {
        Sha224::make(data, string, thread)
    }

    /// sha512($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new SHA-512 hash object; optionally initialized with a string.
    #[function]
    fn sha512(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Sha512>> {
        Sha512::make(data, string, thread)
    }

    /// sha384($module, /, data=b'', *, usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new SHA-384 hash object; optionally initialized with a string.
    #[function]
    fn sha384(
        data: Option<Message<'_>>,
        _usedforsecurity: bool,
        string: Option<Message<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Sha384>> {
        Sha384::make(data, string, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("SHA224Type", Sha224::class(), thread)?;
        module.set("SHA256Type", Sha256::class(), thread)?;
        module.set("SHA384Type", Sha384::class(), thread)?;
        module.set("SHA512Type", Sha512::class(), thread)?;
        set_lock_limit(module, thread)
    }
}
