#!/bin/sh
# Writes the two lock files anew: plain names, versions and hashes, no host. Needs uv on the PATH.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-annotate --quiet "$@"
}
compile --group build --output-file requirements.lock
compile --group build --group dev --output-file tests/requirements.lock
