//! `_hmac`: keyed hashes (RFC 2104) over the algorithms of this crate.

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::{PyResult, Raised, ValueError};
use objects::method::OrNone;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use system::exception::{Place, raise_message};
use system::exclusive::{Exclusive, LONG, stable};

use crate::digest::{Algorithm, Digester, hex};
use crate::object::{self, Absorb, Message};
use crate::set_lock_limit;

pub const TYPES: &[&TypeDeclaration] = &[Hmac::DECLARATION];

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    unknown_hash: Place,
}

fn unknown_hash_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.unknown_hash.class("_hmac", "UnknownHashError", &[ValueError], thread)
}

#[cold]
fn raise_unknown(digest: &Object, thread: &mut Thread) -> Raised {
    match protocol::repr(digest, thread) {
        Ok(text) => {
            let message = format!("unsupported hash type: {}", text.to_string_lossy());
            raise_message(unknown_hash_class(thread), &message, thread)
        }
        Err(raised) => raised,
    }
}

/// The algorithm that an argument names.
fn algorithm_of(digest: &Object, thread: &mut Thread) -> PyResult<Algorithm> {
    let name = digest.downcast::<Str>().and_then(Str::to_text);
    // BLAKE2 has names with the size of its words' vectors.
    let name = name.as_deref().map(|it| it.strip_suffix("_32").unwrap_or(it));
    match name.and_then(Algorithm::named).filter(|it| !it.has_chosen_size()) {
        Some(algorithm) => Ok(algorithm),
        None => Err(raise_unknown(digest, thread)),
    }
}

/// A message between the two hashes.
#[derive(Clone)]
struct Mac {
    inner: Digester,
    outer: Digester,
}

impl Mac {
    fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        let mut block = if key.len() > algorithm.block_size() {
            let mut digester = algorithm.start();
            digester.update(key);
            digester.digest()
        } else {
            key.to_vec()
        };
        block.resize(algorithm.block_size(), 0);
        let keyed = |pad: u8| {
            let mut digester = algorithm.start();
            digester.update(&block.iter().map(|it| it ^ pad).collect::<Vec<u8>>());
            digester
        };
        Mac { inner: keyed(0x36), outer: keyed(0x5C) }
    }

    fn digest(&self) -> Vec<u8> {
        let mut outer = self.outer.clone();
        outer.update(&self.inner.digest());
        outer.digest()
    }
}

impl Absorb for Mac {
    fn absorb(&mut self, data: &[u8]) {
        self.inner.update(data);
    }
}

/// All at once.
fn compute(algorithm: Algorithm, key: &Message<'_>, message: &Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    let (key, message) = (stable(&key.0, thread)?, stable(&message.0, thread)?);
    let run = || {
        let mut mac = Mac::new(algorithm, &key);
        mac.absorb(&message);
        mac.digest()
    };
    let digest = if message.len() < LONG { run() } else { thread.without_lock(run) };
    Bytes::try_from_slice(&digest, thread)
}

#[derive(Instance)]
#[repr(C)]
pub struct Hmac {
    header: Header,
    algorithm: AlgorithmField,
    state: Exclusive<Mac>,
}

/// The algorithm as a field of an object.
type AlgorithmField = std::cell::Cell<Algorithm>;

impl Hmac {
    fn make(algorithm: Algorithm, state: Exclusive<Mac>, thread: &mut Thread) -> Py<Hmac> {
        let algorithm = AlgorithmField::new(algorithm);
        Py::new(Hmac { header: Header::new(Hmac::class()), algorithm, state }, thread)
    }
}

