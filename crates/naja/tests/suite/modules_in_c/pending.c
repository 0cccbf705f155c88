/* An extension module whose own threads, which Python does not know, ask for calls. */
#include "declarations.h"
#include <pthread.h>
#include <stdint.h>

extern int Py_AddPendingCall(int (*)(void *), void *);
extern PyObject *PyLong_FromLong(long);
extern long PyLong_AsLong(PyObject *);
extern PyObject *PyErr_Occurred(void);
extern PyObject *PyObject_CallFunction(PyObject *, const char *, ...);
extern PyObject *PySys_GetObject(const char *);
extern void Py_DecRef(PyObject *);
extern void *PyEval_SaveThread(void);
extern void PyEval_RestoreThread(void *);

/* What the module's user wants called is `sys.pending`. */
static int call(void *number) {
    PyObject *result = PyObject_CallFunction(PySys_GetObject("pending"), "l", (long)(intptr_t)number);
    Py_DecRef(result);
    return result == NULL ? -1 : 0;
}

static void *ask(void *count) {
    long accepted = 0;
    for (long number = 0; number < *(long *)count; number++)
        accepted += Py_AddPendingCall(call, (void *)(intptr_t)number) == 0;
    *(long *)count = accepted;
    return NULL;
}

/* A thread asks for so many calls, while this one keeps the lock; says how many were accepted. */
static PyObject *ask_for(PyObject *self, PyObject *number) {
    long count = PyLong_AsLong(number);
    pthread_t thread;
    if (PyErr_Occurred() != NULL || pthread_create(&thread, NULL, ask, &count) != 0)
        return NULL;
    pthread_join(thread, NULL);
    return PyLong_FromLong(count);
}

/* The same, while nobody has the lock. */
static PyObject *ask_unlocked(PyObject *self, PyObject *number) {
    long count = PyLong_AsLong(number);
    void *state = PyEval_SaveThread();
    pthread_t thread;
    if (pthread_create(&thread, NULL, ask, &count) == 0)
        pthread_join(thread, NULL);
    PyEval_RestoreThread(state);
    return PyLong_FromLong(count);
}

static PyMethodDef methods[] = {{"ask_for", ask_for, 8, NULL}, {"ask_unlocked", ask_unlocked, 8, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {.base = {.refcnt = 1}, .name = "pending", .methods = methods};

PyObject *PyInit_pending(void) { return PyModuleDef_Init(&definition); }
