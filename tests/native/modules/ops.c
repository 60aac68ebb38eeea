/* ops: each operation of edge_op as one function, giving what the host gave. Made with edge.h.

   Takes: receiver and operands. Gives: the result, or the host's own error. Refuses: nothing by itself. */
#include "edge.h"

static int32_t one(uint32_t op, const edge_handle *argv, uint32_t argc, edge_handle *out) {
  return edge_op(op, argv[0], "", 0, argv + 1, argc - 1, out);
}

/* op_call(receiver, name, *args) and its kin: the name is the second argument. */
static int32_t named(uint32_t op, const edge_handle *argv, uint32_t argc, edge_handle *out) {
  EDGE_BUFFER(name);
  if (argc < 2 || !edge_str(argv[1], &name)) return edge_raise(EDGE_TYPE_ERROR, "a receiver and a name are needed");
  return edge_op(op, argv[0], name.data, name.size, argv + 2, argc - 2, out);
}

EDGE_FN(op_call) { return named(EDGE_OP_CALL, argv, argc, out); }
EDGE_FN(op_getattr) { return named(EDGE_OP_GET_ATTR, argv, argc, out); }
EDGE_FN(op_setattr) { return named(EDGE_OP_SET_ATTR, argv, argc, out); }
EDGE_FN(op_getitem) { return one(EDGE_OP_GET_ITEM, argv, argc, out); }
EDGE_FN(op_setitem) { return one(EDGE_OP_SET_ITEM, argv, argc, out); }
EDGE_FN(op_len) { return one(EDGE_OP_LEN, argv, argc, out); }
EDGE_FN(op_iter) { return one(EDGE_OP_ITER, argv, argc, out); }
EDGE_FN(op_typeof) { return one(EDGE_OP_TYPE_OF, argv, argc, out); }
EDGE_FN(op_newdict) { return edge_op(EDGE_OP_NEW_DICT, 0, "", 0, NULL, 0, out); }
EDGE_FN(op_newlist) { return edge_op(EDGE_OP_NEW_LIST, 0, "", 0, NULL, 0, out); }
EDGE_FN(op_newtuple) { return edge_op(EDGE_OP_NEW_TUPLE, 0, "", 0, argv, argc, out); }
EDGE_FN(op_newset) { return edge_op(EDGE_OP_NEW_SET, 0, "", 0, argv, argc, out); }
EDGE_FN(op_newfrozenset) { return edge_op(EDGE_OP_NEW_FROZENSET, 0, "", 0, argv, argc, out); }

/* op_iternext(iterable, count): the item after `count` others, or the error kind Custom / StopIteration as it is. */
EDGE_FN(op_iternext) {
  int64_t skip = 0;
  EDGE_LOCAL edge_handle items = edge_iter(argv[0]);
  if (!items || !EDGE_ARG(int, 1, &skip)) return EDGE_FAILED;
  while (skip--)
    if (!edge_did(EDGE_OP_ITER_NEXT, items, "", NULL, 0)) return EDGE_FAILED;
  return edge_op(EDGE_OP_ITER_NEXT, items, "", 0, NULL, 0, out);
}

/* op_any(op, receiver, *args): an operation by its number, those that do not exist included. */
EDGE_FN(op_any) {
  int64_t op = 0;
  if (!EDGE_TAKES(2, 9) || !EDGE_ARG(int, 0, &op)) return EDGE_FAILED;
  return edge_op((uint32_t)op, argv[1], "__call__", 8, argv + 2, argc - 2, out);
}

/* drain(iterable): a list made item by item. */
EDGE_FN(drain) {
  edge_handle item = 0;
  int more;
  if (!EDGE_TAKES(1, 1)) return EDGE_FAILED;
  EDGE_LOCAL edge_handle items = edge_iter(argv[0]);
  if (!items) return EDGE_FAILED;
  edge_handle list = edge_new_list();
  while (list && (more = edge_next(items, &item)) != 0)
    if (more < 0 || !edge_append(list, item)) return edge_release(list), EDGE_FAILED;
  return edge_return(out, list);
}

/* record(name, age): a dict made key by key. */
EDGE_FN(record) {
  static const char *const KEYS[] = {"name", "age"};
  if (!EDGE_TAKES(2, 2)) return EDGE_FAILED;
  edge_handle made = edge_new_dict();
  for (int i = 0; made && i < 2; i++) {
    EDGE_LOCAL edge_handle key = edge_new_text(KEYS[i]);
    if (!key || !edge_set_item(made, key, argv[i])) return edge_release(made), EDGE_FAILED;
  }
  return edge_return(out, made);
}
