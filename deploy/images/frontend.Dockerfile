# The page, served by nginx, which passes all else on to the backend.

ARG NODE_IMAGE=node:24-trixie-slim
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.30

# The page is the same on every platform, and is built on the builder's own.
FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS build
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY frontend ./
# The page names the version in the scope of its spans.
COPY src/gutenberg_explorer/_version.py /build/src/gutenberg_explorer/
RUN npm run build

FROM ${NGINX_IMAGE}
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="Gutenberg Explorer: frontend" \
    org.opencontainers.image.description="The page of Gutenberg Explorer, behind nginx" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
COPY --from=build /build/src/gutenberg_explorer/web /usr/share/gutenberg-explorer
COPY deploy/nginx /opt/nginx
USER 101:101
EXPOSE 8080
# nginx then answers what is under way before it ends.
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/nginx/start.sh"]
CMD []
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /nginx-health HTTP/1.0\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
