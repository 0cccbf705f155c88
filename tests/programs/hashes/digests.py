# Digests of messages around the sizes of blocks, in one piece and in several.
import _blake2
import _sha3
import hashlib
import hmac

data = bytes(range(256)) * 40
sizes = (0, 1, 55, 56, 63, 64, 65, 72, 111, 112, 127, 128, 129, 136, 144, 167, 168, 169, 10240)
for name in sorted(hashlib.algorithms_guaranteed):
    size = (40,) if name.startswith("shake") else ()
    seen = hashlib.md5()
    for count in sizes:
        digest = hashlib.new(name)
        digest.update(data[:count // 3])
        digest.update(bytearray(data[count // 3:count]))
        copy = digest.copy()
        copy.update(memoryview(b"more"))
        seen.update(digest.digest(*size) + copy.digest(*size))
    print(name, digest.block_size, digest.digest_size, digest.hexdigest(*size), seen.hexdigest())

for name in ("md5", "sha1", "sha256", "sha512", "sha3_256"):
    for count in (0, 3, 64, 65, 200):
        print(name, count, hmac.new(data[:count], data[:100], name).hexdigest(), hmac.digest(data[:count], data, name)[:4])

parameters = dict(digest_size=20, key=b"k", salt=b"s", person=b"p", fanout=2, depth=3, leaf_size=4, node_offset=5,
                  node_depth=6, inner_size=7, last_node=True)
print(_blake2.blake2b(b"abc", **parameters).hexdigest(), _blake2.blake2s(b"abc", **parameters).hexdigest())
shake = _sha3.shake_128(b"abc")
print(shake._rate_bits, shake._capacity_bits, shake._suffix, shake.hexdigest(length=3), len(shake.digest(1000)))


def attempt(call, *arguments, **keywords):
    try:
        print(call(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


attempt(hashlib.md5, "text")
attempt(hashlib.new, "no such hash")
attempt(shake.digest, -1)
attempt(shake.digest, 1 << 29)
attempt(_blake2.blake2b, digest_size=65)
attempt(_blake2.blake2s, key=b"x" * 33)
attempt(_blake2.blake2s, node_offset=1 << 48)
attempt(_blake2.blake2b, fanout=256)
attempt(_blake2.blake2b, b"a", string=b"b")
