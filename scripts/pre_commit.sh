#!/bin/bash
# Looks at what is about to be committed, and at nothing else: who includes whom, which test is missing,
# how staged C files are formatted. `make hooks` has git run it before each commit.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
git checkout-index --all --quiet --prefix="$staged/"

status=0
for check in check_rooms check_tests; do
    said=$(python3 "$staged/scripts/$check.py") || { echo "$said" | grep -v '^remark:'; status=1; }
done

mapfile -d '' -t files < <(git diff --cached --name-only --diff-filter=ACMR -z -- '*.c' '*.h')
if [[ ${#files[@]} != 0 ]]; then
    if command -v clang-format >/dev/null; then
        (cd "$staged" && clang-format --dry-run -Werror "${files[@]}") || {
            echo "pre-commit: make format puts that right; then git add it again"
            status=1
        }
    else
        echo "pre-commit: clang-format is not installed, so formatting was not checked (make check installs it)"
    fi
fi
[[ $status == 0 ]] || echo "pre-commit: nothing was committed"
exit "$status"
