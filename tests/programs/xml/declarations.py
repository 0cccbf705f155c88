# What a parser tells of a document type: its declarations, its parameter entities and its external part.
from xml.parsers import expat

HANDLERS = [
    "StartDoctypeDecl", "EndDoctypeDecl", "ElementDecl", "AttlistDecl", "EntityDecl", "NotationDecl",
    "UnparsedEntityDecl", "XmlDecl", "SkippedEntity", "NotStandalone", "StartElement", "CharacterData",
    "ProcessingInstruction", "Comment",
]


def parser_that_tells(indent="", **switches):
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def teller(name):
        def tell(*values):
            print(indent + name, *map(repr, values))
            return 1
        return tell

    for name in HANDLERS:
        setattr(parser, name + "Handler", teller(name))
    for name, value in switches.items():
        setattr(parser, name, value)
    return parser


def external(parser, texts):
    def read(context, base, system, public):
        print("ExternalEntityRef", repr(context), base, system, public)
        inner = parser.ExternalEntityParserCreate(context)
        inner.Parse(texts.get(system, ""), True)
        return 1
    parser.ExternalEntityRefHandler = read
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)


print("-- declarations")
parser = parser_that_tells()
parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
parser.Parse("""<?xml version="1.0" standalone="yes"?>
<!DOCTYPE r [
<!ELEMENT r (a|b)*>
<!ELEMENT a (#PCDATA|b)*>
<!ELEMENT b EMPTY>
<!ELEMENT c ANY>
<!ELEMENT d ((a, b?)+, (c | d)*)>
<!ATTLIST a id ID #REQUIRED kind (x|y) "x" note CDATA #IMPLIED>
<!ATTLIST b fixed CDATA #FIXED "f&#33;" names NMTOKENS " p  q ">
<!NOTATION gif PUBLIC "-//N//GIF//EN">
<!NOTATION png SYSTEM "png">
<!ENTITY e "text &amp; more">
<!ENTITY picture SYSTEM "p.gif" NDATA gif>
<!ENTITY outer PUBLIC "-//O//EN" "o.xml">
<!ENTITY % inner "<!ENTITY made 'by a parameter'>">
%inner;
<?in the subset?>
<!-- remark -->
]>
<r><a id="1">&e;</a><b/><c>&outer;</c></r>""", True)

print("-- declared in parameter entities")
for standalone in "yes", "no":
    for reference in "<r>&made;</r>", "<r a='&made;'/>":
        parser = parser_that_tells()
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        try:
            parser.Parse(f"""<?xml version="1.0" standalone="{standalone}"?>
<!DOCTYPE r [<!ENTITY % inner "<!ENTITY made 'by a parameter'>"> %inner; ]>
{reference}""", True)
        except expat.ExpatError as error:
            print(error)

print("-- in pieces")
parser = parser_that_tells()
for piece in ["<!DOCTYPE r [", "<!ELEMENT r ANY>\n<!ENT", "ITY e 'v'> <!-- re", "mark -->", "]", " ", ">", "<r>&e;</r>"]:
    print(repr(piece), parser.CurrentLineNumber, parser.CurrentColumnNumber)
    parser.Parse(piece)

print("-- external part")
parser = parser_that_tells()
external(parser, {
    "r.dtd": """<!ENTITY % also SYSTEM 'also.dtd'> %also;
<![INCLUDE[<!ENTITY in "included">]]>
<![IGNORE[<!ENTITY in "ignored"> <![INCLUDE[ ]]> ]]>
<!ENTITY in "too late">""",
    "also.dtd": "<!ELEMENT r ANY><!ATTLIST r v CDATA 'given'>",
    "o.xml": "<o>outer</o>",
})
parser.Parse("<!DOCTYPE r SYSTEM 'r.dtd' [<!ENTITY o SYSTEM 'o.xml'>]><r>&in;&o;</r>", True)

print("-- a document type of the application")
parser = parser_that_tells()
external(parser, {None: "<!ENTITY e 'foreign'>"})
parser.UseForeignDTD(True)
parser.Parse("<r>&e;</r>", True)

print("-- entities that are not known")
parser = parser_that_tells()
parser.Parse("<!DOCTYPE r SYSTEM 'not-read.dtd'><r a='&x;'>&y;</r>", True)

print("-- defaults")
for names in [], ["StartDoctypeDecl", "ElementDecl"], ["EntityDecl", "AttlistDecl", "NotationDecl", "EndDoctypeDecl"]:
    parser = expat.ParserCreate()
    for name in names:
        setattr(parser, name + "Handler", lambda *values, name=name: print(name))
    place = lambda: (parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex)
    parser.DefaultHandler = lambda text: print("Default", repr(text), place())
    parser.Parse("""<?xml version='1.0'?>
<!DOCTYPE r PUBLIC "p" 's' [<!ENTITY e 'v'> <!ENTITY % p "q">
<!ELEMENT r ((a | b+)?, c)*><!ATTLIST r a (1|2) #IMPLIED
b CDATA 'x'><!NOTATION n SYSTEM 'm'> ] ><r a='1'>x&e;<!--c--><?p i?></r>""", True)

print("-- defaults of attributes")
for specified_only in False, True:
    parser = parser_that_tells(specified_attributes=specified_only, ordered_attributes=True)
    parser.Parse("<!DOCTYPE r [<!ATTLIST r a CDATA 'd' b NMTOKENS #IMPLIED>]><r b='  x   y '/>", True)
