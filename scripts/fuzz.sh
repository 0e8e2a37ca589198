#!/bin/bash
# Runs every fuzz target, or those named, for FUZZ_SECONDS each, as many at once as there are cores,
# with what they learn kept in build-fuzz/corpus/.
# A finding is left in test/fuzz/regression/<name>/, where every test run tries it again.
set -euo pipefail
cd "$(dirname "$0")/.."

export CC=clang
scripts/build.sh build-fuzz -Dtests=true -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link -- fuzzers

fuzz() {
    local name=$1 status=0
    mkdir -p "build-fuzz/corpus/$name" "test/fuzz/corpus/$name" "test/fuzz/regression/$name"
    echo "fuzz $name for ${FUZZ_SECONDS:-600} s"
    "build-fuzz/test/fuzz/${name}_fuzzer" -max_total_time="${FUZZ_SECONDS:-600}" -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="test/fuzz/regression/$name/" \
        "build-fuzz/corpus/$name" "test/fuzz/corpus/$name" >"build-fuzz/$name.log" 2>&1 || status=1
    grep -E 'ERROR|runtime error|executed_units|Test unit written' "build-fuzz/$name.log" |
        sed "s/^/$name: /" || true
    rmdir --ignore-fail-on-non-empty "test/fuzz/regression/$name"
    return $status
}
export -f fuzz

if [[ $# == 0 ]]; then
    mapfile -t names < <(basename -s _fuzzer -a build-fuzz/test/fuzz/*_fuzzer)
    set -- "${names[@]}"
fi
printf '%s\n' "$@" | xargs -P "$(nproc)" -I NAME bash -euo pipefail -c 'fuzz NAME'
