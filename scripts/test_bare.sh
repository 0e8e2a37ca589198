#!/bin/bash
# Tries the README's two commands on a bare Debian 12: makes one in a folder, clones the last commit into it, sends
# the first mail, runs the tests. Needs root. Says how long each took; the first mail may take 120 s.
#   scripts/test_bare.sh [FOLDER]    FOLDER is made, and removed at the end [a new one in /var/tmp]
#
# Debian comes from the mirror that this machine uses, and by its proxies, certificates and npm settings.
set -euo pipefail
cd "$(dirname "$0")/.."

SECONDS_TO_FIRST_MAIL=120
BARE=(git make curl ca-certificates) # what a newcomer has; curl is for the line that is pasted

fail() {
    echo "test-bare: $*" >&2
    exit 1
}

[[ $(id -u) == 0 ]] || fail "this needs root, for debootstrap and chroot"
folder=${1:-$(mktemp -d /var/tmp/outtray-bare.XXXXXX)}
mkdir -p "$folder"
chmod 755 "$folder" # apt fetches as a user of its own

# The mounts and all processes of the bare system end with the shell that is in there.
bare() {
    unshare --mount --pid --fork --kill-child --propagation private bash -euc '
        folder=$1
        mount --rbind /dev "$folder/dev"
        mount -t sysfs none "$folder/sys"
        mount -t proc none "$folder/proc"
        exec chroot "$folder" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            LC_ALL=C.UTF-8 CI="${CI:-}" $(env | grep -iE "^[a-z]*_proxy=" || true) \
            /bin/bash -euc "$2"
    ' bash "$folder" "$1"
}

remove() {
    rm -rf --one-file-system "$folder"
}
trap remove EXIT

# "URI SUITE" of Debian's own lists: other sources of this machine may have what a bare Debian has not.
debian_sources() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN) $(COMPONENT) $(CREATED_BY)' |
        awk '$3 == "Debian" && $4 == "main" && $5 == "Packages" { print $1, $2 }' | sort -u
}

make_debian() {
    local sources mirror
    sources=$(debian_sources)
    mirror=$(awk '$2 == "bookworm" { print $1; exit }' <<<"$sources")
    [[ -n $mirror ]] || fail "apt-get on this machine knows no mirror of Debian 12 (bookworm)"
    debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log" >&2; fail "debootstrap failed"; }
    rm -f "$folder.log"
    awk '{ print "deb", $1, $2, "main" }' <<<"$sources" >"$folder/etc/apt/sources.list"
    cp /etc/resolv.conf "$folder/etc/resolv.conf"
    cp -r /usr/local/share/ca-certificates "$folder/usr/local/share/"
    grep -hiE '^Acquire::.*(Proxy|Verify|CaInfo)' /etc/apt/apt.conf.d/* >"$folder/etc/apt/apt.conf.d/90machine" || true
    bare "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${BARE[*]}" \
        >/dev/null
    [[ ! -e /root/.npmrc ]] || cp /root/.npmrc "$folder/root/.npmrc"
    echo "cafile=/etc/ssl/certs/ca-certificates.crt" >>"$folder/root/.npmrc"
    git clone -q --no-local --depth 1 "file://$PWD" "$folder/root/outtray"
}

# Runs make run as a newcomer does, pastes the line that it prints, and ends the server.
first_mail='
    cd /root/outtray
    make run >/tmp/printed 2>/tmp/said &
    while ! grep -q "^ *curl " /tmp/printed; do
        kill -0 $! || { tail -n 30 /tmp/said; exit 1; }
        sleep 0.1
    done
    until curl -s -o /dev/null http://127.0.0.1:8025/readyz; do sleep 0.1; done
    bash -c "$(grep "^ *curl " /tmp/printed)" >/tmp/reply
    kill $!
    wait $! || true
    grep -q "\"status\": *\"sent\"" /tmp/reply || { cat /tmp/reply; exit 1; }
    ls var/sandbox/*/new/* >/dev/null'

began=$SECONDS
make_debian
echo "bare Debian: $((SECONDS - began)) s"

began=$SECONDS
bare "$first_mail" || fail "no first mail by make run and the line that it prints"
took=$((SECONDS - began))
echo "make run, to the first mail: $took s"
[[ $took -le $SECONDS_TO_FIRST_MAIL ]] || fail "the first mail took longer than $SECONDS_TO_FIRST_MAIL s"

began=$SECONDS
bare 'cd /root/outtray && make test' | tee "$folder/tested" || fail "make test failed"
echo "make test: $((SECONDS - began)) s"
tail -n 1 "$folder/tested" | grep -qE '^[1-9][0-9]* passed, 0 failed$' || fail "make test did not end well"
