"""Python wrapper for Expat parser.

An XML 1.0 parser that does not validate, with Expat's interface: text comes in
pieces, and handlers are called for each complete part of it.  Entities that are
declared in the document are expanded, up to a bound; external ones are passed to
their handler.
"""

import codecs as _codecs
import re as _re
import sys as _sys
import types as _types

__version__ = "3.14"
EXPAT_VERSION = "expat_2.7.1"
version_info = (2, 7, 1)
native_encoding = "UTF-8"
features = [("sizeof(XML_Char)", 1), ("sizeof(XML_LChar)", 1), ("XML_DTD", 0), ("XML_CONTEXT_BYTES", 1024),
            ("XML_NS", 0), ("XML_GE", 0)]
XML_PARAM_ENTITY_PARSING_NEVER = 0
XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE = 1
XML_PARAM_ENTITY_PARSING_ALWAYS = 2

_ERRORS = [  # name, code, message
    ("XML_ERROR_NO_MEMORY", 1, "out of memory"), ("XML_ERROR_SYNTAX", 2, "syntax error"),
    ("XML_ERROR_NO_ELEMENTS", 3, "no element found"),
    ("XML_ERROR_INVALID_TOKEN", 4, "not well-formed (invalid token)"),
    ("XML_ERROR_UNCLOSED_TOKEN", 5, "unclosed token"), ("XML_ERROR_PARTIAL_CHAR", 6, "partial character"),
    ("XML_ERROR_TAG_MISMATCH", 7, "mismatched tag"), ("XML_ERROR_DUPLICATE_ATTRIBUTE", 8, "duplicate attribute"),
    ("XML_ERROR_JUNK_AFTER_DOC_ELEMENT", 9, "junk after document element"),
    ("XML_ERROR_PARAM_ENTITY_REF", 10, "illegal parameter entity reference"),
    ("XML_ERROR_UNDEFINED_ENTITY", 11, "undefined entity"),
    ("XML_ERROR_RECURSIVE_ENTITY_REF", 12, "recursive entity reference"),
    ("XML_ERROR_ASYNC_ENTITY", 13, "asynchronous entity"),
    ("XML_ERROR_BAD_CHAR_REF", 14, "reference to invalid character number"),
    ("XML_ERROR_BINARY_ENTITY_REF", 15, "reference to binary entity"),
    ("XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF", 16, "reference to external entity in attribute"),
    ("XML_ERROR_MISPLACED_XML_PI", 17, "XML or text declaration not at start of entity"),
    ("XML_ERROR_UNKNOWN_ENCODING", 18, "unknown encoding"),
    ("XML_ERROR_INCORRECT_ENCODING", 19, "encoding specified in XML declaration is incorrect"),
    ("XML_ERROR_UNCLOSED_CDATA_SECTION", 20, "unclosed CDATA section"),
    ("XML_ERROR_EXTERNAL_ENTITY_HANDLING", 21, "error in processing external entity reference"),
    ("XML_ERROR_NOT_STANDALONE", 22, "document is not standalone"),
    ("XML_ERROR_UNEXPECTED_STATE", 23, "unexpected parser state - please send a bug report"),
    ("XML_ERROR_ENTITY_DECLARED_IN_PE", 24, "entity declared in parameter entity"),
    ("XML_ERROR_FEATURE_REQUIRES_XML_DTD", 25, "requested feature requires XML_DTD support in Expat"),
    ("XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING", 26, "cannot change setting once parsing has begun"),
    ("XML_ERROR_UNBOUND_PREFIX", 27, "unbound prefix"),
    ("XML_ERROR_UNDECLARING_PREFIX", 28, "must not undeclare prefix"),
    ("XML_ERROR_INCOMPLETE_PE", 29, "incomplete markup in parameter entity"),
    ("XML_ERROR_XML_DECL", 30, "XML declaration not well-formed"),
    ("XML_ERROR_TEXT_DECL", 31, "text declaration not well-formed"),
    ("XML_ERROR_PUBLICID", 32, "illegal character(s) in public id"),
    ("XML_ERROR_SUSPENDED", 33, "parser suspended"), ("XML_ERROR_NOT_SUSPENDED", 34, "parser not suspended"),
    ("XML_ERROR_ABORTED", 35, "parsing aborted"), ("XML_ERROR_FINISHED", 36, "parsing finished"),
    ("XML_ERROR_SUSPEND_PE", 37, "cannot suspend in external parameter entity"),
    ("XML_ERROR_RESERVED_PREFIX_XML", 38,
     "reserved prefix (xml) must not be undeclared or bound to another namespace name"),
    ("XML_ERROR_RESERVED_PREFIX_XMLNS", 39, "reserved prefix (xmlns) must not be declared or undeclared"),
    ("XML_ERROR_RESERVED_NAMESPACE_URI", 40, "prefix must not be bound to one of the reserved namespace names"),
    ("XML_ERROR_INVALID_ARGUMENT", 41, "invalid argument"),
    ("XML_ERROR_NO_BUFFER", 42, "a successful prior call to function XML_GetBuffer was required"),
    ("XML_ERROR_AMPLIFICATION_LIMIT_BREACH", 43,
     "limit on input amplification factor (from DTD and entities) breached"),
    ("XML_ERROR_NOT_STARTED", 44, "parser not started"),
]
_MESSAGES = {code: message for _, code, message in _ERRORS}

