/* An extension module that does what real ones were seen to do and small tests do not: it shows sequences that it has not filled in, asks
   static types for their slots, lets a string own a block that it allocated, passes a frame that is none, replaces an allocator, runs C's
   files as programs. */
#include "declarations.h"
#include <stdio.h>
#include <string.h>

typedef struct {
    void *context; void *(*malloc)(void *, size_t); void *(*calloc)(void *, size_t, size_t);
    void *(*realloc)(void *, void *, size_t); void (*free)(void *, void *);
} PyMemAllocatorEx;

extern PyObject PyBaseObject_Type, PyLong_Type, PyUnicode_Type, PyExc_ValueError;
extern PyObject *Py_BuildValue(const char *, ...);
extern PyObject *PyList_New(Py_ssize_t);
extern PyObject *PyTuple_New(Py_ssize_t);
extern PyObject *PyObject_Repr(PyObject *);
extern void *PyType_GetSlot(PyObject *, int);
extern PyObject *PyContextVar_New(const char *, PyObject *);
extern int PyContextVar_Get(PyObject *, PyObject *, PyObject **);
extern PyObject *PyLong_FromLong(long);
extern void *PyMem_Malloc(size_t);
extern void PyMem_Free(void *);
extern void PyObject_Free(void *);
extern void PyMem_GetAllocator(int, PyMemAllocatorEx *);
extern void PyMem_SetAllocator(int, PyMemAllocatorEx *);
extern PyObject *PyErr_NoMemory(void);
extern int PyRun_SimpleFileEx(FILE *, const char *, int);
extern void PyMarshal_WriteObjectToFile(PyObject *, FILE *, int);
extern PyObject *PyMarshal_ReadObjectFromFile(FILE *);
extern long PyMarshal_ReadLongFromFile(FILE *);
extern PyObject *PyCapsule_New(void *, const char *, void (*)(PyObject *));
extern void *PyCapsule_GetPointer(PyObject *, const char *);
extern void *PyEval_SaveThread(void);
extern void PyEval_RestoreThread(void *);
extern Py_ssize_t PyUnstable_Eval_RequestCodeExtraIndex(void (*)(void *));
extern int PyUnstable_Code_SetExtra(PyObject *, Py_ssize_t, void *);
extern int PyUnstable_Code_GetExtra(PyObject *, Py_ssize_t, void **);
extern void PySys_AddWarnOption(const wchar_t *);

/* Sequences whose items nobody has written yet. */
static PyObject *unfilled(PyObject *self, PyObject *unused) {
    return Py_BuildValue("(NN)", PyObject_Repr(PyList_New(2)), PyObject_Repr(PyTuple_New(1)));
}

/* Slots of types that are no heap types: of the type itself, and of its tables. */
static PyObject *slots_of_static_types(PyObject *self, PyObject *unused) {
    enum { nb_add = 7, sq_length = 45, tp_new = 65, tp_repr = 66 };
    return Py_BuildValue("(iiiii)", PyType_GetSlot(&PyBaseObject_Type, tp_new) != NULL, PyType_GetSlot(&PyLong_Type, tp_repr) != NULL,
                         PyType_GetSlot(&PyLong_Type, nb_add) != NULL, PyType_GetSlot(&PyUnicode_Type, sq_length) != NULL,
                         PyType_GetSlot(&PyBaseObject_Type, nb_add) != NULL);
}

/* A variable's own default, another one, and neither. */
static PyObject *defaults(PyObject *self, PyObject *unused) {
    PyObject *own = NULL, *other = NULL, *neither = NULL;
    PyObject *with = PyContextVar_New("with", PyLong_FromLong(1)), *without = PyContextVar_New("without", NULL);
    if (PyContextVar_Get(with, NULL, &own) < 0 || PyContextVar_Get(with, PyLong_FromLong(2), &other) < 0 ||
        PyContextVar_Get(without, NULL, &neither) < 0)
        return NULL;
    return Py_BuildValue("(OOi)", own, other, neither == NULL);
}

