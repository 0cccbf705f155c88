# Tools that pass over the library's own code ask where it is.
import os
import sysconfig
import threading

place = sysconfig.get_path("stdlib")
print(os.path.dirname(os.__file__) == place, os.path.dirname(threading.__file__) == place)
print(sysconfig.get_path("stdlib", "posix_venv") == place)
