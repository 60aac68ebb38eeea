/* callbacks: functions of the program's, called from the module. Made with edge.h.

   Takes: callables; they may call this module or another. Gives: what they give. Refuses: nothing by itself. */
#include "edge.h"

/* apply(f, *args): f(*args) */
EDGE_FN(apply) {
  if (!EDGE_TAKES(1, 100)) return EDGE_FAILED;
  return edge_return(out, edge_call(argv[0], argv + 1, argc - 1));
}

/* repeat(f, times): the sum of f(0), f(1), …, which must be ints */
EDGE_FN(repeat) {
  int64_t times = 0, sum = 0;
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(int, 1, &times)) return EDGE_FAILED;
  for (int64_t i = 0; i < times; i++) {
    int64_t part = 0;
    EDGE_LOCAL edge_handle argument = edge_new_int(i);
    EDGE_LOCAL edge_handle result = argument ? edge_call(argv[0], &argument, 1) : 0;
    if (!result) return EDGE_FAILED;
    if (!edge_int(result, &part)) return edge_raise(EDGE_TYPE_ERROR, "repeat(): f must give an int");
    sum += part;
  }
  return edge_return_int(out, sum);
}

/* map(f, iterable): a list */
EDGE_FN(map) {
  edge_handle item = 0;
  int more;
  if (!EDGE_TAKES(2, 2)) return EDGE_FAILED;
  EDGE_LOCAL edge_handle items = edge_iter(argv[1]);
  if (!items) return EDGE_FAILED;
  edge_handle list = edge_new_list();
  while (list && (more = edge_next(items, &item)) != 0) {
    edge_handle made = more > 0 ? edge_call(argv[0], &item, 1) : 0;
    if (more > 0) edge_release(item);
    if (!made || !edge_append(list, made)) return edge_release(list), EDGE_FAILED;
  }
  return edge_return(out, list);
}

/* method(receiver, name, *args) */
EDGE_FN(method) {
  EDGE_BUFFER(name);
  if (!EDGE_TAKES(2, 100) || !EDGE_ARG(str, 1, &name)) return EDGE_FAILED;
  return edge_return(out, edge_call_method(argv[0], name.data, argv + 2, argc - 2));
}

/* bounce(f, depth): f(bounce's own way back): the program calls in again until depth is 0 */
EDGE_FN(bounce) {
  int64_t depth = 0;
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(int, 1, &depth)) return EDGE_FAILED;
  if (depth == 0) return edge_return_text(out, "bottom");
  EDGE_LOCAL edge_handle next = edge_new_int(depth - 1);
  return next ? edge_return(out, edge_call(argv[0], &next, 1)) : EDGE_FAILED;
}
