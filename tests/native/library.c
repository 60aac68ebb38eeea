/* A native module as a shared library, written straight from the contract, without edge.h: for tests of the loader. */
#include <stdint.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
int DllMainCRTStartup(void *a, unsigned b, void *c) { return 1; }
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef uint32_t handle;

struct host {
  int32_t (*op)(uint32_t, handle, const char *, uint32_t, const handle *, uint32_t, handle *);
  handle (*encode)(uint32_t, const void *, uint32_t);
  int32_t (*decode)(handle, uint32_t *, void *, uint32_t);
  void (*release)(handle);
  int32_t (*take_error)(uint32_t *, void *, uint32_t);
  void (*throw_error)(uint32_t, const char *, uint32_t);
};

#ifndef WITHOUT_TABLE
EXPORT struct host __edge_host = {0};
#else
static struct host __edge_host;
#endif

#ifndef WITHOUT_ALLOC
EXPORT void *__edge_alloc(uint32_t size) { return 0; }
#endif

#ifdef VERSION
EXPORT uint32_t __edge_abi_version(void) { return VERSION; }
#endif

static int64_t integer(handle value) {
  uint32_t tag;
  int64_t halves[2] = {0, 0};
  __edge_host.decode(value, &tag, halves, sizeof halves);
  return halves[0];
}

static int32_t give(handle *out, int64_t value) {
  int64_t halves[2] = {value, value >> 63};
  *out = __edge_host.encode(2, halves, sizeof halves);
  return 0;
}

EXPORT int32_t add(const handle *argv, uint32_t argc, handle *out) {
  if (argc != 3) {
    __edge_host.throw_error(0, "add: two numbers", 16);
    return 1;
  }
  return give(out, integer(argv[0]) + integer(argv[1]));
}

EXPORT int32_t __fn_abs(const handle *argv, uint32_t argc, handle *out) {
  int64_t value = integer(argv[0]);
  return give(out, value < 0 ? -value : value);
}

EXPORT int32_t __const_answer(const handle *argv, uint32_t argc, handle *out) { return give(out, 42); }

EXPORT int32_t apply(const handle *argv, uint32_t argc, handle *out) {
  return __edge_host.op(0, argv[0], "__call__", 8, argv + 1, argc - 2, out);
}

EXPORT int32_t swallow(const handle *argv, uint32_t argc, handle *out) {
  handle result;
  if (__edge_host.op(0, argv[0], "__call__", 8, argv + 1, argc - 2, &result) == 0) __edge_host.release(result);
  return give(out, 1);
}

EXPORT int32_t message(const handle *argv, uint32_t argc, handle *out) {
  char text[100];
  uint32_t kind;
  handle unused;
  __edge_host.op(0, argv[0], "__call__", 8, 0, 0, &unused);
  int32_t size = __edge_host.take_error(&kind, text, sizeof text);
  *out = __edge_host.encode(4, text, size < 0 ? 0 : (uint32_t)size);
  return 0;
}

EXPORT int32_t echo(const handle *argv, uint32_t argc, handle *out) {
  *out = argv[0];
  return 0;
}

EXPORT int32_t nulls(const handle *argv, uint32_t argc, handle *out) {
  uint32_t tag;
  __edge_host.decode(argv[0], &tag, 0, 1000);
  __edge_host.encode(4, 0, 5);
  return __edge_host.op(1, argv[0], 0, 5, 0, 0, out);
}

EXPORT int32_t leak(const handle *argv, uint32_t argc, handle *out) {
  give(out, 1);
  return give(out, 2);
}

EXPORT int32_t __class_Box___init__(const handle *argv, uint32_t argc, handle *out) {
  return __edge_host.op(2, argv[0], "__rust_id", 9, argv + 1, 1, out);
}

EXPORT int32_t __class_Box_get(const handle *argv, uint32_t argc, handle *out) {
  return __edge_host.op(1, argv[0], "__rust_id", 9, 0, 0, out);
}
