/* An extension module that uses the C API in the ways that differ most from one another: formats, arguments by format, variadic calls, items
   that C code fills in, an exception, a function that is not provided. */
#include "declarations.h"

extern PyObject *PyExc_ValueError;
extern int PyArg_ParseTuple(PyObject *, const char *, ...);
extern int PyArg_ParseTupleAndKeywords(PyObject *, PyObject *, const char *, char **, ...);
extern PyObject *Py_BuildValue(const char *, ...);
extern PyObject *PyUnicode_FromFormat(const char *, ...);
extern PyObject *PyErr_Format(PyObject *, const char *, ...);
extern PyObject *PyObject_CallFunction(PyObject *, const char *, ...);
extern PyObject *PyList_New(Py_ssize_t);
extern int PyList_SetItem(PyObject *, Py_ssize_t, PyObject *);
extern PyObject *PyLong_FromLong(long);
extern int PyModule_AddIntConstant(PyObject *, const char *, long);
extern PyObject *PyMemoryView_GetContiguous(PyObject *, int, char);
extern PyObject *PyUnicode_AsDecodedObject(PyObject *, const char *, const char *);

static PyObject *describe(PyObject *self, PyObject *arguments) {
    int number; double real; const char *text; PyObject *object;
    if (!PyArg_ParseTuple(arguments, "idsO:describe", &number, &real, &text, &object))
        return NULL;
    return PyUnicode_FromFormat("%d|%05d|%s|%R|%.3s|%zd|%x|%%", number, number, text, object, text, (Py_ssize_t)number, 255);
}

static PyObject *named(PyObject *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"first", "second", NULL};
    int first, second = 7;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "i|i:named", names, &first, &second))
        return NULL;
    return Py_BuildValue("(ii)", first, second);
}

static PyObject *build(PyObject *self, PyObject *unused) {
    return Py_BuildValue("(idsy#[ii]{s:i}KdddddddddO)", 1, 2.5, "three", "fo\0ur", (Py_ssize_t)5, 5, 6, "seven", 8,
                         0xFFFFFFFFFFFFFFFFULL, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, PyExc_ValueError);
}

static PyObject *call(PyObject *self, PyObject *callable) {
    return PyObject_CallFunction(callable, "is", 42, "answer");
}

static PyObject *squares(PyObject *self, PyObject *unused) {
    PyObject *list = PyList_New(5);
    for (long at = 0; list && at < 5; at++)
        PyList_SetItem(list, at, PyLong_FromLong(at * at));
    return list;
}

static PyObject *contiguous(PyObject *self, PyObject *view) {
    return PyMemoryView_GetContiguous(view, 0x100 /* PyBUF_READ */, 'C');
}

static PyObject *fail(PyObject *self, PyObject *value) {
    return PyErr_Format(PyExc_ValueError, "no good: %R", value);
}

static PyObject *missing(PyObject *self, PyObject *unused) {
    return PyUnicode_AsDecodedObject(self, NULL, NULL);
}

static int execute(PyObject *module) {
    return PyModule_AddIntConstant(module, "ANSWER", 42);
}

static PyMethodDef methods[] = {
    {"describe", describe, 1, NULL}, {"named", (PyCFunction)(void *)named, 3, NULL}, {"build", build, 4, NULL}, {"call", call, 8, NULL},
    {"squares", squares, 4, NULL}, {"contiguous", contiguous, 8, NULL}, {"fail", fail, 8, NULL}, {"missing", missing, 4, NULL}, {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{2, (void *)execute}, {0, NULL}};
static PyModuleDef definition = {{1, NULL}, NULL, 0, NULL, "exercise", "Exercises the C API.", 0, methods, slots, NULL, NULL, NULL};

PyObject *PyInit_exercise(void) { return PyModuleDef_Init(&definition); }
