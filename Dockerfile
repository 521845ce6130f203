# syntax=docker/dockerfile:1
# The same server as `npm start`, with the default models inside.
# node:24-bookworm-slim would do as well; any Node >= 20.19 on glibc does (the native packages have no musl builds).

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json ./
COPY bin bin
COPY config config
COPY models models
COPY scripts scripts
COPY services services
COPY src src
COPY utils utils
RUN npm run build && ./bin/whosaid models pull && npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data \
    LOG_FORMAT=json
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/models models
COPY --from=build /app/node_modules node_modules
COPY LICENSE THIRD_PARTY_NOTICES.md ./
RUN mkdir -p /data /blobs && chown 1000:1000 /data /blobs
# By number, so that a host can check that it is not root; it is the user `node`.
USER 1000:1000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "bin/whosaid", "serve"]
