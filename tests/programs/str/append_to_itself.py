"""A string that is appended to itself in a loop."""


def doubled(text, times):
    for _ in range(times):
        text += text
    return text


def doubled_by_sum(text, times):
    for _ in range(times):
        text = text + text
    return text


for _ in range(30):
    assert doubled("xyz", 8) == doubled_by_sum("xyz", 8) == "xyz" * 256
print(doubled("ab", 4), doubled_by_sum("é", 3), len(doubled("€", 10)))
