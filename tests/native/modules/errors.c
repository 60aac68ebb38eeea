/* errors: every kind of error, thrown, taken, passed on and thrown again. Made with edge.h.

   Takes: kinds, messages and functions that fail. Gives: what the host said. Refuses: nothing by itself. */
#include "edge.h"

EDGE_FN(throw_type) { return edge_raise(EDGE_TYPE_ERROR, "a type"); }
EDGE_FN(throw_value) { return edge_raise(EDGE_VALUE_ERROR, "a value"); }
EDGE_FN(throw_runtime) { return edge_raise(EDGE_RUNTIME_ERROR, "a state"); }
EDGE_FN(throw_attribute) { return edge_raise(EDGE_ATTRIBUTE_ERROR, "an attribute"); }
EDGE_FN(throw_index) { return edge_raise(EDGE_INDEX_ERROR, "an index"); }
EDGE_FN(throw_key) { return edge_raise(EDGE_KEY_ERROR, "a key"); }
EDGE_FN(throw_custom) { return edge_raise(EDGE_CUSTOM_ERROR, "ZeroDivisionError: no such quotient"); }
EDGE_FN(throw_unknown) { return edge_raise(EDGE_CUSTOM_ERROR, "NoSuchError: with a text"); }

/* throw(kind, message): any kind, those that do not exist included; any message. */
EDGE_FN(throw) {
  EDGE_BUFFER(text);
  int64_t kind = 0;
  if (!EDGE_TAKES(2, 2) || !EDGE_ARG(int, 0, &kind)) return EDGE_FAILED;
  if (!edge_str(argv[1], &text) && !edge_bytes(argv[1], &text)) return edge_raise(EDGE_TYPE_ERROR, "a text, please");
  edge_throw((uint32_t)kind, text.data, text.size);
  return EDGE_FAILED;
}

EDGE_FN(throw_twice) { /* the second replaces the first */
  edge_raise(EDGE_TYPE_ERROR, "the first");
  return edge_raise(EDGE_VALUE_ERROR, "the second");
}

/* pass_on(f): the error of f, untouched. */
EDGE_FN(pass_on) { return edge_return(out, edge_call(argv[0], NULL, 0)); }

/* caught(f): (kind, message) of its error, which is drained; None where it has none. */
EDGE_FN(caught) {
  EDGE_BUFFER(text);
  uint32_t kind = 0;
  EDGE_LOCAL edge_handle result = edge_call(argv[0], NULL, 0);
  if (result) return edge_return_none(out);
  char probe[1];
  int32_t size = edge_take_error(&kind, probe, 0); /* no room: it stays pending */
  if (size < -1) {
    if (!edge_buffer_room(&text, (uint32_t)-size)) return EDGE_FAILED;
    size = edge_take_error(&kind, text.data, text.room);
  }
  if (size < 0) return edge_raise(EDGE_RUNTIME_ERROR, "the error went away");
  if (edge_take_error(&kind, probe, 1) != -1) return edge_raise(EDGE_RUNTIME_ERROR, "the error is still there");
  EDGE_LOCAL edge_handle number = edge_new_int(kind);
  EDGE_LOCAL edge_handle message = edge_new_str(text.data ? text.data : "", (uint32_t)size);
  if (!number || !message) return EDGE_FAILED;
  const edge_handle pair[] = {number, message};
  return edge_return(out, edge_new_tuple(pair, 2));
}

/* rethrow(f): its error, taken and thrown again as it was. */
EDGE_FN(rethrow) {
  char text[512];
  uint32_t kind = 0;
  edge_handle result = edge_call(argv[0], NULL, 0);
  if (result) return edge_return(out, result);
  int32_t size = edge_take_error(&kind, text, sizeof text);
  if (size < 0) return EDGE_FAILED;
  edge_throw(kind, text, (uint32_t)size);
  return EDGE_FAILED;
}

/* or_else(f, value): the value where f fails; its error is gone. */
EDGE_FN(or_else) {
  edge_handle result = edge_call(argv[0], NULL, 0);
  if (result) return edge_return(out, result);
  edge_clear_error();
  return edge_return(out, argv[1]);
}

/* ignore(f): a result with an error still pending. The call succeeded, and the error is nobody's. */
EDGE_FN(ignore) {
  EDGE_LOCAL edge_handle result = edge_call(argv[0], NULL, 0);
  return edge_return_int(out, 7);
}

EDGE_FN(nothing_pending) {
  uint32_t kind = 0;
  char room[8];
  return edge_return_int(out, edge_take_error(&kind, room, sizeof room));
}

EDGE_FN(long_message) { /* longer than edge_raise carries, and cut between two bytes of a character */
  return edge_raise(EDGE_VALUE_ERROR, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234",
                    "56789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
                    "01234567890123456789012345678901234567890123456789012345678",  "ä and more");
}
