#!/usr/bin/env bash
# Runs one npm script of modal/ with the Node of the test lock: modal.sh check|screenshots|...
set -euo pipefail
cd "$(dirname "$0")/.."

script="${1:?modal.sh SCRIPT}"
export PATH="$PWD/.venv/bin:$PATH"

if ! node --version >/dev/null 2>&1; then
    if [ "${CI:-}" = true ]; then
        echo "modal: the Node of requirements/test.txt does not run on this machine" >&2
        exit 1
    fi
    echo "modal: left out, because the Node of requirements/test.txt does not run on this machine" >&2
    exit 0
fi

cd modal
installed="$(cksum <package-lock.json) $(node --version)"
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$installed" ]; then
    npm ci --no-audit --no-fund --loglevel=error
    printf '%s\n' "$installed" >node_modules/.installed
fi
npm run --silent "$script"
