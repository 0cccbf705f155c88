def inner():
    raise ValueError("no good")

print("before")
inner()
print("after")
