/* edge.h: native modules for Edge Python in C. ABI version 1, the contract of docs/module-authors.md.

   Takes: C11, clang for wasm32 or `zig cc`; for shared libraries any C compiler with GCC's attributes. No library.
   Gives: macros for functions, constants and classes; helpers that read and make values, call back, iterate and
   raise; an allocator; the exports `__edge_alloc`, `__edge_free` and `__edge_abi_version`.
   Refuses: big-endian machines (numbers cross as little-endian bytes).

   Three rules explain every helper:
   - A value is a handle, a number that the host gave. 0 is no value: a helper that gives 0 has set the pending error.
   - A function ends with `return edge_return…(out, …)`, or with `return EDGE_FAILED` and a pending error.
   - You release each handle that you made, unless you return it. `EDGE_LOCAL edge_handle h = …;` releases by itself.
     What the host handed you (`self`, `argv`, `kwargs`) is the host's. */
#ifndef EDGE_H
#define EDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "edge.h needs a little-endian target: numbers cross as little-endian bytes"
#endif

/* ---- The contract: numbers ------------------------------------------------------------------------------------- */

typedef uint32_t edge_handle;

enum { EDGE_OK = 0, EDGE_FAILED = 1, EDGE_ABI_VERSION = 1 };

enum {
  EDGE_OP_CALL, EDGE_OP_GET_ATTR, EDGE_OP_SET_ATTR, EDGE_OP_GET_ITEM, EDGE_OP_SET_ITEM, EDGE_OP_LEN, EDGE_OP_ITER,
  EDGE_OP_ITER_NEXT, EDGE_OP_NEW_DICT, EDGE_OP_NEW_LIST, EDGE_OP_TYPE_OF, EDGE_OP_NEW_TUPLE, EDGE_OP_NEW_SET,
  EDGE_OP_NEW_FROZENSET
};

enum { EDGE_TAG_NONE, EDGE_TAG_BOOL, EDGE_TAG_INT, EDGE_TAG_FLOAT, EDGE_TAG_STR, EDGE_TAG_BYTES };
#define EDGE_NOT_PRIMITIVE UINT32_MAX

enum {
  EDGE_TYPE_ERROR, EDGE_VALUE_ERROR, EDGE_RUNTIME_ERROR, EDGE_ATTRIBUTE_ERROR, EDGE_INDEX_ERROR, EDGE_KEY_ERROR,
  EDGE_CUSTOM_ERROR /* the message begins with the class: "ZeroDivisionError: no root below zero" */
};

/* ---- The contract: exports and imports ------------------------------------------------------------------------- */

#define EDGE_UNUSED __attribute__((unused))
#define EDGE_HIDDEN __attribute__((visibility("hidden")))
/* A helper that is not worth a copy at each call. */
#define EDGE_HELPER static __attribute__((noinline, unused))
#if defined(__wasm__)
#define EDGE_EXPORT(name) __attribute__((visibility("default"), export_name(#name)))
#elif defined(_WIN32)
#define EDGE_EXPORT(name) __declspec(dllexport)
#else
#define EDGE_EXPORT(name) __attribute__((visibility("default")))
#endif
/* Weak: one definition for all files of a module, and an author's own wins. */
#if defined(_WIN32)
#define EDGE_WEAK __attribute__((selectany))
#define EDGE_WEAK_FUNCTION __attribute__((weak))
#else
#define EDGE_WEAK __attribute__((weak))
#define EDGE_WEAK_FUNCTION EDGE_WEAK
#endif

#if defined(__wasm__)
#define EDGE_IMPORT(name) __attribute__((import_module("env"), import_name(#name))) extern
EDGE_IMPORT(edge_op) int32_t edge_op(uint32_t op, edge_handle recv, const char *name, uint32_t name_len,
                                     const edge_handle *argv, uint32_t argc, edge_handle *out);
EDGE_IMPORT(edge_encode) edge_handle edge_encode(uint32_t tag, const void *ptr, uint32_t len);
EDGE_IMPORT(edge_decode) int32_t edge_decode(edge_handle h, uint32_t *out_tag, void *dst, uint32_t dst_max);
EDGE_IMPORT(edge_release) void edge_release(edge_handle h);
EDGE_IMPORT(edge_take_error) int32_t edge_take_error(uint32_t *out_kind, void *dst, uint32_t dst_max);
EDGE_IMPORT(edge_throw) void edge_throw(uint32_t kind, const char *msg, uint32_t msg_len);
#else
/* A shared library has no imports by name: the host fills this table before the first call. */
struct edge_host {
  int32_t (*op)(uint32_t op, edge_handle recv, const char *name, uint32_t name_len, const edge_handle *argv,
                uint32_t argc, edge_handle *out);
  edge_handle (*encode)(uint32_t tag, const void *ptr, uint32_t len);
  int32_t (*decode)(edge_handle h, uint32_t *out_tag, void *dst, uint32_t dst_max);
  void (*release)(edge_handle h);
  int32_t (*take_error)(uint32_t *out_kind, void *dst, uint32_t dst_max);
  void (*throw_error)(uint32_t kind, const char *msg, uint32_t msg_len);
};
EDGE_WEAK EDGE_EXPORT(__edge_host) struct edge_host __edge_host = {0};

