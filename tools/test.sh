#!/usr/bin/env bash
# Runs every suite, the plain JavaScript modules under Node first; pytest's closing line is the last.
#
# Takes: what `make setup` and `make build` left; arguments go to pytest. Gives: exit code 0 when every suite passed.
# A run of everything has two processes, one for browsers and one for the rest (tests/support/lanes.py); one that was chosen has one,
# which shows what it prints as it comes.
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
[ "$#" -gt 0 ] || set -- -n 2
.venv/bin/python -m pytest "$@" || status=$?
exit "$status"
