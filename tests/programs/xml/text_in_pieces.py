# A document that comes in pieces, in several encodings, and the places of errors and events in it.
from xml.parsers import expat

TEXT = "<?xml version='1.0'{}?>\r\n<r ä='ö€'>\r\n  <b>x&lt;y\rz</b>\n<![CDATA[<ü>]]>{}</r>"


def events(document, size, encoding=None):
    told = []
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    place = lambda: (parser.CurrentLineNumber, parser.CurrentColumnNumber)
    parser.StartElementHandler = lambda name, attributes: told.append((name, attributes, *place()))
    parser.EndElementHandler = lambda name: told.append(("/" + name, *place()))
    parser.CharacterDataHandler = lambda text: told.append(text)
    for start in range(0, len(document), size):
        parser.Parse(document[start:start + size])
    parser.Parse(b"", True)
    return told


for encoding, extra in ("utf-8", "€😀"), ("utf-16", "€😀"), ("iso-8859-1", "é"), ("us-ascii", ""), ("windows-1252", "€"), ("iso-8859-15", "€"), ("koi8-r", "Ж"):
    text = TEXT.format(f" encoding='{encoding}'", extra)
    if encoding in ("us-ascii", "iso-8859-1"):
        text = text.replace("€", "")
    if encoding in ("us-ascii", "koi8-r", "windows-1252", "iso-8859-15"):
        text = text.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    if encoding == "koi8-r":
        text = text.replace("€", "")
    document = text.encode(encoding)
    whole = events(document, len(document))
    print(encoding, whole)
    print([events(document, size) == whole for size in (1, 2, 3, 7)])
print(events("<r>é</r>".encode("latin-1"), 100, "iso-8859-1"))
print(events("<?xml version='1.0' encoding='utf-16'?><r>é</r>", 100))

for document in [
    "", " ", "<", "<r", "<r>", "<r><a></r>", "<r>]]></r>", "<r>&x;</r>", "<r a='1' a='2'/>", "<r a=1/>", "<r a='<'/>",
    "<r/><r/>", "<r/>x", "x<r/>", "<r>\n\n  &#0;</r>", "<r>&#x110000;</r>", "<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><r>&a;</r>",
    "<?xml version='1.0' encoding='nowhere'?><r/>", "<r><?xml version='1.0'?></r>", "<r><!-- a -- b --></r>", "<r>\x01</r>",
    b"<r>\xff</r>", b"<r>\xe9", "<r xmlns:a=''/>", "<?xml version='2.0'?><r/>", "<r><![CDATA[x", "<!DOCTYPE r [", "<é/><",
]:
    parser = expat.ParserCreate()
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError) as error:
        places = parser.ErrorLineNumber, parser.ErrorColumnNumber, parser.ErrorByteIndex
        print(document, "->", type(error).__name__, error, parser.ErrorCode, places)
    else:
        print(document, "-> accepted")

for document in "<a:r xmlns:a='u' a:b='c' b='d'><x xmlns='v'/></a:r>", "<a:r/>", "<r xmlns:a='u' xmlns:b='u' a:x='' b:x=''></r>", "<r xmlns:xml='u'/>", "<r xmlns:xmlns='u'/>":
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.StartElementHandler = lambda *values: print("start", values)
    parser.StartNamespaceDeclHandler = lambda *values: print("namespace", values)
    parser.EndNamespaceDeclHandler = lambda *values: print("end of namespace", values)
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        print(error, error.code, error.lineno, error.offset)

bomb = "<!DOCTYPE r [<!ENTITY a0 'lol'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]><r>&a9;</r>"
try:
    expat.ParserCreate().Parse(bomb, True)
except expat.ExpatError as error:
    print(error)
