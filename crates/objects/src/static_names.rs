//! The other strings that CPython has from the start, besides those of `names.rs`: they live for ever and are interned, which reference counts
//! show. Nothing here looks them up; every interpreter's table of interned strings starts with them.
//!
//! From `pycore_global_strings.h` among the headers of CPython 3.14.

use crate::str::{StaticStr, Str};

macro_rules! static_names {
    ($($text:literal)*) => {
        /// All of them, for the table of interned strings.
        pub fn all() -> impl Iterator<Item = &'static Str> {
            [$({
                static TEXT: StaticStr<{ $text.len() + 1 }> = StaticStr::new($text);
                &*TEXT as &'static Str
            }),*]
            .into_iter()
        }
    };
}

#[rustfmt::skip]
static_names! {
    "%%" ".<locals>" ".defaults" ".format" ".generic_base" ".kwdefaults" ".type_params" "1e309" "<NULL>" "<dictcomp>"
    "<genexpr>" "<lambda>" "<listcomp>" "<module>" "<setcomp>" "<string>" "<unknown>" "CANCELLED" "FINISHED" "False"
    "JSONDecodeError" "NAME" "PENDING" "Py_Repr" "TextIOWrapper" "True" "WarningMessage" "_WindowsConsoleIO"
    "__ceil__" "__ctypes_from_outparam__" "__floor__" "__lltrace__" "__typing_is_unpacked_typevartuple__"
    "__warningregistry__" "_abstract_" "_active" "_anonymous_" "_argtypes_" "_as_parameter_" "_blksize" "_bootstrap"
    "_check_retval_" "_feature_version" "_field_types" "_fields_" "_filters" "_find_and_load" "_fix_up_module"
    "_flags_" "_get_sourcefile" "_handle_fromlist" "_internal_use" "_io" "_isatty_open_only" "_length_" "_limbo"
    "_lock_unlock_module" "_needs_com_addref_" "_only_immortal" "_restype_" "_showwarnmsg" "_shutdown" "_strptime"
    "_strptime_datetime_date" "_strptime_datetime_datetime" "_strptime_datetime_time" "_type_"
    "_warn_unawaited_coroutine" "_xoptions" "abs_tol" "access" "aclose" "add" "add_done_callback" "after_in_child"
    "after_in_parent" "aggregate_class" "alias" "align" "all" "all_threads" "allow_code" "any" "append" "arg"
    "argdefs" "arguments" "argv" "as_integer_ratio" "asend" "ast" "athrow" "attribute" "authorizer_callback"
    "autocommit" "backtick" "base" "before" "big" "binary_form" "bit_offset" "bit_size" "block" "bound"
    "buffer_callback" "buffer_size" "buffering" "buffers" "bufsize" "byte_offset" "byte_size" "byteorder"
    "bytes_per_sep" "c_call" "c_exception" "c_parameter_type" "c_return" "cached_datetime_module" "cached_statements"
    "cadata" "cafile" "call" "call_exception_handler" "callback" "capath" "category" "cb_type" "certfile"
    "check_same_thread" "clear" "closure" "co_argcount" "co_cellvars" "co_code" "co_consts" "co_exceptiontable"
    "co_filename" "co_firstlineno" "co_flags" "co_freevars" "co_kwonlyargcount" "co_linetable" "co_name" "co_names"
    "co_nlocals" "co_posonlyargcount" "co_qualname" "co_stacksize" "co_varnames" "code" "col_offset" "command"
    "comment_factory" "compile_mode" "consts" "contravariant" "conversion" "cookie" "coro" "count" "covariant" "cwd"
    "d_parameter_type" "data" "database" "day" "debug" "decoder" "default" "defaultaction" "delete" "depth"
    "desired_access" "detect_types" "deterministic" "device" "dict" "dictcomp" "difference_update" "digest"
    "digest_size" "digestmod" "dir_fd" "discard" "dispatch_table" "dklen" "doc" "dont_inherit" "dst" "dst_dir_fd"
    "eager_start" "effective_ids" "element_factory" "end" "end_col_offset" "endpos" "entrypoint" "env" "event"
    "eventmask" "exc_type" "exc_value" "exception" "existing_file_name" "exp" "expression" "extend" "extra_tokens"
    "facility" "factory" "false" "family" "fanout" "fd" "fd2" "fdel" "fget" "fields" "file_actions" "filepath"
    "fillvalue" "filter" "filters" "final" "find_class" "fix_imports" "flags" "fold" "follow_symlinks" "format"
    "format_spec" "frame_buffer" "from_param" "fromlist" "fromtimestamp" "fromutc" "func" "future" "generation"
    "genexpr" "get_event_loop" "get_source" "gid" "groupindex" "groups" "handle" "handle_seq" "hash_name" "header"
    "headers" "hi" "hook" "hour" "id" "ident" "identity_hint" "ignore" "imag" "importlib" "in_fd" "incoming" "index"
    "indexgroup" "inf" "infer_variance" "inherit_handle" "inheritable" "initial" "initial_bytes" "initial_owner"
    "initial_state" "initial_value" "initval" "inner_size" "input" "insert_comments" "insert_pis" "instructions"
    "intern" "intersection" "interval" "io" "is_compress" "is_raw" "is_struct" "isinstance" "isoformat"
    "isolation_level" "istext" "item" "iterable" "iterations" "join" "json.decoder" "jump" "keepends" "key" "keyfile"
    "kind" "kw" "kw1" "kw2" "kwdefaults" "label" "lambda" "last" "last_exc" "last_node" "last_traceback" "last_type"
    "last_value" "latin1" "leaf_size" "len" "length" "level" "limit" "line" "line_buffering" "list index out of range"
    "listcomp" "little" "lo" "locale" "logoption" "loop" "manual_reset" "mapping" "match" "max_length" "maxdigits"
    "maxevents" "maxlen" "maxmem" "maxsplit" "maxvalue" "memLevel" "memlimit" "metadata" "method" "microsecond"
    "milliseconds" "minute" "mod" "module" "module_globals" "month" "mutex" "mycmp" "n_arg" "n_fields"
    "n_sequence_fields" "n_unnamed_fields" "namespace_separator" "namespaces" "narg" "ndigits" "nested"
    "new_file_name" "new_limit" "newline" "next" "nlocals" "node_depth" "node_offset" "ns" "nstype" "nt" "null"
    "number" "object" "offset_dst" "offset_src" "on_type_read" "onceregistry" "only_active_thread" "only_keys" "oparg"
    "opcode" "operation" "optimize" "options" "order" "out_fd" "outgoing" "outpath" "overlapped" "owner" "pages"
    "parameter" "password" "pattern" "persistent_id" "persistent_load" "person" "pi_factory" "pid" "policy" "pos"
    "pos1" "pos2" "posix" "priority" "progress" "progress_handler" "progress_routine" "proto" "protocol" "ps1" "ps2"
    "query" "quotetabs" "readonly" "real" "reducer_override" "registry" "rel_tol" "release" "reload" "repl" "reserved"
    "resetids" "return" "reverse" "salt" "sched_priority" "scheduler" "script" "second" "security_attributes"
    "selectors" "self" "sep" "sequence" "server_hostname" "server_side" "session" "setcomp" "setpgroup" "setsid"
    "setsigdef" "setsigmask" "shape" "show_cmd" "signed" "size" "sizehint" "skip_file_prefixes" "sleep" "sock"
    "source" "source_traceback" "spam" "src" "src_dir_fd" "stacklevel" "statement" "status" "steps" "store_name"
    "strategy" "strftime" "strict_mode" "string" "sub_key" "subcalls" "symmetric_difference_update" "tabsize" "tag"
    "target" "target_is_directory" "task" "tb_frame" "tb_lasti" "tb_lineno" "tb_next" "template" "term" "timeout"
    "timer" "times" "timetuple" "timeunit" "top" "trace_callback" "traceback" "trailers" "translate" "true" "twice"
    "txt" "type" "type_params" "tz" "tzinfo" "tzname" "uid" "unlink" "uri" "usedforsecurity" "utf-8" "version"
    "volume" "wait_all" "warn_on_full_buffer" "warnoptions" "wbits" "week" "weekday" "which" "who" "withdata"
    "write_through" "year" "zdict" "zstd_dict" "{{" "}}"
}
