//! `_operator`: the operators as functions.

mod getters;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] =
    &[getters::AttributeGetter::DECLARATION, getters::ItemGetter::DECLARATION, getters::MethodCaller::DECLARATION];

/// Compares in a time that depends on the length of the second alone.
fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    let mut difference = u8::from(left.len() != right.len());
    for (index, byte) in right.iter().enumerate() {
        difference |= byte ^ std::hint::black_box(left.get(index).copied().unwrap_or(!byte));
    }
    difference == 0
}

pub struct OperatorModule;

/// Operator interface.
///
/// This module exports a set of functions implemented in C corresponding
/// to the intrinsic operators of Python.  For example, operator.add(x, y)
/// is equivalent to the expression x+y.  The function names are those
/// used for special methods; variants without leading and trailing
/// '__' are also provided for convenience.
#[python_module(name = "_operator")]
impl OperatorModule {
    /// truth($module, a, /)
    /// --
    ///
    /// Return True if a is true, False otherwise.
    #[function]
    fn truth(a: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_true(a, thread)
    }

    /// not_($module, a, /)
    /// --
    ///
    /// Same as not a.
    #[function]
    fn not_(a: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_true(a, thread).map(|it| !it)
    }

    /// contains($module, a, b, /)
    /// --
    ///
    /// Same as b in a (note reversed operands).
    #[function]
    fn contains(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::contains(a, b, thread)
    }

