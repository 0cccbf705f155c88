# Keyword arguments that are no strings, and __new__ of types that make no instances.
import _csv, _heapq, binascii
def attempt(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except TypeError as error:
        print(error)
def call_with_number(function):
    try:
        print(function(b'', **{1: 1}))
    except TypeError as error:
        print(error)
for function in (binascii.a2b_qp, sorted, print):
    call_with_number(function)
for instance in (_csv.reader([]), iter(()), iter({}), {}.keys(), (lambda: 0).__code__.co_lines()):
    attempt(type(instance).__new__, type(instance))
    attempt(object.__new__, type(instance))
