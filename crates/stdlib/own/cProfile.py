"""Python interface for the 'lsprof' profiler.
Compatible with the 'profile' module.
"""
# The crate with the library's text has no cProfile, so this one is Naja's own. Its interface is that of `profile`: what it
# collects goes to `pstats` in the same form.

__all__ = ["run", "runctx", "Profile"]

import _lsprof
import io
import marshal
import os
import sys
import types


def run(statement, filename=None, sort=-1):
    """Run statement under profiler optionally saving results in filename

    This function takes a single argument that can be passed to the
    "exec" statement, and an optional file name.  In all cases this
    routine attempts to "exec" its first argument and gather profiling
    statistics from the execution. If no file name is present, then this
    function automatically prints a simple profiling report, sorted by the
    standard name string (file/line/function-name) that is presented in
    each line.
    """
    profiler = Profile()
    _report(profiler, lambda: profiler.run(statement), filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """Run statement under profiler, supplying your own globals and locals,
    optionally saving results in filename.

    statement and filename have the same semantics as profile.run
    """
    profiler = Profile()
    _report(profiler, lambda: profiler.runctx(statement, globals, locals), filename, sort)


def _report(profiler, action, filename, sort):
    """Do something under the profiler; a program that exits is reported, too."""
    try:
        action()
    except SystemExit:
        pass
    finally:
        if filename is None:
            profiler.print_stats(sort)
        else:
            profiler.dump_stats(filename)


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True)

    Builds a profiler object using the specified timer function.
    The default timer is a fast built-in one based on real time.
    For custom timer functions returning integers, timeunit can
    be a float specifying a scale (i.e. how long each integer unit
    is, in seconds).
    """

    def print_stats(self, sort=-1):
        import pstats
        keys = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*keys).print_stats()

    def dump_stats(self, file):
        with open(file, "wb") as stream:
            self.create_stats()
            marshal.dump(self.stats, stream)

    def create_stats(self):
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        collected = self.getstats()
        # For each function: calls that were not recursive, all calls, time in it alone, time altogether, and its callers. Functions of
        # different code objects may have one label.
        self.stats = {}
        callers = {}
        for entry in collected:
            label_ = label(entry.code)
            callers.setdefault(label_, {})
            calls = entry.callcount
            primitive = calls - entry.reccallcount
            known = self.stats.get(label_, (0, 0, 0, 0))
            numbers = (primitive, calls, entry.inlinetime, entry.totaltime)
            self.stats[label_] = (*map(sum, zip(known, numbers)), callers[label_])
        for entry in collected:
            caller = label(entry.code)
            for call in entry.calls or ():
                of_callee = callers.setdefault(label(call.code), {})
                calls = call.callcount
                numbers = (calls, calls - call.reccallcount, call.inlinetime, call.totaltime)
                known = of_callee.get(caller, (0, 0, 0, 0))
                of_callee[caller] = tuple(map(sum, zip(known, numbers)))

    def run(self, cmd):
        import __main__
        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

    def runctx(self, cmd, globals, locals):
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            # Not by leaving a `with`: that would be one more function call to report.
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


def label(code):
    if isinstance(code, str):
        # A built-in function.
        return ("~", 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)


def main():
    from optparse import OptionParser
    import pstats
    import runpy

    usage = "cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ..."
    parser = OptionParser(usage=usage)
    parser.allow_interspersed_args = False
    parser.add_option("-o", "--outfile", dest="outfile", default=None, help="Save stats to <outfile>")
    parser.add_option("-s", "--sort", dest="sort", default=2, choices=sorted(pstats.Stats.sort_arg_dict_default),
                      help="Sort order when printing to stdout, based on pstats.Stats class")
    parser.add_option("-m", dest="module", action="store_true", default=False, help="Profile a library module")
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, arguments = parser.parse_args()
    sys.argv[:] = arguments
    if options.outfile is not None:
        # The program may change the directory.
        options.outfile = os.path.abspath(options.outfile)
    if not arguments:
        parser.print_usage()
        return parser
    if options.module:
        code = "run_module(modname, run_name='__main__')"
        globals = {"run_module": runpy.run_module, "modname": arguments[0]}
    else:
        name = arguments[0]
        sys.path.insert(0, os.path.dirname(name))
        with io.open_code(name) as stream:
            code = compile(stream.read(), name, "exec")
        # What looks for the program's module finds this one: a program that was not imported, so without a specification.
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        module.__spec__ = None
        module.__file__ = name
        module.__cached__ = None
        globals = module.__dict__
    try:
        runctx(code, globals, None, options.outfile, options.sort)
    except BrokenPipeError as error:
        # Nobody reads the report: the exception is not shown, and flushing at the end must not show it either.
        sys.stdout = None
        sys.exit(error.errno)
    return parser


if __name__ == "__main__":
    main()