static inline int32_t edge_op(uint32_t op, edge_handle recv, const char *name, uint32_t name_len,
                              const edge_handle *argv, uint32_t argc, edge_handle *out) {
  return __edge_host.op(op, recv, name, name_len, argv, argc, out);
}
static inline edge_handle edge_encode(uint32_t tag, const void *ptr, uint32_t len) {
  return __edge_host.encode(tag, ptr, len);
}
static inline int32_t edge_decode(edge_handle h, uint32_t *out_tag, void *dst, uint32_t dst_max) {
  return __edge_host.decode(h, out_tag, dst, dst_max);
}
static inline void edge_release(edge_handle h) { __edge_host.release(h); }
static inline int32_t edge_take_error(uint32_t *out_kind, void *dst, uint32_t dst_max) {
  return __edge_host.take_error(out_kind, dst, dst_max);
}
static inline void edge_throw(uint32_t kind, const char *msg, uint32_t msg_len) {
  __edge_host.throw_error(kind, msg, msg_len);
}
#endif

EDGE_EXPORT(__edge_abi_version) uint32_t __edge_abi_version(void);
EDGE_WEAK_FUNCTION uint32_t __edge_abi_version(void) { return EDGE_ABI_VERSION; }

/* ---- Memory ---------------------------------------------------------------------------------------------------- */

/* The host asks for room with these two, and so may you. The size comes back with the pointer, so a block needs no
   header. To have them your own way, define both in one file, where `#define EDGE_OWN_ALLOCATOR` is before the #include. */
EDGE_EXPORT(__edge_alloc) void *__edge_alloc(uint32_t size);
EDGE_EXPORT(__edge_free) void __edge_free(void *block, uint32_t size);

