# XML as pyexpat reports it: events in their order, positions of errors, and what stands upon it.
import plistlib
import xml.dom.minidom
import xml.etree.ElementTree
import xmlrpc.client
from xml.parsers import expat

HANDLERS = """StartElement EndElement CharacterData Comment ProcessingInstruction StartCdataSection EndCdataSection
StartDoctypeDecl EndDoctypeDecl EntityDecl XmlDecl ElementDecl AttlistDecl NotationDecl StartNamespaceDecl
EndNamespaceDecl UnparsedEntityDecl""".split()


def report(pieces, separator=None):
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.buffer_text = True
    for name in HANDLERS:
        setattr(parser, name + "Handler", lambda *arguments, name=name: print(" ", name, *arguments))
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        print("  error:", error, error.code)


print("events")
report([b"<a x=\"1\" y='2&lt;&#65;'>t&amp;&#x41;<b/><!--c--><?pi d e?><![CDATA[<x>]]>\r\nz</a>"])
report([b'<?xml version="1.0" encoding="iso-8859-1" standalone="yes"?>\n<!DOCTYPE r SYSTEM "s" [<!ENTITY e "v<b/>">',
        b'<!ELEMENT r (a|b*|c?)+><!ATTLIST r k CDATA "d" l (x|y) #REQUIRED><!NOTATION n SYSTEM "u">',
        b'<!ENTITY u SYSTEM "f" NDATA n>]><r>&e;\xe9</r>'])
print("namespaces")
report([b'<n:a xmlns:n="U" xmlns="D" n:k="1" j="2"><b/></n:a>'], " ")
print("pieces")
report([b"<a><b k='", b"v'>text</", b"b></a>"])
report(["<a>é".encode("utf-16"), "</a>".encode("utf-16-le")])
print("errors")
for document in [b"", b"<a>", b"<a></b>", b"<a><b></a>", b'<a x="1" x="2"/>', b"<a/><b/>", b"<a/>x", b"x", b"<a>&nope;</a>",
                 b"<a>&#0;</a>", b"<a>\x01</a>", b"<a>]]></a>", b"<a>&x</a>", b' <?xml version="1.0"?><a/>',
                 b'<a b="<"/>', b"<1a/>", b"<a/", b'<!DOCTYPE a [<!ENTITY e "&e;">]><a>&e;</a>']:
    print(document)
    report([document])
report([b"<p:a/>"], " ")
print("upon it")
tree = xml.etree.ElementTree.fromstring('<a><b c="1">t</b>u</a>')
print(xml.etree.ElementTree.tostring(tree), tree[0].tail)
print(xml.dom.minidom.parseString("<a><b/>t</a>").toxml())
print(plistlib.loads(plistlib.dumps({"a": [1, 2.5, b"x", True]})))
print(xmlrpc.client.loads(xmlrpc.client.dumps((1, "a", [2]), "method")))
