"""Elements of xml.etree.ElementTree, and what builds them: what methods give, and what they say to arguments of all kinds."""
import copy
import pickle
import re
import sys
import warnings
import xml.etree.ElementTree as E

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *rest, **named: print("  ", category.__name__, message)
E1 = E.Element


def mk():
    e = E1("a", {"x": "1"}, y="2")
    for c in "bcd":
        s = E.SubElement(e, c)
        s.text = c
        s.tail = c.upper()
    E.SubElement(e[0], "d").text = "deep"
    return e


def show(code):
    try:
        result = repr(eval(code))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(code, "->", re.sub("0x[0-9a-f]+", "0x", result))


e = mk()
for code in """
E1()
E1(1).tag
E1('a','b')
E1('a',None)
E1('a',{},1)
E1('a',attrib={'x':1},y=2).attrib
E1(tag='a')
E1('a').attrib
E.SubElement()
E.SubElement(1)
E.SubElement(1,'a')
E.SubElement(e)
E.SubElement(e,'z',1)
E.SubElement(e,'z',{},q='1').attrib
E.SubElement(e,'z',attrib={'p':'1'}).attrib
len(e)
bool(e)
bool(E1('a'))
e[0]
e[-1].tag
e[99]
e[-99]
e['a']
e[1.0]
e[2**70]
e[0:2]
e[::2]
e[5:1]
e[::-1]
e.__setitem__(0,1)
e.__setitem__('a',1)
e.__setitem__(99,E1('q'))
e.__setitem__(-1,E1('q'))
[x.tag for x in e]
e.__setitem__(slice(0,2),[E1('r'),E1('s'),E1('t')])
[x.tag for x in e]
e.__setitem__(slice(0,3,2),[E1('u')])
e.__setitem__(slice(0,3,2),[E1('u'),E1('v')])
[x.tag for x in e]
e.__setitem__(slice(0,3,2),1)
e.__setitem__(slice(0,1),[1])
e.__setitem__(slice(0,1),None)
e.__delitem__(0)
[x.tag for x in e]
e.__delitem__(99)
e.__delitem__(slice(0,3,2))
[x.tag for x in e]
e.__delitem__(slice(None,None,-2))
[x.tag for x in e]
e.__delitem__('a')
e.append()
e.append(1)
e.append(None)
e.extend(1)
e.extend([1])
e.extend([E1('w')])
e.insert(0)
e.insert(0,1)
e.insert(-100,E1('first'))
e.insert(100,E1('last'))
e.insert(-1,E1('prelast'))
e.insert('a',E1('x'))
[x.tag for x in e]
e.remove(1)
e.remove(E1('nope'))
e.remove(e[0])
e.find('zz')
e.find(1)
e.find('w').tag
e.find('./w').tag
e.find('{*}w').tag
e.find('w',{'a':'b'}).tag
e.find(path='w').tag
e.find()
e.findtext('w')
e.findtext('zz')
e.findtext('zz','dflt')
e.findtext('zz',default='d2')
e.findtext()
e.findall('w')[0].tag
e.findall('*')[0].tag
e.findall(1)
e.iterfind('w')
e.get('x')
e.get('n')
e.get('n',5)
e.get()
e.get('n',default=6)
e.keys()
sorted(e.items())
e.set('k',1)
e.set('k')
e.get('k')
e.keys
e.makeelement('a',{})
e.makeelement('a',1)
e.makeelement('a')
e.clear()
len(e)
repr(E1('a'))[:11]
repr(E1(1))[:9]
list(E.fromstring('<a>t<b>u</b>v<c/>w</a>').itertext())
[x.tag for x in E.fromstring('<a>t<b>u</b>v<c/>w</a>').iter()]
[x.tag for x in E.fromstring('<a>t<b>u</b>v<c/>w</a>').iter('*')]
[x.tag for x in E.fromstring('<a>t<b>u</b>v<c/>w</a>').iter(tag='b')]
[x.tag for x in E.fromstring('<a>t<b>u</b>v<c/>w</a>').iter(None)]
[x.tag for x in E.fromstring('<a>t<b>u</b>v<c/>w</a>').iter(1)]
mk().__getstate__()
E1('a').__setstate__({'tag':'z','_children':[E1('q')],'attrib':{'p':1},'text':'T','tail':None})
E1('a').__setstate__(1)
E1('a').__setstate__({'x':1})
E1('a').__setstate__({'tag':1,'_children':1})
E1('a').__setstate__({'tag':1,'_children':[1]})
E1('a').__setstate__({'tag':1,'attrib':1})
E.tostring(copy.copy(mk()))
E.tostring(copy.deepcopy(mk()))
E.tostring(pickle.loads(pickle.dumps(mk())))
copy.copy(mk())[0] is mk()[0]
delattr(e,'tag')
delattr(e,'text')
delattr(e,'attrib')
setattr(e,'attrib',1)
setattr(e,'attrib',{'q':1})
e.attrib
setattr(e,'tag',5)
e.tag
e.nope
setattr(e,'nope',1)
e.__dict__
e == E1('a')
sys.getsizeof(E1('a'))
sys.getsizeof(mk())
sys.getsizeof(E1('a',{'a':1}))
E1('a').__copy__().tag
E1('a').__deepcopy__(1)
E1('a').__deepcopy__({}).tag
E1('a').__deepcopy__()
iter(e)
list(iter(mk()))[0].tag
mk() and 1
E.TreeBuilder(1)
E.TreeBuilder(element_factory=1)
E.TreeBuilder().close()
E.TreeBuilder().end('a')
E.TreeBuilder().start('a')
E.TreeBuilder().start('a',1)
E.TreeBuilder().start('a',None)
E.TreeBuilder().start('a',{}).tag
E.TreeBuilder().data('a')
E.TreeBuilder().data(1)
E.TreeBuilder().comment('a')
E.TreeBuilder(insert_comments=True).comment('a').text
E.TreeBuilder().pi('a')
E.TreeBuilder().pi('a','b').text
E.TreeBuilder(insert_pis=True).pi('a','b').text
E.TreeBuilder(comment_factory=1).comment('a')
E.fromstring('<!DOCTYPE a [<!ENTITY q "z">]><a>&q;</a>').text
""".strip().splitlines():
    show(code)


