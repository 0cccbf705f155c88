"""What the search knows of each module: expressions that make instances of its types, and the calls that must not be made.

Nothing else here is written by hand: functions, types and methods are found by asking the modules.
"""

# Names that are not called: they end or replace the process, reach other processes or the machine's settings, write outside the scratch
# folder, or are made to crash. A name alone holds in every module.
EXCLUDED = {
    "posix": {
        "_exit", "abort", "fork", "fork1", "forkpty", "vfork", "kill", "killpg", "execv", "execve", "system", "popen", "posix_spawn", "posix_spawnp", "chroot",
        "setuid", "setgid", "seteuid", "setegid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "initgroups", "nice", "setpriority",
        "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_rtrmap", "sync", "closerange", "chdir", "fchdir", "mkfifo", "login_tty", "unshare", "setns",
        "register_at_fork", "setsid", "setpgid", "pause", "wait", "wait3", "wait4", "waitpid", "waitid", "mknod", "ptsname", "tcsetpgrp", "umask", "times", "close", "dup2",
        "getloadavg", "_remove_dll_directory", "syncfs", "fsync", "fdatasync", "lchown", "chown", "fchown", "plock", "sched_yield",
    },
    "_signal": {"pause", "alarm", "setitimer", "pthread_kill", "raise_signal", "sigwait", "sigwaitinfo", "sigtimedwait", "pidfd_send_signal", "signal", "pthread_sigmask", "siginterrupt"},
    "signal": {"default_int_handler"},
    "time": {"pthread_getcpuclockid", "clock_settime", "clock_settime_ns", "sleep"},
    "_socket": {"sethostname", "gethostbyaddr", "getaddrinfo", "gethostbyname", "gethostbyname_ex", "getnameinfo", "close", "dup", "if_nameindex"},
    "resource": {"setrlimit", "prlimit"},
    "faulthandler": {"_sigsegv", "_sigabrt", "_sigfpe", "_sigill", "_read_null", "_stack_overflow", "_fatal_error_c_thread", "_fatal_error", "dump_traceback_later", "register", "enable"},
    "sys": {
        "addaudithook", "remote_exec", "settrace", "setprofile", "_settraceallthreads", "_setprofileallthreads", "setrecursionlimit", "breakpointhook", "displayhook", "exit",
        "setdlopenflags", "_clear_internal_caches", "set_coroutine_origin_tracking_depth", "call_tracing", "_current_frames", "_current_exceptions", "_debugmallocstats",
        "activate_stack_trampoline", "set_asyncgen_hooks", "intern", "_dump_tracelets", "_getframe", "getallocatedblocks", "getrefcount", "getunicodeinternedsize", "gettotalrefcount",
        "setswitchinterval", "excepthook", "unraisablehook", "__excepthook__", "__unraisablehook__", "__displayhook__", "__breakpointhook__", "_clear_type_cache", "_clear_type_descriptors", "getsizeof",
    },
    "gc": {"get_objects", "get_referrers", "set_debug", "freeze", "disable", "set_threshold", "get_referents", "get_stats", "get_count"},
    "syslog": {"syslog", "openlog"},
    "_thread": {"interrupt_main", "start_new_thread", "start_new", "start_joinable_thread", "exit", "exit_thread", "_shutdown", "stack_size", "_make_thread_handle", "daemon_threads_allowed", "_excepthook"},
    "_multiprocessing": {"_rebuild", "sem_unlink"},
    "_posixshmem": {"shm_open", "shm_unlink"},
    "_posixsubprocess": {"fork_exec"},
    "atexit": {"_run_exitfuncs", "_clear", "register"},
    "_imp": {"create_dynamic", "exec_dynamic", "create_builtin", "exec_builtin", "init_frozen", "acquire_lock", "release_lock", "_override_frozen_modules_for_tests", "_override_multi_interp_extensions_check"},
    "fcntl": {"ioctl"},
    "_warnings": {"_acquire_lock", "_release_lock"},
    "termios": {"tcflow", "tcsendbreak", "tcdrain"},
}  # fmt: skip