#if defined(__wasm__)
/* What a compiler may call for a plain struct copy or loop. There is no C library that would bring them. */
EDGE_WEAK void *memmove(void *to, const void *from, size_t size) {
  unsigned char *a = to;
  const unsigned char *b = from;
  if (a < b)
    for (size_t i = 0; i < size; i++) a[i] = b[i];
  else
    while (size--) a[size] = b[size];
  return to;
}
EDGE_WEAK void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  unsigned char *a = to;
  const unsigned char *b = from;
  for (size_t i = 0; i < size; i++) a[i] = b[i];
  return to;
}
EDGE_WEAK void *memset(void *to, int byte, size_t size) {
  unsigned char *a = to;
  for (size_t i = 0; i < size; i++) a[i] = (unsigned char)byte;
  return to;
}
EDGE_WEAK int memcmp(const void *one, const void *other, size_t size) {
  const unsigned char *a = one, *b = other;
  for (size_t i = 0; i < size; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}
EDGE_WEAK size_t strlen(const char *text) {
  size_t size = 0;
  while (text[size]) size++;
  return size;
}

#if !defined(EDGE_OWN_ALLOCATOR)
/* Blocks have 16 << c bytes and are kept in one free list for each c. A block that is given back is used again for
   its size: a million calls need no more room than the one that needed most. Fresh room comes from `memory.grow`
   alone, so that a C library's malloc, where there is one, may share the memory. */
struct edge_block {
  struct edge_block *next;
};
EDGE_WEAK struct edge_block *edge_free_blocks[28] = {0};
EDGE_WEAK uint32_t edge_fresh = 0, edge_fresh_end = 0;

static inline uint32_t edge_size_class(uint32_t size) {
  return size <= 16 ? 0 : 28 - (uint32_t)__builtin_clz(size - 1);
}
EDGE_WEAK void *__edge_alloc(uint32_t size) {
  uint32_t c = edge_size_class(size), bytes;
  struct edge_block *block;
  if (c >= 28) return NULL;
  block = edge_free_blocks[c];
  if (block) {
    edge_free_blocks[c] = block->next;
    return block;
  }
  bytes = 16u << c;
  if (edge_fresh_end - edge_fresh < bytes) {
    uint32_t pages = (bytes + 0xFFFF) >> 16;
    size_t first = __builtin_wasm_memory_grow(0, pages);
    if (first == SIZE_MAX) return NULL;
    if (first << 16 != edge_fresh_end) edge_fresh = (uint32_t)first << 16; /* somebody else grew in between */
    edge_fresh_end = (uint32_t)(first + pages) << 16;
  }
  edge_fresh += bytes;
  return (void *)(edge_fresh - bytes);
}
EDGE_WEAK void __edge_free(void *block, uint32_t size) {
  uint32_t c = edge_size_class(size);
  if (!block || c >= 28) return;
  ((struct edge_block *)block)->next = edge_free_blocks[c];
  edge_free_blocks[c] = block;
}
#endif
#else
#include <stdlib.h>
#include <string.h>
#if !defined(EDGE_OWN_ALLOCATOR)
EDGE_WEAK_FUNCTION void *__edge_alloc(uint32_t size) { return malloc(size ? size : 1); }
EDGE_WEAK_FUNCTION void __edge_free(void *block, uint32_t size) {
  (void)size;
  free(block);
}
#endif
#endif

/* ---- Errors ---------------------------------------------------------------------------------------------------- */

/* Sets the pending error to the parts, joined (at most 240 bytes), and gives EDGE_FAILED:
       return edge_raise(EDGE_VALUE_ERROR, "no colour '", name, "'"); */
#define edge_raise(kind, ...) edge_raise_parts(kind, (const char *const[]){__VA_ARGS__, NULL})
EDGE_HELPER int32_t edge_raise_parts(uint32_t kind, const char *const *parts) {
  char text[240];
  uint32_t size = 0;
  for (; *parts; parts++)
    for (const char *at = *parts; *at && size < sizeof text; at++) text[size++] = *at;
  if (size == sizeof text) /* do not end inside a character */
    while (size && ((unsigned char)text[size - 1] & 0xC0) == 0x80) size--;
  if (size && ((unsigned char)text[size - 1] & 0xC0) == 0xC0) size--;
  edge_throw(kind, text, size);
  return EDGE_FAILED;
}

/* Drops the pending error, for a function that goes on without what failed. */
EDGE_HELPER void edge_clear_error(void) {
  uint32_t kind = 0;
  char few[64];
  int32_t size = edge_take_error(&kind, few, sizeof few);
  if (size < -1) {
    uint32_t room = (uint32_t)-size;
    void *many = __edge_alloc(room);
    if (!many) return;
    edge_take_error(&kind, many, room);
    __edge_free(many, room);
  }
}

EDGE_HELPER edge_handle edge_no_memory(void) {
  edge_raise(EDGE_CUSTOM_ERROR, "MemoryError: the module has no more memory");
  return 0;
}

/* ---- Handles and buffers --------------------------------------------------------------------------------------- */

EDGE_HELPER void edge_leave_handle(edge_handle *h) {
  if (*h) edge_release(*h);
}
/* A handle that is released where its block ends, whichever way that is. Never return one. */
#define EDGE_LOCAL __attribute__((cleanup(edge_leave_handle)))

/* Bytes of a str or a bytes; a str has a 0 behind its last byte. */
struct edge_buffer {
  char *data;
  uint32_t size, room;
};
EDGE_HELPER void edge_buffer_free(struct edge_buffer *b) {
  if (b->data) __edge_free(b->data, b->room);
  b->data = NULL;
  b->size = b->room = 0;
}
/* Makes room for new contents; false and a pending error where there is none. */
EDGE_HELPER bool edge_buffer_room(struct edge_buffer *b, uint32_t room) {
  if (b->data && b->room >= room) return true;
  edge_buffer_free(b);
  b->data = __edge_alloc(room);
  if (!b->data) return edge_no_memory();
  b->room = room;
  return true;
}
/* A buffer that is empty now and freed where its block ends: `EDGE_BUFFER(text);` */
#define EDGE_BUFFER(name) __attribute__((cleanup(edge_buffer_free))) struct edge_buffer name = {NULL, 0, 0}

/* ---- Reading values -------------------------------------------------------------------------------------------- */

/* Each is true where the value is of the type; else false, nothing written and no error set. */

struct edge_int128 {
  uint64_t low;
  int64_t high;
};

/* The tag of a value of at most 16 bytes, which are written to `dst`. */
EDGE_HELPER uint32_t edge_decode_small(edge_handle h, unsigned char dst[16]) {
  uint32_t tag = EDGE_NOT_PRIMITIVE;
  return edge_decode(h, &tag, dst, 16) < 0 ? EDGE_NOT_PRIMITIVE : tag;
}
static inline bool edge_is_none(edge_handle h) {
  unsigned char raw[16];
  return edge_decode_small(h, raw) == EDGE_TAG_NONE;
}
static inline bool edge_bool(edge_handle h, bool *to) {
  unsigned char raw[16];
  if (edge_decode_small(h, raw) != EDGE_TAG_BOOL) return false;
  *to = raw[0] != 0;
  return true;
}
EDGE_HELPER bool edge_int128(edge_handle h, struct edge_int128 *to) {
  unsigned char raw[16];
  uint32_t tag = edge_decode_small(h, raw);
  if (tag == EDGE_TAG_INT)
    memcpy(to, raw, 16);
  else if (tag == EDGE_TAG_BOOL) /* Python's bool is an int */
    *to = (struct edge_int128){raw[0] != 0, 0};
  else
    return false;
  return true;
}
/* False for an int beyond 64 bits too. */
static inline bool edge_int(edge_handle h, int64_t *to) {
  struct edge_int128 wide;
  if (!edge_int128(h, &wide) || wide.high != ((int64_t)wide.low < 0 ? -1 : 0)) return false;
  *to = (int64_t)wide.low;
  return true;
}
/* Takes an int too, as Python's own functions do. */
EDGE_HELPER bool edge_float(edge_handle h, double *to) {
  unsigned char raw[16];
  struct edge_int128 wide;
  uint32_t tag = edge_decode_small(h, raw);
  if (tag == EDGE_TAG_FLOAT) {
    memcpy(to, raw, 8);
  } else if (tag == EDGE_TAG_INT) {
    memcpy(&wide, raw, 16);
    if (wide.high == ((int64_t)wide.low < 0 ? -1 : 0))
      *to = (double)(int64_t)wide.low;
    else
      *to = (double)wide.high * 18446744073709551616.0 + (double)wide.low;
  } else if (tag == EDGE_TAG_BOOL) {
    *to = raw[0] != 0;
  } else {
    return false;
  }
  return true;
}

/* 1; 0 where the value is of another type; -1 and a pending error where no memory is left. */
EDGE_HELPER int edge_read(edge_handle h, uint32_t want, struct edge_buffer *to) {
  uint32_t tag = EDGE_NOT_PRIMITIVE, end = want == EDGE_TAG_STR, room = 64;
  for (;;) {
    int32_t size;
    if (!edge_buffer_room(to, room)) return -1;
    size = edge_decode(h, &tag, to->data, to->room - end);
    if (size < 0) {
      room = (uint32_t)-size + end;
    } else {
      if (tag != want) return 0;
      to->size = (uint32_t)size;
      if (end) to->data[size] = 0;
      return 1;
    }
  }
}
static inline bool edge_str(edge_handle h, struct edge_buffer *to) { return edge_read(h, EDGE_TAG_STR, to) == 1; }
static inline bool edge_bytes(edge_handle h, struct edge_buffer *to) { return edge_read(h, EDGE_TAG_BYTES, to) == 1; }
/* A str into room of your own, with a 0 behind it; false also where it does not fit. */
EDGE_HELPER bool edge_str_into(edge_handle h, char *dst, uint32_t room) {
  uint32_t tag = EDGE_NOT_PRIMITIVE;
  int32_t size = room ? edge_decode(h, &tag, dst, room - 1) : -1;
  if (size < 0 || tag != EDGE_TAG_STR) return false;
  dst[size] = 0;
  return true;
}

/* ---- Making values --------------------------------------------------------------------------------------------- */

/* Each gives a handle of yours, or 0 and a pending error. */

/* Where the host refused bytes it set no error; where it has no more handles it did. */
EDGE_HELPER edge_handle edge_made(edge_handle h, const char *why) {
  uint32_t kind = 0;
  char none[1];
  if (!h && edge_take_error(&kind, none, 0) == -1) edge_raise(EDGE_VALUE_ERROR, why);
  return h;
}
static inline edge_handle edge_new_none(void) {
  return edge_made(edge_encode(EDGE_TAG_NONE, "", 0), "the host refused None");
}
static inline edge_handle edge_new_bool(bool value) {
  unsigned char raw = value;
  return edge_made(edge_encode(EDGE_TAG_BOOL, &raw, 1), "the host refused a value of type bool");
}
EDGE_HELPER edge_handle edge_new_int128(struct edge_int128 value) {
  return edge_made(edge_encode(EDGE_TAG_INT, &value, 16), "the host refused a value of type int");
}
static inline edge_handle edge_new_int(int64_t value) {
  return edge_new_int128((struct edge_int128){(uint64_t)value, value < 0 ? -1 : 0});
}
static inline edge_handle edge_new_float(double value) {
  return edge_made(edge_encode(EDGE_TAG_FLOAT, &value, 8), "the host refused a value of type float");
}
static inline edge_handle edge_new_str(const char *text, uint32_t size) {
  return edge_made(edge_encode(EDGE_TAG_STR, text, size), "the module made text that is not valid UTF-8");
}
static inline edge_handle edge_new_text(const char *text) { return edge_new_str(text, (uint32_t)strlen(text)); }
static inline edge_handle edge_new_bytes(const void *data, uint32_t size) {
  return edge_made(edge_encode(EDGE_TAG_BYTES, data, size), "the host refused a value of type bytes");
}

/* ---- Operations ------------------------------------------------------------------------------------------------ */

/* One dispatch, as the contract has it: the new handle, or 0 and the pending error. */
EDGE_HELPER edge_handle edge_do(uint32_t op, edge_handle recv, const char *name, const edge_handle *argv,
                                  uint32_t argc) {
  edge_handle out = 0;
  return edge_op(op, recv, name, (uint32_t)strlen(name), argv, argc, &out) == EDGE_OK ? out : 0;
}
/* The same where the result says nothing. */
EDGE_HELPER bool edge_did(uint32_t op, edge_handle recv, const char *name, const edge_handle *argv, uint32_t argc) {
  edge_handle out = 0;
  if (edge_op(op, recv, name, (uint32_t)strlen(name), argv, argc, &out) != EDGE_OK) return false;
  if (out) edge_release(out);
  return true;
}
static inline edge_handle edge_call(edge_handle f, const edge_handle *argv, uint32_t argc) {
  return edge_do(EDGE_OP_CALL, f, "__call__", argv, argc);
}
static inline edge_handle edge_call_method(edge_handle h, const char *name, const edge_handle *argv, uint32_t argc) {
  return edge_do(EDGE_OP_CALL, h, name, argv, argc);
}
static inline edge_handle edge_get_attr(edge_handle h, const char *name) {
  return edge_do(EDGE_OP_GET_ATTR, h, name, NULL, 0);
}
static inline bool edge_set_attr(edge_handle h, const char *name, edge_handle value) {
  return edge_did(EDGE_OP_SET_ATTR, h, name, &value, 1);
}
static inline edge_handle edge_get_item(edge_handle h, edge_handle key) {
  return edge_do(EDGE_OP_GET_ITEM, h, "", &key, 1);
}
EDGE_HELPER bool edge_set_item(edge_handle h, edge_handle key, edge_handle value) {
  const edge_handle both[2] = {key, value};
  return edge_did(EDGE_OP_SET_ITEM, h, "", both, 2);
}
static inline edge_handle edge_new_dict(void) { return edge_do(EDGE_OP_NEW_DICT, 0, "", NULL, 0); }
static inline edge_handle edge_new_list(void) { return edge_do(EDGE_OP_NEW_LIST, 0, "", NULL, 0); }
static inline edge_handle edge_new_tuple(const edge_handle *items, uint32_t count) {
  return edge_do(EDGE_OP_NEW_TUPLE, 0, "", items, count);
}
static inline edge_handle edge_new_set(const edge_handle *items, uint32_t count) {
  return edge_do(EDGE_OP_NEW_SET, 0, "", items, count);
}
static inline edge_handle edge_new_frozenset(const edge_handle *items, uint32_t count) {
  return edge_do(EDGE_OP_NEW_FROZENSET, 0, "", items, count);
}
/* Appends a handle that it takes over: `edge_append(list, edge_new_int(3))`. */
EDGE_HELPER bool edge_append(edge_handle list, edge_handle item) {
  bool done = item && edge_did(EDGE_OP_CALL, list, "append", &item, 1);
  if (item) edge_release(item);
  return done;
}
EDGE_HELPER int64_t edge_len(edge_handle h) { /* -1 and a pending error where it has none */
  EDGE_LOCAL edge_handle size = edge_do(EDGE_OP_LEN, h, "", NULL, 0);
  int64_t count = -1;
  return size && edge_int(size, &count) ? count : -1;
}
static inline edge_handle edge_type_of(edge_handle h) { return edge_do(EDGE_OP_TYPE_OF, h, "", NULL, 0); }
static inline edge_handle edge_iter(edge_handle h) { return edge_do(EDGE_OP_ITER, h, "", NULL, 0); }
/* 1 and the next item, a handle of yours; 0 at the end; -1 and a pending error. */
EDGE_HELPER int edge_next(edge_handle iterator, edge_handle *item) {
  static const char END[] = "StopIteration";
  char text[sizeof END - 1];
  uint32_t kind = 0;
  int32_t size;
  *item = edge_do(EDGE_OP_ITER_NEXT, iterator, "", NULL, 0);
  if (*item) return 1;
  /* A longer message stays pending, untouched: it is another error. */
  size = edge_take_error(&kind, text, sizeof text);
  if (size == sizeof text && kind == EDGE_CUSTOM_ERROR && !memcmp(text, END, sizeof text)) return 0;
  if (size >= 0) edge_throw(kind, text, (uint32_t)size);
  return -1;
}

/* ---- Ending a function ----------------------------------------------------------------------------------------- */

static inline int32_t edge_return(edge_handle *out, edge_handle h) {
  *out = h;
  return h ? EDGE_OK : EDGE_FAILED;
}
static inline int32_t edge_return_none(edge_handle *out) { return edge_return(out, edge_new_none()); }
static inline int32_t edge_return_bool(edge_handle *out, bool value) { return edge_return(out, edge_new_bool(value)); }
static inline int32_t edge_return_int(edge_handle *out, int64_t value) { return edge_return(out, edge_new_int(value)); }
static inline int32_t edge_return_float(edge_handle *out, double value) {
  return edge_return(out, edge_new_float(value));
}
static inline int32_t edge_return_text(edge_handle *out, const char *text) {
  return edge_return(out, edge_new_text(text));
}
static inline int32_t edge_return_str(edge_handle *out, const char *text, uint32_t size) {
  return edge_return(out, edge_new_str(text, size));
}
static inline int32_t edge_return_bytes(edge_handle *out, const void *data, uint32_t size) {
  return edge_return(out, edge_new_bytes(data, size));
}

/* ---- Arguments ------------------------------------------------------------------------------------------------- */

/* One argument: `value` is 0 where it was not passed. */
struct edge_arg {
  const char *function, *keyword;
  uint32_t position;
  edge_handle value;
};

/* At least 21 bytes; gives where the number begins. */
static inline const char *edge_digits(uint64_t number, char *room) {
  char *at = room + 20;
  *at = 0;
  do *--at = (char)('0' + number % 10);
  while (number /= 10);
  return at;
}
EDGE_HELPER bool edge_same(const char *one, const char *other) {
  size_t size = strlen(one);
  return size == strlen(other) && !memcmp(one, other, size);
}
EDGE_HELPER bool edge_wrong(struct edge_arg arg, const char *wanted) {
  EDGE_LOCAL edge_handle type = edge_type_of(arg.value);
  char digits[21], name[64] = "another type";
  const char *which = arg.keyword ? arg.keyword : edge_digits(arg.position + 1, digits);
  const char *mark = arg.keyword ? "'" : "";
  if (!type) edge_clear_error();
  if (type) edge_str_into(type, name, sizeof name);
  if (!edge_same(name, wanted))
    edge_raise(EDGE_TYPE_ERROR, arg.function, "() argument ", mark, which, mark, " must be ", wanted, ", not ", name);
  else if (edge_same(wanted, "int"))
    edge_raise(EDGE_CUSTOM_ERROR, "OverflowError: ", arg.function, "() argument ", mark, which, mark,
               " does not fit in 64 bits");
  else
    edge_no_memory();
  return false;
}
#define EDGE_WANT(name, type, wanted)                                                \
  EDGE_HELPER bool edge_want_##name(struct edge_arg arg, type to) {                  \
    bool done = !arg.value || edge_##name(arg.value, to) || edge_wrong(arg, wanted); \
    if (arg.keyword && arg.value) edge_release(arg.value);                           \
    return done;                                                                     \
  }
