# SPDX-License-Identifier: Apache-2.0
# What the scripts share: saying what is done, installing what is missing, building. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/packages.sh
. "$root/scripts/lib/packages.sh"

# A heading for people who watch.
say() { printf '\n==> %s\n' "$*"; }

# Prints a command as it could be typed, then runs it.
run() {
    printf '$ %s\n' "$*"
    "$@"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The comment block at the top of a script is its help.
print_help() { sed -n '2,/^$/{/SPDX/d;s/^# \{0,1\}//p}' "$1"; }

is_installed() { # ENTRY: package or package:program
    local program=${1#*:}
    if [[ $1 == *:* ]]; then
        command -v "$program" >/dev/null
    else
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
    fi
}

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' needs root: run this as root, or install sudo"
    fi
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"; }

# Installs by apt what is not there yet; does nothing, and needs no root, when everything is.
install_missing() { # ENTRY...
    local entry missing=()
    for entry in "$@"; do
        is_installed "$entry" || missing+=("${entry%%:*}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    say "Installing ${missing[*]}"
    command -v apt-get >/dev/null || fail "no apt-get here; install the counterparts of: ${missing[*]}"
    # A list that is missing or out of date is fetched; a good one is not fetched again.
    if ! apt-cache show "${missing[@]}" >/dev/null 2>&1 ||
        ! apt_get install --no-install-recommends "${missing[@]}"; then
        apt_get update
        apt_get install --no-install-recommends "${missing[@]}"
    fi
}

# Configures and builds a preset; ccache is used where there is one.
build() { # PRESET [TARGET...]
    local preset=$1
    shift
    if [[ -z ${CMAKE_CXX_COMPILER_LAUNCHER:-} ]] && command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    # Without that ccache keeps nothing that is compiled with precompiled headers.
    export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
    cd "$root"
    run cmake --preset "$preset"
    run cmake --build --preset "$preset" ${1:+--target "$@"}
}
