"""XMLParser of xml.etree.ElementTree: what it tells targets and queues of, its errors, and text that comes in pieces."""
import io
import re
import warnings
import xml.etree.ElementTree as E
warnings.simplefilter('always')
warnings.showwarning = lambda message, category, *rest, **named: print('  ', category.__name__, message)


def show(code):
    try:
        result = repr(eval(code))
    except Exception as error:
        result = f'{type(error).__name__}: {error}'
    print(code, '->', re.sub('0x[0-9a-f]+', '0x', result))


class T:

    def start(self, tag, attrib):
        print('start', tag, attrib)

    def end(self, tag):
        print('end', tag)

    def data(self, d):
        print('data', repr(d))

    def comment(self, c):
        print('comment', c)

    def pi(self, a, b):
        print('pi', a, repr(b))

    def start_ns(self, p, u):
        print('start_ns', repr(p), u)

    def end_ns(self, p):
        print('end_ns', repr(p))

    def doctype(self, *a):
        print('doctype', a)

    def close(self):
        print('close')
        return 5


X = '<?xml version="1.0"?><!DOCTYPE a PUBLIC "p" "s" [<!ENTITY q "z">]><a xmlns="urn:x" xmlns:p="urn:p" p:k="v" z="1"><!--c--><?pi data?>t&q;u<p:b/>&amp;</a>'
p = E.XMLParser(target=T())
p.feed(X)
print(p.close())


class N:
    pass


p = E.XMLParser(target=N())
p.feed(X)
show('p.close()')


class U:
    close = 5


show('E.XMLParser(target=U()).close()')
p = E.XMLParser()
p.entity['foo'] = 'FOO'
p.feed('<!DOCTYPE a SYSTEM "x"><a>1&foo;2</a>')
show('E.tostring(p.close())')
p = E.XMLParser()
show('p.feed(\'<!DOCTYPE a SYSTEM "x"><a>1&foo;2</a>\')')
try:
    E.fromstring('<!DOCTYPE a SYSTEM "x"><a>1&foo;2</a>')
except E.ParseError as e:
    print(e, e.code, e.position, e.args, e.msg)
try:
    E.fromstring('<a></b>')
except E.ParseError as e:
    print(e, e.code, e.position, e.args, e.msg, e.lineno)


class D(E.XMLParser):

    def doctype(self, *a):
        print('never', a)


p = D()
show("p.feed('<!DOCTYPE a><a/>')")
show('p.close()')
raw = E.XMLParser.__new__(E.XMLParser)
for m in ('close()', 'feed("a")', 'flush()', '_parse_whole(io.BytesIO())', '_setevents([])', '_setevents([],[])', 'entity', 'target'):
    show('raw.' + m)
show('E.XMLParser(target=T())._setevents([],[])')
q = []
p = E.XMLParser()
show("p._setevents(q,('start','end','start-ns','end-ns','comment','pi'))")
p.feed(X)
p.close()
for e in q:
    print(e[0], e[1] if not hasattr(e[1], 'tag') else (e[1].tag if isinstance(e[1].tag, str) else e[1].tag.__name__, e[1].text))
q = []
p = E.XMLParser()
show('p._setevents(q)')
p.feed(X)
p.close()
print([x[0] for x in q])
for m in ('p._setevents()', 'p._setevents(q,[1])', "p._setevents(q,[b'start'])", "p._setevents(q,['start',None])", 'p._setevents(1)', 'p._setevents(q,1)', 'p._setevents(q,None)', "p._setevents(q,['nope'])", "p.feed('x')", 'p.feed()', 'p.close()', "p._parse_whole(io.BytesIO(b'<a/>'))", "E.XMLParser()._parse_whole(io.BytesIO(b'<a>x</a>')).text", "E.XMLParser()._parse_whole(io.StringIO('<a>\\xe9</a>')).text", "E.XMLParser(target=T())._parse_whole(io.StringIO('<a>\\xe9</a>'))", "E.XMLParser(encoding='latin-1').feed(b'<a>\\xe9</a>')", "E.XMLParser(encoding='nope').feed(b'<a>\\xe9</a>')", "E.XMLParser(encoding='a\\0')", 'E.XMLParser(foo=1)', 'E.XMLParser(target=None,encoding=None)', "E.XMLParser().feed(bytearray(b'<a'))", "E.XMLParser().feed('<a>\\ud800</a>')", "E.parse(io.StringIO('<a>x</a>')).getroot().text", "E.XML('<a>1</a>').text", "list(E.iterparse(io.BytesIO(b'<a><b/></a>')))", 'E.XMLParser().flush(1)'):
    show(m)
p = E.XMLParser()
p.feed('<a>')
p.feed('x')
p.feed('</a>')
show('p.close().text')
show('p.close()')
b = E.TreeBuilder()
p = E.XMLParser(target=b)
show('p.target is b')


class TB(E.TreeBuilder):
    pass


p = E.XMLParser(target=TB())
p.feed(X)
show('p.close().tag')
X = "<?xml version='1.0'?><!-- c -->\n<root a='1'>\n <element key='value'>text</element>\n<b/>tail<?pi d?>&amp;z</root>\n"
# Starts and ends are told as soon as they are complete, except that a token which did not end waits for twice as much.
for size in (1, 2, 5, 9, 14, 22, 40):
    parser, line = (E.XMLPullParser(('start', 'end', 'comment', 'pi')), [])
    for at in range(0, len(X), size):
        parser.feed(X[at:at + size])
        line.append(''.join((event[0] for event, _ in parser.read_events())))
    parser.close()
    print(size, line)


class Raises:

    def __getattr__(self, name):
        raise ValueError(name)


show('E.XMLParser(target=Raises())')


class Fails:

    def start(self, tag, attrib):
        raise ZeroDivisionError(tag)


show("E.XMLParser(target=Fails()).feed('<a/>')")
# Words where there should be none.
for pieces in (("foo",), ("foobar<",), ("foo", "bar<"), ("foo bar",), ("  foo<",), ("foo>",), ("foo&",), ("1<",), ("foo/",), ("(",), ("<a/>foo<",), ("<a/>foo",), ("<a/>", "foo", "<"), ("<a/>fo", "o ")):
    parser = E.XMLParser()
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except E.ParseError as error:
        print(pieces, error, error.code, error.position)
