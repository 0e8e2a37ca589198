#!/bin/bash
# Configures a build folder when it is new or wants other options than last time.
#   scripts/build.sh FOLDER [meson option ...] [-- ninja target ...]
# Without targets it builds everything and leaves the two programs in FOLDER.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
shift
options=()
while [[ $# -gt 0 && $1 != -- ]]; do
    options+=("$1")
    shift
done
[[ ${1:-} == -- ]] && shift

wanted="${CC:-cc} ${options[*]:-}"
if [[ ! -f $folder/build.ninja || $(cat "$folder/.wanted" 2>/dev/null) != "$wanted" ]]; then
    rm -rf "$folder"
    meson setup "$folder" "${options[@]}"
    echo "$wanted" >"$folder/.wanted"
fi
ninja -C "$folder" "$@"

for program in outtrayd outtray; do
    if [[ -x $folder/src/$program ]]; then
        ln -sf "src/$program" "$folder/$program"
    fi
done