    /// countOf($module, a, b, /)
    /// --
    ///
    /// Return the number of items in a which are, or which equal, b.
    #[function(name = "countOf")]
    fn count_of(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<usize> {
        protocol::count_by_iteration(a, b, thread)
    }

    /// indexOf($module, a, b, /)
    /// --
    ///
    /// Return the first index of b in a.
    #[function(name = "indexOf")]
    fn index_of(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<usize> {
        match protocol::find_by_iteration(a, b, thread)? {
            Some(index) => Ok(index),
            None => Err(raise!(thread, ValueError, "sequence.index(x): x not in sequence")),
        }
    }

    /// is_($module, a, b, /)
    /// --
    ///
    /// Same as a is b.
    #[function]
    fn is_(a: &Object, b: &Object) -> bool {
        a.is(b)
    }

    /// is_not($module, a, b, /)
    /// --
    ///
    /// Same as a is not b.
    #[function]
    fn is_not(a: &Object, b: &Object) -> bool {
        !a.is(b)
    }

    /// is_none($module, a, /)
    /// --
    ///
    /// Same as a is None.
    #[function]
    fn is_none(a: &Object) -> bool {
        a.is_none()
    }

    /// is_not_none($module, a, /)
    /// --
    ///
    /// Same as a is not None.
    #[function]
    fn is_not_none(a: &Object) -> bool {
        !a.is_none()
    }

    /// index($module, a, /)
    /// --
    ///
    /// Same as a.__index__()
    #[function]
    fn index(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::index(a, thread).map(Py::into_object)
    }

    /// add($module, a, b, /)
    /// --
    ///
    /// Same as a + b.
    #[function]
    fn add(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::add(a, b, thread)
    }

    /// sub($module, a, b, /)
    /// --
    ///
    /// Same as a - b.
    #[function]
    fn sub(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::subtract(a, b, thread)
    }

    /// mul($module, a, b, /)
    /// --
    ///
    /// Same as a * b.
    #[function]
    fn mul(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::multiply(a, b, thread)
    }

    /// matmul($module, a, b, /)
    /// --
    ///
    /// Same as a @ b.
    #[function]
    fn matmul(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::matrix_multiply(a, b, thread)
    }

    /// floordiv($module, a, b, /)
    /// --
    ///
    /// Same as a // b.
    #[function]
    fn floordiv(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::floor_divide(a, b, thread)
    }

    /// truediv($module, a, b, /)
    /// --
    ///
    /// Same as a / b.
    #[function]
    fn truediv(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::true_divide(a, b, thread)
    }

    /// mod($module, a, b, /)
    /// --
    ///
    /// Same as a % b.
    #[function(name = "mod")]
    fn modulo(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::remainder(a, b, thread)
    }

    /// lshift($module, a, b, /)
    /// --
    ///
    /// Same as a << b.
    #[function]
    fn lshift(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::lshift(a, b, thread)
    }

    /// rshift($module, a, b, /)
    /// --
    ///
    /// Same as a >> b.
    #[function]
    fn rshift(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::rshift(a, b, thread)
    }

    /// and_($module, a, b, /)
    /// --
    ///
    /// Same as a & b.
    #[function]
    fn and_(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::and(a, b, thread)
    }

    /// xor($module, a, b, /)
    /// --
    ///
    /// Same as a ^ b.
    #[function]
    fn xor(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::xor(a, b, thread)
    }

    /// or_($module, a, b, /)
    /// --
    ///
    /// Same as a | b.
    #[function]
    fn or_(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::or(a, b, thread)
    }

    /// iadd($module, a, b, /)
    /// --
    ///
    /// Same as a += b.
    #[function]
    fn iadd(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_add(a, b, thread)
    }

    /// isub($module, a, b, /)
    /// --
    ///
    /// Same as a -= b.
    #[function]
    fn isub(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_subtract(a, b, thread)
    }

    /// imul($module, a, b, /)
    /// --
    ///
    /// Same as a *= b.
    #[function]
    fn imul(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_multiply(a, b, thread)
    }

    /// imatmul($module, a, b, /)
    /// --
    ///
    /// Same as a @= b.
    #[function]
    fn imatmul(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_matrix_multiply(a, b, thread)
    }

    /// ifloordiv($module, a, b, /)
    /// --
    ///
    /// Same as a //= b.
    #[function]
    fn ifloordiv(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_floor_divide(a, b, thread)
    }

    /// itruediv($module, a, b, /)
    /// --
    ///
    /// Same as a /= b.
    #[function]
    fn itruediv(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_true_divide(a, b, thread)
    }

    /// imod($module, a, b, /)
    /// --
    ///
    /// Same as a %= b.
    #[function]
    fn imod(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_remainder(a, b, thread)
    }

    /// ilshift($module, a, b, /)
    /// --
    ///
    /// Same as a <<= b.
    #[function]
    fn ilshift(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_lshift(a, b, thread)
    }

    /// irshift($module, a, b, /)
    /// --
    ///
    /// Same as a >>= b.
    #[function]
    fn irshift(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_rshift(a, b, thread)
    }

    /// iand($module, a, b, /)
    /// --
    ///
    /// Same as a &= b.
    #[function]
    fn iand(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_and(a, b, thread)
    }

    /// ixor($module, a, b, /)
    /// --
    ///
    /// Same as a ^= b.
    #[function]
    fn ixor(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_xor(a, b, thread)
    }

    /// ior($module, a, b, /)
    /// --
    ///
    /// Same as a |= b.
    #[function]
    fn ior(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_or(a, b, thread)
    }

    /// neg($module, a, /)
    /// --
    ///
    /// Same as -a.
    #[function]
    fn neg(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::negative(a, thread)
    }

    /// pos($module, a, /)
    /// --
    ///
    /// Same as +a.
    #[function]
    fn pos(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::positive(a, thread)
    }

    /// abs($module, a, /)
    /// --
    ///
    /// Same as abs(a).
    #[function]
    fn abs(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::absolute(a, thread)
    }

    /// inv($module, a, /)
    /// --
    ///
    /// Same as ~a.
    #[function]
    fn inv(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::invert(a, thread)
    }

    /// invert($module, a, /)
    /// --
    ///
    /// Same as ~a.
    #[function]
    fn invert(a: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::invert(a, thread)
    }

    /// concat($module, a, b, /)
    /// --
    ///
    /// Same as a + b, for a and b sequences.
    #[function]
    fn concat(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::concat(a, b, thread)
    }

    /// iconcat($module, a, b, /)
    /// --
    ///
    /// Same as a += b, for a and b sequences.
    #[function]
    fn iconcat(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::inplace_concat(a, b, thread)
    }

    /// getitem($module, a, b, /)
    /// --
    ///
    /// Same as a[b].
    #[function]
    fn getitem(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_item(a, b, thread)
    }

    /// setitem($module, a, b, c, /)
    /// --
    ///
    /// Same as a[b] = c.
    #[function]
    fn setitem(a: &Object, b: &Object, c: &Object, thread: &mut Thread) -> PyResult<()> {
        protocol::set_item(a, b, c, thread)
    }

    /// delitem($module, a, b, /)
    /// --
    ///
    /// Same as del a[b].
    #[function]
    fn delitem(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<()> {
        protocol::delete_item(a, b, thread)
    }

    /// pow($module, a, b, /)
    /// --
    ///
    /// Same as a ** b.
    #[function]
    fn pow(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        protocol::power(a, b, &none, thread)
    }

    /// ipow($module, a, b, /)
    /// --
    ///
    /// Same as a **= b.
    #[function]
    fn ipow(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        protocol::inplace_power(a, b, &none, thread)
    }

    /// eq($module, a, b, /)
    /// --
    ///
    /// Same as a == b.
    #[function]
    fn eq(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::Equal, thread)
    }

    /// ne($module, a, b, /)
    /// --
    ///
    /// Same as a != b.
    #[function]
    fn ne(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::NotEqual, thread)
    }

    /// lt($module, a, b, /)
    /// --
    ///
    /// Same as a < b.
    #[function]
    fn lt(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::Less, thread)
    }

