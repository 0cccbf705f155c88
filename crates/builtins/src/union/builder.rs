//! Making unions: nested ones are flattened, None means its type, and of equal members the first is kept.

use objects::errors::PyResult;
use objects::none::NoneType;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::object::Union;
use crate::generic_alias::GenericAlias;
use crate::set::FrozenSet;
use crate::typing::{TypeAlias, check_type};

/// The members of a union that is being made.
struct Builder {
    members: Vec<Py<Object>>,
    /// A set by hand: hashes and positions in `members`.
    hashes: Vec<(isize, usize)>,
    unhashable: Vec<Py<Object>>,
    /// Members may be anything that `typing` takes for a type, and are checked.
    checked: bool,
}

/// Objects that are types without asking `typing`.
fn is_type(object: &Object) -> bool {
    object.is_none()
        || object.downcast::<Type>().is_some()
        || GenericAlias::of(object).is_some()
        || object.is_exactly::<Union>()
        || object.is_exactly::<TypeAlias>()
}

/// `left | right` of classes and the like; NotImplemented for other operands.
pub fn union_of_types(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if !is_type(left) || !is_type(right) {
        return Ok(thread.not_implemented());
    }
    Builder::build(false, &[left, right], thread)
}

/// `left | right` where one operand is a union or a type variable: anything that `typing` takes for a type.
pub fn union_of(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    Builder::build(true, &[left, right], thread)
}

/// `Union[members]`
pub fn union_of_tuple(members: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match members.downcast_exact::<Tuple>() {
        Some(tuple) => {
            let members: Vec<&Object> = tuple.items().iter().map(|it| &**it).collect();
            Builder::build(true, &members, thread)
        }
        None => Builder::build(true, &[members], thread),
    }
}

impl Builder {
    fn build(checked: bool, members: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut builder = Self { members: Vec::new(), hashes: Vec::new(), unhashable: Vec::new(), checked };
        for member in members {
            builder.add(member, thread)?;
        }
        builder.finish(thread)
    }

    fn add(&mut self, member: &Object, thread: &mut Thread) -> PyResult<()> {
        if member.is_none() {
            return self.add_checked(Py::from_ref(NoneType::class()).into_object(), thread);
        }
        if let Some(union) = member.downcast_exact::<Union>() {
            for member in union.members().items() {
                self.add(member, thread)?;
            }
            return Ok(());
        }
        if self.checked && !is_type(member) {
            let member = check_type(member, "Union[arg, ...]: each arg must be a type.", thread)?;
            return self.add_checked(member, thread);
        }
        self.add_checked(Py::from_ref(member), thread)
    }

    fn add_checked(&mut self, member: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        match protocol::hash(&member, thread) {
            Ok(hash) => {
                for index in 0..self.hashes.len() {
                    let (other, position) = self.hashes[index];
                    if other == hash && protocol::equals(&self.members[position], &member, thread)? {
                        return Ok(());
                    }
                }
                self.hashes.push((hash, self.members.len()));
            }
            Err(raised) => {
                drop(thread.catch(raised));
                for other in &self.unhashable {
                    if protocol::equals(other, &member, thread)? {
                        return Ok(());
                    }
                }
                self.unhashable.push(member.clone());
            }
        }
        self.members.push(member);
        Ok(())
    }

    fn finish(mut self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.members.len() {
            0 => return Err(raise!(thread, TypeError, "Cannot take a Union of no types.")),
            1 => return Ok(self.members.swap_remove(0)),
            _ => {}
        }
        let hashable: Vec<Py<Object>> =
            self.hashes.iter().map(|(_, position)| self.members[*position].clone()).collect();
        let hashable = FrozenSet::from_elements(&hashable, thread)?.into_object();
        let unhashable = match self.unhashable.is_empty() {
            true => None,
            false => Some(Tuple::new(self.unhashable, thread)?),
        };
        let members = Tuple::new(self.members, thread)?;
        Ok(Union::new(members, hashable, unhashable, thread).into_object())
    }
}