errors = _types.ModuleType("pyexpat.errors", "Constants used to describe error conditions.")
for _name, _code, _message in _ERRORS:
    setattr(errors, _name, _message)
errors.codes = {message: code for _, code, message in _ERRORS}
errors.messages = {code: message for _, code, message in _ERRORS}
model = _types.ModuleType("pyexpat.model", "Constants used to interpret content model information.")
for _name, _code in [("EMPTY", 1), ("ANY", 2), ("MIXED", 3), ("NAME", 4), ("CHOICE", 5), ("SEQ", 6)]:
    setattr(model, f"XML_CTYPE_{_name}", _code)
for _name, _code in [("NONE", 0), ("OPT", 1), ("REP", 2), ("PLUS", 3)]:
    setattr(model, f"XML_CQUANT_{_name}", _code)
_sys.modules["pyexpat.errors"] = errors
_sys.modules["pyexpat.model"] = model

_START = ":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef" \
         "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = f"[{_START}][-.0-9\xb7\u0300-\u036f\u203f\u2040{_START}]*"
_name_pattern = _re.compile(_NAME)
_reference = _re.compile(f"&(?:#([0-9]+)|#x([0-9a-fA-F]+)|({_NAME}));")
_attribute = _re.compile(rf"[ \t\n]+({_NAME})[ \t\n]*=[ \t\n]*(?:\"([^<\"]*)\"|'([^<']*)')")
_end_tag = _re.compile(rf"</({_NAME})[ \t\n]*>")
_word = _re.compile(r"[\w.:\-]+")
_illegal = _re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_declaration = _re.compile(
    r"<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(['\"])([-A-Za-z0-9_.:]+)\1"
    r"(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(['\"])([A-Za-z][-A-Za-z0-9._]*)\3)?"
    r"(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(['\"])(yes|no)\5)?[ \t\r\n]*\?>")
_text_declaration = _re.compile(
    r"<\?xml(?:[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(['\"])([-A-Za-z0-9_.:]+)\1)?"
    r"[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(['\"])([A-Za-z][-A-Za-z0-9._]*)\3[ \t\r\n]*\?>")
_external = _re.compile(r"(?:SYSTEM[ \t\n]+|PUBLIC[ \t\n]+(?:\"([^\"]*)\"|'([^']*)')[ \t\n]*)(?:\"([^\"]*)\"|'([^']*)')?")
_BUILT_IN = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_AMPLIFICATION = 100
_ALWAYS_ALLOWED = 8 << 20

_HANDLERS = """StartElementHandler EndElementHandler ProcessingInstructionHandler CharacterDataHandler
UnparsedEntityDeclHandler NotationDeclHandler StartNamespaceDeclHandler EndNamespaceDeclHandler CommentHandler
StartCdataSectionHandler EndCdataSectionHandler DefaultHandler DefaultHandlerExpand NotStandaloneHandler
ExternalEntityRefHandler StartDoctypeDeclHandler EndDoctypeDeclHandler EntityDeclHandler XmlDeclHandler
ElementDeclHandler AttlistDeclHandler SkippedEntityHandler""".split()


class ExpatError(Exception):
    __module__ = "xml.parsers.expat"


error = ExpatError


def ErrorString(code, /):
    """Returns string error for given number."""
    return _MESSAGES.get(code)


def ParserCreate(encoding=None, namespace_separator=None, intern=None):
    """Return a new XML parser object."""
    if encoding is not None and not isinstance(encoding, str):
        raise TypeError(f"ParserCreate() argument 'encoding' must be str or None, not {type(encoding).__name__}")
    if namespace_separator is not None:
        if not isinstance(namespace_separator, str):
            raise TypeError("ParserCreate() argument 'namespace_separator' must be str or None, "
                            f"not {type(namespace_separator).__name__}")
        if len(namespace_separator) > 1:
            raise ValueError("namespace_separator must be at most one character, omitted, or None")
    return XMLParserType(_KEY, encoding, namespace_separator, {} if intern is None else intern)


_KEY = object()


class _Incomplete(Exception):
    """A token goes on beyond what has come so far."""


