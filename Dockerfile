# Osteon in two stages: the Swift toolchain builds, a slim Debian runs.
FROM swift:6.3-bookworm AS build
WORKDIR /src
COPY . .
RUN deploy/setup && swift build -c release --product osteon

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        curl libcurl4 libdcmtk17 libdeflate0 libopenjp2-7 libsqlite3-0 libssl3 libstdc++6 libxml2 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/osteon --create-home --shell /usr/sbin/nologin osteon
COPY --from=build /usr/lib/swift/linux/*.so /usr/lib/swift/linux/
COPY --from=build /src/.build/release/osteon /usr/local/bin/osteon
COPY deploy/models /usr/local/share/osteon/models
ENV LD_LIBRARY_PATH=/usr/lib/swift/linux
USER osteon
VOLUME /var/lib/osteon
EXPOSE 8080
# Inside the container every interface is the container's own, and beyond loopback the server wants API keys: make one in the same volume first, with
# `docker run --rm -v osteon:/var/lib/osteon osteon keys add --data /var/lib/osteon --name NAME --scope upload --scope read`.
# With a certificate the server speaks HTTPS only; its name is not 127.0.0.1's, and this machine need not prove itself to itself. Where clients need a
# certificate too, give the check one: `--health-cmd`.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD curl -fsS http://127.0.0.1:8080/readyz || curl -fsSk https://127.0.0.1:8080/readyz
ENTRYPOINT ["osteon"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--data", "/var/lib/osteon"]
