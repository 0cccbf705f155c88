//! `_uuid`: identifiers made of the time and of this machine's network address (RFC 9562, version 1), for `uuid.uuid1()`.
//!
//! Within a process no two are the same; processes are told apart by a random clock sequence each, which the text of the result calls «not
//! known to be safe».

use std::cell::Cell;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol::make_int;
use objects::refs::Py;
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::constants;

/// Steps of 100 nanoseconds from the calendar reform of 1582 to 1970.
const EPOCH: u64 = 0x01B2_1DD2_1381_4000;

/// What `uuid_generate_time_safe` of libuuid returns where no daemon hands out times.
const NOT_KNOWN_TO_BE_SAFE: i128 = -1;

/// What an interpreter keeps.
#[derive(Default)]
struct State {
    process: Cell<u32>,
    last: Cell<u64>,
    sequence: Cell<u16>,
    node: Cell<[u8; 6]>,
}

fn random<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    // SAFETY: the system writes into the array, at most its length.
    unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), LENGTH, 0) };
    bytes
}

/// The address of the first network card; None if there is none.
fn network_address() -> Option<[u8; 6]> {
    let mut cards: Vec<_> = std::fs::read_dir("/sys/class/net").ok()?.flatten().map(|it| it.path()).collect();
    cards.sort();
    cards.into_iter().find_map(|card| {
        let text = std::fs::read_to_string(card.join("address")).ok()?;
        let mut address = [0; 6];
        let mut parts = text.trim().split(':');
        for byte in &mut address {
            *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
        }
        (address != [0; 6]).then_some(address)
    })
}

/// Sets what tells this process from others, at the first call and after a fork.
fn prepare(state: &State) {
    let process = std::process::id();
    if state.process.replace(process) == process {
        return;
    }
    state.sequence.set(u16::from_le_bytes(random()) & 0x3FFF);
    state.node.set(network_address().unwrap_or_else(|| {
        let mut node = random::<6>();
        // Never the address of a card.
        node[0] |= 1;
        node
    }));
}

fn generate(state: &State) -> [u8; 16] {
    prepare(state);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let time = (now.as_nanos() as u64 / 100).wrapping_add(EPOCH).max(state.last.get() + 1);
    state.last.set(time);
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(time as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0FFF | 0x1000).to_be_bytes());
    bytes[8..10].copy_from_slice(&(state.sequence.get() | 0x8000).to_be_bytes());
    bytes[10..].copy_from_slice(&state.node.get());
    bytes
}

pub struct UuidModule;

#[python_module(name = "_uuid")]
impl UuidModule {
    /// generate_time_safe($self, /)
    /// --
    ///
    ///
    #[function]
    fn generate_time_safe(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let bytes = generate(&thread.interpreter().extension::<State>());
        let bytes = thread.make_bytes(&bytes)?;
        let safety = make_int(NOT_KNOWN_TO_BE_SAFE, thread);
        Tuple::new(vec![bytes, safety], thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, &[("has_uuid_generate_time_safe", 1), ("has_stable_extractable_node", 0)], thread)
    }
}
