//! Lists of collectable objects, linked through the heads before them.
//!
//! The lists are circular and begin with a head that belongs to no object, the anchor. Every node's `prev` is right, except while `reach`
//! keeps counts there.

use std::cell::Cell;

use layout::{_PyGC_PREV_MASK, _PyGC_PREV_MASK_COLLECTING, PyGC_Head, PyObject};

use crate::refs::Object;

/// A list. Its anchor must not move, so it lives in a box.
pub(super) struct List(Box<PyGC_Head>);

/// A node of a list, or its anchor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Node(*const PyGC_Head);

impl Node {
    /// The node of a collectable object.
    pub fn of(object: *mut PyObject) -> Self {
        Self(object.cast::<PyGC_Head>().wrapping_sub(1))
    }

    pub fn at(address: usize) -> Self {
        Self(address as *const PyGC_Head)
    }

    pub fn address(self) -> usize {
        self.0 as usize
    }

    fn head<'a>(self) -> &'a PyGC_Head {
        // SAFETY: nodes are made of collectable objects, which have a head, and of anchors; an object leaves its list before it is freed.
        unsafe { &*self.0 }
    }

    /// The object. Anchors have none.
    pub fn object<'a>(self) -> &'a Object {
        // SAFETY: the object follows its head.
        unsafe { &*self.0.add(1).cast::<Object>() }
    }

    pub fn next(self) -> Self {
        Self::at(self.head()._gc_next.get())
    }

    /// The next node's address with the flag that `reach` keeps there.
    pub fn raw_next(self) -> usize {
        self.head()._gc_next.get()
    }

    pub fn set_raw_next(self, value: usize) {
        self.head()._gc_next.set(value);
    }

    pub fn previous(self) -> Self {
        Self::at(self.head()._gc_prev.get() & _PyGC_PREV_MASK)
    }

    /// The word with the previous node, or a count, and the flags.
    pub fn raw_previous(self) -> usize {
        self.head()._gc_prev.get()
    }

    pub fn set_raw_previous(self, value: usize) {
        self.head()._gc_prev.set(value);
    }

    pub fn set_previous(self, previous: Node) {
        self.set_raw_previous(previous.address() | self.raw_previous() & !_PyGC_PREV_MASK);
    }

    /// True for the objects that a collection is about, and later for those that it found unreachable.
    pub fn is_collecting(self) -> bool {
        self.raw_previous() & _PyGC_PREV_MASK_COLLECTING != 0
    }

    pub fn clear_collecting(self) {
        self.set_raw_previous(self.raw_previous() & !_PyGC_PREV_MASK_COLLECTING);
    }

    /// Links the node out of its list; its own links stay as they are.
    pub fn unlink(self) {
        let (previous, next) = (self.previous(), self.next());
        previous.set_raw_next(next.address());
        next.set_previous(previous);
    }
}

impl Default for List {
    fn default() -> Self {
        let list = Self(Box::new(PyGC_Head { _gc_next: Cell::new(0), _gc_prev: Cell::new(0) }));
        list.make_empty();
        list
    }
}

impl List {
    #[inline(always)]
    pub fn anchor(&self) -> Node {
        Node(&raw const *self.0)
    }

    fn make_empty(&self) {
        let anchor = self.anchor();
        anchor.set_raw_next(anchor.address());
        anchor.set_raw_previous(anchor.address());
    }

    pub fn first(&self) -> Option<Node> {
        let first = self.anchor().next();
        (first != self.anchor()).then_some(first)
    }

    /// The nodes from first to last. The next one is looked up before a node is given, so that this one may leave the list.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        let anchor = self.anchor();
        let mut next = anchor.next();
        std::iter::from_fn(move || {
            let node = next;
            if node == anchor {
                return None;
            }
            next = node.next();
            Some(node)
        })
    }

    /// As [`List::nodes`], of a list whose links `reach` has marked.
    pub fn nodes_with_flags(&self) -> impl Iterator<Item = Node> + use<> {
        let anchor = self.anchor();
        let plain = |node: Node| Node::at(node.raw_next() & !layout::_PyGC_NEXT_MASK_UNREACHABLE);
        let mut next = plain(anchor);
        std::iter::from_fn(move || {
            let node = next;
            next = plain(node);
            (node != anchor).then_some(node)
        })
    }

    pub fn length(&self) -> usize {
        self.nodes().count()
    }

    /// Puts a node that is in no list at the end.
    pub fn append(&self, node: Node) {
        let (anchor, last) = (self.anchor(), self.anchor().previous());
        last.set_raw_next(node.address());
        node.set_previous(last);
        node.set_raw_next(anchor.address());
        anchor.set_previous(node);
    }

    /// Moves a node from its list to the end of this one.
    pub fn take(&self, node: Node) {
        node.unlink();
        self.append(node);
    }

    /// Moves all nodes of another list to the end of this one.
    pub fn merge(&self, other: &List) {
        let Some(first) = other.first() else { return };
        let (anchor, last, end) = (self.anchor(), other.anchor().previous(), self.anchor().previous());
        end.set_raw_next(first.address());
        first.set_previous(end);
        last.set_raw_next(anchor.address());
        anchor.set_previous(last);
        other.make_empty();
    }
}