EDGE_WANT(bool, bool *, "bool")
EDGE_WANT(int, int64_t *, "int")
EDGE_WANT(float, double *, "float")
EDGE_WANT(str, struct edge_buffer *, "str")
EDGE_WANT(bytes, struct edge_buffer *, "bytes")

static inline struct edge_arg edge_positional(const char *function, const edge_handle *argv, uint32_t argc,
                                              uint32_t position) {
  return (struct edge_arg){function, NULL, position, position < argc ? argv[position] : 0};
}
EDGE_HELPER struct edge_arg edge_keyword(const char *function, edge_handle kwargs, const char *keyword) {
  struct edge_arg arg = {function, keyword, 0, 0};
  if (kwargs) {
    EDGE_LOCAL edge_handle key = edge_new_text(keyword);
    arg.value = key ? edge_get_item(kwargs, key) : 0;
    if (!arg.value) edge_clear_error();
  }
  return arg;
}
EDGE_HELPER bool edge_takes(const char *function, uint32_t argc, uint32_t least, uint32_t most) {
  char wanted[21], given[21];
  uint32_t bound = argc < least ? least : most;
  if (argc >= least && argc <= most) return true;
  edge_raise(EDGE_TYPE_ERROR, function, "() takes ", least == most ? "" : argc < least ? "at least " : "at most ",
             edge_digits(bound, wanted), bound == 1 ? " argument (" : " arguments (", edge_digits(argc, given),
             " given)");
  return false;
}
EDGE_HELPER bool edge_takes_keywords(const char *function, edge_handle kwargs, const char *const *known) {
  EDGE_LOCAL edge_handle keys = 0;
  edge_handle key = 0;
  int more;
  if (!kwargs) return true;
  if (!*known) {
    edge_raise(EDGE_TYPE_ERROR, function, "() takes no keyword arguments");
    return false;
  }
  keys = edge_iter(kwargs);
  if (!keys) return false;
  while ((more = edge_next(keys, &key)) == 1) {
    char name[64] = "…";
    const char *const *each = known;
    edge_str_into(key, name, sizeof name);
    edge_release(key);
    while (*each && !edge_same(*each, name)) each++;
    if (*each) continue;
    edge_raise(EDGE_TYPE_ERROR, function, "() got an unexpected keyword argument '", name, "'");
    return false;
  }
  return more == 0;
}

