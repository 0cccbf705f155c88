//! `_sha3`: SHA-3 and SHAKE, whose types are called themselves.

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::PyResult;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::exclusive::Exclusive;

use crate::digest::{Algorithm, Digester, hex};
use crate::object::{self, Message};
use crate::set_lock_limit;

pub const TYPES: &[&TypeDeclaration] = &[
    Sha3_224::DECLARATION,
    Sha3_256::DECLARATION,
    Sha3_384::DECLARATION,
    Sha3_512::DECLARATION,
    Shake128::DECLARATION,
    Shake256::DECLARATION,
];

/// Output sizes from here on are refused.
const SIZE_LIMIT: u64 = 1 << 29;

/// The argument of a SHAKE digest: how many bytes it is to have.
fn digest_size(length: &Object, thread: &mut Thread) -> PyResult<usize> {
    let number = protocol::index(length, thread)?;
    if number.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match number.to_i128().and_then(|it| u64::try_from(it).ok()) {
        None => Err(raise!(thread, OverflowError, "Python int too large for C unsigned long")),
        Some(size) if size >= SIZE_LIMIT => Err(raise!(thread, ValueError, "length is too large")),
        Some(size) => {
            // As bytes once in the sponge and once in the object, or as digits, of which there are two for each.
            thread.check_room(5 * size as usize)?;
            Ok(size as usize)
        }
    }
}

fn squeeze(state: &Exclusive<Digester>, size: usize, thread: &mut Thread) -> Vec<u8> {
    state.compute(size, thread, |it| it.digest_of_size(size))
}

/// A type: its struct, Python name, documentation, and the two methods that differ.
macro_rules! keccak_hash {
    ($typ:ident, $name:tt, { $($documentation:tt)* }, { $($methods:tt)* }) => {
        #[derive(Instance)]
        #[repr(C)]
        pub struct $typ {
            header: Header,
            state: Exclusive<Digester>,
        }

        $($documentation)*
        #[python_type(name = $name, base = BaseObject, flags(HEAPTYPE))]
        impl $typ {
            #[new(name = "sha3_224")]
            #[signature("(data=b'', *, usedforsecurity=True, string=None)")]
            fn new_hash(
                class: &Type,
                data: Option<Message<'_>>,
                _usedforsecurity: bool,
                string: Option<Message<'_>>,
                thread: &mut Thread,
            ) -> PyResult<Py<$typ>> {
                let message = object::initial(data, string, thread)?;
                let state = object::started(Algorithm::$typ.start(), message, thread)?;
                Py::new_in(class, $typ { header: Header::new($typ::class()), state }, thread)
            }

            /// copy($self, /)
            /// --
            ///
            /// Return a copy of the hash object.
            #[method]
            fn copy(&self, thread: &mut Thread) -> Py<$typ> {
                let state = object::copy(&self.state, thread);
                Py::new($typ { header: Header::new($typ::class()), state }, thread)
            }

            $($methods)*

            /// update($self, data, /)
            /// --
            ///
            /// Update this hash object's state with the provided bytes-like object.
            #[method]
            fn update(&self, data: Message<'_>, thread: &mut Thread) -> PyResult<()> {
                object::update(&self.state, &data, thread)
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

            #[getter]
            fn _capacity_bits(&self) -> usize {
                1600 - 8 * Algorithm::$typ.block_size()
            }

            #[getter]
            fn _rate_bits(&self) -> usize {
                8 * Algorithm::$typ.block_size()
            }

            #[getter]
            fn _suffix(&self, thread: &mut Thread) -> Py<Bytes> {
                Bytes::from_slice(&[Algorithm::$typ.suffix()], thread)
            }
        }
    };
}

macro_rules! sha3 {
    ($typ:ident, $name:tt, $($documentation:tt)*) => {
        keccak_hash!($typ, $name, { $($documentation)* }, {
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
        });
    };
}

macro_rules! shake {
    ($typ:ident, $name:tt, $($documentation:tt)*) => {
        keccak_hash!($typ, $name, { $($documentation)* }, {
            /// digest($self, /, length)
            /// --
            ///
            /// Return the digest value as a bytes object.
            #[method]
            fn digest(&self, length: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
                let size = digest_size(length, thread)?;
                let digest = squeeze(&self.state, size, thread);
                Bytes::try_from_slice(&digest, thread)
            }

            /// hexdigest($self, /, length)
            /// --
            ///
            /// Return the digest value as a string of hexadecimal digits.
            #[method]
            fn hexdigest(&self, length: &Object, thread: &mut Thread) -> PyResult<String> {
                let size = digest_size(length, thread)?;
                Ok(hex(&squeeze(&self.state, size, thread)))
            }
        });
    };
}

sha3! { Sha3_224, "_sha3.sha3_224",
    /// sha3_224([data], *, usedforsecurity=True) -> SHA3 object
    ///
    /// Return a new SHA3 hash object with a hashbit length of 28 bytes.
}
sha3! { Sha3_256, "_sha3.sha3_256",
    /// sha3_256([data], *, usedforsecurity=True) -> SHA3 object
    ///
    /// Return a new SHA3 hash object with a hashbit length of 32 bytes.
}
sha3! { Sha3_384, "_sha3.sha3_384",
    /// sha3_384([data], *, usedforsecurity=True) -> SHA3 object
    ///
    /// Return a new SHA3 hash object with a hashbit length of 48 bytes.
}
sha3! { Sha3_512, "_sha3.sha3_512",
    /// sha3_512([data], *, usedforsecurity=True) -> SHA3 object
    ///
    /// Return a new SHA3 hash object with a hashbit length of 64 bytes.
}
shake! { Shake128, "_sha3.shake_128",
    /// shake_128([data], *, usedforsecurity=True) -> SHAKE object
    ///
    /// Return a new SHAKE hash object.
}
shake! { Shake256, "_sha3.shake_256",
    /// shake_256([data], *, usedforsecurity=True) -> SHAKE object
    ///
    /// Return a new SHAKE hash object.
}

pub struct Sha3Module;

#[python_module(name = "_sha3")]
impl Sha3Module {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types: [(&str, &Type); 6] = [
            ("sha3_224", Sha3_224::class()),
            ("sha3_256", Sha3_256::class()),
            ("sha3_384", Sha3_384::class()),
            ("sha3_512", Sha3_512::class()),
            ("shake_128", Shake128::class()),
            ("shake_256", Shake256::class()),
        ];
        for (name, class) in types {
            module.set(name, class, thread)?;
        }
        let implementation = Str::from_str("RustCrypto", thread);
        module.set("implementation", &implementation, thread)?;
        set_lock_limit(module, thread)
    }
}
