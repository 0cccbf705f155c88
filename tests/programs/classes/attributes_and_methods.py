class Point:
    kind = "point"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x * self.x + self.y * self.y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

p = Point(3, 4)
p.z = 5
print(p, p.norm(), p.kind, p.z, Point.kind)
try:
    p.missing
except AttributeError as error:
    print(error)