/* Inside a function or a method. Each is true, or false with a pending error:
       if (!EDGE_TAKES(1, 2) || !EDGE_ARG(int, 0, &count)) return EDGE_FAILED;
   An argument that was not passed leaves its variable as it is, so set the default first. */
#define EDGE_TAKES(least, most) (edge_takes(edge_name, argc, least, most) && EDGE_NO_KEYWORDS())
#define EDGE_TAKES_WITH(least, most, ...)            \
  (edge_takes(edge_name, argc, least, most) &&       \
   edge_takes_keywords(edge_name, kwargs, (const char *const[]){__VA_ARGS__, NULL}))
#define EDGE_NO_KEYWORDS() edge_takes_keywords(edge_name, kwargs, (const char *const[]){NULL})
#define EDGE_ARG(want, i, to) edge_want_##want(edge_positional(edge_name, argv, argc, i), to)
#define EDGE_KEYWORD(want, key, to) edge_want_##want(edge_keyword(edge_name, kwargs, key), to)

/* ---- Functions, constants, classes ----------------------------------------------------------------------------- */

#define EDGE_BODY_PARAMETERS                                                                            \
  const char *edge_name EDGE_UNUSED, edge_handle self EDGE_UNUSED, const edge_handle *argv EDGE_UNUSED, \
      uint32_t argc EDGE_UNUSED, edge_handle kwargs EDGE_UNUSED, edge_handle *out EDGE_UNUSED

