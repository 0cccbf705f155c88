# cmath: special values of every function, and rounded values elsewhere; errors; the inverse normal distribution; complex struct formats.
import cmath, math, random, struct, statistics
def t(f, *a, **k):
    try: return f(*a, **k)
    except Exception as e: return type(e).__name__ + ': ' + str(e)
def rounded(z):
    return z if isinstance(z, str) else '%.12g %.12g' % (z.real, z.imag)
inf, nan = math.inf, math.nan
values = [-inf, -2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 800.0, 1e308, 1e-310, inf, nan]
for name in 'acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh'.split():
    f = getattr(cmath, name)
    for a in values:
        print(name, a, [rounded(t(f, complex(a, b))) for b in values])
for a in values:
    print([rounded(t(cmath.rect, a, b)) for b in values], [t(cmath.phase, complex(a, b)) for b in values], [t(cmath.polar, complex(a, b)) for b in (inf, nan, 0.0)])
random.seed(2)
for turn in range(40):
    z = complex(random.uniform(-3, 3), random.uniform(-3, 3))
    print([rounded(getattr(cmath, name)(z)) for name in ('acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cos', 'log', 'log10', 'sin', 'sqrt', 'tan')])
print(rounded(t(cmath.log, 2, 3)), t(cmath.log, 0), t(cmath.log, 1, 0), rounded(t(cmath.log, 2j, -1)), t(cmath.log, 2, 1), t(cmath.sqrt, 'x'), t(cmath.polar, complex(1e308, 1e308)))
print(t(cmath.isclose, 1, 1 + 1e-10), t(cmath.isclose, 1, 2, rel_tol=.5), t(cmath.isclose, inf, inf), t(cmath.isclose, nan, nan), t(cmath.isclose, 1, 2, abs_tol=-1), cmath.isnan(complex(1, nan)), cmath.isinf(1j), cmath.isfinite(3))
class C:
    def __complex__(self): return 2j
print(rounded(cmath.exp(C())), cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.infj, cmath.nanj)
normal = statistics.NormalDist(3, 2)
print([normal.inv_cdf(p / 97) for p in range(1, 97)], [normal.inv_cdf(10.0 ** -p) for p in range(1, 300, 13)], t(statistics.NormalDist.inv_cdf, normal, 0))
for code in ('F', 'D', '<F', '>D', '=F', '@bD', 'bF', '2F'):
    arguments = [7] * code.count('b') + [1.5 - 2j] * (2 if '2' in code else 1)
    packed = struct.pack(code, *arguments)
    print(code, struct.calcsize(code), packed.hex(), struct.unpack(code, packed))
print(t(struct.pack, 'F', 'x'), t(struct.pack, 'F', 1e300), t(struct.pack, 'D', 3), t(struct.pack, 'D', C()))
