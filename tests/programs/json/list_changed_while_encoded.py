# Lists that change while they are encoded, and strings that end in an escape.
import json


def shrink(value):
    del items[1:]
    return None


items = [object() for _ in range(5)]
print(json.dumps(items, default=shrink))
for text in [r'"\u0041', r'"\ud834\udd1e', r'"\u00']:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        print(error.msg, error.pos)
print(json.loads(r'"\ud834\udd1e"') == '\U0001d11e')
