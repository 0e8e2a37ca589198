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

# A folder that was copied or moved along with its tree would go on building the one that it was made
# for: it holds whole paths.
is_of_this_tree() {
    python3 - "$folder/meson-info/meson-info.json" <<'END'
import json, os, sys
try:
    with open(sys.argv[1], encoding="utf-8") as file:
        directories = json.load(file)["directories"]
    here = {"source": ".", "build": os.path.join(os.path.dirname(sys.argv[1]), "..")}
    same = all(os.path.realpath(directories[name]) == os.path.realpath(path)
               for name, path in here.items())
except (OSError, ValueError, KeyError):
    same = False
sys.exit(0 if same else 1)
END
}

wanted="${CC:-cc} ${options[*]:-}"
if [[ ! -f $folder/build.ninja || $(cat "$folder/.wanted" 2>/dev/null) != "$wanted" ]] ||
    ! is_of_this_tree; then
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