# Methods that wait for somebody, and the one that takes a pointer.
WAITING = {
    "acquire", "__enter__", "get", "_rebuild", "wait", "accept", "recv", "connect", "join", "acquire_lock", "poll", "_acquire_restore", "_accept", "put", "recvfrom", "recv_into", "recvfrom_into", "recvmsg", "recvmsg_into",
}  # fmt: skip
WAITING_TYPES = {"lock", "RLock", "SimpleQueue", "SemLock", "_ThreadHandle", "socket", "epoll", "poll"}

# Modules that are another's business: language, `ctypes` by way of raw addresses, and the start of the interpreter.
SKIPPED = {"builtins", "_foreign", "_ctypes", "_testcapi", "_testinternalcapi", "_testlimitedcapi"}

# Whose results say nothing to compare: times, process numbers, addresses, machine.
UNSTEADY = {"time", "posix", "gc", "sys", "_random", "_uuid", "resource", "_lsprof", "_thread", "errno", "_imp", "pwd", "grp", "_socket", "_locale", "faulthandler", "mmap", "select", "_ssl", "_asyncio", "_opcode"}

# Expressions that make instances, by module. Names of modules are bound in them.
INSTANCES = {
    "_abc": ["_abc._abc_init(abc.ABCMeta('A', (), {}))", "abc.ABC"],
    "_ast": ["_ast.Name('a', _ast.Load())", "ast.parse('x = [i for i in y]')", "_ast.Constant(3)", "_ast.Load()"],
    "_asyncio": ["_asyncio.Future(loop=Loop())", "_asyncio.Task(coroutine(), loop=Loop())", "Loop()", "coroutine()", "iter(_asyncio.Future(loop=Loop()))"],
    "_bz2": ["_bz2.BZ2Compressor()", "_bz2.BZ2Decompressor()"],
    "_collections": [
        "_collections.deque([1, 2, 3])", "_collections.deque(range(200), 150)", "_collections.deque(maxlen=2)", "_collections.OrderedDict(a=1, b=2, c=3)", "iter(_collections.OrderedDict(a=1, b=2))",
        "_collections.OrderedDict(a=1).items()", "_collections.defaultdict(list, a=1)", "iter(_collections.deque([1, 2]))", "reversed(_collections.deque([1, 2]))", "_collections._tuplegetter(1, 'd')",
        "reversed(_collections.OrderedDict(a=1, b=2).values())",
    ],
    "_contextvars": ["_contextvars.Context()", "_contextvars.ContextVar('v')", "_contextvars.ContextVar('v', default=1)", "_contextvars.ContextVar('v').set(1)", "_contextvars.copy_context()"],
    "_csv": ["_csv.reader(['a,b', 'c,d'])", "_csv.writer(io.StringIO())", "_csv.Dialect()", "_csv.reader(EvilIterable(step))", "_csv.writer(EvilFile(step))"],
    "_datetime": [
        "_datetime.date(2000, 2, 29)", "_datetime.datetime(2000, 2, 29, 1, 2, 3, 4)", "_datetime.datetime(1, 1, 1, tzinfo=_datetime.timezone.utc)", "_datetime.time(1, 2, 3, 4)", "_datetime.timedelta(1, 2, 3)",
        "_datetime.timezone.utc", "_datetime.tzinfo()", "_datetime.datetime.max", "_datetime.timedelta.max", "_datetime.date(2000, 1, 1).isocalendar()", "Zone(step)", "_datetime.datetime(2000, 1, 1, tzinfo=Zone(step))",
        "_datetime.time(1, tzinfo=Zone(step))",
    ],
    "_decimal": [
        "_decimal.Decimal('1.5')", "_decimal.Decimal('NaN123')", "_decimal.Decimal('sNaN')", "_decimal.Decimal('-Infinity')", "_decimal.Decimal('1e999999999999999999')", "_decimal.Decimal(10)**50", "_decimal.Context()",
        "_decimal.getcontext()", "_decimal.Context(prec=1)", "_decimal.Context().flags", "_decimal.localcontext()", "_decimal.Context(prec=10**18-1, Emax=10**18-1, Emin=-10**18+1, traps=[])",
    ],
    "_elementtree": [
        "_elementtree.Element('a', {'x': 'y'})", "tree()", "tree().iter()", "tree().itertext()", "iter(tree())", "tree()[0]", "_elementtree.TreeBuilder()", "_elementtree.TreeBuilder(EvilCall(step), insert_comments=True, comment_factory=EvilCall(step))",
        "_elementtree.Element.__new__(_elementtree.Element)", "_elementtree.Element(EvilEqual(step))", "tree().iter(EvilEqual(step))",
    ],
    "_functools": [
        "_functools.partial(len)", "_functools.partial(EvilCall(step), 1, a=2)", "functools.lru_cache(2)(EvilCall(step))", "functools.lru_cache(None)(EvilCall(step))", "functools.lru_cache(0)(len)", "_functools.cmp_to_key(EvilCall(step))(3)",
        "_functools.cmp_to_key(EvilCall(step))", "_functools.partial(print, _functools.Placeholder, 2)", "_functools.Placeholder",
    ],
    "_heapq": ["[3, 2, 1]", "[EvilEqual(step), EvilEqual(step), EvilEqual(step), 1]", "list(range(20))"],
    "_bisect": ["[1, 2, 3]", "[EvilEqual(step), EvilEqual(step)]"],
    "_hmac": ["_hmac.new(b'key', b'x', 'sha256')", "_hmac.new(b'key', b'x', 'md5')"],
    "_io": [
        "_io.BytesIO(b'abc\\ndef')", "_io.BytesIO(bytearray(9999))", "_io.StringIO('abc\\ndef')", "_io.StringIO(newline=None)", "_io.BufferedReader(_io.BytesIO(b'x' * 99), 16)", "_io.BufferedWriter(_io.BytesIO(), 16)",
        "_io.BufferedRandom(_io.BytesIO(b'y' * 99), 16)", "_io.BufferedRWPair(_io.BytesIO(b'x' * 50), _io.BytesIO(), 8)", "_io.TextIOWrapper(_io.BytesIO(b'abc\\r\\ndef\\n'), 'utf-8')", "_io.TextIOWrapper(_io.BytesIO(b'\\xff\\xfea\\0'), 'utf-16')",
        "_io.BufferedReader(EvilRaw(step), 8)", "_io.BufferedWriter(EvilRaw(step), 8)", "_io.BufferedRandom(EvilRaw(step), 8)", "_io.BufferedRWPair(EvilRaw(step), EvilRaw(step), 8)", "_io.TextIOWrapper(EvilFile(step), 'utf-8')",
        "_io.TextIOWrapper(EvilRaw(step), 'latin-1', newline='\\r\\n')", "_io.IncrementalNewlineDecoder(None, True)", "_io.IncrementalNewlineDecoder(EvilCodec(step), True)", "_io.FileIO('some', 'w+')", "_io.open('some', 'w+')", "_io.open('some', 'wb+')",
        "_io.BytesIO(b'abcdef').getbuffer()", "_io._IOBase()", "_io._RawIOBase()", "_io._BufferedIOBase()", "_io._TextIOBase()", "EvilRaw(step)", "_io.TextIOWrapper(_io.BytesIO(b'abc' * 3000), 'utf-8', write_through=True)",
        "_io.TextIOWrapper(_io.BufferedRandom(_io.BytesIO(b'\\xc3\\xa9\\n' * 100)), 'utf-8')",
    ],
    "_json": [
        "_json.make_scanner(json.JSONDecoder())", "_json.make_scanner(EvilAttributes(step))", "_json.make_encoder({}, EvilCall(step), EvilCall(step), None, ':', ',', True, True, True)",
        "_json.make_encoder(None, EvilCall(step), _json.encode_basestring, 2, ':', ',', False, True, True)", "json.JSONDecoder(object_hook=EvilCall(step), parse_int=EvilCall(step))", "json.JSONEncoder(default=EvilCall(step))",
        "_json.make_scanner(types.SimpleNamespace(strict=True, object_hook=EvilCall(step), object_pairs_hook=None, parse_float=EvilCall(step), parse_int=EvilCall(step), parse_constant=EvilCall(step)))",
    ],
    "_lsprof": ["_lsprof.Profiler()", "_lsprof.Profiler(EvilCall(step))"],
    "_lzma": ["_lzma.LZMACompressor()", "_lzma.LZMADecompressor()", "_lzma.LZMADecompressor(_lzma.FORMAT_RAW, filters=[{'id': _lzma.FILTER_LZMA2}])"],
    "_md5": ["_md5.md5(b'x')"],
    "_sha1": ["_sha1.sha1(b'x')"],
    "_sha2": ["_sha2.sha256(b'x')", "_sha2.sha512(b'x')"],
    "_sha3": ["_sha3.sha3_256(b'x')", "_sha3.shake_128(b'x')"],
    "_blake2": ["_blake2.blake2b(b'x')", "_blake2.blake2s(b'x', digest_size=3)"],
    "_operator": ["_operator.itemgetter(1)", "_operator.itemgetter(EvilNumber(step), 2)", "_operator.attrgetter('a.b', 'c')", "_operator.methodcaller('close')", "_operator.methodcaller('append', EvilCall(step))"],
    "_pickle": [
        "_pickle.Pickler(io.BytesIO())", "_pickle.Pickler(EvilFile(step))", "_pickle.Unpickler(io.BytesIO(b'N.'))", "_pickle.Unpickler(EvilFile(step))", "_pickle.PickleBuffer(b'abc')", "_pickle.PickleBuffer(bytearray(b'abc'))",
        "_pickle.Pickler(io.BytesIO()).memo", "_pickle.Unpickler(io.BytesIO(pickle.dumps([1, 'a', (2,), {3: 4}]))).memo", "_pickle.Unpickler(io.BytesIO(pickle.dumps(list(range(50)))))", "_pickle.Pickler(io.BytesIO(), 5, buffer_callback=EvilCall(step))",
        "PersistentPickler(step)", "PersistentUnpickler(step)",
    ],
    "_queue": ["_queue.SimpleQueue()"],
    "_random": ["_random.Random(1)"],
    "_socket": ["_socket.socket()", "_socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)", "socket.socketpair()[0]"],
    "_sre": [
        "re.compile('(a)(b)?')", "re.compile(b'a*')", "re.compile('(a)').match('a')", "re.compile('a').scanner('aaa')", "re.compile(b'(x)|y').search(memoryview(bytearray(b'axy')))", "re.compile('(?P<n>.)(?:(?P<m>z)|.)').match('ab')",
        "re.compile('a(?=b)(?<!c)(?>d*)e++').pattern", "re.compile(b'.', re.S).scanner(bytearray(b'abc'))", "re._compile_template(re.compile('(a)'), r'x\\1')",
    ],
    "_sqlite3": [
        "database()", "database().execute('select * from t')", "database().execute('select f(x), g(x) over (order by y) from t')", "database().execute('select * from t order by y collate c, f(x)')",
        "database(autocommit=False)", "database(detect_types=3).execute('select x as \"x [any]\", y from t')", "database().blobopen('t', 'z', 1)", "_sqlite3.Row(database().execute('select * from t'), (1, 2, 3))",
        "next(database(row_factory=_sqlite3.Row).execute('select * from t'))", "database(text_factory=EvilCall(step)).execute('select y from t')", "database(row_factory=EvilCall(step)).execute('select f(y) from t')",
        "database(authorizer=EvilCall(step))", "database(progress=EvilCall(step))", "database(trace=EvilCall(step))", "_sqlite3.Cursor.__new__(_sqlite3.Cursor)", "_sqlite3.Connection.__new__(_sqlite3.Connection)", "database()('select f(1)')",
    ],
    "_ssl": ["_ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)", "_ssl.MemoryBIO()", "_ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)._wrap_bio(_ssl.MemoryBIO(), _ssl.MemoryBIO(), False)", "_ssl._SSLContext(_ssl.PROTOCOL_TLS_SERVER)"],
    "_struct": ["_struct.Struct('2i3s')", "_struct.Struct('')", "_struct.iter_unpack('h', bytes(20))", "_struct.iter_unpack('h', bytearray(20))", "_struct.Struct('>qd?nP0s')"],
    "_thread": ["_thread.allocate_lock()", "_thread.RLock()", "_thread._local()", "_thread._ExceptHookArgs((1, 2, 3, 4))"],
    "_tokenize": ["_tokenize.TokenizerIter(iter(['a = 1\\n', 'b']).__next__, extra_tokens=True)", "_tokenize.TokenizerIter(EvilCall(step), extra_tokens=False)"],
    "_typing": ["_typing.TypeVar('T')", "_typing.ParamSpec('P')", "_typing.TypeVarTuple('Ts')", "_typing.TypeAliasType('A', int)", "_typing.ParamSpec('P').args", "int | str", "_typing.TypeVar('T', bound=EvilCall(step))"],
    "_weakref": ["_weakref.ref(Hostile)", "_weakref.proxy(KEPT_SET)", "_weakref.proxy(KEPT_CALL)", "_weakref.ref(set)", "_weakref.ref(KEPT_SET, EvilCall(step))"],
    "_zoneinfo": ["_zoneinfo.ZoneInfo('UTC')", "_zoneinfo.ZoneInfo.from_file(io.BytesIO(zone_file()))", "_zoneinfo.ZoneInfo.no_cache('UTC')"],
    "array": ["array.array('b', b'abc')", "array.array('i', [1, 2, 3])", "array.array('d', [1.5])", "array.array('w', 'abc')", "array.array('u', 'abc')", "iter(array.array('q', [1]))", "memoryview(array.array('H', [1, 2]))"],
    "itertools": [
        "itertools.tee([1, 2, 3])[0]", "itertools.tee(EvilIterable(step))[1]", "itertools.groupby([1, 1, 2], EvilCall(step))", "itertools.groupby(EvilIterable(step), lambda x: EvilEqual(step))", "itertools.chain([1], EvilIterable(step))", "itertools.count(EvilNumber(step))", "itertools.count(2**63 - 2)",
        "itertools.count(1.5, EvilEqual(step))", "itertools.cycle(EvilIterable(step))", "itertools.accumulate([1, 2, 3], EvilCall(step))", "itertools.batched(EvilIterable(step), 2)", "itertools.combinations([1, 2, 3], 2)", "itertools.permutations([1, 2, 3], 2)",
        "itertools.combinations_with_replacement([1, 2], 2)", "itertools.product([1, 2], EvilIterable(step), repeat=2)", "itertools.islice(EvilIterable(step), 1, 5, 2)", "itertools.repeat(1, 5)", "itertools.starmap(EvilCall(step), [(1, 2), (3, 4)])", "itertools.takewhile(EvilCall(step), [1, 2])",
        "itertools.dropwhile(EvilCall(step), EvilIterable(step))", "itertools.filterfalse(EvilCall(step), [1, 2])", "itertools.zip_longest([1], EvilIterable(step), fillvalue=1)", "itertools.pairwise(EvilIterable(step))", "itertools.compress([1, 2], EvilIterable(step))",
    ],
    "mmap": ["mmap.mmap(-1, 100)", "mmap.mmap(-1, 4096, access=mmap.ACCESS_READ)", "memoryview(mmap.mmap(-1, 50))"],
    "posix": ["posix.scandir('.')", "posix.stat('.')", "posix.terminal_size((1, 2))", "list(posix.scandir('..'))[0]", "posix.uname()", "posix.sched_param(1)"],
    "pwd": ["pwd.getpwall()[0]"],
    "select": ["select.poll()", "select.epoll()"],
    "time": ["time.localtime(0)", "time.gmtime(10**9)"],
    "unicodedata": ["unicodedata.ucd_3_2_0"],
    "zlib": ["zlib.compressobj()", "zlib.decompressobj()", "zlib._ZlibDecompressor()", "zlib.decompressobj(zdict=b'abc')", "zlib.compressobj(wbits=-15)"],
    "sys": ["sys.flags", "sys.version_info", "sys.thread_info"],
}  # fmt: skip