#[python_type(name = "_hmac.HMAC", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl Hmac {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = format!("<{} HMAC object @ {:p}>", self.algorithm.get().name(), self.as_pointer());
        Ok(Str::from_str(&text, thread))
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a copy ("clone") of the HMAC object.
    #[defining_class]
    #[method]
    fn copy(&self, thread: &mut Thread) -> Py<Hmac> {
        let state = object::copy(&self.state, thread);
        Hmac::make(self.algorithm.get(), state, thread)
    }

    /// update($self, /, msg)
    /// --
    ///
    /// Update the HMAC object with the given message.
    #[method]
    fn update(&self, msg: Message<'_>, thread: &mut Thread) -> PyResult<()> {
        object::update(&self.state, &msg, thread)
    }

    /// digest($self, /)
    /// --
    ///
    /// Return the digest of the bytes passed to the update() method so far.
    ///
    /// This method may raise a MemoryError.
    #[method]
    fn digest(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let digest = self.state.with(thread, |it| it.digest());
        Bytes::try_from_slice(&digest, thread)
    }

    /// hexdigest($self, /)
    /// --
    ///
    /// Return hexadecimal digest of the bytes passed to the update() method so far.
    ///
    /// This may be used to exchange the value safely in email or other
    /// non-binary environments.
    ///
    /// This method may raise a MemoryError.
    #[method]
    fn hexdigest(&self, thread: &mut Thread) -> String {
        hex(&self.state.with(thread, |it| it.digest()))
    }

    #[getter]
    fn name(&self) -> String {
        format!("hmac-{}", self.algorithm.get().name())
    }

    #[getter]
    fn block_size(&self) -> usize {
        self.algorithm.get().block_size()
    }

    #[getter]
    fn digest_size(&self) -> usize {
        self.algorithm.get().digest_size()
    }
}

pub struct HmacModule;

#[python_module(name = "_hmac")]
impl HmacModule {
    /// new($module, /, key, msg=None, digestmod=None)
    /// --
    ///
    /// Return a new HMAC object.
    #[function]
    fn new(
        key: Message<'_>,
        msg: OrNone<Message<'_>>,
        digestmod: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Hmac>> {
        let Some(digestmod) = digestmod else {
            return Err(objects::raise!(thread, TypeError, "new() missing 1 required argument 'digestmod'"));
        };
        let algorithm = algorithm_of(digestmod, thread)?;
        let mac = Mac::new(algorithm, &stable(&key.0, thread)?);
        let state = object::started(mac, msg.0, thread)?;
        Ok(Hmac::make(algorithm, state, thread))
    }

    /// compute_digest($module, /, key, msg, digest)
    /// --
    ///
    ///
    #[function]
    fn compute_digest(key: Message<'_>, msg: Message<'_>, digest: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let algorithm = algorithm_of(digest, thread)?;
        compute(algorithm, &key, &msg, thread)
    }

    /// compute_md5($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_md5(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Md5, &key, &msg, thread)
    }

    /// compute_sha1($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha1(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha1, &key, &msg, thread)
    }

    /// compute_sha224($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha224(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha224, &key, &msg, thread)
    }

    /// compute_sha256($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha256(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha256, &key, &msg, thread)
    }

    /// compute_sha384($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha384(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha384, &key, &msg, thread)
    }

    /// compute_sha512($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha512(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha512, &key, &msg, thread)
    }

    /// compute_sha3_224($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha3_224(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha3_224, &key, &msg, thread)
    }

    /// compute_sha3_256($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha3_256(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha3_256, &key, &msg, thread)
    }

    /// compute_sha3_384($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha3_384(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha3_384, &key, &msg, thread)
    }

    /// compute_sha3_512($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_sha3_512(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Sha3_512, &key, &msg, thread)
    }

    /// compute_blake2s_32($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_blake2s_32(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Blake2s, &key, &msg, thread)
    }

    /// compute_blake2b_32($module, key, msg, /)
    /// --
    ///
    ///
    #[function]
    fn compute_blake2b_32(key: Message<'_>, msg: Message<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        compute(Algorithm::Blake2b, &key, &msg, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let class = unknown_hash_class(thread)?;
        module.set("UnknownHashError", &class, thread)?;
        module.set("HMAC", Hmac::class(), thread)?;
        set_lock_limit(module, thread)
    }
}