    /// le($module, a, b, /)
    /// --
    ///
    /// Same as a <= b.
    #[function]
    fn le(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::LessEqual, thread)
    }

    /// gt($module, a, b, /)
    /// --
    ///
    /// Same as a > b.
    #[function]
    fn gt(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::Greater, thread)
    }

    /// ge($module, a, b, /)
    /// --
    ///
    /// Same as a >= b.
    #[function]
    fn ge(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(a, b, Comparison::GreaterEqual, thread)
    }

    /// _compare_digest($module, a, b, /)
    /// --
    ///
    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent
    /// timing analysis, making it appropriate for cryptography.
    ///
    /// a and b must both be of the same type: either str (ASCII only),
    /// or any bytes-like object.
    ///
    /// Note: If a and b are of different lengths, or if an error occurs,
    /// a timing attack could theoretically reveal information about the
    /// types and lengths of a and b--but not their values.
    #[function]
    fn _compare_digest(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<bool> {
        if let (Some(left), Some(right)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
            let (Some(left), Some(right)) = (left.view().as_ascii(), right.view().as_ascii()) else {
                let message = "comparing strings with non-ASCII characters is not supported";
                return Err(raise!(thread, TypeError, "{message}"));
            };
            return Ok(equal_in_constant_time(left, right));
        }
        if !protocol::buffer::has_buffer(a) || !protocol::buffer::has_buffer(b) {
            let (left, right) = (a.class().short_name(), b.class().short_name());
            let message = "unsupported operand types(s) or combination of types";
            return Err(raise!(thread, TypeError, "{message}: '{left}' and '{right}'"));
        }
        let left = protocol::buffer::Buffer::get(a, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
        let right = protocol::buffer::Buffer::get(b, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
        Ok(equal_in_constant_time(&left, &right))
    }

    /// length_hint($module, obj, default=0, /)
    /// --
    ///
    /// Return an estimate of the number of items in obj.
    ///
    /// This is useful for presizing containers when building from an iterable.
    ///
    /// If the object supports len(), the result will be exact.
    /// Otherwise, it may over- or under-estimate by an arbitrary amount.
    /// The result will be an integer >= 0.
    #[function]
    fn length_hint(obj: &Object, default: isize, thread: &mut Thread) -> PyResult<isize> {
        match protocol::length_hint(obj, usize::MAX, thread)? {
            usize::MAX => Ok(default),
            length => Ok(length as isize),
        }
    }

    /// call($module, obj, /, *args, **kwargs)
    /// --
    ///
    /// Same as obj(*args, **kwargs).
    #[function]
    fn call(obj: &Object, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let arguments = Tuple::from_slice(args, thread)?;
        protocol::call_tuple_or_vector(obj, &arguments, kwargs.as_deref(), thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        for declaration in TYPES {
            let class = declaration.as_type();
            module.set(&class.short_name(), class, thread)?;
        }
        Ok(())
    }
}