/* The exported function takes the contract's argv apart: first the receiver, if there is one; last the keyword slot. */
#define EDGE_ENTRY(symbol, label, receivers)                                                                  \
  EDGE_EXPORT(symbol) int32_t symbol(const edge_handle *argv, uint32_t argc, edge_handle *out);               \
  static int32_t symbol##_body(EDGE_BODY_PARAMETERS);                                                         \
  int32_t symbol(const edge_handle *argv, uint32_t argc, edge_handle *out) {                                  \
    uint32_t others = receivers + 1;                                                                          \
    if (argc < others) return edge_raise(EDGE_RUNTIME_ERROR, label "() was called outside the contract");     \
    return symbol##_body(label, receivers ? argv[0] : 0, argv + receivers, argc - others, argv[argc - 1], out); \
  }                                                                                                           \
  static int32_t symbol##_body(EDGE_BODY_PARAMETERS)

/* EDGE_FN(add) { … }: `argv`, `argc` are the positional arguments, `kwargs` a dict or 0, `out` takes the result. */
#define EDGE_FN(name) EDGE_ENTRY(__fn_##name, #name, 0)

/* EDGE_CONST(origin) { return edge_return(out, …); }, and the common ones in one line. */
#define EDGE_CONSTANT(symbol)                                                                          \
  EDGE_EXPORT(symbol) int32_t symbol(const edge_handle *argv, uint32_t argc, edge_handle *out);        \
  int32_t symbol(const edge_handle *argv EDGE_UNUSED, uint32_t argc EDGE_UNUSED, edge_handle *out)
