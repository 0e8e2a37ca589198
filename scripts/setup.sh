#!/bin/bash
# Installs what is missing on this Debian, and nothing when nothing is.
#   scripts/setup.sh build|test|check|fuzz|coverage|bench ...
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A PACKAGES=(
    [build]="gcc libc6-dev meson ninja-build pkg-config python3 libmicrohttpd-dev
             libcurl4-openssl-dev libsqlite3-dev libgmime-3.0-dev libidn2-dev libgumbo-dev
             libyajl-dev libarchive-dev libsodium-dev libseccomp-dev libssl-dev libinih-dev ca-certificates"
    [test]="libcmocka-dev e2fsprogs valgrind python3-pytest python3-pytest-xdist python3-requests python3-aiosmtpd python3-jsonschema openssl
            python3-prometheus-client dovecot-imapd"
    [check]="clang-format clang-tidy"
    [fuzz]="clang libclang-rt-14-dev"
    [coverage]="gcovr"
    [bench]="postfix wrk"
)
declare -A PURPOSE=(
    [build]="the compiler and the libraries that outtrayd is linked with"
    [test]="what the tests are written with, an SMTP server to send to, an IMAP server to
             look into, a JSON validator, and node for a mail parser and a linter"
    [check]="the formatter and the linter"
    [fuzz]="clang with libFuzzer"
    [coverage]="the coverage report"
    [bench]="smtp-source and smtp-sink (they come with postfix, which is not started), and wrk"
)

missing_of() {
    local package
    for package in ${PACKAGES[$1]}; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
            echo "$package"
    done
    if [[ $1 == test ]] && ! node_is_good; then
        echo nodejs npm
    fi
}

node_is_good() {
    command -v npm >/dev/null &&
        node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null
}

as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: this needs root and there is no sudo; as root, run: ${*@Q}" >&2
        exit 1
    fi
}

# A daemon that comes with a package is not wanted: policy-rc.d forbids it to start meanwhile.
install_packages() {
    local policy=/usr/sbin/policy-rc.d ours=""
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        ours=yes
    fi
    # Its two programs are wanted, not a mail system.
    if [[ " $* " == *" postfix "* ]] && command -v debconf-set-selections >/dev/null; then
        echo "postfix postfix/main_mailer_type select No configuration" |
            as_root debconf-set-selections
    fi
    local status=0
    { as_root apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "$@"; } </dev/null || status=$?
    [[ -z $ours ]] || as_root rm -f "$policy"
    if [[ $status != 0 ]]; then
        echo "setup: apt-get could not install: $*" >&2
        exit 1
    fi
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian; please install by its own means:" >&2
    for group in "$@"; do echo "  ${PACKAGES[$group]}" | tr -s ' \n' ' ' >&2; done
    echo >&2
    exit 1
fi

wanted=()
for group in "$@"; do
    if [[ -z ${PACKAGES[$group]:-} ]]; then
        echo "setup: there is no group $group; there are: ${!PACKAGES[*]}" >&2
        exit 2
    fi
    mapfile -t missing < <(missing_of "$group" | tr ' ' '\n')
    [[ ${#missing[@]} == 0 ]] && continue
    echo "setup: for $group (${PURPOSE[$group]}): ${missing[*]}"
    wanted+=("${missing[@]}")
done
if [[ ${#wanted[@]} != 0 ]]; then
    [[ $(id -u) == 0 ]] || echo "setup: installing them with sudo apt-get"
    install_packages "${wanted[@]}"
fi

# Programs nobody here wrote that the tests ask: a mail parser, a linter of our OpenAPI document, and
# servers that behave like Google's and Microsoft's. Pinned in package-lock.json.
if [[ " $* " == *" test "* ]]; then
    for node in test/http/node test/http/node_emulate; do
        if [[ ! $node/node_modules/.package-lock.json -nt $node/package-lock.json ]]; then
            echo "setup: for test: npm ci in $node"
            npm ci --prefix "$node" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null ||
                echo "setup: npm ci failed; the tests that need it will fail" >&2
        fi
    done
fi
