# The search and its API. Targets: `backend` (the last, so the default) keeps books and index on a
# volume and fills it when it starts first; `with-books` has the books of SHELF inside.

ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all: PIP_REQUIRE_HASHES=1
WORKDIR /build
COPY requirements/build.txt requirements/runtime.txt requirements/
# What builds the wheel stays here; what runs it goes on.
RUN python3 -m venv tools && tools/bin/pip install -r requirements/build.txt
RUN python3 -m venv /opt/gutenberg-explorer \
    && /opt/gutenberg-explorer/bin/pip install -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
# The project itself has no hash to compare with. Compiled modules make the start twice as fast.
RUN tools/bin/python -m hatchling build --target wheel --directory dist \
    && env --unset=PIP_REQUIRE_HASHES /opt/gutenberg-explorer/bin/pip install --no-deps --no-index dist/*.whl \
    && /opt/gutenberg-explorer/bin/python -m compileall -q /opt/gutenberg-explorer/lib

FROM ${PYTHON_IMAGE} AS runtime
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="Gutenberg Explorer: backend" \
    org.opencontainers.image.description="Full-text search over Project Gutenberg; every search is one distributed trace" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/gutenberg-explorer /opt/gutenberg-explorer
ENV PATH=/opt/gutenberg-explorer/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    GUTENBERG_EXPLORER_DATA_DIR=/data \
    GUTENBERG_EXPLORER_LOG_FORMAT=json
RUN groupadd --gid 10001 explorer \
    && useradd --uid 10001 --gid explorer --home-dir /data --no-create-home explorer \
    && install --directory --owner=explorer --group=explorer /data
USER 10001:10001
WORKDIR /data
EXPOSE 8000
ENTRYPOINT ["gutenberg-explorer"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
# The first start indexes the books, and takes as long as they do.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10m --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]

# Needs no volume: nothing is written, and so no traces are kept.
FROM runtime AS with-books
ARG SHELF=auto
ENV GUTENBERG_EXPLORER_SHELF=${SHELF} GUTENBERG_EXPLORER_TRACE_STORE=off
RUN gutenberg-explorer index build

FROM runtime AS backend
VOLUME /data
