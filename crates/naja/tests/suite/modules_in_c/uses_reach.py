import io
import sys

import reach

print(reach.unfilled(), reach.slots_of_static_types(), reach.defaults(), reach.mixed_memory(), reach.replaced_allocator())
print(reach.marshalled({"a": [1, 2.5, None]}))
code = compile("1 + 1", "<code>", "eval")
print(reach.detached(), reach.attach(code))
del code
print(reach.count())
sys.stderr = io.StringIO()
print(reach.run_text())
print(sys.stderr.getvalue().splitlines()[-1])
