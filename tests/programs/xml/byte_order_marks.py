"""Byte order marks and begun characters: the encoding that they tell, and the places of what is behind them."""
import codecs
import pyexpat


def run(pieces, encoding=None):
    parser = pyexpat.ParserCreate(encoding)
    told = []

    def place():
        return parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex

    parser.StartElementHandler = lambda name, attributes: told.append((name, attributes, place()))
    parser.EndElementHandler = lambda name: told.append((name, place()))
    parser.CharacterDataHandler = lambda text: told.append((text, place()))
    parser.CommentHandler = lambda text: told.append((text, place()))
    try:
        for index, piece in enumerate(pieces):
            parser.Parse(piece, index == len(pieces) - 1)
            told.append(place())
    except pyexpat.ExpatError as error:
        told.append((str(error), parser.ErrorLineNumber, parser.ErrorColumnNumber, parser.ErrorByteIndex))
    print(pieces, encoding, told)


document = "<a b='é'>x<!--y-->\n<b/></a>"
MARKED = [
    (codecs.BOM_UTF8, 'utf-8'), (codecs.BOM_UTF16_LE, 'utf-16-le'), (codecs.BOM_UTF16_BE, 'utf-16-be'),
    (b'', 'utf-16-le'), (b'', 'utf-16-be'), (b'', 'utf-8'),
]
for mark, encoding in MARKED:
    raw = mark + document.encode(encoding)
    for pieces in [raw], [raw, b''], [raw[:-3]], [mark], [raw + b'x']:
        run(pieces)
    run([raw], 'utf-8')
    run([raw], 'utf-16')

BEGUN = [
    b"\xef", b"\xef\xbb", b"\xff", b"\xfe", b"\0", b"<", b"\xc3", b" ", b"a", b"\xef\xbb\xbf", b"\xef\xbb\xbf<", b"\xff\xfe",
    b"\xff\xfe<", b"\xfe\xff\0", b"\xef<", b"\xff<", b"\xef\xbb<",
]
for begun in BEGUN:
    run([begun])
    run([begun], 'utf-8')
    run([begun, b''])
    run([begun[:1], begun[1:]])
