/* basic: values in and out, arguments and keywords. Made with edge.h.

   Takes: every kind of value. Gives: it back, or something small made of it. Refuses: wrong arguments, by message. */
#include "edge.h"

EDGE_FN(add) { /* the contract's own example, message included */
  int64_t a = 0, b = 0;
  if (argc < 1 || !edge_int(argv[0], &a)) return edge_raise(EDGE_TYPE_ERROR, "add: arg 0 not int");
  if (argc < 2 || !edge_int(argv[1], &b)) return edge_raise(EDGE_TYPE_ERROR, "add: arg 1 not int");
  return edge_return_int(out, (int64_t)((uint64_t)a + (uint64_t)b));
}

EDGE_FN(concat) {
  EDGE_BUFFER(one);
  EDGE_BUFFER(other);
  EDGE_BUFFER(both);
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(str, 0, &one) || !EDGE_ARG(str, 1, &other)) return EDGE_FAILED;
  if (!edge_buffer_room(&both, one.size + other.size)) return EDGE_FAILED;
  memcpy(both.data, one.data, one.size);
  memcpy(both.data + one.size, other.data, other.size);
  return edge_return_str(out, both.data, one.size + other.size);
}

/* The very handle of the argument: any value, unread. */
EDGE_FN(echo) {
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  return edge_return(out, argv[0]);
}

/* A primitive by its bytes: what arrives is what leaves. */
EDGE_FN(copy) {
  uint32_t tag = EDGE_NOT_PRIMITIVE, room = 0;
  char *bytes = NULL;
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  int32_t size = edge_decode(argv[0], &tag, NULL, 0);
  if (size < 0) {
    room = (uint32_t)-size;
    bytes = __edge_alloc(room);
    if (!bytes) return edge_no_memory(), EDGE_FAILED;
    size = edge_decode(argv[0], &tag, bytes, room);
  }
  edge_handle made = 0;
  if (tag == EDGE_NOT_PRIMITIVE)
    edge_raise(EDGE_TYPE_ERROR, "copy: not primitive");
  else
    made = edge_made(edge_encode(tag, bytes, (uint32_t)size), "copy: the host refused its own bytes");
  __edge_free(bytes, room);
  return edge_return(out, made);
}

EDGE_FN(copy_bytes) { /* for measuring: a megabyte in and out */
  EDGE_BUFFER(data);
  if (!EDGE_TAKES(1, 1) || !EDGE_ARG(bytes, 0, &data)) return EDGE_FAILED;
  return edge_return_bytes(out, data.data, data.size);
}

EDGE_FN(tag_of) {
  uint32_t tag = EDGE_NOT_PRIMITIVE;
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  edge_decode(argv[0], &tag, NULL, 0);
  return edge_return_int(out, tag);
}

/* How many bytes the contract gives a value; the decoded size is asked for with no room and with one byte too few. */
EDGE_FN(size_of) {
  uint32_t tag = 0;
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  int32_t size = edge_decode(argv[0], &tag, NULL, 0);
  if (size < 0) {
    EDGE_BUFFER(data);
    if (!edge_buffer_room(&data, (uint32_t)-size)) return EDGE_FAILED;
    if (edge_decode(argv[0], &tag, data.data, (uint32_t)-size - 1) != size)
      return edge_raise(EDGE_RUNTIME_ERROR, "a byte too few was not noticed");
  }
  return edge_return_int(out, size < 0 ? -(int64_t)size : size);
}

EDGE_FN(negate) { /* 128 bits both ways */
  struct edge_int128 n;
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  if (!edge_int128(argv[0], &n)) return edge_raise(EDGE_TYPE_ERROR, "negate: arg 0 not an int of 128 bits");
  n.low = ~n.low + 1;
  n.high = (int64_t)(~(uint64_t)n.high + (n.low == 0));
  return edge_return(out, edge_new_int128(n));
}

EDGE_FN(half) {
  double x = 0;
  if (!EDGE_TAKES(1, 1) || !EDGE_ARG(float, 0, &x)) return EDGE_FAILED;
  return edge_return_float(out, x / 2);
}

EDGE_FN(invert) {
  bool truth = false;
  if (!EDGE_TAKES(1, 1) || !EDGE_ARG(bool, 0, &truth)) return EDGE_FAILED;
  return edge_return_bool(out, !truth);
}

EDGE_FN(nothing) {
  if (!EDGE_TAKES(0, 0)) return EDGE_FAILED;
  return edge_return_none(out);
}

/* How many positional arguments arrived. */
EDGE_FN(count) { return edge_return_int(out, argc); }

/* The keyword slot as it came: a dict, or None for the handle 0. */
EDGE_FN(keywords) { return kwargs ? edge_return(out, kwargs) : edge_return_none(out); }

EDGE_FN(greet) { /* greet(name, *, greeting="Hello", times=1, loud=False) */
  EDGE_BUFFER(name);
  EDGE_BUFFER(greeting);
  EDGE_BUFFER(made);
  int64_t times = 1;
  bool loud = false;
  uint32_t size = 0;
  if (!EDGE_TAKES_WITH(1, 1, "greeting", "times", "loud") || !EDGE_ARG(str, 0, &name) ||
      !EDGE_KEYWORD(str, "greeting", &greeting) || !EDGE_KEYWORD(int, "times", &times) ||
      !EDGE_KEYWORD(bool, "loud", &loud))
    return EDGE_FAILED;
  if (times < 0 || times > 100) return edge_raise(EDGE_VALUE_ERROR, "greet(): times is 0 to 100");
  const char *word = greeting.data ? greeting.data : "Hello";
  uint32_t width = (uint32_t)strlen(word);
  if (!edge_buffer_room(&made, (uint32_t)times * (width + name.size + 3) + 1)) return EDGE_FAILED;
  for (int64_t i = 0; i < times; i++) {
    if (i) made.data[size++] = ' ';
    memcpy(made.data + size, word, width), size += width;
    made.data[size++] = ' ';
    memcpy(made.data + size, name.data, name.size), size += name.size;
    made.data[size++] = loud ? '!' : '.';
  }
  return edge_return_str(out, made.data, size);
}

EDGE_FN(not_utf8) { return edge_return_str(out, "a\xFF", 2); }

/* What edge_encode says, as a number, of bytes that are not valid for their tag: encodes(tag, bytes) is False. */
EDGE_FN(encodes) {
  EDGE_BUFFER(data);
  int64_t tag = 0;
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(int, 0, &tag) || !EDGE_ARG(bytes, 1, &data)) return EDGE_FAILED;
  EDGE_LOCAL edge_handle made = edge_encode((uint32_t)tag, data.data, data.size);
  return edge_return_bool(out, made != 0);
}
