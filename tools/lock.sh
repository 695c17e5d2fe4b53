#!/usr/bin/env bash
# Solves pyproject.toml into requirements/*.txt, for every platform, with hashes and without addresses.
# Pins stay where they are unless told otherwise: lock.sh --upgrade, lock.sh --upgrade-package NAME.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v uv >/dev/null; then
    uv=uv
else
    workshop="$(mktemp -d)"
    trap 'rm -rf "$workshop"' EXIT
    "${PYTHON:-python3}" -m venv "$workshop"
    "$workshop/bin/pip" install --quiet --disable-pip-version-check uv
    uv="$workshop/bin/uv"
fi

solve() {
    local output="$1"
    shift
    "$uv" pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@" --output-file "$output"
}

solve requirements/demo.txt --extra server --group build "$@"
solve requirements/test.txt --extra server --extra telemetry --group dev "$@"
