//! The instruction table: every instruction of CPython 3.14, once.
//!
//! [`for_each_instruction!`](crate::for_each_instruction) hands the table to a macro. `instruction.rs` makes the opcode
//! enums and their metadata of it, the interpreter its dispatch. Nothing about an instruction is written down twice.

/// Calls the macro `$callback` with the whole table.
///
/// What the callback gets is
///
/// ```text
/// oparg;                       the name that the stack expressions use for the argument
/// instructions {
///     Name name = number [specializes Base | instruments Base][, caches n], pops expr, pushes expr, [FLAG FLAG …];
///     …
/// }
/// pseudo_instructions { rows of the same form, numbered from 256; they never reach a code object }
/// ```
///
/// `caches` is the number of 16-bit inline cache entries that follow the instruction; those that specialize or
/// instrument another have as many as that one. `pops` and `pushes` count stack items and do not depend on whether a
/// jump is taken, but for the block-setup pseudo-instructions, where `pushes` is what the handler finds. The flags are
/// those of [`InstructionFlags`](crate::instruction::InstructionFlags).
///
/// A callback that only wants names and numbers:
///
/// ```text
/// macro_rules! count {
///     ($oparg:ident; instructions { $($name:ident $snake:ident = $number:literal
///         $(specializes $base:ident)? $(instruments $original:ident)?
///         $(, caches $caches:literal)?, pops $pops:expr, pushes $pushes:expr, [$($flag:ident)*];)* }
///      pseudo_instructions { $($rest:tt)* }) => { const COUNT: usize = [$($number),*].len(); };
/// }
/// for_each_instruction!(count);
/// ```
#[macro_export]
macro_rules! for_each_instruction {
    ($callback:ident) => {
        $callback! {
            oparg;
            instructions {
                Cache cache = 0, pops 0, pushes 0, [];
                BinarySlice binary_slice = 1, pops 3, pushes 1, [ERROR ESCAPES];
                BuildTemplate build_template = 2, pops 2, pushes 1, [ERROR ESCAPES];
                BinaryOpInplaceAddUnicode binary_op_inplace_add_unicode = 3 specializes BinaryOp,
                    pops 2, pushes 0, [LOCAL DEOPT EXIT ERROR ESCAPES];
                CallFunctionEx call_function_ex = 4, pops 4, pushes 1, [EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                CheckEgMatch check_eg_match = 5, pops 2, pushes 2, [ERROR ESCAPES];
                CheckExcMatch check_exc_match = 6, pops 2, pushes 2, [ERROR ERROR_NO_POP ESCAPES];
                CleanupThrow cleanup_throw = 7, pops 3, pushes 2, [ERROR ERROR_NO_POP ESCAPES];
                DeleteSubscr delete_subscr = 8, pops 2, pushes 0, [ERROR ESCAPES];
                EndFor end_for = 9, pops 1, pushes 0, [ESCAPES NO_SAVE_IP];
                EndSend end_send = 10, pops 2, pushes 1, [ESCAPES PURE];
                ExitInitCheck exit_init_check = 11, pops 1, pushes 0, [ERROR ERROR_NO_POP ESCAPES];
                FormatSimple format_simple = 12, pops 1, pushes 1, [ERROR ESCAPES];
                FormatWithSpec format_with_spec = 13, pops 2, pushes 1, [ERROR ESCAPES];
                GetAiter get_aiter = 14, pops 1, pushes 1, [ERROR ESCAPES];
                GetAnext get_anext = 15, pops 1, pushes 2, [ERROR ERROR_NO_POP ESCAPES];
                GetIter get_iter = 16, pops 1, pushes 1, [ERROR ESCAPES];
                Reserved reserved = 17, pops 0, pushes 0, [];
                GetLen get_len = 18, pops 1, pushes 2, [ERROR ESCAPES];
                GetYieldFromIter get_yield_from_iter = 19, pops 1, pushes 1, [ERROR ERROR_NO_POP ESCAPES];
                InterpreterExit interpreter_exit = 20, pops 1, pushes 0, [ESCAPES];
                LoadBuildClass load_build_class = 21, pops 0, pushes 1, [ERROR ESCAPES];
                LoadLocals load_locals = 22, pops 0, pushes 1, [ERROR ESCAPES];
                MakeFunction make_function = 23, pops 1, pushes 1, [ERROR ESCAPES];
                MatchKeys match_keys = 24, pops 2, pushes 3, [ERROR ESCAPES];
                MatchMapping match_mapping = 25, pops 1, pushes 2, [];
                MatchSequence match_sequence = 26, pops 1, pushes 2, [];
                Nop nop = 27, pops 0, pushes 0, [PURE];
                NotTaken not_taken = 28, pops 0, pushes 0, [PURE];
                PopExcept pop_except = 29, pops 1, pushes 0, [ESCAPES];
                PopIter pop_iter = 30, pops 1, pushes 0, [ESCAPES PURE];
                PopTop pop_top = 31, pops 1, pushes 0, [ESCAPES PURE];
                PushExcInfo push_exc_info = 32, pops 1, pushes 2, [];
                PushNull push_null = 33, pops 0, pushes 1, [PURE];
                ReturnGenerator return_generator = 34, pops 0, pushes 1, [ERROR ESCAPES];
                ReturnValue return_value = 35, pops 1, pushes 1, [ESCAPES];
                SetupAnnotations setup_annotations = 36, pops 0, pushes 0, [ERROR ESCAPES];
                StoreSlice store_slice = 37, pops 4, pushes 0, [ERROR ESCAPES];
                StoreSubscr store_subscr = 38, caches 1, pops 3, pushes 0, [ERROR ESCAPES];
                ToBool to_bool = 39, caches 3, pops 1, pushes 1, [ERROR ESCAPES];
                UnaryInvert unary_invert = 40, pops 1, pushes 1, [ERROR ESCAPES];
                UnaryNegative unary_negative = 41, pops 1, pushes 1, [ERROR ESCAPES];
                UnaryNot unary_not = 42, pops 1, pushes 1, [PURE];
                WithExceptStart with_except_start = 43, pops 5, pushes 6, [ERROR ESCAPES];
                BinaryOp binary_op = 44, caches 5, pops 2, pushes 1, [ARG ERROR ERROR_NO_POP ESCAPES];
                BuildInterpolation build_interpolation = 45, pops 2 + (oparg & 1), pushes 1, [ARG ERROR ESCAPES];
                BuildList build_list = 46, pops oparg, pushes 1, [ARG ERROR ERROR_NO_POP ESCAPES];
                BuildMap build_map = 47, pops oparg * 2, pushes 1, [ARG ERROR ESCAPES];
                BuildSet build_set = 48, pops oparg, pushes 1, [ARG ERROR ESCAPES];
                BuildSlice build_slice = 49, pops oparg, pushes 1, [ARG ERROR];
                BuildString build_string = 50, pops oparg, pushes 1, [ARG ERROR];
                BuildTuple build_tuple = 51, pops oparg, pushes 1, [ARG ERROR ERROR_NO_POP];
                Call call = 52, caches 3, pops 2 + oparg, pushes 1, [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                CallIntrinsic1 call_intrinsic_1 = 53, pops 1, pushes 1, [ARG ERROR ESCAPES];
                CallIntrinsic2 call_intrinsic_2 = 54, pops 2, pushes 1, [ARG ERROR ESCAPES];
                CallKw call_kw = 55, caches 3, pops 3 + oparg, pushes 1, [ARG ERROR ERROR_NO_POP ESCAPES];
                CompareOp compare_op = 56, caches 1, pops 2, pushes 1, [ARG ERROR ESCAPES];
                ContainsOp contains_op = 57, caches 1, pops 2, pushes 1, [ARG ERROR ESCAPES];
                ConvertValue convert_value = 58, pops 1, pushes 1, [ARG ERROR ESCAPES];
                Copy copy = 59, pops oparg, pushes 1 + oparg, [ARG PURE];
                CopyFreeVars copy_free_vars = 60, pops 0, pushes 0, [ARG];
                DeleteAttr delete_attr = 61, pops 1, pushes 0, [ARG NAME ERROR ESCAPES];
                DeleteDeref delete_deref = 62, pops 0, pushes 0, [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                DeleteFast delete_fast = 63, pops 0, pushes 0, [ARG LOCAL ERROR ESCAPES];
                DeleteGlobal delete_global = 64, pops 0, pushes 0, [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                DeleteName delete_name = 65, pops 0, pushes 0, [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                DictMerge dict_merge = 66, pops 4 + oparg, pushes 3 + oparg, [ARG ERROR ESCAPES];
                DictUpdate dict_update = 67, pops 1 + oparg, pushes oparg, [ARG ERROR ESCAPES];
                EndAsyncFor end_async_for = 68, pops 2, pushes 0, [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                ExtendedArg extended_arg = 69, pops 0, pushes 0, [ARG];
                ForIter for_iter = 70, caches 1, pops 1, pushes 2, [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                GetAwaitable get_awaitable = 71, pops 1, pushes 1, [ARG ERROR ESCAPES];
                ImportFrom import_from = 72, pops 1, pushes 2, [ARG NAME ERROR ESCAPES];
                ImportName import_name = 73, pops 2, pushes 1, [ARG NAME ERROR ESCAPES];
                IsOp is_op = 74, pops 2, pushes 1, [ARG];
                JumpBackward jump_backward = 75, caches 1, pops 0, pushes 0, [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JumpBackwardNoInterrupt jump_backward_no_interrupt = 76, pops 0, pushes 0, [ARG JUMP];
                JumpForward jump_forward = 77, pops 0, pushes 0, [ARG JUMP];
                ListAppend list_append = 78, pops 1 + oparg, pushes oparg, [ARG ERROR];
                ListExtend list_extend = 79, pops 1 + oparg, pushes oparg, [ARG ERROR ESCAPES];
                LoadAttr load_attr = 80, caches 9, pops 1, pushes 1 + (oparg & 1), [ARG NAME ERROR ESCAPES];
                LoadCommonConstant load_common_constant = 81, pops 0, pushes 1, [ARG];
                LoadConst load_const = 82, pops 0, pushes 1, [ARG CONST];
                LoadDeref load_deref = 83, pops 0, pushes 1, [ARG LOCAL ERROR ESCAPES];
                LoadFast load_fast = 84, pops 0, pushes 1, [ARG LOCAL PURE];
                LoadFastAndClear load_fast_and_clear = 85, pops 0, pushes 1, [ARG LOCAL];
                LoadFastBorrow load_fast_borrow = 86, pops 0, pushes 1, [ARG LOCAL PURE];
                LoadFastBorrowLoadFastBorrow load_fast_borrow_load_fast_borrow = 87, pops 0, pushes 2, [ARG LOCAL];
                LoadFastCheck load_fast_check = 88, pops 0, pushes 1, [ARG LOCAL ERROR ESCAPES];
                LoadFastLoadFast load_fast_load_fast = 89, pops 0, pushes 2, [ARG LOCAL];
                LoadFromDictOrDeref load_from_dict_or_deref = 90,
                    pops 1, pushes 1, [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                LoadFromDictOrGlobals load_from_dict_or_globals = 91,
                    pops 1, pushes 1, [ARG NAME ERROR ERROR_NO_POP ESCAPES];
                LoadGlobal load_global = 92, caches 4, pops 0, pushes 1 + (oparg & 1), [ARG NAME ERROR ESCAPES];
                LoadName load_name = 93, pops 0, pushes 1, [ARG NAME ERROR ESCAPES];
                LoadSmallInt load_small_int = 94, pops 0, pushes 1, [ARG];
                LoadSpecial load_special = 95, pops 1, pushes 2, [ARG ERROR ERROR_NO_POP ESCAPES];
                LoadSuperAttr load_super_attr = 96, caches 1, pops 3, pushes 1 + (oparg & 1), [ARG NAME ERROR ESCAPES];
                MakeCell make_cell = 97, pops 0, pushes 0, [ARG FREE ERROR ERROR_NO_POP ESCAPES];
                MapAdd map_add = 98, pops 2 + oparg, pushes oparg, [ARG ERROR ESCAPES];
                MatchClass match_class = 99, pops 3, pushes 1, [ARG ERROR ESCAPES];
                PopJumpIfFalse pop_jump_if_false = 100, caches 1, pops 1, pushes 0, [ARG JUMP];
                PopJumpIfNone pop_jump_if_none = 101, caches 1, pops 1, pushes 0, [ARG JUMP];
                PopJumpIfNotNone pop_jump_if_not_none = 102, caches 1, pops 1, pushes 0, [ARG JUMP];
                PopJumpIfTrue pop_jump_if_true = 103, caches 1, pops 1, pushes 0, [ARG JUMP];
                RaiseVarargs raise_varargs = 104, pops oparg, pushes 0, [ARG ERROR ERROR_NO_POP ESCAPES];
                Reraise reraise = 105, pops 1 + oparg, pushes oparg, [ARG ERROR ERROR_NO_POP ESCAPES];
                Send send = 106, caches 1, pops 2, pushes 2, [ARG JUMP ERROR ESCAPES];
                SetAdd set_add = 107, pops 1 + oparg, pushes oparg, [ARG ERROR ESCAPES];
                SetFunctionAttribute set_function_attribute = 108, pops 2, pushes 1, [ARG ERROR ESCAPES];
                SetUpdate set_update = 109, pops 1 + oparg, pushes oparg, [ARG ERROR ESCAPES];
                StoreAttr store_attr = 110, caches 4, pops 2, pushes 0, [ARG NAME ERROR ESCAPES];
                StoreDeref store_deref = 111, pops 1, pushes 0, [ARG FREE ESCAPES];
                StoreFast store_fast = 112, pops 1, pushes 0, [ARG LOCAL ESCAPES];
                StoreFastLoadFast store_fast_load_fast = 113, pops 1, pushes 1, [ARG LOCAL ESCAPES];
                StoreFastStoreFast store_fast_store_fast = 114, pops 2, pushes 0, [ARG LOCAL ESCAPES];
                StoreGlobal store_global = 115, pops 1, pushes 0, [ARG NAME ERROR ESCAPES];
                StoreName store_name = 116, pops 1, pushes 0, [ARG NAME ERROR ESCAPES];
                Swap swap = 117, pops oparg, pushes oparg, [ARG PURE];
                UnpackEx unpack_ex = 118, pops 1, pushes 1 + (oparg & 0xFF) + (oparg >> 8), [ARG ERROR ESCAPES];
                UnpackSequence unpack_sequence = 119, caches 1, pops 1, pushes oparg, [ARG ERROR ESCAPES];
                YieldValue yield_value = 120, pops 1, pushes 1, [ARG ESCAPES];
                Resume resume = 128, pops 0, pushes 0, [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                BinaryOpAddFloat binary_op_add_float = 129 specializes BinaryOp, pops 2, pushes 1, [EXIT ERROR];
                BinaryOpAddInt binary_op_add_int = 130 specializes BinaryOp, pops 2, pushes 1, [EXIT ERROR ESCAPES];
                BinaryOpAddUnicode binary_op_add_unicode = 131 specializes BinaryOp, pops 2, pushes 1, [EXIT ERROR];
                BinaryOpExtend binary_op_extend = 132 specializes BinaryOp, pops 2, pushes 1, [DEOPT ERROR ESCAPES];
                BinaryOpMultiplyFloat binary_op_multiply_float = 133 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR];
                BinaryOpMultiplyInt binary_op_multiply_int = 134 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR ESCAPES];
                BinaryOpSubscrDict binary_op_subscr_dict = 135 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR ESCAPES];
                BinaryOpSubscrGetitem binary_op_subscr_getitem = 136 specializes BinaryOp, pops 2, pushes 0, [DEOPT];
                BinaryOpSubscrListInt binary_op_subscr_list_int = 137 specializes BinaryOp,
                    pops 2, pushes 1, [DEOPT EXIT ESCAPES];
                BinaryOpSubscrListSlice binary_op_subscr_list_slice = 138 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR ESCAPES];
                BinaryOpSubscrStrInt binary_op_subscr_str_int = 139 specializes BinaryOp,
                    pops 2, pushes 1, [DEOPT EXIT ESCAPES];
                BinaryOpSubscrTupleInt binary_op_subscr_tuple_int = 140 specializes BinaryOp,
                    pops 2, pushes 1, [DEOPT EXIT];
                BinaryOpSubtractFloat binary_op_subtract_float = 141 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR];
                BinaryOpSubtractInt binary_op_subtract_int = 142 specializes BinaryOp,
                    pops 2, pushes 1, [EXIT ERROR ESCAPES];
                CallAllocAndEnterInit call_alloc_and_enter_init = 143 specializes Call,
                    pops 2 + oparg, pushes 0, [ARG DEOPT ERROR ERROR_NO_POP ESCAPES];
                CallBoundMethodExactArgs call_bound_method_exact_args = 144 specializes Call,
                    pops 2 + oparg, pushes 0, [ARG DEOPT EXIT ESCAPES];
                CallBoundMethodGeneral call_bound_method_general = 145 specializes Call,
                    pops 2 + oparg, pushes 0, [ARG DEOPT EXIT ERROR ERROR_NO_POP ESCAPES];
                CallBuiltinClass call_builtin_class = 146 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CallBuiltinFast call_builtin_fast = 147 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CallBuiltinFastWithKeywords call_builtin_fast_with_keywords = 148 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CallBuiltinO call_builtin_o = 149 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallIsinstance call_isinstance = 150 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG DEOPT ERROR ERROR_NO_POP ESCAPES];
                CallKwBoundMethod call_kw_bound_method = 151 specializes CallKw,
                    pops 3 + oparg, pushes 0, [ARG DEOPT EXIT ERROR ESCAPES];
                CallKwNonPy call_kw_non_py = 152 specializes CallKw,
                    pops 3 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallKwPy call_kw_py = 153 specializes CallKw, pops 3 + oparg, pushes 0, [ARG DEOPT EXIT ERROR ESCAPES];
                CallLen call_len = 154 specializes Call, pops 3, pushes 1, [DEOPT ERROR ERROR_NO_POP ESCAPES];
                CallListAppend call_list_append = 155 specializes Call, pops 3, pushes 0, [ARG DEOPT ERROR ESCAPES];
                CallMethodDescriptorFast call_method_descriptor_fast = 156 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallMethodDescriptorFastWithKeywords call_method_descriptor_fast_with_keywords = 157 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallMethodDescriptorNoargs call_method_descriptor_noargs = 158 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallMethodDescriptorO call_method_descriptor_o = 159 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallNonPyGeneral call_non_py_general = 160 specializes Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK EXIT ERROR ESCAPES];
                CallPyExactArgs call_py_exact_args = 161 specializes Call, pops 2 + oparg, pushes 0, [ARG DEOPT EXIT];
                CallPyGeneral call_py_general = 162 specializes Call,
                    pops 2 + oparg, pushes 0, [ARG DEOPT EXIT ERROR ERROR_NO_POP ESCAPES];
                CallStr1 call_str_1 = 163 specializes Call, pops 3, pushes 1, [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CallTuple1 call_tuple_1 = 164 specializes Call, pops 3, pushes 1, [ARG EVAL_BREAK DEOPT ERROR ESCAPES];
                CallType1 call_type_1 = 165 specializes Call, pops 3, pushes 1, [ARG DEOPT ESCAPES];
                CompareOpFloat compare_op_float = 166 specializes CompareOp, pops 2, pushes 1, [ARG EXIT];
                CompareOpInt compare_op_int = 167 specializes CompareOp, pops 2, pushes 1, [ARG DEOPT EXIT];
                CompareOpStr compare_op_str = 168 specializes CompareOp, pops 2, pushes 1, [ARG EXIT];
                ContainsOpDict contains_op_dict = 169 specializes ContainsOp,
                    pops 2, pushes 1, [ARG EXIT ERROR ESCAPES];
                ContainsOpSet contains_op_set = 170 specializes ContainsOp, pops 2, pushes 1, [ARG DEOPT ERROR ESCAPES];
                ForIterGen for_iter_gen = 171 specializes ForIter, pops 1, pushes 1, [ARG DEOPT];
                ForIterList for_iter_list = 172 specializes ForIter, pops 1, pushes 2, [ARG JUMP DEOPT EXIT ESCAPES];
                ForIterRange for_iter_range = 173 specializes ForIter, pops 1, pushes 2, [ARG JUMP EXIT ERROR];
                ForIterTuple for_iter_tuple = 174 specializes ForIter, pops 1, pushes 2, [ARG JUMP EXIT ESCAPES];
                JumpBackwardJit jump_backward_jit = 175 specializes JumpBackward,
                    pops 0, pushes 0, [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JumpBackwardNoJit jump_backward_no_jit = 176 specializes JumpBackward,
                    pops 0, pushes 0, [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                LoadAttrClass load_attr_class = 177 specializes LoadAttr, pops 1, pushes 1 + (oparg & 1), [ARG EXIT];
                LoadAttrClassWithMetaclassCheck load_attr_class_with_metaclass_check = 178 specializes LoadAttr,
                    pops 1, pushes 1 + (oparg & 1), [ARG EXIT];
                LoadAttrGetattributeOverridden load_attr_getattribute_overridden = 179 specializes LoadAttr,
                    pops 1, pushes 1, [ARG NAME DEOPT];
                LoadAttrInstanceValue load_attr_instance_value = 180 specializes LoadAttr,
                    pops 1, pushes 1 + (oparg & 1), [ARG DEOPT EXIT ESCAPES];
                LoadAttrMethodLazyDict load_attr_method_lazy_dict = 181 specializes LoadAttr,
                    pops 1, pushes 2, [ARG DEOPT EXIT];
                LoadAttrMethodNoDict load_attr_method_no_dict = 182 specializes LoadAttr, pops 1, pushes 2, [ARG EXIT];
                LoadAttrMethodWithValues load_attr_method_with_values = 183 specializes LoadAttr,
                    pops 1, pushes 2, [ARG DEOPT EXIT];
                LoadAttrModule load_attr_module = 184 specializes LoadAttr,
                    pops 1, pushes 1 + (oparg & 1), [ARG DEOPT ESCAPES];
                LoadAttrNondescriptorNoDict load_attr_nondescriptor_no_dict = 185 specializes LoadAttr,
                    pops 1, pushes 1, [ARG EXIT ESCAPES];
                LoadAttrNondescriptorWithValues load_attr_nondescriptor_with_values = 186 specializes LoadAttr,
                    pops 1, pushes 1, [ARG DEOPT EXIT ESCAPES];
                LoadAttrProperty load_attr_property = 187 specializes LoadAttr, pops 1, pushes 0, [ARG DEOPT EXIT];
                LoadAttrSlot load_attr_slot = 188 specializes LoadAttr,
                    pops 1, pushes 1 + (oparg & 1), [ARG DEOPT EXIT];
                LoadAttrWithHint load_attr_with_hint = 189 specializes LoadAttr,
                    pops 1, pushes 1 + (oparg & 1), [ARG NAME DEOPT EXIT ESCAPES];
                LoadConstImmortal load_const_immortal = 190 specializes LoadConst, pops 0, pushes 1, [ARG CONST];
                LoadConstMortal load_const_mortal = 191 specializes LoadConst, pops 0, pushes 1, [ARG CONST];
                LoadGlobalBuiltin load_global_builtin = 192 specializes LoadGlobal,
                    pops 0, pushes 1 + (oparg & 1), [ARG DEOPT];
                LoadGlobalModule load_global_module = 193 specializes LoadGlobal,
                    pops 0, pushes 1 + (oparg & 1), [ARG DEOPT];
                LoadSuperAttrAttr load_super_attr_attr = 194 specializes LoadSuperAttr,
                    pops 3, pushes 1, [ARG NAME DEOPT ERROR ESCAPES];
                LoadSuperAttrMethod load_super_attr_method = 195 specializes LoadSuperAttr,
                    pops 3, pushes 2, [ARG NAME DEOPT ERROR ERROR_NO_POP ESCAPES];
                ResumeCheck resume_check = 196 specializes Resume, pops 0, pushes 0, [DEOPT];
                SendGen send_gen = 197 specializes Send, pops 2, pushes 1, [ARG DEOPT];
                StoreAttrInstanceValue store_attr_instance_value = 198 specializes StoreAttr,
                    pops 2, pushes 0, [EXIT ESCAPES];
                StoreAttrSlot store_attr_slot = 199 specializes StoreAttr, pops 2, pushes 0, [DEOPT EXIT ESCAPES];
                StoreAttrWithHint store_attr_with_hint = 200 specializes StoreAttr,
                    pops 2, pushes 0, [ARG NAME DEOPT EXIT ESCAPES];
                StoreSubscrDict store_subscr_dict = 201 specializes StoreSubscr, pops 3, pushes 0, [EXIT ERROR ESCAPES];
                StoreSubscrListInt store_subscr_list_int = 202 specializes StoreSubscr,
                    pops 3, pushes 0, [DEOPT EXIT ESCAPES];
                ToBoolAlwaysTrue to_bool_always_true = 203 specializes ToBool, pops 1, pushes 1, [EXIT ESCAPES];
                ToBoolBool to_bool_bool = 204 specializes ToBool, pops 1, pushes 1, [EXIT];
                ToBoolInt to_bool_int = 205 specializes ToBool, pops 1, pushes 1, [EXIT ESCAPES];
                ToBoolList to_bool_list = 206 specializes ToBool, pops 1, pushes 1, [EXIT];
                ToBoolNone to_bool_none = 207 specializes ToBool, pops 1, pushes 1, [EXIT];
                ToBoolStr to_bool_str = 208 specializes ToBool, pops 1, pushes 1, [EXIT ESCAPES];
                UnpackSequenceList unpack_sequence_list = 209 specializes UnpackSequence,
                    pops 1, pushes oparg, [ARG DEOPT EXIT];
                UnpackSequenceTuple unpack_sequence_tuple = 210 specializes UnpackSequence,
                    pops 1, pushes oparg, [ARG DEOPT EXIT];
                UnpackSequenceTwoTuple unpack_sequence_two_tuple = 211 specializes UnpackSequence,
                    pops 1, pushes 2, [ARG DEOPT EXIT ESCAPES];
                InstrumentedEndFor instrumented_end_for = 234 instruments EndFor,
                    pops 2, pushes 1, [ERROR ERROR_NO_POP ESCAPES NO_SAVE_IP];
                InstrumentedPopIter instrumented_pop_iter = 235 instruments PopIter, pops 1, pushes 0, [ESCAPES];
                InstrumentedEndSend instrumented_end_send = 236 instruments EndSend,
                    pops 2, pushes 1, [ERROR ERROR_NO_POP ESCAPES];
                InstrumentedForIter instrumented_for_iter = 237 instruments ForIter,
                    pops 1, pushes 2, [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                InstrumentedInstruction instrumented_instruction = 238, pops 0, pushes 0, [ERROR ESCAPES];
                InstrumentedJumpForward instrumented_jump_forward = 239 instruments JumpForward,
                    pops 0, pushes 0, [ARG];
                InstrumentedNotTaken instrumented_not_taken = 240 instruments NotTaken, pops 0, pushes 0, [];
                InstrumentedPopJumpIfTrue instrumented_pop_jump_if_true = 241 instruments PopJumpIfTrue,
                    pops 1, pushes 0, [ARG];
                InstrumentedPopJumpIfFalse instrumented_pop_jump_if_false = 242 instruments PopJumpIfFalse,
                    pops 1, pushes 0, [ARG];
                InstrumentedPopJumpIfNone instrumented_pop_jump_if_none = 243 instruments PopJumpIfNone,
                    pops 1, pushes 0, [ARG ESCAPES];
                InstrumentedPopJumpIfNotNone instrumented_pop_jump_if_not_none = 244 instruments PopJumpIfNotNone,
                    pops 1, pushes 0, [ARG ESCAPES];
                InstrumentedResume instrumented_resume = 245 instruments Resume,
                    pops 0, pushes 0, [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                InstrumentedReturnValue instrumented_return_value = 246 instruments ReturnValue,
                    pops 1, pushes 1, [ERROR ESCAPES];
                InstrumentedYieldValue instrumented_yield_value = 247 instruments YieldValue,
                    pops 1, pushes 1, [ARG ERROR ERROR_NO_POP ESCAPES];
                InstrumentedEndAsyncFor instrumented_end_async_for = 248 instruments EndAsyncFor,
                    pops 2, pushes 0, [ARG JUMP ERROR ERROR_NO_POP ESCAPES];
                InstrumentedLoadSuperAttr instrumented_load_super_attr = 249 instruments LoadSuperAttr,
                    pops 3, pushes 1 + (oparg & 1), [ARG NAME ERROR ESCAPES];
                InstrumentedCall instrumented_call = 250 instruments Call,
                    pops 2 + oparg, pushes 1, [ARG EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                InstrumentedCallKw instrumented_call_kw = 251 instruments CallKw,
                    pops 3 + oparg, pushes 1, [ARG ERROR ERROR_NO_POP ESCAPES];
                InstrumentedCallFunctionEx instrumented_call_function_ex = 252 instruments CallFunctionEx,
                    pops 4, pushes 1, [EVAL_BREAK ERROR ERROR_NO_POP ESCAPES];
                InstrumentedJumpBackward instrumented_jump_backward = 253 instruments JumpBackward,
                    pops 0, pushes 0, [ARG EVAL_BREAK ERROR ESCAPES];
                InstrumentedLine instrumented_line = 254, pops 0, pushes 0, [ESCAPES];
                EnterExecutor enter_executor = 255, pops 0, pushes 0, [ARG];
            }
            pseudo_instructions {
                AnnotationsPlaceholder annotations_placeholder = 256, pops 0, pushes 0, [PURE];
                Jump jump = 257, pops 0, pushes 0, [ARG JUMP EVAL_BREAK ERROR ESCAPES];
                JumpIfFalse jump_if_false = 258, pops 1, pushes 1, [ARG JUMP ERROR ESCAPES];
                JumpIfTrue jump_if_true = 259, pops 1, pushes 1, [ARG JUMP ERROR ESCAPES];
                JumpNoInterrupt jump_no_interrupt = 260, pops 0, pushes 0, [ARG JUMP];
                LoadClosure load_closure = 261, pops 0, pushes 1, [ARG LOCAL PURE];
                PopBlock pop_block = 262, pops 0, pushes 0, [PURE];
                SetupCleanup setup_cleanup = 263, pops 0, pushes 2, [PURE ARG];
                SetupFinally setup_finally = 264, pops 0, pushes 1, [PURE ARG];
                SetupWith setup_with = 265, pops 0, pushes 1, [PURE ARG];
                StoreFastMaybeNull store_fast_maybe_null = 266, pops 1, pushes 0, [ARG LOCAL ESCAPES];
            }
        }
    };
}
