/* classes: state behind an instance, special methods, two classes that must not mix. Made with edge.h.

   Takes: calls of methods. Gives: what the state says. Refuses: instances without state, other types. */
#include "edge.h"

struct counter {
  int64_t value, step;
};
EDGE_CLASS(Counter, struct counter);

EDGE_CLASS_INIT(Counter) { /* Counter(start=0, *, step=1) */
  int64_t start = 0, step = 1;
  if (!EDGE_TAKES_WITH(0, 1, "step") || !EDGE_ARG(int, 0, &start) || !EDGE_KEYWORD(int, "step", &step))
    return EDGE_FAILED;
  struct counter *counter = Counter_create(self);
  if (!counter) return EDGE_FAILED;
  counter->value = start;
  counter->step = step;
  return edge_return_none(out);
}
EDGE_CLASS_METHOD(Counter, increment) { /* increment(by=step) */
  struct counter *counter = Counter_state(self);
  if (!counter) return EDGE_FAILED;
  int64_t by = counter->step;
  if (!EDGE_TAKES_WITH(0, 1, "by") || !EDGE_ARG(int, 0, &by) || !EDGE_KEYWORD(int, "by", &by)) return EDGE_FAILED;
  return edge_return_int(out, counter->value += by);
}
EDGE_CLASS_METHOD(Counter, value) {
  struct counter *counter = Counter_state(self);
  return counter ? edge_return_int(out, counter->value) : EDGE_FAILED;
}
EDGE_CLASS_METHOD(Counter, each) { /* each(f): f(value) after every of three increments; f may use this very counter */
  struct counter *counter = Counter_state(self);
  if (!counter || !EDGE_TAKES(1, 1)) return EDGE_FAILED;
  for (int i = 0; i < 3; i++) {
    counter = Counter_state(self); /* the callback may have closed it, or moved the table */
    if (!counter) return EDGE_FAILED;
    EDGE_LOCAL edge_handle value = edge_new_int(counter->value += counter->step);
    EDGE_LOCAL edge_handle result = value ? edge_call(argv[0], &value, 1) : 0;
    if (!result) return EDGE_FAILED;
  }
  return edge_return_none(out);
}
EDGE_CLASS_METHOD(Counter, close) { return Counter_drop(self) ? edge_return_none(out) : EDGE_FAILED; }
EDGE_CLASS_METHOD(Counter, __len__) {
  struct counter *counter = Counter_state(self);
  return counter ? edge_return_int(out, counter->value) : EDGE_FAILED;
}
EDGE_CLASS_METHOD(Counter, __repr__) {
  struct counter *counter = Counter_state(self);
  char room[21], text[40] = "Counter(";
  if (!counter) return EDGE_FAILED;
  const char *digits = edge_digits((uint64_t)(counter->value < 0 ? -counter->value : counter->value), room);
  uint32_t size = 8;
  if (counter->value < 0) text[size++] = '-';
  while (*digits) text[size++] = *digits++;
  text[size++] = ')';
  return edge_return_str(out, text, size);
}
EDGE_CLASS_METHOD(Counter, __eq__) {
  struct counter *one = Counter_state(self);
  if (!one || !EDGE_TAKES(1, 1)) return EDGE_FAILED;
  struct counter *other = Counter_state(argv[0]);
  if (!other) edge_clear_error();
  return edge_return_bool(out, other && one->value == other->value);
}

/* A class whose name has an underscore, whose constructor takes what it keeps, and which works as a mapping. */
struct pair {
  double x, y;
};
EDGE_CLASS(My_Pair, struct pair);
EDGE_CLASS_INIT(My_Pair) {
  double x = 0, y = 0;
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(float, 0, &x) || !EDGE_ARG(float, 1, &y)) return EDGE_FAILED;
  struct pair *pair = My_Pair_create(self);
  if (!pair) return EDGE_FAILED;
  *pair = (struct pair){x, y};
  return edge_return_none(out);
}
EDGE_CLASS_METHOD(My_Pair, __getitem__) {
  int64_t i = 0;
  struct pair *pair = My_Pair_state(self);
  if (!pair || !EDGE_TAKES(1, 1) || !EDGE_ARG(int, 0, &i)) return EDGE_FAILED;
  if (i != 0 && i != 1) return edge_raise(EDGE_INDEX_ERROR, "a pair has items 0 and 1");
  return edge_return_float(out, i ? pair->y : pair->x);
}
EDGE_CLASS_METHOD(My_Pair, swap_places) {
  struct pair *pair = My_Pair_state(self);
  if (!pair) return EDGE_FAILED;
  *pair = (struct pair){pair->y, pair->x};
  return edge_return(out, self);
}
/* Of another class's state: whether an id of one class opens a slot of the other. */
EDGE_CLASS_METHOD(My_Pair, as_counter) {
  struct counter *counter = Counter_state(argv[0]);
  return counter ? edge_return_int(out, counter->value) : EDGE_FAILED;
}

/* rust_id(value): GetAttr of the contract's name, on anything. set_rust_id(value, id): SetAttr. */
EDGE_FN(rust_id) { return edge_return(out, edge_get_attr(argv[0], "__rust_id")); }
EDGE_FN(set_rust_id) { return edge_set_attr(argv[0], "__rust_id", argv[1]) ? edge_return_none(out) : EDGE_FAILED; }
