#!/bin/bash
# Runs every fuzz target for FUZZ_SECONDS, with what it learns kept in build-fuzz/corpus/.
# A finding is left in test/fuzz/regression/<name>/, where every test run tries it again.
set -euo pipefail
cd "$(dirname "$0")/.."

export CC=clang
scripts/build.sh build-fuzz -Dtests=true -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link -- fuzzers

status=0
for target in build-fuzz/test/fuzz/*_fuzzer; do
    name=$(basename "$target" _fuzzer)
    if [[ $# -gt 0 && " $* " != *" $name "* ]]; then
        continue
    fi
    mkdir -p "build-fuzz/corpus/$name" "test/fuzz/corpus/$name" "test/fuzz/regression/$name"
    echo "fuzz $name for ${FUZZ_SECONDS:-600} s"
    "$target" -max_total_time="${FUZZ_SECONDS:-600}" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="test/fuzz/regression/$name/" \
        "build-fuzz/corpus/$name" "test/fuzz/corpus/$name" >"build-fuzz/$name.log" 2>&1 || status=1
    grep -E 'ERROR|runtime error|executed_units|Test unit written' "build-fuzz/$name.log" || true
    rmdir --ignore-fail-on-non-empty "test/fuzz/regression/$name"
done
exit $status
