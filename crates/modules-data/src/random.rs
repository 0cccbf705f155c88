//! `_random`: the Mersenne Twister MT19937 of Matsumoto and Nishimura (2002), with their way of seeding by an array.

use std::io::Read as _;

use macros::{Instance, python_module, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Random::DECLARATION];

/// Words of state.
const LENGTH: usize = 624;
/// The distance of the word that each new one is mixed with.
const DISTANCE: usize = 397;

/// The generator.
struct Twister {
    words: Vec<u32>,
    /// The next word to give; `LENGTH` when new ones have to be made.
    index: usize,
}

impl Default for Twister {
    fn default() -> Self {
        Twister { words: vec![0; LENGTH], index: LENGTH }
    }
}

impl Traverse for Twister {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Twister {
    fn seed_by_number(&mut self, seed: u32) {
        self.words[0] = seed;
        for index in 1..LENGTH {
            let previous = self.words[index - 1];
            let mixed = 1_812_433_253u32.wrapping_mul(previous ^ previous >> 30);
            self.words[index] = mixed.wrapping_add(index as u32);
        }
        self.index = LENGTH;
    }

    fn seed_by_array(&mut self, key: &[u32]) {
        self.seed_by_number(19_650_218);
        let (mut i, mut j) = (1, 0);
        for _ in 0..LENGTH.max(key.len()) {
            let previous = self.words[i - 1];
            let mixed = (previous ^ previous >> 30).wrapping_mul(1_664_525);
            self.words[i] = (self.words[i] ^ mixed).wrapping_add(key[j]).wrapping_add(j as u32);
            (i, j) = self.wrap(i + 1, j + 1, key.len());
        }
        for _ in 0..LENGTH - 1 {
            let previous = self.words[i - 1];
            let mixed = (previous ^ previous >> 30).wrapping_mul(1_566_083_941);
            self.words[i] = (self.words[i] ^ mixed).wrapping_sub(i as u32);
            (i, _) = self.wrap(i + 1, 0, 1);
        }
        self.words[0] = 0x8000_0000;
    }

    fn wrap(&mut self, mut i: usize, mut j: usize, keys: usize) -> (usize, usize) {
        if i >= LENGTH {
            self.words[0] = self.words[LENGTH - 1];
            i = 1;
        }
        if j >= keys {
            j = 0;
        }
        (i, j)
    }

