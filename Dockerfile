# The image of a release: the static executable that the release workflow has built, attested and
# packed, and nothing else. There is no base image whose updates one would have to follow, no shell
# and no package manager. docs/install.md says how to build it.
FROM scratch

ARG TARGETOS=linux
ARG TARGETARCH
ARG VERSION

LABEL org.opencontainers.image.title="Careen" \
      org.opencontainers.image.description="A production-readiness linter for Kubernetes manifests, images, secrets and TLS" \
      org.opencontainers.image.url="https://careen.dev" \
      org.opencontainers.image.source="https://github.com/careen-dev/careen" \
      org.opencontainers.image.documentation="https://github.com/careen-dev/careen/blob/main/docs/install.md" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"

COPY LICENSE-APACHE LICENSE-MIT /licenses/
COPY --chmod=0555 dist/${TARGETOS}/${TARGETARCH}/careen /usr/local/bin/careen

# Where pre-commit mounts the repository too.
WORKDIR /src
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/careen"]
# A command that ends has nothing to probe.
HEALTHCHECK NONE
CMD ["check"]
