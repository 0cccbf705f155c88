"""When `readline` is called for which token, and what lines may be."""
import _tokenize

def show(lines, enc=None, extra=True):
    it = iter(lines)
    out=[]
    def rl():
        try: l = next(it)
        except StopIteration: out.append('read END'); return b'' if enc else ''
        out.append(f'read {l!r}')
        if isinstance(l, Exception): raise l
        return l
    kw={'encoding':enc} if enc else {}
    try:
        for t in _tokenize.TokenizerIter(rl, extra_tokens=extra, **kw):
            out.append(str(t))
    except BaseException as e: out.append(f'{type(e).__name__} {e.args}')
    return out
cases = [["x = 1\n","y = 2\n"],["if x:\n","  y\n","z\n"],["x = '''a\n","b'''\n","c\n"],["(a,\n","b)\n","c"],["x \\\n","= 1\n"],["# c\n","\n","x\n"],["x"],["x\n","  "],["x\n","y","z\n"],["a\n", ValueError("no")],["a ?\n","b\n"],["(\n","b\n"],["'\n","b\n"],["'''\n","b\n"],["f'{\n","a}'\n","b\n"],["if x:\n","    a\n","  b\n","c\n"],[""],["\n"],["a\r\n","b\r\n"],["a\nb\n","c\n"],["x = \"\"\"\n"],["a\x00b\n","c\n"],["\ta\n"],["class A:\n","  def f(self): return 1\n","\n","  # c\n","x=1\n"],["@\n","b\\\n"],["\\\n"],["\\"],["é = 'ü'\n","ß\n"],["0777\n","a\n"],["1_\n","b\n"],["f'''{\n","a\n","}\n","'''\n"],["  \n","x\n"],["'a\\\n","b'\n","c\n"],["'a\\\\\n","b'\n"],["f'a\\\n","b{x}'\n","c\n"],["'a\\\n"],["'''\n"]+["a {\n"]*200+["'''\n","x\n"],["\x0cx\n","y\n"]]
for c in cases:
    for extra in (True, False):
        for enc in (None,'utf-8'):
            l = [x.encode() if enc and isinstance(x,str) else x for x in c]
            print(c, extra, enc, *show(l, enc, extra), sep='\n   ')
