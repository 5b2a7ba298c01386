# SPDX-License-Identifier: Apache-2.0
# Debian packages of this project, the same names on Debian 12 and 13. Sourced, not run.
# A package that is only wanted for its program is written package:program, and counts as there when
# the program is, wherever it came from.
# shellcheck shell=bash disable=SC2034

# To configure and build everything, tests included.
build_packages=(
    git:git
    g++:g++
    cmake:cmake
    ninja-build:ninja
    make:make # by which gcc optimises on all processors while it links
    pkg-config:pkg-config
    libcli11-dev
    libcurl4-openssl-dev
    libfmt-dev
    libgtest-dev
    libpcre2-dev
    librdkafka-dev
    libspdlog-dev
    libsqlite3-dev
    libyaml-cpp-dev
    rapidjson-dev
)

# To run the tests against real servers and file systems: Docker is Debian's and imports busybox as its
# image; so is nginx with Lua; Apache Kafka, search engines and StatsD are
# downloaded by Maven and npm.
engine_packages=(
    default-jre-headless:java
    busybox-static
    docker.io:dockerd
    e2fsprogs:mkfs.ext4
    krb5-admin-server:kadmin.local
    krb5-kdc:krb5kdc
    krb5-user:kinit
    libnginx-mod-http-lua
    libsasl2-modules-gssapi-mit
    lua-cjson
    maven:mvn
    nodejs:node
    npm:npm
    openssl:openssl
    strace:strace
    unzip:unzip
    xfsprogs:mkfs.xfs
)

# What .ci/run needs besides: clang-format and clang-tidy of Debian 12; shells and groff, which read the
# completion scripts and man pages.
check_packages=(
    ccache:ccache
    clang:clang++
    clang-format-14:clang-format-14
    clang-tidy-14:clang-tidy-14
    fish:fish
    groff-base:groff
    libbenchmark-dev
    libclang-rt-14-dev
    xxd:xxd
    zsh:zsh
)
