import _interpreters as low

for name in ("isolated", "legacy", "default", "empty"):
    print(name, low.new_config(name))
print(low.new_config(gil="shared", allow_fork=True))
for arguments, keywords in ((("other",), {}), ((), {"gil": "none"}), ((), {"gil": 1}), ((), {"allow_fork": 1}),
                            ((), {"more": 1}), ((), {"more": 1, "most": 2})):
    try:
        low.new_config(*arguments, **keywords)
    except (TypeError, ValueError) as problem:
        print(type(problem).__name__, problem)
print(low.get_config(0))
for config in ("legacy", "isolated", None, low.new_config(allow_threads=False)):
    number = low.create(config)
    print(low.get_config(number))
    low.destroy(number)
for config in (5, {"gil": "own"}, low.new_config("empty"), low.new_config(check_multi_interp_extensions=False)):
    try:
        low.create(config)
    except (TypeError, low.InterpreterError) as problem:
        print(type(problem).__name__, problem, repr(problem.__context__))
missing = low.new_config()
del missing.gil
try:
    low.create(missing)
except ValueError as problem:
    print(problem)
