//! `_blake2`: BLAKE2b and BLAKE2s with all parameters of RFC 7693 and of tree hashing.

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::exclusive::Exclusive;

use crate::digest::{Algorithm, Digester};
use crate::object::{self, Message};
use crate::set_lock_limit;

pub const TYPES: &[&TypeDeclaration] = &[Blake2b::DECLARATION, Blake2s::DECLARATION];

/// What an algorithm allows.
struct Limits {
    title: &'static str,
    digest: usize,
    key: usize,
    /// Of the salt and of the personalization.
    salt: usize,
    node_offset_bits: u32,
}

const BLAKE2B: Limits = Limits { title: "Blake2b", digest: 64, key: 64, salt: 16, node_offset_bits: 64 };
const BLAKE2S: Limits = Limits { title: "Blake2s", digest: 32, key: 32, salt: 8, node_offset_bits: 48 };

/// The arguments of the constructors as they came.
struct Arguments<'a> {
    digest_size: i32,
    key: Option<Message<'a>>,
    salt: Option<Message<'a>>,
    person: Option<Message<'a>>,
    fanout: i32,
    depth: i32,
    leaf_size: Option<&'a Object>,
    node_offset: Option<&'a Object>,
    node_depth: i32,
    inner_size: i32,
    last_node: bool,
}

/// The arguments, checked.
struct Settings {
    digest_size: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

/// An integer argument that C takes as an unsigned one.
fn unsigned(value: Option<&Object>, c_type: &str, thread: &mut Thread) -> PyResult<u64> {
    let Some(value) = value else { return Ok(0) };
    let number = protocol::index(value, thread)?;
    if number.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match number.to_i128().and_then(|it| u64::try_from(it).ok()) {
        Some(number) => Ok(number),
        None => Err(raise!(thread, OverflowError, "Python int too large for C {c_type}")),
    }
}

fn limited(value: Option<Message<'_>>, what: &str, limit: usize, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let bytes = value.0.as_slice(thread).try_to_vec().or_memory_error(thread)?;
    if bytes.len() > limit {
        return Err(raise!(thread, ValueError, "maximum {what} length is {limit} bytes"));
    }
    Ok(bytes)
}

fn byte(value: i32, what: &str, least: u8, thread: &mut Thread) -> PyResult<u8> {
    match u8::try_from(value).ok().filter(|it| *it >= least) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, ValueError, "{what} must be between {least} and 255")),
    }
}

impl Arguments<'_> {
    fn check(self, limits: &Limits, thread: &mut Thread) -> PyResult<Settings> {
        let Some(digest_size) = usize::try_from(self.digest_size).ok().filter(|it| (1..=limits.digest).contains(it))
        else {
            let (title, most, given) = (limits.title, limits.digest, self.digest_size);
            return Err(raise!(
                thread,
                ValueError,
                "digest_size for {title} must be between 1 and {most} bytes, here it is {given}"
            ));
        };
        let salt = limited(self.salt, "salt", limits.salt, thread)?;
        let person = limited(self.person, "person", limits.salt, thread)?;
        let fanout = byte(self.fanout, "fanout", 0, thread)?;
        let depth = byte(self.depth, "depth", 1, thread)?;
        let Ok(leaf_size) = u32::try_from(unsigned(self.leaf_size, "unsigned long", thread)?) else {
            return Err(raise!(thread, OverflowError, "leaf_size is too large"));
        };
        let node_offset = unsigned(self.node_offset, "unsigned long long", thread)?;
        if limits.node_offset_bits < 64 && node_offset >> limits.node_offset_bits != 0 {
            return Err(raise!(thread, OverflowError, "node_offset is too large"));
        }
        let node_depth = byte(self.node_depth, "node_depth", 0, thread)?;
        let Some(inner_size) = usize::try_from(self.inner_size).ok().filter(|it| *it <= limits.digest) else {
            let most = limits.digest;
            return Err(raise!(thread, ValueError, "inner_size must be between 0 and is {most}"));
        };
        let key = limited(self.key, "key", limits.key, thread)?;
        let last_node = self.last_node;
        Ok(Settings {
            digest_size,
            key,
            salt,
            person,
            fanout,
            depth,
            leaf_size,
            node_offset,
            node_depth,
            inner_size,
            last_node,
        })
    }
}

/// A function that starts a message with the checked settings.
macro_rules! start_with {
    ($function:ident, $library:ident, $variant:ident) => {
        fn $function(settings: &Settings) -> Digester {
            let mut parameters = $library::Params::new();
            parameters
                .hash_length(settings.digest_size)
                .key(&settings.key)
                .salt(&settings.salt)
                .personal(&settings.person)
                .fanout(settings.fanout)
                .max_depth(settings.depth)
                .max_leaf_length(settings.leaf_size)
                .node_offset(settings.node_offset)
                .node_depth(settings.node_depth)
                .inner_hash_length(settings.inner_size)
                .last_node(settings.last_node);
            Digester::$variant(Box::new(parameters.to_state()))
        }
    };
}

