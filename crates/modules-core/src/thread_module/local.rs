//! `_local`: an object with a dictionary for each thread.
//!
//! The dictionaries are in a table that the object owns. Whoever gets or sets an attribute first puts the running thread's dictionary where instances have theirs.

use std::cell::{Cell, RefCell};
use std::mem::offset_of;
use std::rc::{Rc, Weak};

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::object::{BaseObject, attribute_name, get_attribute_generic, set_attribute_generic};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

/// Dictionaries by the number of the thread that they belong to.
#[derive(Default)]
struct Rows {
    rows: RefCell<Vec<(u64, Py<Dict>)>>,
    /// The object that the dictionaries belong to, which lives as long as it owns this.
    owner: Cell<*const Local>,
}

/// The dictionaries of one object.
#[derive(Default)]
struct Table(Rc<Rows>);

impl Traverse for Table {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.rows.borrow().iter().for_each(|(_, dict)| dict.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.0.rows.take());
    }
}

/// The tables of all objects of an interpreter.
#[derive(Default)]
struct Tables(RefCell<Vec<Weak<Rows>>>);

/// A thread's number, which no other thread gets.
fn number(thread: &Thread) -> u64 {
    thread.state().base().id.get()
}

/// Lets go of what the ending thread has in all objects.
pub fn forget_thread(thread: &mut Thread) {
    let here = number(thread);
    let tables = thread.interpreter().extension::<Tables>();
    tables.0.borrow_mut().retain(|it| it.strong_count() > 0);
    // All are taken before one is let go of, because that may run code which makes or frees such objects.
    let mut taken = Vec::new();
    for table in tables.0.borrow().iter().filter_map(Weak::upgrade) {
        let at = table.rows.borrow().iter().position(|row| row.0 == here);
        let Some(at) = at else { continue };
        let (_, dict) = table.rows.borrow_mut().swap_remove(at);
        // SAFETY: null, or the object that owns the table, which was alive when the table was found alive; nothing has run since.
        if let Some(owner) = unsafe { table.owner.get().as_ref() }
            && owner.dict.get().is_some_and(|it| it.is(&dict))
        {
            owner.dict.set(None);
        }
        taken.push(dict);
    }
    for dict in taken {
        dict.release(thread);
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Local {
    header: Header,
    /// The dictionary of the thread that used the object last.
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
    /// What `__init__` is called with in each thread.
    arguments: Field<Tuple>,
    keywords: Field<Dict>,
    table: Table,
}

impl Local {
    /// Makes the running thread's dictionary the object's.
    fn enter(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let here = number(thread);
        let known = self.table.0.rows.borrow().iter().find(|row| row.0 == here).map(|row| row.1.clone());
        if let Some(dict) = known {
            self.dict.set(Some(dict.clone()));
            return Ok(dict);
        }
        let dict = self.add_dict(thread);
        if let Err(raised) = self.initialize(thread) {
            self.table.0.rows.borrow_mut().retain(|row| row.0 != here);
            return Err(raised);
        }
        self.dict.set(Some(dict.clone()));
        Ok(dict)
    }

    fn add_dict(&self, thread: &mut Thread) -> Py<Dict> {
        let dict = Dict::new(thread);
        self.table.0.rows.borrow_mut().push((number(thread), dict.clone()));
        dict
    }

    /// Calls `__init__` in a thread that has not used the object before.
    fn initialize(&self, thread: &mut Thread) -> PyResult<()> {
        let class = Py::from_ref(self.class());
        if has_plain_init(&class) {
            return Ok(());
        }
        let init = protocol::get_attribute(&class, &names::__init__, thread)?;
        let given = self.arguments.get();
        let given = given.iter().flat_map(|it| it.items().iter().cloned());
        let arguments = std::iter::once(Py::from_ref(self).into_object()).chain(given).collect();
        let arguments = Tuple::new(arguments, thread)?;
        protocol::call_tuple(&init, &arguments, self.keywords.get().as_deref(), thread)?;
        Ok(())
    }
}

/// True for `__dict__`, and for whatever says that it equals it, as CPython asks.
fn is_dict_name(name: &Object, thread: &mut Thread) -> PyResult<bool> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name.equals_text("__dict__")),
        None => protocol::equals(name, &names::__dict__, thread),
    }
}

/// True if the class has `object.__init__`.
fn has_plain_init(class: &Type) -> bool {
    let (own, plain) = (class.slots().tp_init.get(), BaseObject::class().slots().tp_init.get());
    own.zip(plain).is_some_and(|(own, plain)| std::ptr::fn_addr_eq(own, plain))
}

/// _local()
/// --
///
/// Thread-local data
#[python_type(
    name = "_thread._local", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    dict_offset = offset_of!(Local, dict), weaklist_offset = offset_of!(Local, weak_references)
)]
impl Local {
    #[slot(tp_new)]
    fn new(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Local>> {
        let has_arguments = arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0);
        if has_arguments && has_plain_init(class) {
            return Err(raise!(thread, TypeError, "Initialization arguments are not supported"));
        }
        let table = Table::default();
        let tables = thread.interpreter().extension::<Tables>();
        tables.0.borrow_mut().push(Rc::downgrade(&table.0));
        let value = Local {
            header: Header::new(Local::class()),
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            arguments: Field::new(Some(Py::from_ref(arguments))),
            keywords: Field::new(keywords.map(Py::from_ref)),
            table,
        };
        let local = Py::new_in(class, value, thread)?;
        local.table.0.owner.set(std::ptr::from_ref(&*local));
        // The constructor calls `__init__` in this thread.
        local.add_dict(thread);
        Ok(local)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let dict = self.enter(thread)?;
        if is_dict_name(name, thread)? {
            return Ok(dict.into_object());
        }
        let name = attribute_name(name, thread)?;
        get_attribute_generic(self, name, thread)
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.enter(thread)?;
        if is_dict_name(name, thread)? {
            let class = self.class().full_name();
            return Err(raise!(thread, AttributeError, "'{class}' object attribute '__dict__' is read-only"));
        }
        let name = attribute_name(name, thread)?;
        set_attribute_generic(self, name, value, thread)
    }
}
