/* What every extension module here needs of CPython's headers, which are not installed everywhere that the tests run.  Each module declares the
   functions that it calls itself. */
#include <stddef.h>

typedef ptrdiff_t Py_ssize_t;
typedef struct _object { Py_ssize_t refcnt; struct _object *type; } PyObject;
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef struct { const char *name; PyCFunction function; int flags; const char *doc; } PyMethodDef;
typedef struct { int slot; void *value; } PyModuleDef_Slot;
typedef struct {
    PyObject base; PyObject *(*init)(void); Py_ssize_t index; PyObject *copy;
    const char *name; const char *doc; Py_ssize_t size; PyMethodDef *methods; PyModuleDef_Slot *slots;
    void *traverse; void *clear; void *release;
} PyModuleDef;

extern PyObject *PyModuleDef_Init(PyModuleDef *);
