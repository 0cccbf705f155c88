# The semaphores and the memory that processes share.
import _multiprocessing
import _posixshmem
import mmap
import os
import syslog

NAME = f"/naja-test-{os.getpid()}"


def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, str(error).replace(NAME, "NAME"))


SemLock = _multiprocessing.SemLock
print(_multiprocessing.flags, SemLock.SEM_VALUE_MAX)
attempt(SemLock, 5, 1, 1, NAME, True)
attempt(SemLock, 0, -1, 1, NAME, True)

print("a lock that its owner may take again")
lock = SemLock(0, 1, 1, NAME, True)
print(lock.kind, lock.maxvalue, lock.name)
for step in [lock.acquire, lock._is_mine, lock.acquire, lock._count, lock.release, lock.release, lock.release, lock._is_zero]:
    attempt(step)

print("a semaphore")
semaphore = SemLock(1, 1, 2, NAME, False)
for step in [semaphore.acquire, semaphore._is_zero, semaphore._get_value]:
    attempt(step)
attempt(semaphore.acquire, False)
attempt(semaphore.acquire, True, 0.01)
attempt(semaphore.acquire, timeout="soon")
same = SemLock._rebuild(semaphore.handle, 1, 2, semaphore.name)
same.release()
attempt(semaphore.acquire)
if not (child := os.fork()):
    same.release()
    os._exit(0)
os.waitpid(child, 0)
attempt(semaphore.acquire)
for _ in range(3):
    attempt(semaphore.release)
attempt(_multiprocessing.sem_unlink, NAME)
attempt(_multiprocessing.sem_unlink, NAME)
attempt(_multiprocessing.sem_unlink, "a\0b")

print("memory")
descriptor = _posixshmem.shm_open(NAME, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
print(os.get_inheritable(descriptor))
os.ftruncate(descriptor, 100)
memory = mmap.mmap(descriptor, 100)
if not (child := os.fork()):
    memory[:5] = b"child"
    os._exit(0)
os.waitpid(child, 0)
print(memory[:6])
attempt(_posixshmem.shm_open, NAME, os.O_RDWR | os.O_CREAT | os.O_EXCL)
attempt(_posixshmem.shm_unlink, NAME)
attempt(_posixshmem.shm_unlink, NAME)
attempt(_posixshmem.shm_unlink, "a\0b")

print("the system's log")
attempt(syslog.syslog)
attempt(syslog.syslog, "text", 3)
attempt(syslog.syslog, 3)
attempt(syslog.openlog, 3)
print(syslog.LOG_MASK(3), syslog.LOG_UPTO(syslog.LOG_INFO), syslog.setlogmask(255))