start_with!(start_blake2b, blake2b_simd, Blake2b);
start_with!(start_blake2s, blake2s_simd, Blake2s);

macro_rules! blake2 {
    ($typ:ident, $name:tt, $limits:ident, $start:ident, $($documentation:tt)*) => {
        #[derive(Instance)]
        #[repr(C)]
        pub struct $typ {
            header: Header,
            digest_size: std::cell::Cell<usize>,
            state: Exclusive<Digester>,
        }

        $($documentation)*
        #[python_type(name = $name, base = BaseObject, flags(HEAPTYPE))]
        impl $typ {
            #[expect(clippy::too_many_arguments, reason = "they are Python's")]
            #[new]
            #[signature("(data=b'', *, digest_size=0, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)")]
            fn new_hash(
                class: &Type,
                data: Option<Message<'_>>,
                #[default($limits.digest as i32)] digest_size: i32,
                key: Option<Message<'_>>,
                salt: Option<Message<'_>>,
                person: Option<Message<'_>>,
                #[default(1)] fanout: i32,
                #[default(1)] depth: i32,
                leaf_size: Option<&Object>,
                node_offset: Option<&Object>,
                #[default(0)] node_depth: i32,
                #[default(0)] inner_size: i32,
                #[default(false)] last_node: bool,
                #[default(true)] _usedforsecurity: bool,
                string: Option<Message<'_>>,
                thread: &mut Thread,
            ) -> PyResult<Py<$typ>> {
                let message = object::initial(data, string, thread)?;
                let arguments = Arguments {
                    digest_size,
                    key,
                    salt,
                    person,
                    fanout,
                    depth,
                    leaf_size,
                    node_offset,
                    node_depth,
                    inner_size,
                    last_node,
                };
                let settings = arguments.check(&$limits, thread)?;
                let state = object::started($start(&settings), message, thread)?;
                let digest_size = std::cell::Cell::new(settings.digest_size);
                Py::new_in(class, $typ { header: Header::new($typ::class()), digest_size, state }, thread)
            }

            /// copy($self, /)
            /// --
            ///
            /// Return a copy of the hash object.
            #[method]
            fn copy(&self, thread: &mut Thread) -> Py<$typ> {
                let state = object::copy(&self.state, thread);
                let header = Header::new($typ::class());
                Py::new($typ { header, digest_size: self.digest_size.clone(), state }, thread)
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

            /// update($self, data, /)
            /// --
            ///
            /// Update this hash object's state with the provided bytes-like object.
            #[method]
            fn update(&self, data: Message<'_>, thread: &mut Thread) -> PyResult<()> {
                object::update(&self.state, &data, thread)
            }

            #[getter]
            fn name(&self) -> &'static str {
                Algorithm::$typ.name()
            }

            #[getter]
            fn block_size(&self) -> usize {
                Algorithm::$typ.block_size()
            }

            #[getter]
            fn digest_size(&self) -> usize {
                self.digest_size.get()
            }
        }
    };
}

blake2! { Blake2b, "_blake2.blake2b", BLAKE2B, start_blake2b,
    /// blake2b(data=b'', *, digest_size=_blake2.blake2b.MAX_DIGEST_SIZE,
    ///         key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
    ///         node_offset=0, node_depth=0, inner_size=0, last_node=False,
    ///         usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new BLAKE2b hash object.
}
blake2! { Blake2s, "_blake2.blake2s", BLAKE2S, start_blake2s,
    /// blake2s(data=b'', *, digest_size=_blake2.blake2s.MAX_DIGEST_SIZE,
    ///         key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
    ///         node_offset=0, node_depth=0, inner_size=0, last_node=False,
    ///         usedforsecurity=True, string=None)
    /// --
    ///
    /// Return a new BLAKE2s hash object.
}

/// The limits as the module and the type show them.
fn set_limits(module: &Module, class: &Type, prefix: &str, limits: &Limits, thread: &mut Thread) -> PyResult<()> {
    let rows = [
        ("SALT_SIZE", limits.salt),
        ("PERSON_SIZE", limits.salt),
        ("MAX_KEY_SIZE", limits.key),
        ("MAX_DIGEST_SIZE", limits.digest),
    ];
    for (name, value) in rows {
        let value = protocol::make_int(value as i128, thread);
        module.set(&format!("{prefix}_{name}"), &value, thread)?;
        let name = thread.intern_text(name);
        class.dict(thread).set_str(&name, &value, thread)?;
    }
    Ok(())
}

pub struct Blake2Module;

/// _blake2b provides BLAKE2b for hashlib
///
#[python_module(name = "_blake2")]
impl Blake2Module {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        set_lock_limit(module, thread)?;
        module.set("blake2b", Blake2b::class(), thread)?;
        set_limits(module, Blake2b::class(), "BLAKE2B", &BLAKE2B, thread)?;
        module.set("blake2s", Blake2s::class(), thread)?;
        set_limits(module, Blake2s::class(), "BLAKE2S", &BLAKE2S, thread)
    }
}
