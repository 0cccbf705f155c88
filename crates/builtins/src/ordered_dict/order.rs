//! The order of an ordered dict's keys: a list with links in both directions, in one vector, and where each key stands in it.
//!
//! A key is known by its address and its hash, which together stand for one entry of the dict: no code of programs runs here. The list
//! owns its keys, so an address is not used again while it is in the list.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use objects::refs::{Object, Py};

/// The end of the list, and of the places that are free.
const NONE: usize = usize::MAX;

/// A key with its links. A place that is free has no key; `next` leads to another free one.
struct Node {
    key: Option<Py<Object>>,
    hash: isize,
    previous: usize,
    next: usize,
}

/// Mixes address and hash; both are well spread already but for low bits.
#[derive(Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    fn write_usize(&mut self, value: usize) {
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        self.0 = (self.0.rotate_left(5) ^ value as u64).wrapping_mul(MULTIPLIER);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_usize(value as usize);
    }
}

/// The keys in order.
pub struct Order {
    nodes: Vec<Node>,
    places: HashMap<(usize, isize), usize, BuildHasherDefault<PlaceHasher>>,
    first: usize,
    last: usize,
    free: usize,
    /// Counts changes, for iterators.
    state: usize,
}

impl Default for Order {
    fn default() -> Self {
        Self { nodes: Vec::new(), places: HashMap::default(), first: NONE, last: NONE, free: NONE, state: 0 }
    }
}

impl objects::gc::Traverse for Order {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut objects::gc::Visitor<'_>) {
        for node in &self.nodes {
            objects::gc::Traverse::traverse(&node.key, visitor);
        }
    }

    fn clear(&self) {}
}

fn some(index: usize) -> Option<usize> {
    Some(index).filter(|it| *it != NONE)
}

// Reading.
impl Order {
    pub fn length(&self) -> usize {
        self.places.len()
    }

    pub fn state(&self) -> usize {
        self.state
    }

    pub fn first(&self) -> Option<usize> {
        some(self.first)
    }

    pub fn last(&self) -> Option<usize> {
        some(self.last)
    }

    /// The node after another, or before it.
    pub fn neighbour(&self, index: usize, backwards: bool) -> Option<usize> {
        let node = self.nodes.get(index)?;
        some(if backwards { node.previous } else { node.next })
    }

    /// Where an iteration begins.
    pub fn start(&self, backwards: bool) -> Option<usize> {
        if backwards { self.last() } else { self.first() }
    }

    pub fn key(&self, index: usize) -> Option<&Py<Object>> {
        self.nodes.get(index)?.key.as_ref()
    }

    pub fn hash(&self, index: usize) -> isize {
        self.nodes.get(index).map_or(-1, |it| it.hash)
    }

    /// The node of a key that the dict has.
    pub fn find(&self, key: &Object, hash: isize) -> Option<usize> {
        self.places.get(&(key.address(), hash)).copied()
    }
}

// Changing.
impl Order {
    /// Counts a change that iterations must notice.
    pub fn changed(&mut self) {
        self.state = self.state.wrapping_add(1);
    }

    /// Adds a key at the end, unless it is there.
    pub fn add(&mut self, key: Py<Object>, hash: isize) {
        let place = (key.address(), hash);
        if self.places.contains_key(&place) {
            return;
        }
        let node = Node { key: Some(key), hash, previous: NONE, next: NONE };
        let index = match some(self.free) {
            Some(index) => {
                self.free = std::mem::replace(&mut self.nodes[index], node).next;
                index
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() - 1
            }
        };
        self.places.insert(place, index);
        self.link(index, true);
        self.changed();
    }

    /// Takes a key out of the list.
    pub fn remove(&mut self, index: usize) -> Option<Py<Object>> {
        let key = self.nodes.get_mut(index)?.key.take()?;
        self.places.remove(&(key.address(), self.nodes[index].hash));
        self.unlink(index);
        self.nodes[index].next = std::mem::replace(&mut self.free, index);
        self.changed();
        Some(key)
    }

    /// Moves a node to an end of the list.
    pub fn move_to_end(&mut self, index: usize, last: bool) {
        if self.key(index).is_some() {
            self.unlink(index);
            self.link(index, last);
            self.changed();
        }
    }

    fn link(&mut self, index: usize, last: bool) {
        if last {
            let before = std::mem::replace(&mut self.last, index);
            (self.nodes[index].previous, self.nodes[index].next) = (before, NONE);
            match self.nodes.get_mut(before) {
                Some(before) => before.next = index,
                None => self.first = index,
            }
        } else {
            let after = std::mem::replace(&mut self.first, index);
            (self.nodes[index].previous, self.nodes[index].next) = (NONE, after);
            match self.nodes.get_mut(after) {
                Some(after) => after.previous = index,
                None => self.last = index,
            }
        }
    }

    fn unlink(&mut self, index: usize) {
        let (previous, next) = (self.nodes[index].previous, self.nodes[index].next);
        match self.nodes.get_mut(previous) {
            Some(previous) => previous.next = next,
            None => self.first = next,
        }
        match self.nodes.get_mut(next) {
            Some(next) => next.previous = previous,
            None => self.last = previous,
        }
    }

    /// Takes all keys out; they are the caller's to drop.
    pub fn take_all(&mut self) -> Vec<Option<Py<Object>>> {
        let nodes = std::mem::take(&mut self.nodes);
        let state = self.state.wrapping_add(1);
        *self = Self { state, ..Self::default() };
        nodes.into_iter().map(|it| it.key).collect()
    }
}
