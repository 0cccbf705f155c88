import exercise

print(exercise.__doc__, exercise.ANSWER)
print(exercise.describe(42, 2.5, "text", [1]))
print(exercise.named(1), exercise.named(1, 2), exercise.named(second=4, first=3))
print(exercise.build())
print(exercise.call(lambda *arguments: arguments))
print(exercise.squares())


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


attempt(exercise.describe, 1)
attempt(exercise.describe, "one", 2, "three", 4)
attempt(exercise.describe, 1 << 40, 2, "three", 4)
attempt(exercise.named)
attempt(exercise.named, 1, third=3)
attempt(exercise.named, 1, first=3)
attempt(exercise.fail, "value")

for format in "Bbc?hd":
    view = memoryview(bytes(48)).cast(format)[::2]
    copy = exercise.contiguous(view)
    print(copy.format, copy.shape, copy.strides, copy.tobytes() == view.tobytes())
