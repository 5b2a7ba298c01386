# SPDX-License-Identifier: Apache-2.0
# The image that Chronos runs: one binary on a slim Debian, as user caretaker. Build it from a clone:
#   docker build -t caretaker --build-arg REVISION="$(git rev-parse HEAD)" .

FROM debian:trixie-slim AS build
WORKDIR /src
# Before the sources, so that a change of them does not install everything again.
COPY scripts scripts
RUN scripts/install-packages build && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DBUILD_TESTING=OFF \
 && cmake --build --preset release --target caretaker \
 && DESTDIR=/image cmake --install build/release --prefix /usr --strip

FROM debian:trixie-slim
# The libraries that the binary is linked with, and libcurl, which it opens when it first needs it.
RUN apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends \
      ca-certificates \
      libcurl4t64 \
      libfmt10 \
      libpcre2-8-0 \
      librdkafka1 \
      libspdlog1.15 \
      libsqlite3-0 \
      libyaml-cpp0.8 \
      tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 caretaker \
 && useradd --uid 10001 --gid 10001 --home-dir /var/lib/caretaker --create-home \
      --shell /usr/sbin/nologin caretaker
COPY --from=build /image/usr /usr

ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="caretaker" \
      org.opencontainers.image.description="Upkeep jobs for log platforms" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.base.name="docker.io/library/debian:trixie-slim"

USER caretaker
ENV HOME=/var/lib/caretaker
WORKDIR /var/lib/caretaker
VOLUME /var/lib/caretaker
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/caretaker"]
CMD ["help"]
