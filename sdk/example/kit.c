/* kit: a native module that shows each thing edge.h has a macro for, and is of some use.

   Takes: from a program, `from "./kit.wasm" import crc32, slug, mean, solve, Stats, golden, version`.
   Gives: crc32(data, start=0)               the CRC-32 of bytes, as zip files and PNG pictures have it
          slug(text, separator="-")          text for an address: "Hello, World!" is "hello-world"
          mean(values, skip_none=False)      the mean of any iterable of numbers
          solve(f, low, high, tolerance=…)   where f, a function of the program's, is zero between two points
          Stats()                            a running mean and deviation: add(x), mean(), deviation(), len(), close()
          golden, version                    constants
   Refuses: wrong arguments, with TypeError; what has no answer, with ValueError or ZeroDivisionError. */
#include "../edge.h"

EDGE_CONST_FLOAT(golden, 1.618033988749895);
EDGE_CONST_STR(version, "1.0");
EDGE_PURE("crc32,slug");

/* ---- bytes to int, with a keyword ---- */

EDGE_FN(crc32) {
  EDGE_BUFFER(data);
  int64_t start = 0;
  if (!EDGE_TAKES_WITH(1, 1, "start") || !EDGE_ARG(bytes, 0, &data) || !EDGE_KEYWORD(int, "start", &start))
    return EDGE_FAILED;
  uint32_t sum = ~(uint32_t)start;
  for (uint32_t i = 0; i < data.size; i++) {
    sum ^= (unsigned char)data.data[i];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
  }
  return edge_return_int(out, ~sum);
}

/* ---- text to text ---- */

EDGE_FN(slug) {
  EDGE_BUFFER(text);
  EDGE_BUFFER(separator);
  EDGE_BUFFER(made);
  uint32_t size = 0;
  bool gap = false;
  if (!EDGE_TAKES_WITH(1, 1, "separator") || !EDGE_ARG(str, 0, &text) ||
      !EDGE_KEYWORD(str, "separator", &separator))
    return EDGE_FAILED;
  const char *between = separator.data ? separator.data : "-";
  uint32_t width = separator.data ? separator.size : 1;
  if (width > 8) return edge_raise(EDGE_VALUE_ERROR, "slug(): a separator has at most 8 bytes");
  if (!edge_buffer_room(&made, text.size * (1 + width) + 1)) return EDGE_FAILED;
  for (uint32_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
      gap = size > 0;
      continue;
    }
    if (gap) memcpy(made.data + size, between, width), size += width;
    gap = false;
    made.data[size++] = c;
  }
  return edge_return_str(out, made.data, size);
}

/* ---- any iterable ---- */

EDGE_FN(mean) {
  bool skip_none = false;
  double sum = 0;
  uint64_t count = 0;
  edge_handle item;
  int more;
  if (!EDGE_TAKES_WITH(1, 1, "skip_none") || !EDGE_KEYWORD(bool, "skip_none", &skip_none)) return EDGE_FAILED;
  EDGE_LOCAL edge_handle items = edge_iter(argv[0]);
  if (!items) return EDGE_FAILED;
  while ((more = edge_next(items, &item)) == 1) {
    EDGE_LOCAL edge_handle value = item;
    double number = 0;
    if (skip_none && edge_is_none(value)) continue;
    if (!edge_float(value, &number)) return edge_raise(EDGE_TYPE_ERROR, "mean(): the values must be numbers");
    sum += number;
    count++;
  }
  if (more < 0) return EDGE_FAILED;
  if (!count) return edge_raise(EDGE_CUSTOM_ERROR, "ZeroDivisionError: mean() of no values");
  return edge_return_float(out, sum / (double)count);
}

/* ---- a function of the program's, called back ---- */

static bool value_at(edge_handle f, double x, double *y) {
  EDGE_LOCAL edge_handle argument = edge_new_float(x);
  EDGE_LOCAL edge_handle result = argument ? edge_call(f, &argument, 1) : 0;
  if (!result) return false; /* what the function raised goes on to the caller of solve() */
  if (edge_float(result, y)) return true;
  edge_raise(EDGE_TYPE_ERROR, "solve(): the function must give numbers");
  return false;
}

EDGE_FN(solve) {
  double low = 0, high = 0, tolerance = 1e-12, at_low, at_high, at_middle;
  if (!EDGE_TAKES_WITH(3, 3, "tolerance") || !EDGE_ARG(float, 1, &low) || !EDGE_ARG(float, 2, &high) ||
      !EDGE_KEYWORD(float, "tolerance", &tolerance) || !value_at(argv[0], low, &at_low) ||
      !value_at(argv[0], high, &at_high))
    return EDGE_FAILED;
  if ((at_low < 0) == (at_high < 0) && at_low != 0 && at_high != 0)
    return edge_raise(EDGE_VALUE_ERROR, "solve(): the function has the same sign at both ends");
  for (int step = 0; step < 200 && (high - low > tolerance || low - high > tolerance); step++) {
    double middle = low + (high - low) / 2;
    if (!value_at(argv[0], middle, &at_middle)) return EDGE_FAILED;
    if ((at_middle < 0) == (at_low < 0))
      low = middle, at_low = at_middle;
    else
      high = middle;
  }
  return edge_return_float(out, low + (high - low) / 2);
}

/* ---- a class with state ---- */

struct stats {
  uint64_t count;
  double mean, squares;
};
EDGE_CLASS(Stats, struct stats);

EDGE_CLASS_INIT(Stats) {
  if (!EDGE_TAKES(0, 0) || !Stats_create(self)) return EDGE_FAILED;
  return edge_return_none(out);
}

EDGE_CLASS_METHOD(Stats, add) { /* Welford's way: exact even where the values are large and close together */
  double x = 0;
  struct stats *stats = Stats_state(self);
  if (!stats || !EDGE_TAKES(1, 1) || !EDGE_ARG(float, 0, &x)) return EDGE_FAILED;
  double before = x - stats->mean;
  stats->mean += before / (double)++stats->count;
  stats->squares += before * (x - stats->mean);
  return edge_return_none(out);
}

EDGE_CLASS_METHOD(Stats, mean) {
  struct stats *stats = Stats_state(self);
  if (!stats || !EDGE_TAKES(0, 0)) return EDGE_FAILED;
  if (!stats->count) return edge_raise(EDGE_VALUE_ERROR, "Stats.mean(): nothing was added yet");
  return edge_return_float(out, stats->mean);
}

EDGE_CLASS_METHOD(Stats, deviation) {
  struct stats *stats = Stats_state(self);
  if (!stats || !EDGE_TAKES(0, 0)) return EDGE_FAILED;
  if (stats->count < 2) return edge_raise(EDGE_VALUE_ERROR, "Stats.deviation(): needs two values");
  return edge_return_float(out, __builtin_sqrt(stats->squares / (double)(stats->count - 1)));
}

EDGE_CLASS_METHOD(Stats, __len__) {
  struct stats *stats = Stats_state(self);
  if (!stats) return EDGE_FAILED;
  return edge_return_int(out, (int64_t)stats->count);
}

EDGE_CLASS_METHOD(Stats, close) {
  if (!EDGE_TAKES(0, 0) || !Stats_drop(self)) return EDGE_FAILED;
  return edge_return_none(out);
}