#define EDGE_CONST(name) EDGE_CONSTANT(__const_##name)
#define EDGE_CONST_BOOL(name, value) EDGE_CONST(name) { return edge_return_bool(out, value); } struct edge_end
#define EDGE_CONST_INT(name, value) EDGE_CONST(name) { return edge_return_int(out, value); } struct edge_end
#define EDGE_CONST_FLOAT(name, value) EDGE_CONST(name) { return edge_return_float(out, value); } struct edge_end
#define EDGE_CONST_STR(name, value) EDGE_CONST(name) { return edge_return_text(out, value); } struct edge_end
/* The functions whose result depends on their arguments alone: EDGE_PURE("add,scale"); */
#define EDGE_PURE(names) EDGE_CONSTANT(__edge_pure) { return edge_return_text(out, names); } struct edge_end

/* EDGE_CLASS_METHOD(Counter, increment) { … }: as a function, and `self` is the receiver. */
#define EDGE_CLASS_METHOD(Class, method) EDGE_ENTRY(__class_##Class##_##method, #Class "." #method, 1)
#define EDGE_CLASS_INIT(Class) EDGE_ENTRY(__class_##Class##___init__, #Class, 1)

/* EDGE_CLASS(Counter, struct counter); gives each instance a `struct counter`:
       Counter_create(self)  in the constructor: the state, all zero; NULL and a pending error
       Counter_state(self)   in methods: the state; NULL and a pending error where there is none (any more)
       Counter_drop(self)    frees it. Nobody calls this for you: there are no destructors, and what is not dropped
                             stays until the program ends. Give a class with large state a `close()`. */
