import keyword
from collections import OrderedDict
import json

print(keyword.iskeyword("for"), keyword.iskeyword("four"))
print(json.dumps({"a": [1, 2.5, None, True], "b": "text"}))
print(json.loads('{"x": [1, {"y": "z"}]}'))
print(list(OrderedDict([(1, 2), (3, 4)])))
