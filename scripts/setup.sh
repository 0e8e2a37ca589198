#!/bin/bash
# Installs the packages that are missing on this Debian. It never removes one: where apt-get would
# have to, it stops and says so. "a|b" in the lists below: either will do, a is installed if neither is there.
#   scripts/setup.sh build|test|test-bare|check|fuzz|coverage ...
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A PACKAGES=(
    [build]="gcc libc6-dev meson ninja-build pkg-config python3
             libcurl4-openssl-dev|libcurl4-gnutls-dev libsqlite3-dev libgmime-3.0-dev libidn2-dev libical-dev libgumbo-dev zlib1g-dev
             libyajl-dev libarchive-dev libsodium-dev libseccomp-dev libssl-dev libinih-dev ca-certificates tzdata"
    [test]="libcmocka-dev e2fsprogs valgrind python3-pytest python3-pytest-xdist python3-requests python3-aiosmtpd python3-jsonschema openssl
            python3-prometheus-client dovecot-imapd dovecot-submissiond postfix libidn12"
    [test-bare]="debootstrap git ca-certificates"
    [check]="clang-format clang-tidy"
    [fuzz]="clang libclang-rt-14-dev"
    [coverage]="gcovr"
)
declare -A PURPOSE=(
    [build]="the compiler and the libraries that outtrayd is linked with"
    [test]="what the tests are written with, SMTP servers to send to, an IMAP server to
             look into, what Exim is linked with (its package, which cannot stand beside Postfix's, the tests unpack), a JSON validator, and npm for a mail parser and a linter"
    [test-bare]="what makes a bare Debian in a folder"
    [check]="the formatter and the linter"
    [fuzz]="clang with libFuzzer"
    [coverage]="the coverage report"
)

SECONDS_FOR_LOCKS=600 # how long another apt-get or dpkg may hold its locks

missing_of() {
    local alternatives
    for alternatives in ${PACKAGES[$1]}; do
        any_is_installed ${alternatives//|/ } || echo "${alternatives%%|*}"
    done
    # The tests bring a Node.js of their own (test/http/node); any will do to run npm.
    if [[ $1 == test ]] && ! npm --version >/dev/null 2>&1; then
        echo nodejs npm
    fi
}

any_is_installed() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] &&
            return 0
    done
    return 1
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

# apt-get waits for dpkg's lock by itself, but not for the one of its lists.
update_lists() {
    local said end=$((SECONDS + SECONDS_FOR_LOCKS))
    while ! said=$(as_root env LC_ALL=C apt-get update -q 2>&1); do
        if [[ $said != *"Could not get lock"* || $SECONDS -ge $end ]]; then
            echo "$said" >&2
            return 1
        fi
        sleep 1
    done
}

# A daemon that comes with a package is not wanted: policy-rc.d forbids it to start meanwhile.
install_packages() {
    local policy=/usr/sbin/policy-rc.d ours=""
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        ours=yes
    fi
    # Its smtp-source and smtp-sink are wanted, not a mail system.
    if [[ " $* " == *" postfix "* ]] && command -v debconf-set-selections >/dev/null; then
        echo "postfix postfix/main_mailer_type select No configuration" |
            as_root debconf-set-selections
    fi
    local status=0
    { update_lists &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-remove --no-install-recommends \
            -o DPkg::Lock::Timeout=$SECONDS_FOR_LOCKS "$@"; } </dev/null || status=$?
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
