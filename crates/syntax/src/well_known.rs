//! The names that the compiler itself uses. All but one are among the first symbols of every [`Interner`], so that they are known when the
//! compiler is compiled.

use crate::interner::{Interner, Symbol};

macro_rules! well_known {
    ($($field:ident $text:literal,)*) => {
        /// Names that the compiler puts into programs or looks for in them.
        #[derive(Clone, Copy, Debug)]
        pub struct WellKnown {
            $(#[doc = concat!("`", $text, "`")] pub $field: Symbol,)*
            /// `__debug__`, which is not fixed: whether a program has it shows by its number.
            pub debug: Symbol,
        }

        impl WellKnown {
            pub fn new(interner: &mut Interner<'_>) -> Self {
                Self { $($field: const { Symbol::of_fixed($text) },)* debug: interner.intern_str("__debug__") }
            }
        }

        /// Their texts. Keywords may be among them.
        pub(crate) const TEXTS: &[&str] = &[$($text,)*];
    };
}

well_known! {
    class "__class__",
    class_dict "__classdict__",
    class_cell "__classcell__",
    class_dict_cell "__classdictcell__",
    conditional_annotations "__conditional_annotations__",
    annotate "__annotate__",
    annotate_function "__annotate_func__",
    annotations "__annotations__",
    doc "__doc__",
    name "__name__",
    module "__module__",
    qualified_name "__qualname__",
    first_line "__firstlineno__",
    static_attributes "__static_attributes__",
    type_parameters "__type_params__",
    hidden_type_parameters ".type_params",
    generic_base ".generic_base",
    hidden_format ".format",
    format "format",
    defaults ".defaults",
    keyword_defaults ".kwdefaults",
    iterable ".0",
    self_ "self",
    super_ "super",
    return_ "return",
    join "join",
    empty "",
    lambda "lambda",
    generator_expression "genexpr",
    list_comprehension "listcomp",
    set_comprehension "setcomp",
    dict_comprehension "dictcomp",
    top "top",
}

impl WellKnown {
    /// The names that a class provides to the functions in it.
    pub fn of_class(&self) -> [Symbol; 3] {
        [self.class, self.class_dict, self.conditional_annotations]
    }
}
