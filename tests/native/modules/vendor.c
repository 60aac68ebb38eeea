/* vendor: a module as one made before this project would be. Written from the contract alone, without edge.h.

   Takes: what the contract hands over. Gives: functions, a constant and a class in the plainest form: public names without
   a prefix, an allocator that only bumps, `__edge_free` that takes back the last block, no use of any helper.
   Refuses: wrong arguments, with 'add: arg 0 not int' and the like. It must load unmodified. */
typedef unsigned int u32;
typedef int i32;
typedef long long i64;
typedef unsigned char u8;

#define IMPORT(n) __attribute__((import_module("env"), import_name(n)))
#define EXPORT(n) __attribute__((export_name(n)))

IMPORT("edge_op") i32 edge_op(u32, u32, const char *, u32, const u32 *, u32, u32 *);
IMPORT("edge_encode") u32 edge_encode(u32, const void *, u32);
IMPORT("edge_decode") i32 edge_decode(u32, u32 *, void *, u32);
IMPORT("edge_release") void edge_release(u32);
IMPORT("edge_take_error") i32 edge_take_error(u32 *, void *, u32);
IMPORT("edge_throw") void edge_throw(u32, const char *, u32);

static u8 heap[1 << 16] __attribute__((aligned(8)));
static u32 top;

EXPORT("__edge_alloc") void *edge_alloc(u32 size) {
  void *block = heap + top;
  size = (size + 7) & ~7u;
  if (size > sizeof heap - top) return 0;
  top += size;
  return block;
}
EXPORT("__edge_free") void edge_free(void *block, u32 size) {
  if ((u8 *)block + ((size + 7) & ~7u) == heap + top) top = (u32)((u8 *)block - heap);
}

static i32 fail(u32 kind, const char *text) {
  u32 size = 0;
  while (text[size]) size++;
  edge_throw(kind, text, size);
  return 1;
}
static int get_int(u32 h, i64 *to) {
  u8 raw[16];
  u32 tag = 0;
  if (edge_decode(h, &tag, raw, 16) != 16 || tag != 2) return 0;
  u8 *bytes = (u8 *)to;
  for (int i = 0; i < 8; i++) bytes[i] = raw[i];
  return 1;
}
static u32 put_int(i64 value) {
  i64 raw[2] = {value, value >> 63};
  return edge_encode(2, raw, 16);
}

EXPORT("add") i32 add(const u32 *argv, u32 argc, u32 *out) {
  i64 a, b;
  if (argc != 3) return fail(0, "add: two arguments, please"); /* two and the keyword slot */
  if (!get_int(argv[0], &a)) return fail(0, "add: arg 0 not int");
  if (!get_int(argv[1], &b)) return fail(0, "add: arg 1 not int");
  *out = put_int(a + b);
  return 0;
}

/* power(base, exponent=2): the default comes in the keyword slot's place */
EXPORT("power") i32 power(const u32 *argv, u32 argc, u32 *out) {
  i64 base, exponent = 2, result = 1;
  u32 slot = argv[argc - 1];
  if (argc < 2 || !get_int(argv[0], &base)) return fail(0, "power: arg 0 not int");
  if (slot) {
    u32 key = edge_encode(4, "exponent", 8), found = 0;
    i32 status = edge_op(3, slot, 0, 0, &key, 1, &found);
    edge_release(key);
    if (status) return 1; /* KeyError 'exponent' */
    i32 good = get_int(found, &exponent);
    edge_release(found);
    if (!good) return fail(0, "power: exponent not int");
  }
  if (exponent < 0) return fail(1, "power: exponent below zero");
  while (exponent--) result *= base;
  *out = put_int(result);
  return 0;
}

/* reverse(text): byte by byte, so that only ASCII comes back as text; anything else is refused by the host */
EXPORT("reverse") i32 reverse(const u32 *argv, u32 argc, u32 *out) {
  static char text[4096];
  u32 tag = 0;
  (void)argc;
  i32 size = edge_decode(argv[0], &tag, text, sizeof text);
  if (size < 0) return fail(1, "reverse: longer than 4096 bytes");
  if (tag != 4) return fail(0, "reverse: arg 0 not str");
  for (i32 i = 0; i < size / 2; i++) {
    char c = text[i];
    text[i] = text[size - 1 - i];
    text[size - 1 - i] = c;
  }
  *out = edge_encode(4, text, (u32)size);
  return *out ? 0 : fail(1, "reverse: not ASCII");
}

/* total(f, items): the sum of f(item) */
EXPORT("total") i32 total(const u32 *argv, u32 argc, u32 *out) {
  u32 list = 0, item = 0, kind = 0;
  i64 sum = 0;
  (void)argc;
  if (edge_op(6, argv[1], 0, 0, 0, 0, &list)) return 1;
  while (edge_op(7, list, 0, 0, 0, 0, &item) == 0) {
    u32 result = 0;
    i64 part;
    i32 status = edge_op(0, argv[0], "__call__", 8, &item, 1, &result);
    edge_release(item);
    if (status || !get_int(result, &part)) {
      edge_release(result);
      edge_release(list);
      return status ? 1 : fail(0, "total: f gave no int");
    }
    edge_release(result);
    sum += part;
  }
  edge_release(list);
  char end[64];
  i32 size = edge_take_error(&kind, end, sizeof end);
  if (size < 0) return 1; /* an error with a long message: it is still pending */
  if (size != 13 || kind != 6) {
    edge_throw(kind, end, (u32)size);
    return 1;
  }
  *out = put_int(sum);
  return 0;
}

EXPORT("__const_version") i32 version(const u32 *argv, u32 argc, u32 *out) {
  (void)argv, (void)argc;
  *out = edge_encode(4, "0.9.1", 5);
  return 0;
}

/* A class whose whole state is the number behind `__rust_id`. */
EXPORT("__class_Tally___init__") i32 tally_init(const u32 *argv, u32 argc, u32 *out) {
  u32 zero = put_int(0), done = 0;
  (void)argc;
  i32 status = edge_op(2, argv[0], "__rust_id", 9, &zero, 1, &done);
  edge_release(zero);
  edge_release(done);
  if (status) return 1;
  *out = edge_encode(0, 0, 0);
  return 0;
}
EXPORT("__class_Tally_mark") i32 tally_mark(const u32 *argv, u32 argc, u32 *out) {
  u32 id = 0, next, done = 0;
  i64 count;
  (void)argc;
  if (edge_op(1, argv[0], "__rust_id", 9, 0, 0, &id)) return 1;
  i32 good = get_int(id, &count);
  edge_release(id);
  if (!good) return fail(2, "mark: no state");
  next = put_int(count + 1);
  i32 status = edge_op(2, argv[0], "__rust_id", 9, &next, 1, &done);
  edge_release(done);
  if (status) {
    edge_release(next);
    return 1;
  }
  *out = next;
  return 0;
}
