/* names: constants of every kind, names that C or WebAssembly has for itself, and the list of pure functions.
   Made with edge.h.

   Takes: nothing. Gives: values as attributes. Refuses: nothing. */
#include "edge.h"

EDGE_CONST_FLOAT(pi, 3.141592653589793);
EDGE_CONST_INT(answer, 42);
EDGE_CONST_INT(least, INT64_MIN);
EDGE_CONST_BOOL(yes, true);
EDGE_CONST_STR(name, "Ünïcode ✓");
EDGE_CONST(nothing) { return edge_return_none(out); }
EDGE_CONST(magic) { return edge_return_bytes(out, "\0asm\xFF", 5); }
EDGE_CONST(primes) {
  edge_handle list = edge_new_list();
  for (int64_t n = 2; list && n < 12; n++)
    if ((n == 2 || n % 2) && n != 9 && !edge_append(list, edge_new_int(n))) return EDGE_FAILED;
  return edge_return(out, list);
}

EDGE_FN(abs) {
  double x = 0;
  if (!EDGE_TAKES(1, 1) || !EDGE_ARG(float, 0, &x)) return EDGE_FAILED;
  return edge_return_float(out, x < 0 ? -x : x);
}
EDGE_FN(memory) { return edge_return_text(out, "a function, not the memory"); }
EDGE_FN(square) {
  int64_t n = 0;
  if (!EDGE_TAKES(1, 1) || !EDGE_ARG(int, 0, &n)) return EDGE_FAILED;
  return edge_return_int(out, n * n);
}
EDGE_PURE("abs,square");