/* One domain of memory may free what another gave. */
static PyObject *mixed_memory(PyObject *self, PyObject *unused) {
    for (size_t size = 1; size < 2000; size += 37) {
        void *block = PyMem_Malloc(size);
        memset(block, 1, size);
        PyObject_Free(block);
    }
    return Py_BuildValue("s", "freed");
}

static PyMemAllocatorEx original;
static int calls;

static void *counting_malloc(void *context, size_t size) {
    calls++;
    return size == 77 ? NULL : original.malloc(original.context, size);
}

static PyObject *replaced_allocator(PyObject *self, PyObject *unused) {
    PyMemAllocatorEx table;
    PyMem_GetAllocator(1, &original);
    table = original;
    table.malloc = counting_malloc;
    PyMem_SetAllocator(1, &table);
    calls = 0;
    PyMem_Free(PyMem_Malloc(10));
    void *refused = PyMem_Malloc(77);
    PyMem_SetAllocator(1, &original);
    int before = calls;
    PyMem_Free(PyMem_Malloc(10));
    return Py_BuildValue("(ii)", refused == NULL && before >= 2, calls == before);
}

/* A program in a file: what it raises is printed, and -1 is all that is left of it. */
static PyObject *run_text(PyObject *self, PyObject *unused) {
    FILE *file = tmpfile();
    fputs("print('ran as', __name__)\nraise SystemError('printed')\n", file);
    rewind(file);
    return Py_BuildValue("i", PyRun_SimpleFileEx(file, "<text>", 1));
}

/* What follows an object in a file is left there. */
static PyObject *marshalled(PyObject *self, PyObject *value) {
    FILE *file = tmpfile();
    PyMarshal_WriteObjectToFile(value, file, 4);
    fwrite("\x2a\0\0\0", 1, 4, file);
    rewind(file);
    PyObject *read = PyMarshal_ReadObjectFromFile(file);
    long number = PyMarshal_ReadLongFromFile(file);
    fclose(file);
    return Py_BuildValue("(Nl)", read, number);
}

/* A capsule may be asked for its pointer without the lock. */
static PyObject *detached(PyObject *self, PyObject *unused) {
    PyObject *capsule = PyCapsule_New(&calls, "calls", NULL);
    void *state = PyEval_SaveThread();
    void *pointer = PyCapsule_GetPointer(capsule, "calls");
    PyEval_RestoreThread(state);
    return Py_BuildValue("i", pointer == &calls);
}

static int freed;

static void count_freed(void *unused) { freed++; }

/* What is attached to code is freed when something else is, and when the code goes. */
static PyObject *attach(PyObject *self, PyObject *code) {
    static Py_ssize_t index = -1;
    void *found = NULL;
    if (index < 0)
        index = PyUnstable_Eval_RequestCodeExtraIndex(count_freed);
    if (PyUnstable_Code_SetExtra(code, index, &freed) < 0 || PyUnstable_Code_SetExtra(code, index, &calls) < 0 ||
        PyUnstable_Code_GetExtra(code, index, &found) < 0)
        return NULL;
    return Py_BuildValue("(ii)", found == &calls, freed);
}

static PyObject *count(PyObject *self, PyObject *unused) {
    return Py_BuildValue("i", freed);
}

/* A function that gives nothing back cannot tell that it is not provided: the caller goes on. */
static PyObject *missing(PyObject *self, PyObject *unused) {
    PySys_AddWarnOption(L"ignore");
    return Py_BuildValue("s", "went on");
}

static PyMethodDef methods[] = {
    {"unfilled", unfilled, 4, NULL}, {"slots_of_static_types", slots_of_static_types, 4, NULL}, {"defaults", defaults, 4, NULL},
    {"mixed_memory", mixed_memory, 4, NULL}, {"replaced_allocator", replaced_allocator, 4, NULL}, {"run_text", run_text, 4, NULL},
    {"marshalled", marshalled, 8, NULL}, {"missing", missing, 4, NULL}, {"detached", detached, 4, NULL},
    {"attach", attach, 8, NULL}, {"count", count, 4, NULL}, {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef definition = {{1, NULL}, NULL, 0, NULL, "reach", "Does what real modules do.", 0, methods, slots, NULL, NULL, NULL};

PyObject *PyInit_reach(void) { return PyModuleDef_Init(&definition); }
