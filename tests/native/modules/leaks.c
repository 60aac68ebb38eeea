/* leaks: handles that are kept, released twice, or never were. Made with edge.h.

   Takes: how many. Gives: a number. Refuses: nothing; the host must hold. */
#include "edge.h"

EDGE_FN(leak) { /* leak(count): makes handles and keeps them */
  int64_t count = 1;
  if (!EDGE_ARG(int, 0, &count)) return EDGE_FAILED;
  for (int64_t i = 0; i < count; i++)
    if (!edge_new_int(i)) return EDGE_FAILED;
  return edge_return_int(out, count);
}
EDGE_FN(release_twice) {
  edge_handle h = edge_new_int(1), other;
  edge_release(h);
  other = edge_new_int(2); /* must not be what `h` was */
  edge_release(h);
  return edge_return(out, other);
}
EDGE_FN(release_arguments) { /* what is the host's, and the keyword slot too */
  for (uint32_t i = 0; i < argc; i++) edge_release(argv[i]);
  edge_release(kwargs);
  return edge_return_int(out, argc);
}
EDGE_FN(release_garbage) {
  edge_release(0);
  edge_release(1);
  edge_release(0x7FFFFFFF);
  edge_release(0xFFFFFFFF);
  for (uint32_t i = 0; i < 1000; i++) edge_release(i * 4001 + 123456789);
  return edge_return_int(out, 1);
}
static edge_handle kept;
EDGE_FN(keep) { /* keep(value) and kept(): a handle that outlives its call, made by the module */
  edge_release(kept);
  EDGE_LOCAL edge_handle pair = edge_new_tuple(argv, 1);
  EDGE_LOCAL edge_handle zero = edge_new_int(0);
  kept = pair && zero ? edge_get_item(pair, zero) : 0;
  return kept ? edge_return_none(out) : EDGE_FAILED;
}
EDGE_FN(kept) { return edge_return(out, kept); } /* the host takes it: a second call has a stale handle */
static edge_handle borrowed;
EDGE_FN(borrow) { /* borrow(value) and stale(): an argument used after its call */
  borrowed = argv[0];
  return edge_return_none(out);
}
EDGE_FN(stale) { return edge_return(out, edge_type_of(borrowed)); }
