"""What is said of text that may go on, in the way in which `codeop` asks."""
import codeop
F=codeop.PyCF_DONT_IMPLY_DEDENT | codeop.PyCF_ALLOW_INCOMPLETE_INPUT
for s in ['(\n','(', 'x = (\n1,\n', '"""a\nb\nc', 'if x:\n  """a\nb', 'f"""a\nb', "x = '''a\n\nb\n", 'if x:\n\n\n','if x:\n  y\n', "f'''{\n1", "f'''{1}\n{2}\n", 'x = """', 'a = 1\nx = """\n', 'é = """\né', '\\','x = \\\n','a\n\\\n', "'a\\\nb", 'def f(\n  x,\n', 'try:\n  x\n', '@a\n', '"""a\nb"""\nx = """c\n\nd']:
    for m in 'exec','single','eval':
        try: compile(s,'<i>',m,F)
        except SyntaxError as e: print(repr(s),m,type(e).__name__,e.lineno,e.offset,e.end_lineno,e.end_offset,repr(e.text))
        else: print(repr(s),m,'ok')
