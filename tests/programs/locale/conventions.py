# What the C library says in its own locale, and what it refuses.
import _locale

print(_locale.setlocale(_locale.LC_ALL, "C"), _locale.localeconv())
for attempt in (
    lambda: _locale.setlocale(_locale.LC_NUMERIC), lambda: _locale.setlocale(99), lambda: _locale.setlocale(0, "xx"),
    lambda: _locale.setlocale(0, 3), lambda: _locale.strcoll("a", "b") < 0, lambda: _locale.strcoll("a\0", "b"),
    lambda: _locale.strxfrm("abc"), lambda: _locale.nl_langinfo(_locale.RADIXCHAR), lambda: _locale.nl_langinfo(3),
    lambda: _locale.gettext("a"), lambda: _locale.dgettext(None, "a"), lambda: _locale.dcgettext("d", "a", 5),
    lambda: _locale.textdomain(None), lambda: _locale.textdomain("x"), lambda: _locale.bindtextdomain("x", "/tmp"),
    lambda: _locale.bindtextdomain("", None), lambda: _locale.bindtextdomain("x", None),
    lambda: _locale.bind_textdomain_codeset("x", None), lambda: _locale.Error.__mro__,
    lambda: _locale.nl_langinfo(_locale.DAY_1), lambda: _locale.nl_langinfo(_locale.YESEXPR),
):
    try:
        print(repr(attempt()))
    except Exception as error:
        print(type(error).__name__, error)
