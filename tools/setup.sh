#!/usr/bin/env bash
# Sets up one part of the workshop. Called by the Makefile, which keeps the stamps.
#
# Takes: `python`, `node`, `package`, `browser`, `firefox` or `rust`; $PYTHON, $CHROMIUM, $FIREFOX and $RUSTC choose one by hand.
# Gives: .venv/ with the pinned tools, a C compiler among them; node_modules/ from the lockfile and web/vendor/; a Chromium
# that starts; a Firefox and a rustc for wasm32, where Debian's packages can be installed: elsewhere the tests that need one
# are skipped.
# Refuses: a Python before 3.11, a Node before 20, a machine where no browser can be had; each with the next step.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  printf 'setup: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

setup_python() {
  local python
  python=$(find_python) || fail 'no Python 3.11 or later found' 'install one, or name it: make setup PYTHON=/path/to/python3'
  if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    echo "setup: .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || fail 'this Python cannot make a virtual environment' 'on Debian: apt-get install python3-venv'
  fi
  echo 'setup: Python packages'
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --editable '.[dev]' ||
    fail 'pip could not install the packages of pyproject.toml' 'the lines above say which; is the package index reachable?'
}

setup_node() {
  command -v node >/dev/null 2>&1 || fail 'no Node found' 'install Node 20 or later'
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
    fail "Node $(node --version) is too old" 'install Node 20 or later'
  command -v npm >/dev/null 2>&1 || fail 'no npm found' 'it comes with Node; on Debian: apt-get install npm'
  echo 'setup: npm packages'
  npm ci --silent --no-progress ||
    fail 'npm could not install the packages of package-lock.json' 'try `npm ci` by hand to see why'
  node tools/build.mjs --vendor
}

# Pure wheels, which packaging/tools.txt pins: no Python of this machine is asked to run them.
setup_package() {
  local version
  version=$(node -p "require('./node_modules/pyodide/pyodide-lock.json').info.python")
  echo "setup: Pyodide's tools"
  rm -rf .venv/package-tools
  .venv/bin/python -m pip download -qq --disable-pip-version-check --no-input --no-deps --only-binary=:all: \
    --python-version "$version" --implementation py --abi none --platform any \
    --requirement packaging/tools.txt --dest .venv/package-tools ||
    fail 'pip could not download the packages of packaging/tools.txt' 'the lines above say which; is the package index reachable?'
}

# Whether a browser is there, and starts: a Chromium that lacks a shared library is none.
browser_starts() {
  local browser
  browser=$(.venv/bin/python playwright.config.py 2>/dev/null) || return 1
  "$browser" --version >/dev/null 2>&1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    return 1
  fi
}

# For what only a few tests need, nobody is asked for a password.
may_install() {
  command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1; }
}

setup_browser() {
  browser_starts && return 0
  [ -z "${CHROMIUM:-}" ] || fail "\$CHROMIUM names '$CHROMIUM', which does not start" 'name another, or unset it'
  echo 'setup: no Chromium found; trying the download of Playwright'
  timeout 300 .venv/bin/python -m playwright install chromium >/dev/null 2>&1 || echo 'setup: that download is not to be had here'
  browser_starts && return 0
  if command -v apt-get >/dev/null 2>&1; then
    echo 'setup: Chromium from the Debian packages'
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq </dev/null &&
      as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core </dev/null >/dev/null || true
    browser_starts && return 0
  fi
  fail 'no Chromium found, and none could be installed' \
    'install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium make setup'
}

# Whether a Firefox is there, and starts. Where it is, the tests ask `drivers.py` as well.
firefox_starts() {
  local firefox
  firefox=$(.venv/bin/python -m tests.support.drivers 2>/dev/null) || return 1
  "$firefox" --version >/dev/null 2>&1
}

setup_firefox() {
  firefox_starts && return 0
  [ -z "${FIREFOX:-}" ] || fail "\$FIREFOX names '$FIREFOX', which does not start" 'name another, or unset it'
  if may_install; then
    echo 'setup: Firefox from the Debian packages'
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq </dev/null &&
      as_root apt-get install -y -qq --no-install-recommends firefox-esr </dev/null >/dev/null || true
    firefox_starts && return 0
  fi
  [ "${CI:-}" != true ] || fail 'no Firefox' 'on Debian: apt-get install firefox-esr'
  echo 'setup: no Firefox (on Debian: firefox-esr; or name one in $FIREFOX); its half of the tests of the cell is skipped'
}

# Whether a rustc builds for wasm32: most come without the library for it, or without a linker.
rust_builds() {
  local rustc folder
  folder=$(mktemp -d)
  for rustc in ${RUSTC:-} /usr/bin/rustc rustc; do
    if echo '#[no_mangle] pub extern "C" fn f() {}' |
      "$rustc" --target=wasm32-unknown-unknown --crate-type=cdylib -o "$folder/f.wasm" - >/dev/null 2>&1; then
      rm -r "$folder"
      return 0
    fi
  done
  rm -r "$folder"
  return 1
}

setup_rust() {
  rust_builds && return 0
  if may_install; then
    echo 'setup: rustc for wasm32 from the Debian packages'
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq </dev/null &&
      as_root apt-get install -y -qq --no-install-recommends rustc libstd-rust-dev-wasm32 </dev/null >/dev/null || true
    # Its linker is a link to that of the matching LLVM, which is a package of its own.
    if [ -L /usr/bin/rust-lld ] && [ ! -e /usr/bin/rust-lld ]; then
      as_root apt-get install -y -qq --no-install-recommends "$(readlink /usr/bin/rust-lld)" </dev/null >/dev/null || true
    fi
    rust_builds && return 0
  fi
  [ "${CI:-}" != true ] || fail 'no rustc for wasm32' 'on Debian: apt-get install rustc libstd-rust-dev-wasm32 lld'
  echo 'setup: no rustc for wasm32 (on Debian: rustc libstd-rust-dev-wasm32 lld); tests that need one are skipped'
}

case ${1:-} in
  python) setup_python ;;
  node) setup_node ;;
  package) setup_package ;;
  browser) setup_browser ;;
  firefox) setup_firefox ;;
  rust) setup_rust ;;
  *) fail "unknown part '${1:-}'" 'one of: python, node, package, browser, firefox, rust' ;;
esac