class XMLParserType:
    """XML parser"""
    __module__ = "pyexpat"

    def __init__(self, key=None, encoding=None, separator=None, intern=None):
        if key is not _KEY:
            raise TypeError("cannot create 'pyexpat.xmlparser' instances")
        self._encoding, self._separator = encoding, separator
        self.intern = intern
        self._flags = dict.fromkeys(("ordered_attributes", "specified_attributes", "namespace_prefixes"), False)
        self._handlers = dict.fromkeys(_HANDLERS)
        self._buffering, self._buffer_size, self._texts = False, 8192, []
        self._raw, self._decoder, self._text, self._at = b"", None, "", 0
        self._line, self._column, self._bytes = 1, 0, 0
        self._stack, self._scopes = [], []
        self._entities, self._parameters, self._defaults = {}, {}, {}
        self._state, self._base, self._context, self._open = "prolog", None, None, ()
        self._code, self._finished, self._deferral = 0, False, True
        self._has_subset = self._standalone = False
        self._given = self._expanded = 0
        self._fragment = False
        self._start = True
        self._error_place = (1, 0, 0)
        self._tried = 0
        self._threshold, self._factor, self._is_part = _ALWAYS_ALLOWED, _AMPLIFICATION, False

    # Settings

    @property
    def buffer_text(self):
        return self._buffering

    @buffer_text.setter
    def buffer_text(self, value):
        if not value:
            self._flush()
        self._buffering = bool(value)

    @property
    def buffer_size(self):
        return self._buffer_size

    @buffer_size.setter
    def buffer_size(self, value):
        if not isinstance(value, int):
            raise TypeError("buffer_size must be an integer")
        if value <= 0:
            raise ValueError("buffer_size must be greater than zero")
        if value > 0x7FFFFFFF:
            raise ValueError(f"buffer_size must not be greater than {0x7FFFFFFF}")
        self._flush()
        self._buffer_size = value

    @property
    def buffer_used(self):
        return sum(map(len, self._texts))

    CurrentLineNumber = ErrorLineNumber = property(lambda self: self._error_place[0])
    CurrentColumnNumber = ErrorColumnNumber = property(lambda self: self._error_place[1])
    CurrentByteIndex = ErrorByteIndex = property(lambda self: self._error_place[2])
    ErrorCode = property(lambda self: self._code)

    def SetBase(self, base, /):
        """Set the base URL for the parser."""
        self._base = base

    def GetBase(self, /):
        """Return base URL string for the parser."""
        return self._base

    def GetInputContext(self, /):
        """Return the untranslated text of the input that caused the current event."""
        return self._text[self._at:].encode() if self._context else None

    def SetParamEntityParsing(self, flag, /):
        """Controls parsing of parameter entities (including the external DTD subset)."""
        return int(flag in (0, 1, 2))

    def UseForeignDTD(self, flag=True, /):
        """Allows the application to provide an artificial external subset if one is not specified."""
        if self._given:
            self._fail(26)

    def SetBillionLaughsAttackProtectionActivationThreshold(self, threshold, /):
        """Sets the number of bytes of entities from which on the amplification is looked at."""
        if isinstance(threshold, float) or not hasattr(type(threshold), "__index__"):
            raise TypeError(f"'{type(threshold).__name__}' object cannot be interpreted as an integer")
        threshold = threshold.__index__()
        if threshold < 0:
            raise ValueError("Cannot convert negative int")
        if threshold >= 1 << 64:
            raise OverflowError("Python int too large for C unsigned long long")
        self._check_root()
        self._threshold = threshold

    def SetBillionLaughsAttackProtectionMaximumAmplification(self, max_factor, /):
        """Sets how many bytes a byte of input may become."""
        if not isinstance(max_factor, (int, float)) and not hasattr(type(max_factor), "__float__"):
            raise TypeError(f"must be real number, not {type(max_factor).__name__}")
        factor = float(max_factor)
        self._check_root()
        if not factor >= 1.0:
            raise ExpatError("'max_factor' must be at least 1.0")
        self._factor = factor

    def _check_root(self):
        if self._is_part:
            raise ExpatError("parser must be a root parser")

    def SetReparseDeferralEnabled(self, enabled, /):
        """Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0."""
        self._deferral = bool(enabled)

    def GetReparseDeferralEnabled(self, /):
        """Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0."""
        return self._deferral

    def ExternalEntityParserCreate(self, context, encoding=None, /):
        """Create a parser for parsing an external entity."""
        parser = XMLParserType(_KEY, encoding, self._separator, self.intern)
        parser._handlers = dict(self._handlers)
        parser._flags, parser._deferral = dict(self._flags), self._deferral
        parser._buffering, parser._buffer_size = self._buffering, self._buffer_size
        parser._entities, parser._parameters, parser._defaults = self._entities, self._parameters, self._defaults
        parser._scopes, parser._base = list(self._scopes), self._base
        parser._fragment, parser._state, parser._is_part = True, "content", True
        return parser

    # Input

    def Parse(self, data, isfinal=False, /):
        """Parse XML data."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
            if self._encoding is None or self._given == 0:
                self._encoding = "utf-8"
        data = bytes(memoryview(data))
        if self._finished:
            self._fail(36)
        if self._context:
            raise RuntimeError("cannot call Parse() from within a handler")
        self._context = True
        try:
            self._feed(data, isfinal)
            self._run(isfinal)
            self._flush()
        finally:
            self._context = None
        return 1

    def ParseFile(self, file, /):
        """Parse XML data from file-like object."""
        if self._context:
            raise RuntimeError("cannot call ParseFile() from within a handler")
        read = file.read
        while True:
            data = read(2048)
            if not isinstance(data, (bytes, bytearray, str)):
                raise TypeError(f"read() did not return a bytes object (type={type(data).__name__})")
            if len(data) > 2048:
                raise ValueError(f"read() returned too much data: 2048 bytes requested, {len(data)} returned")
            if not data:
                return self.Parse(b"", True)
            self.Parse(data, False)

    def _feed(self, data, final):
        self._given += len(data)
        if self._decoder is None:
            self._raw += data
            if len(self._raw) < 4 and not final:
                return
            data, self._raw = self._raw, b""
            self._decoder = self._choose_decoder(data)
            if data.startswith(b"\xef\xbb\xbf"):
                data = data[3:]
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            self._text += self._normalized(error.object[:error.start].decode(error.encoding, "replace"), True)
            self._run(False)
            self._fail(6 if "end of data" in error.reason else 4)
        self._text = self._text[self._at:] + self._normalized(text, final)
        self._at = 0

    def _normalized(self, text, final):
        """Line ends as XML has them."""
        if getattr(self, "_carriage", False):
            text = "\r" + text
        self._carriage = text.endswith("\r") and not final
        if self._carriage:
            text = text[:-1]
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def _choose_decoder(self, data):
        name = self._encoding
        if name is None:
            if data.startswith((b"\xff\xfe", b"\xfe\xff")):
                name = "utf-16"
            elif data.startswith(b"<\0"):
                name = "utf-16-le"
            elif data.startswith(b"\0<"):
                name = "utf-16-be"
            else:
                name = "utf-8"
                found = _declaration.match(data[:200].decode("latin-1")) or \
                    _text_declaration.match(data[:200].decode("latin-1"))
                if found:
                    name = found[4] or "utf-8"
                    if name.lower() in ("utf-16", "utf16", "utf-16le", "utf-16be"):
                        self._fail(19)
        try:
            codec = _codecs.lookup(name)
            if not getattr(codec, "_is_text_encoding", True):
                raise LookupError(name)
        except LookupError:
            # What decodes for Expat is Python, which says so.
            raise LookupError(f"unknown encoding: {name}") from None
        if codec.name not in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "ascii", "iso8859-1"):
            # Expat reads other encodings by a table of 256 characters, in which ASCII is where it should be.
            if len(bytes(range(256)).decode(name, "replace")) != 256:
                raise ValueError("multi-byte encodings are not supported")
            plain = bytes(range(0x20, 0x7F))
            if plain.decode(name, "replace") != plain.decode():
                self._fail(18)
        return codec.incrementaldecoder()

    # Events

    def _call(self, name, *args):
        handler = self._handlers[name]
        if handler is None:
            return None
        self._flush()
        return handler(*args)

    def _default(self, text):
        handler = self._handlers["DefaultHandlerExpand"] or self._handlers["DefaultHandler"]
        if handler is not None and text:
            self._flush()
            handler(text)

    def _event(self, name, text, *args):
        if self._handlers[name] is None:
            self._default(text)
        else:
            self._call(name, *args)

    def _characters(self, text):
        handler = self._handlers["CharacterDataHandler"]
        if handler is None:
            return self._default(text)
        if self._buffering:
            if self.buffer_used + len(text) > self._buffer_size:
                self._flush()
                if len(text) > self._buffer_size:
                    handler(text)
                    return
            self._texts.append(text)
            return
        # Expat reports lines and their ends one by one.
        for part in _re.findall("[^\n]+|\n", text):
            handler(part)

    def _flush(self):
        if self._texts:
            text = "".join(self._texts)
            self._texts = []
            handler = self._handlers["CharacterDataHandler"]
            if handler is not None:
                handler(text)

    def _fail(self, code, at=None):
        if at is not None:
            self._move(at)
        self._error_place = (self._line, self._column, self._bytes)
        self._code = code
        self._finished = True
        self._flush()
        error = ExpatError(f"{_MESSAGES[code]}: line {self._line}, column {self._column}")
        error.code, error.lineno, error.offset = code, self._line, self._column
        raise error

    def _move(self, to):
        """Counts the text up to a place."""
        part = self._text[self._at:to]
        lines = part.count("\n")
        if lines:
            self._line += lines
            self._column = len(part) - part.rfind("\n") - 1
        else:
            self._column += len(part)
        self._bytes += len(part.encode("utf-8", "surrogatepass"))
        self._at = to

    # Tokens

    def _run(self, final):
        if self._deferral and not final and 0 < len(self._text) - self._at < 2 * self._tried:
            # A token that did not end is looked at again when there is twice as much of it.
            return
        began, self._tried = self._at, 0
        try:
            while self._at < len(self._text):
                self._error_place = (self._line, self._column, self._bytes)
                end = self._token(final)
                self._move(end)
                self._start = False
        except _Incomplete:
            # The first time there was something before it.
            self._tried = len(self._text) - self._at if self._at == began else 0
            if final:
                self._fail(20 if self._text.startswith("<![CDATA[", self._at) else 5)
        self._error_place = (self._line, self._column, self._bytes)
        if final:
            if self._fragment:
                if self._stack:
                    self._fail(13)
            elif self._state == "prolog":
                self._fail(3)
            elif self._state == "content":
                self._fail(3)
            self._finished = True

    def _find(self, what, start, code=None):
        found = self._text.find(what, start)
        if found < 0:
            raise _Incomplete
        return found

    def _token(self, final):
        text, at = self._text, self._at
        if text[at] != "<":
            return self._text_token(final)
        if text.startswith("<!--", at):
            end = self._find("-->", at + 4)
            if "--" in text[at + 4:end] or text[at + 4:end].endswith("-"):
                self._fail(4, at + 6 + text[at + 4:end + 1].find("--"))
            self._check_characters(at, end)
            self._event("CommentHandler", text[at:end + 3], text[at + 4:end])
            return end + 3
        if text.startswith("<?", at):
            return self._instruction(at)
        if text.startswith("<![CDATA[", at) and self._state == "content":
            end = self._find("]]>", at + 9)
            self._check_characters(at, end)
            self._event("StartCdataSectionHandler", "<![CDATA[")
            if end > at + 9:
                self._characters(text[at + 9:end])
            self._event("EndCdataSectionHandler", "]]>")
            return end + 3
        if text.startswith("<!DOCTYPE", at) and self._state == "prolog" and not self._has_subset:
            return self._doctype(at)
        if len(text) - at < 9 and ("<![CDATA[".startswith(text[at:]) or "<!DOCTYPE".startswith(text[at:])
                                   or "<!--".startswith(text[at:])):
            raise _Incomplete
        if text.startswith("<!", at):
            self._fail(2 if self._state == "prolog" else 4, at if self._state == "prolog" else at + 2)
        if text.startswith("</", at):
            return self._end(at)
        return self._element(at)

    def _check_characters(self, start, end):
        bad = _illegal.search(self._text, start, end)
        if bad:
            self._fail(4, bad.start())

    def _text_token(self, final):
        text, at = self._text, self._at
        end = text.find("<", at)
        end = len(text) if end < 0 else end
        if self._state != "content":
            blank = _re.compile(r"[ \t\n\ufeff]*").match(text, at, end).end()
            if blank < end:
                self._check_word(blank, final)
                self._fail(9 if self._state == "epilog" else 2 if not (text[blank] == "\0" or
                           _illegal.match(text, blank)) else 4, blank)
            self._default(text[at:end])
            return end
        if text[at] == "&":
            return self._reference_token(at, end)
        stop = text.find("&", at, end)
        stop = end if stop < 0 else stop
        if stop == len(text) and not final:
            # «]]>» may come in pieces.
            while stop > at and text[stop - 1] == "]":
                stop -= 1
            if stop == at:
                raise _Incomplete
        self._check_characters(at, stop)
        bad = text.find("]]>", at, stop)
        if bad >= 0:
            self._fail(4, bad + 2)
        self._characters(text[at:stop])
        return stop

    def _check_word(self, at, final):
        """Outside of elements, where a word is only an error in that it is there, it has to end as one."""
        word = _word.match(self._text, at)
        if word and word.end() < len(self._text):
            if self._text[word.end()] not in " \t\n>?),|[%+*":
                self._fail(4, word.end())
        elif word and not final and self._state == "prolog":
            raise _Incomplete

    def _reference_token(self, at, end):
        found = _reference.match(self._text, at)
        if not found:
            if self._text.find(";", at, end) < 0 and end == len(self._text) and \
                    _re.compile(f"&(#x?[0-9a-fA-F]*|{_NAME})?").fullmatch(self._text, at):
                raise _Incomplete
            name = _name_pattern.match(self._text, at + 1)
            self._fail(4, name.end() if name else at + 1)
        if not found[3]:
            self._characters(self._character(found, at))
            return found.end()
        name = found[3]
        if name in _BUILT_IN:
            self._characters(_BUILT_IN[name])
            return found.end()
        self._entity(name, at, found[0])
        return found.end()

    def _character(self, found, at):
        number = int(found[1]) if found[1] else int(found[2], 16)
        if number > 0x10FFFF or _illegal.match(chr(number)):
            self._fail(14, at)
        return chr(number)

    def _entity(self, name, at, text):
        if name not in self._entities:
            if self._handlers["SkippedEntityHandler"] is not None and self._has_external and not self._standalone:
                self._call("SkippedEntityHandler", name, False)
                return
            if self._has_external and not self._standalone:
                self._default(text)
                return
            self._fail(11, at)
        value, system, public, notation = self._entities[name]
        if notation is not None:
            self._fail(15, at)
        if name in self._open:
            self._fail(12, at)
        if system is not None:
            handler = self._handlers["ExternalEntityRefHandler"]
            if handler is None:
                self._default(text)
                return
            self._flush()
            if not handler(name, self._base, system, public):
                self._fail(21, at)
            return
        if self._handlers["DefaultHandler"] is not None and self._handlers["DefaultHandlerExpand"] is None:
            # A default handler that does not want entities expanded gets them as they are.
            self._default(text)
            return
        self._count_expansion(len(value), at)
        self._parse_inside(name, value)

    _has_external = False

    def _count_expansion(self, length, at):
        self._expanded += length
        total = self._given + self._expanded
        if total >= self._threshold and total > self._given * self._factor:
            self._fail(43, at)

    def _parse_inside(self, name, value):
        """Parses an entity's text in the place of its reference."""
        saved = self._text, self._at, self._line, self._column, self._bytes
        depth = len(self._stack)
        self._open += (name,)
        self._text, self._at = value, 0
        try:
            while self._at < len(self._text):
                self._at = self._token(True)
        except _Incomplete:
            self._text, self._at, self._line, self._column, self._bytes = saved
            self._fail(5)
        self._text, self._at, self._line, self._column, self._bytes = saved
        self._open = self._open[:-1]
        if len(self._stack) != depth:
            self._fail(13)

    def _instruction(self, at):
        text = self._text
        end = self._find("?>", at + 2)
        found = _name_pattern.match(text, at + 2)
        if not found:
            self._fail(4, at + 2)
        name = found[0]
        if name.lower() == "xml":
            if not self._start or name != "xml":
                self._fail(17 if name == "xml" else 4, at)
            return self._xml_declaration(at, end)
        if found.end() < end and text[found.end()] not in " \t\n":
            self._fail(4, found.end())
        self._check_characters(at, end)
        self._event("ProcessingInstructionHandler", text[at:end + 2], name, text[found.end():end].lstrip(" \t\n"))
        return end + 2

    def _xml_declaration(self, at, end):
        pattern = _text_declaration if self._fragment else _declaration
        found = pattern.match(self._text, at)
        if not found or found.end() != end + 2:
            self._fail(31 if self._fragment else 30, at)
        standalone = -1 if self._fragment or found[6] is None else int(found[6] == "yes")
        self._standalone = standalone == 1
        self._event("XmlDeclHandler", found[0], found[2], found[4], standalone)
        return end + 2

    # Elements

    def _intern(self, name):
        return self.intern.setdefault(name, name)

    def _tag_end(self, at):
        """Where a start tag ends: outside of quotes."""
        quote = None
        text = self._text
        place = at
        while True:
            found = _re.compile("[\"'<>]" if quote is None else f"[{quote}<]").search(text, place + 1)
            if not found:
                raise _Incomplete
            place = found.start()
            character = text[place]
            if character == "<":
                self._fail(4, place)
            if quote is not None:
                quote = None
            elif character == ">":
                return place
            else:
                quote = character

    def _element(self, at):
        text = self._text
        if self._state == "epilog":
            self._fail(9, at)
        found = _name_pattern.match(text, at + 1)
        if not found:
            if at + 1 == len(text):
                raise _Incomplete
            self._fail(4, at + 1)
        end = self._tag_end(at)
        place = found.end()
        attributes = []
        while True:
            it = _attribute.match(text, place)
            if not it:
                break
            attributes.append((it[1], it[2] if it[3] is None else it[3], it.start(1)))
            place = it.end()
        rest = text[place:end].strip(" \t\n")
        empty = rest == "/" and text[end - 1] == "/"
        if rest and not empty:
            skip = len(text[place:end]) - len(text[place:end].lstrip(" \t\n"))
            wrong = _name_pattern.match(text, place + skip)
            stop = wrong.end() if wrong and text[place:place + 1] in " \t\n" else place + skip
            self._fail(4, _re.compile("[ \t\n]*=[ \t\n]*").match(text, stop).end() if "=" in text[stop:end] else stop)
        self._state = "content"
        self._start_element(found[0], attributes, at, text[at:end + 1], empty)
        return end + 1

    def _start_element(self, name, attributes, at, text, empty):
        values, seen = [], set()
        types = self._defaults.get(name, {})
        for key, value, place in attributes:
            if key in seen:
                self._fail(8, place)
            seen.add(key)
            value = self._attribute_value(value, place)
            if key in types and types[key][0] != "CDATA":
                value = _re.sub(" +", " ", value).strip(" ")
            values.append((key, value))
        specified = len(values)
        for key, (kind, default) in types.items():
            if key not in seen and default is not None:
                values.append((key, default))
        scope = None
        shown = name
        if self._separator is not None:
            scope, values, specified = self._bind(values, specified, at)
            shown = self._expanded_name(name, True, at)
            values = [(self._expanded_name(key, False, at), value) for key, value in values]
            if len({key for key, _ in values}) != len(values):
                self._fail(8, at)
        if self.specified_attributes:
            values = values[:specified]
        self._stack.append((name, shown, scope, self._open))
        if self.ordered_attributes:
            given = [part for key, value in values for part in (self._intern(key), value)]
        else:
            given = {self._intern(key): value for key, value in values}
        self._event("StartElementHandler", text, self._intern(shown), given)
        if empty:
            self._leave("")

    def _attribute_value(self, value, place, open=()):
        self._check_value(value, place)
        value = value.replace("\n", " ").replace("\t", " ")
        if "&" not in value:
            return value

        def replace(found):
            if not found[3]:
                return self._character(found, place)
            name = found[3]
            if name in _BUILT_IN:
                return _BUILT_IN[name]
            if name not in self._entities:
                self._fail(11, place)
            text, system, public, notation = self._entities[name]
            if notation is not None:
                self._fail(15, place)
            if system is not None:
                self._fail(16, place)
            if name in open:
                self._fail(12, place)
            if "<" in text:
                self._fail(4, place)
            self._count_expansion(len(text), place)
            return self._attribute_value(text, place, open + (name,))

        bare = _reference.sub("", value)
        if "&" in bare:
            self._fail(4, place)
        return _reference.sub(replace, value)

    def _check_value(self, value, place):
        if _illegal.search(value):
            self._fail(4, place)

    def _bind(self, values, specified, at):
        """Takes the declarations of namespaces out of the attributes."""
        scope, kept, count = {}, [], 0
        for number, (key, value) in enumerate(values):
            if key == "xmlns":
                scope[None] = value or None
            elif key.startswith("xmlns:"):
                prefix = key[6:]
                if prefix == "xmlns":
                    self._fail(39, at)
                if (prefix == "xml") != (value == _XML):
                    self._fail(38 if prefix == "xml" else 40, at)
                if value == _XMLNS:
                    self._fail(40, at)
                if not value:
                    self._fail(28, at)
                scope[prefix] = value
            else:
                kept.append((key, value))
                count += number < specified
        self._scopes.append(scope)
        for prefix, uri in scope.items():
            self._call("StartNamespaceDeclHandler", prefix, uri)
        return scope, kept, count

    def _expanded_name(self, name, is_element, at):
        prefix, colon, local = name.partition(":")
        if not colon:
            if not is_element:
                return name
            prefix, local = None, name
        elif prefix == "xml":
            return self._joined(_XML, local, prefix)
        elif not local or ":" in local:
            self._fail(4, at)
        for scope in reversed(self._scopes):
            if prefix in scope:
                uri = scope[prefix]
                return local if uri is None else self._joined(uri, local, prefix)
        if prefix is None:
            return local
        self._fail(27, at)

    def _joined(self, uri, local, prefix):
        joined = uri + self._separator + local
        if self.namespace_prefixes and prefix is not None:
            joined += self._separator + prefix
        return joined

    def _end(self, at):
        text = self._text
        end = self._find(">", at)
        found = _end_tag.match(text, at)
        if not found:
            self._fail(4, at + 2)
        if self._state == "epilog":
            self._fail(9, at)
        if not self._stack or self._stack[-1][3] != self._open:
            self._fail(4 if not self._stack else 13, at)
        if self._stack[-1][0] != found[1]:
            self._fail(7, at + 2)
        self._leave(found[0])
        return end + 1

    def _leave(self, text):
        _, shown, scope, _ = self._stack.pop()
        self._event("EndElementHandler", text, self._intern(shown))
        if scope is not None:
            self._scopes.pop()
            for prefix in reversed(scope):
                self._call("EndNamespaceDeclHandler", prefix)
        if not self._stack and not self._fragment and not self._open:
            self._state = "epilog"

    # The document type

    def _doctype(self, at):
        text = self._text
        head = _re.compile(rf"<!DOCTYPE[ \t\n]+({_NAME})[ \t\n]*").match(text, at)
        if not head:
            self._find(">", at)
            self._fail(2, at)
        place = head.end()
        system = public = None
        found = _external.match(text, place)
        if found:
            public = found[1] if found[1] is not None else found[2]
            system = found[3] if found[3] is not None else found[4]
            place = found.end()
        place = self._blank(place)
        if place >= len(text):
            raise _Incomplete
        subset = None
        if text[place] == "[":
            close = self._subset_end(place + 1)
            subset = (place + 1, close)
            place = self._blank(close + 1)
            if place >= len(text):
                raise _Incomplete
        if text[place] != ">":
            if not found and text.find(">", place) < 0:
                raise _Incomplete
            self._fail(2, place)
        self._has_subset = True
        self._has_external = system is not None
        if system is not None and not self._standalone and self._handlers["NotStandaloneHandler"] is not None:
            if not self._call("NotStandaloneHandler"):
                self._fail(22, at)
        self._event("StartDoctypeDeclHandler", text[at:subset[0] if subset else place], head[1], system, public,
                    int(subset is not None))
        if subset:
            self._declarations(text[subset[0]:subset[1]], subset[0])
        self._event("EndDoctypeDeclHandler", text[place:place + 1])
        return place + 1

    def _blank(self, place):
        return _re.compile(r"[ \t\n]*").match(self._text, place).end()

    def _subset_end(self, place):
        pattern = _re.compile(r"<!--|<\?|[\"'\]]")
        inside = _re.compile(r"\"|'|<!--|<\?|\]|<!|>")
        text, in_declaration = self._text, False
        while True:
            found = inside.search(text, place)
            if not found:
                raise _Incomplete
            token, place = found[0], found.end()
            if token == "<!--":
                place = self._find("-->", place) + 3
            elif token == "<?":
                place = self._find("?>", place) + 2
            elif token == "<!":
                in_declaration = True
            elif token == ">":
                in_declaration = False
            elif token == "]":
                if not in_declaration:
                    return found.start()
            elif in_declaration:
                place = self._find(token, place) + 1

    def _declarations(self, text, offset):
        place = 0
        while place < len(text):
            if text[place] in " \t\n":
                stop = _re.compile(r"[ \t\n]+").match(text, place).end()
                self._default(text[place:stop])
                place = stop
                continue
            if text.startswith("<!--", place):
                end = text.find("-->", place + 4) + 3
                self._event("CommentHandler", text[place:end], text[place + 4:end - 3])
            elif text.startswith("<?", place):
                end = text.find("?>", place) + 2
                name, _, rest = text[place + 2:end - 2].partition(" ")
                self._event("ProcessingInstructionHandler", text[place:end], name, rest.lstrip())
            elif text[place] == "%":
                found = _re.compile(f"%({_NAME});").match(text, place)
                if not found:
                    self._fail(4, offset + place)
                end = found.end()
                self._parameter(found[1], offset + place)
            else:
                end = self._declare(text, place, offset)
            place = end

    def _parameter(self, name, at):
        value = self._parameters.get(name)
        if value is None:
            self._call("SkippedEntityHandler", name, True)
            self._has_external = True
            return
        if value[0] is None:
            self._has_external = True
            return
        self._count_expansion(len(value[0]), at)
        if name in self._open:
            self._fail(12, at)
        self._open += (name,)
        self._declarations(value[0], at)
        self._open = self._open[:-1]

    _literal = r"(?:\"([^\"]*)\"|'([^']*)')"
    _entity_declaration = _re.compile(
        rf"<!ENTITY[ \t\n]+(%[ \t\n]+)?({_NAME})[ \t\n]+(?:{_literal}|{_external.pattern}"
        rf"(?:[ \t\n]+NDATA[ \t\n]+({_NAME}))?)[ \t\n]*>")
    _notation_declaration = _re.compile(rf"<!NOTATION[ \t\n]+({_NAME})[ \t\n]+{_external.pattern}[ \t\n]*>")
    _element_declaration = _re.compile(rf"<!ELEMENT[ \t\n]+({_NAME})[ \t\n]+([^>]*?)[ \t\n]*>")
    _attlist_declaration = _re.compile(rf"<!ATTLIST[ \t\n]+({_NAME})((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
    _attribute_declaration = _re.compile(
        rf"[ \t\n]+({_NAME})[ \t\n]+(CDATA|ID|IDREF|IDREFS|ENTITY|ENTITIES|NMTOKEN|NMTOKENS|"
        rf"(?:NOTATION[ \t\n]+)?\([^)]*\))[ \t\n]+(#REQUIRED|#IMPLIED|(#FIXED[ \t\n]+)?{_literal})")

    def _declare(self, text, place, offset):
        found = self._entity_declaration.match(text, place)
        if found:
            self._declare_entity(found, offset + place)
            return found.end()
        found = self._notation_declaration.match(text, place)
        if found:
            public = found[2] if found[2] is not None else found[3]
            system = found[4] if found[4] is not None else found[5]
            self._event("NotationDeclHandler", found[0], found[1], self._base, system, public)
            return found.end()
        found = self._element_declaration.match(text, place)
        if found:
            content = _content_model(found[2])
            if content is None:
                self._fail(2, offset + place)
            self._event("ElementDeclHandler", found[0], found[1], content)
            return found.end()
        found = self._attlist_declaration.match(text, place)
        if found:
            self._declare_attributes(found, offset + place)
            return found.end()
        self._fail(2, offset + place)

    def _declare_entity(self, found, at):
        is_parameter, name, notation = bool(found[1]), found[2], found[9]
        value = found[3] if found[3] is not None else found[4]
        public = system = None
        if value is None:
            public = found[5] if found[5] is not None else found[6]
            system = found[7] if found[7] is not None else found[8]
        else:
            value = self._entity_value(value, at)
        table = self._parameters if is_parameter else self._entities
        table.setdefault(name, (value, system, public, notation))
        if notation is not None and self._handlers["UnparsedEntityDeclHandler"] is not None:
            self._call("UnparsedEntityDeclHandler", name, self._base, system, public, notation)
            return
        self._event("EntityDeclHandler", found[0], name, int(is_parameter), value, self._base, system, public, notation)

    def _entity_value(self, value, at):
        """Character references are replaced at once, others where the entity is used."""
        return _re.sub("&#(?:([0-9]+)|x([0-9a-fA-F]+));", lambda it: self._character(it, at), value)

    def _declare_attributes(self, found, at):
        element, text, place = found[1], found[2], 0
        types = self._defaults.setdefault(element, {})
        while True:
            it = self._attribute_declaration.match(text, place)
            if not it:
                break
            place = it.end()
            name, kind = it[1], it[2]
            if kind.startswith("("):
                kind = "(" + "|".join(part.strip() for part in kind[1:-1].split("|")) + ")"
            elif kind.startswith("NOTATION"):
                kind = "NOTATION(" + "|".join(part.strip() for part in kind[kind.index("(") + 1:-1].split("|")) + ")"
            default = it[5] if it[5] is not None else it[6]
            if default is not None:
                default = self._attribute_value(default, at)
            types.setdefault(name, (kind, default))
            required = int(it[3] == "#REQUIRED" or bool(it[4]))
            self._call("AttlistDeclHandler", element, name, kind, default, required)
        if text[place:].strip(" \t\n"):
            self._fail(2, at)


def _content_model(text):
    """(type, quantifier, name, children) of an element's content."""
    if text == "EMPTY":
        return model.XML_CTYPE_EMPTY, 0, None, ()
    if text == "ANY":
        return model.XML_CTYPE_ANY, 0, None, ()
    # The first token last, where it is taken from.
    tokens = _re.findall(rf"#PCDATA|{_NAME}|[()|,?*+]", text)[::-1]
    quantifiers = {"?": 1, "*": 2, "+": 3}

    def quantifier():
        return quantifiers[tokens.pop()] if tokens and tokens[-1] in quantifiers else 0

    def particle():
        token = tokens.pop()
        if token != "(":
            return model.XML_CTYPE_NAME, quantifier(), token, ()
        children, kind, mixed, separator = [], model.XML_CTYPE_SEQ, False, None
        while True:
            if tokens[-1] == "#PCDATA":
                tokens.pop()
                mixed = True
            else:
                children.append(particle())
            token = tokens.pop()
            if token == ")":
                break
            if token not in (separator or "|,"):
                raise KeyError(token)
            separator = token
            if token == "|":
                kind = model.XML_CTYPE_CHOICE
        return model.XML_CTYPE_MIXED if mixed else kind, quantifier(), None, tuple(children)

    try:
        return particle()
    except (IndexError, KeyError):
        return None


def _handler_property(name):
    def get(self):
        return self._handlers[name]

    def set(self, value):
        if name == "CharacterDataHandler":
            self._flush()
        self._handlers[name] = value

    return property(get, set)


def _flag_property(name):
    return property(lambda self: self._flags[name], lambda self, value: self._flags.__setitem__(name, bool(value)))


for _name in ("ordered_attributes", "specified_attributes", "namespace_prefixes"):
    setattr(XMLParserType, _name, _flag_property(_name))
for _name in _HANDLERS:
    setattr(XMLParserType, _name, _handler_property(_name))
XMLParserType.__name__ = XMLParserType.__qualname__ = "xmlparser"
del _name, _code, _message
