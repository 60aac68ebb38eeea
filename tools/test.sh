#!/usr/bin/env bash
# Runs every suite, the plain JavaScript modules under Node first; pytest's closing line is the last.
#
# Takes: what `make setup` and `make build` left; arguments go to pytest. Gives: exit code 0 when every suite passed.
# Both suites run even when the first fails, so that one run shows everything.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
mapfile -t suites < <(find tests/web \( -name '*.test.js' -o -name '*.test.mjs' \) -type f 2>/dev/null | sort)
if [ "${#suites[@]}" -gt 0 ]; then
  node --test "${suites[@]}" || status=$?
else
  echo 'node: no suites in tests/web'
fi
.venv/bin/python -m pytest "$@" || status=$?
exit "$status"