    fn next(&mut self) -> u32 {
        if self.index >= LENGTH {
            for index in 0..LENGTH {
                let joined = self.words[index] & 0x8000_0000 | self.words[(index + 1) % LENGTH] & 0x7FFF_FFFF;
                let twist = if joined & 1 == 1 { 0x9908_B0DF } else { 0 };
                self.words[index] = self.words[(index + DISTANCE) % LENGTH] ^ joined >> 1 ^ twist;
            }
            self.index = 0;
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        word ^ word >> 18
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Random {
    header: Header,
    twister: Guarded<Twister>,
}

impl Random {
    fn seed_from(&self, seed: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let seed = match seed.filter(|it| !it.is_none()) {
            None => return self.seed_from_system(thread),
            Some(seed) => match seed.downcast::<Int>() {
                Some(number) => number.absolute(thread)?,
                None => {
                    let hash = protocol::hash(seed, thread)?;
                    Int::from_u64(hash as u64, thread)
                }
            },
        };
        let key = words_of(seed.digits());
        self.twister.get_mut(thread).seed_by_array(&key);
        Ok(())
    }

    fn seed_from_system(&self, thread: &mut Thread) -> PyResult<()> {
        let mut bytes = [0u8; LENGTH * 4];
        let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
        if let Err(error) = read {
            return Err(raise!(thread, OSError, "no random numbers to be had from the system: {error}"));
        }
        let key: Vec<u32> = bytes
            .chunks_exact(4)
            .map(|it| it.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)))
            .collect();
        self.twister.get_mut(thread).seed_by_array(&key);
        Ok(())
    }
}

/// Digits of 30 bits as words of 32, the least first; at least one.
fn words_of(digits: &[u32]) -> Vec<u32> {
    let (mut words, mut buffer, mut bits) = (Vec::new(), 0u64, 0);
    for digit in digits {
        buffer |= u64::from(*digit) << bits;
        bits += 30;
        if bits >= 32 {
            words.push(buffer as u32);
            buffer >>= 32;
            bits -= 32;
        }
    }
    if buffer != 0 || words.is_empty() {
        words.push(buffer as u32);
    }
    while words.len() > 1 && words.last() == Some(&0) {
        words.pop();
    }
    words
}

/// Words of 32 bits, the least first, as digits of 30.
fn digits_of(words: &[u32]) -> Vec<u32> {
    let (mut digits, mut buffer, mut bits) = (Vec::new(), 0u64, 0);
    for word in words {
        buffer |= u64::from(*word) << bits;
        bits += 32;
        while bits >= 30 {
            digits.push(buffer as u32 & 0x3FFF_FFFF);
            buffer >>= 30;
            bits -= 30;
        }
    }
    digits.push(buffer as u32);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// Random() -> create a random number generator with its own internal state.
#[python_type(name = "_random.Random", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Random {
    #[slot(tp_new)]
    fn new_random(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Random>> {
        let random = Random { header: Header::new(Random::class()), twister: Guarded::new(Twister::default()) };
        Py::new_in(class, random, thread)
    }

    #[init]
    #[signature("(seed=None, /)")]
    fn init(&self, seed: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.seed_from(seed, thread)
    }

    /// random($self, /)
    /// --
    ///
    /// random() -> x in the interval [0, 1).
    #[method]
    fn random(&self, thread: &mut Thread) -> f64 {
        let twister = self.twister.get_mut(thread);
        let (high, low) = (twister.next() >> 5, twister.next() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// seed($self, n=None, /)
    /// --
    ///
    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[method]
    fn seed(&self, n: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.seed_from(n, thread)
    }

    /// getstate($self, /)
    /// --
    ///
    /// getstate() -> tuple containing the current state.
    #[method]
    fn getstate(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let twister = self.twister.get(thread);
        let mut words = twister.words.clone();
        words.push(twister.index as u32);
        let items = words.into_iter().map(|it| Int::from_i64(i64::from(it), thread).into_object()).collect();
        Tuple::new(items, thread)
    }

    /// setstate($self, state, /)
    /// --
    ///
    /// setstate(state) -> None.  Restores generator state.
    #[method]
    fn setstate(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(state) = state.downcast::<Tuple>() else {
            return Err(raise!(thread, TypeError, "state vector must be a tuple"));
        };
        if state.length() != LENGTH + 1 {
            return Err(raise!(thread, ValueError, "state vector is the wrong size"));
        }
        let mut words = Vec::with_capacity(LENGTH + 1);
        for item in state.items() {
            let Some(number) = item.downcast::<Int>() else {
                return Err(raise!(thread, TypeError, "an integer is required"));
            };
            let Some(word) = number.to_i64().filter(|it| *it >= 0) else {
                return Err(raise!(thread, OverflowError, "can't convert negative value to unsigned int"));
            };
            words.push(word as u32);
        }
        let index = words.pop().unwrap_or_default() as usize;
        if index > LENGTH {
            return Err(raise!(thread, ValueError, "invalid state"));
        }
        *self.twister.get_mut(thread) = Twister { words, index };
        Ok(())
    }

    /// getrandbits($self, k, /)
    /// --
    ///
    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[method]
    fn getrandbits(&self, k: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        let count = protocol::index(k, thread)?;
        if count.is_negative() {
            return Err(raise!(thread, ValueError, "number of bits must be non-negative"));
        }
        let Some(count) = count.to_i64().filter(|it| *it <= i64::from(i32::MAX) * 32) else {
            return Err(raise!(thread, OverflowError, "Python int too large to convert to C uint64_t"));
        };
        if count == 0 {
            return Ok(Int::from_i64(0, thread));
        }
        let length = (count as usize).div_ceil(32);
        // Once as words, once as digits, once as an object.
        thread.check_room(length.saturating_mul(3 * size_of::<u32>()))?;
        let twister = self.twister.get_mut(thread);
        if count <= 32 {
            let word = twister.next() >> (32 - count);
            return Ok(Int::from_i64(i64::from(word), thread));
        }
        let mut words: Vec<u32> = Vec::new();
        if words.try_reserve_exact(length).is_err() {
            return Err(thread.raise_memory_error());
        }
        for index in 0..length {
            let left = count as usize - index * 32;
            let word = twister.next();
            words.push(if left < 32 { word >> (32 - left) } else { word });
        }
        Ok(Int::from_digits(false, &digits_of(&words), thread))
    }
}

pub struct RandomModule;

/// Module implements the Mersenne Twister random number generator.
#[python_module(name = "_random")]
impl RandomModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("Random", Random::class(), thread)
    }
}