#define EDGE_CLASS(Class, State)                                                    \
  static const struct edge_class edge_class_##Class = {#Class, sizeof(State)};      \
  EDGE_UNUSED static State *Class##_create(edge_handle self) {                      \
    return edge_create(&edge_class_##Class, self);                                  \
  }                                                                                 \
  EDGE_UNUSED static State *Class##_state(edge_handle self) {                       \
    return edge_state(&edge_class_##Class, self);                                   \
  }                                                                                 \
  EDGE_UNUSED static bool Class##_drop(edge_handle self) {                          \
    return edge_drop(&edge_class_##Class, self);                                    \
  }                                                                                 \
  struct edge_end

/* The states of all instances, in one table. An instance keeps the id of its slot in its attribute `__rust_id` (the
   contract's name). A slot knows its class, and when it is used again it has another generation: an id that is old, or
   of another class, finds nothing. */
struct edge_class {
  const char *name;
  uint32_t size;
};
struct edge_slot {
  const struct edge_class *of;
  void *state; /* NULL where the slot is free */
  uint32_t generation, next;
};
struct edge_slots {
  struct edge_slot *all;
  uint32_t count, room, first_free; /* `first_free`, `next` and ids count from 1; 0 is none */
};
EDGE_WEAK EDGE_HIDDEN struct edge_slots edge_slots = {NULL, 0, 0, 0};

EDGE_HELPER struct edge_slot *edge_slot_of(const struct edge_class *of, edge_handle self) {
  EDGE_LOCAL edge_handle number = edge_get_attr(self, "__rust_id");
  int64_t id = 0;
  if (!number) edge_clear_error();
  if (number && edge_int(number, &id) && (uint32_t)id - 1 < edge_slots.count) {
    struct edge_slot *slot = &edge_slots.all[(uint32_t)id - 1];
    if (slot->state && slot->of == of && slot->generation == (uint64_t)id >> 32) return slot;
  }
  edge_raise(EDGE_RUNTIME_ERROR, "this ", of->name, " is closed, or its __init__() was not called");
  return NULL;
}
EDGE_HELPER void *edge_state(const struct edge_class *of, edge_handle self) {
  struct edge_slot *slot = edge_slot_of(of, self);
  return slot ? slot->state : NULL;
}
EDGE_HELPER void edge_slot_clear(struct edge_slot *slot) {
  __edge_free(slot->state, slot->of->size);
  slot->state = NULL;
  slot->generation = (slot->generation + 1) & 0x7FFFFFFF;
  slot->next = edge_slots.first_free;
  edge_slots.first_free = (uint32_t)(slot - edge_slots.all) + 1;
}
EDGE_HELPER bool edge_drop(const struct edge_class *of, edge_handle self) {
  struct edge_slot *slot = edge_slot_of(of, self);
  if (slot) edge_slot_clear(slot);
  return slot != NULL;
}
EDGE_HELPER bool edge_slots_grow(void) {
  uint32_t size = sizeof(struct edge_slot), room = edge_slots.room ? edge_slots.room * 2 : 16;
  struct edge_slot *all = __edge_alloc(room * size);
  if (!all) return edge_no_memory();
  if (edge_slots.all) {
    memcpy(all, edge_slots.all, edge_slots.count * size);
    __edge_free(edge_slots.all, edge_slots.room * size);
  }
  edge_slots.all = all;
  edge_slots.room = room;
  return true;
}
EDGE_HELPER void *edge_create(const struct edge_class *of, edge_handle self) {
  EDGE_LOCAL edge_handle number = 0;
  struct edge_slot *slot;
  void *state = __edge_alloc(of->size);
  if (!state) return edge_no_memory(), NULL;
  memset(state, 0, of->size);
  if (edge_slots.first_free) {
    slot = &edge_slots.all[edge_slots.first_free - 1];
    edge_slots.first_free = slot->next;
  } else {
    if (edge_slots.count == edge_slots.room && !edge_slots_grow()) return __edge_free(state, of->size), NULL;
    slot = &edge_slots.all[edge_slots.count++];
    slot->generation = 0;
  }
  slot->of = of;
  slot->state = state;
  number = edge_new_int((int64_t)((uint64_t)slot->generation << 32 | ((uint32_t)(slot - edge_slots.all) + 1)));
  if (number && edge_set_attr(self, "__rust_id", number)) return state;
  edge_slot_clear(slot);
  return NULL;
}

#endif
