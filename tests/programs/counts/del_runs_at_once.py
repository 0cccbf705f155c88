class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)

a = Noisy("a")
b = [Noisy("b1"), Noisy("b2")]
print("rebind")
a = None
print("clear")
b.clear()

def scope():
    c = Noisy("c")
    print("in scope")

scope()
print("end")
