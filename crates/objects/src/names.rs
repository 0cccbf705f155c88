//! The names that the runtime itself looks up, as static interned strings.
//!
//! Using one is free: `&names::__init__` is a `&'static Str`. Every interpreter's table of interned strings starts with them, so that the
//! same name in a program is this very object.

use crate::str::{StaticStr, Str};

macro_rules! names {
    ($($name:ident)*) => {
        $(#[allow(non_upper_case_globals, reason = "the name in Python")]
        pub static $name: StaticStr<{ stringify!($name).len() + 1 }> = StaticStr::new(stringify!($name));)*

        /// All names, for the table of interned strings.
        pub fn all() -> impl Iterator<Item = &'static Str> {
            [$(&*$name),*].into_iter()
        }
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__ __annotate_func__
    __annotations__ __annotations_cache__ __args__ __await__ __bases__ __bool__ __buffer__ __build_class__ __builtins__ __bytes__
    __call__ __cantrace__ __cause__ __class__ __class_getitem__ __classcell__ __classdict__ __classdictcell__
    __conditional_annotations__ __complex__ __contains__ __context__ __copy__ __deepcopy__ __defaults__ __del__ __delattr__ __delete__
    __delitem__ __dict__ __dictoffset__ __dir__ __divmod__ __doc__ __enter__ __eq__ __exit__ __file__ __firstlineno__ __float__
    __floordiv__ __format__ __fspath__ __func__ __ge__ __get__ __getattr__ __getattribute__ __getinitargs__ __getitem__
    __getnewargs__ __getnewargs_ex__ __getstate__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__
    __import__ __imul__ __index__ __init__ __init_subclass__ __instancecheck__ __int__ __invert__ __ior__ __ipow__ __irshift__
    __isabstractmethod__ __isub__ __iter__ __itruediv__ __ixor__ __le__ __len__ __length_hint__ __loader__ __lshift__ __lt__
    __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro__ __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__
    __newobj__ __newobj_ex__ __next__ __notes__ __or__ __origin__ __orig_class__ __orig_bases__ __package__ __parameters__ __path__
    __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__ __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__ __repr__
    __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__
    __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__ __sizeof__ __slotnames__ __slots__ __spec__
    __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasshook__ __suppress_context__ __text_signature__ __traceback__
    __truediv__ __trunc__ __type_params__ __typing_subst__ __typing_prepare_subst__ __typing_unpacked_tuple_args__ __unpacked__
    __weakref__ __weaklistoffset__ __wrapped__ __xor__
    args builtins bytes close copy copyreg derive displayhook encoding end_lineno end_offset errors excepthook exceptions filename
    file flush fset get getattr globals items iter keys lineno locals message metaclass modules msg mro name name_from obj offset
    open path print_file_and_line read seek reversed send sort split start stderr stdin stdout step stop sys text threading throw
    unraisablehook value values warn warnings write _is_text_encoding _reduce_ex _slotnames add_note encodings stdlib_module_names _module_repr _initializing
    _uninitialized_submodules has_location origin parent
    __IOBase_closed _CHUNK_SIZE _dealloc_warn _finalizing closed closefd decode detach encode fileno getstate
    incrementaldecoder incrementalencoder isatty mode newlines peek raw read1 readable readall readinto readinto1 readline
    readlines replace reset seekable setstate strict tell truncate writable writelines buffer opener __abc_tpflags__ __subclasses__ _abc_impl
    call_soon context get_loop get_debug is_running done cancel result _loop _asyncio_future_blocking
}