class Text(str):
    pass


class Own(E.Element):
    pass


print("-- texts of what is no element of the document")
for tag in (5, None, "x", Text("y"), b"z", E.Comment, object):
    root = E1("r")
    root.text = "1"
    child = E.SubElement(root, tag)
    child.text, child.tail = "2", "5"
    grandchild = E.SubElement(child, "d")
    grandchild.text, grandchild.tail = "3", "4"
    print(list(root.itertext()), list(child.itertext()), len(list(root.iter())))
print("-- a tree that changes while it is walked")
root = mk()
for element in root.iter():
    print(element.tag)
    if element.tag == "c":
        root.append(E1("late"))
        root.remove(root[0])
print("-- subclasses, copies, and what is bound")
own = Own("q", {"a": "b"})
own.extra = 1
print(type(copy.copy(own)).__name__, type(copy.deepcopy(own)).__name__, type(own.makeelement("a", {})).__name__, own.__dict__)
element = mk()
print(copy.copy(element).attrib is element.attrib, copy.copy(element)[0] is element[0], E1("a", element.attrib).attrib is element.attrib)
raw = E1.__new__(E1)
print(raw.tag, raw.text, raw.tail, len(raw), raw.attrib)
element.tag = element
show("repr(element)")
for name in sorted(dir(E1)):
    if name[0] != "_" or name in ("__copy__", "__deepcopy__", "__getstate__", "__setstate__"):
        method = getattr(raw, name)
        print(name, type(method).__name__, getattr(method, "__text_signature__", None), repr(getattr(E1, name).__doc__))
print("-- builders")
builder = E.TreeBuilder(insert_comments=True, insert_pis=True)
builder.data("nobody's")
builder.start("a", {"k": "v"})
for part in ("x", "y", "z"):
    builder.data(part)
builder.comment("said")
builder.data("after")
builder.start("b", {})
builder.end("b")
builder.data("tail")
builder.pi("target", "text")
builder.end("a")
print(E.tostring(builder.close()))
show("builder.start('second', {})")
made = []
builder = E.TreeBuilder(lambda tag, attrib: made.append((tag, attrib)) or Own(tag, attrib), comment_factory=lambda text: Own("comment"))
builder.start("a", {})
builder.start("b", {"x": "y"})
builder.data("text")
builder.end("b")
print(made, builder.comment("c").tag, E.tostring(builder.close()))
print("-- deep trees")
root = element = E1("root")
for _ in range(100000):
    element = E.SubElement(element, "x")
print(sum(1 for _ in root.iter()))
del root, element
