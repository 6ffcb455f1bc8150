# syntax=docker/dockerfile:1
# glibc, because ONNX Runtime has no build for musl (Alpine).
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/prune-runtime.sh ./
RUN npm ci --omit=dev && ./prune-runtime.sh node_modules

FROM ${NODE_IMAGE}
# `--build-arg VERSION=$(node -p "require('./package.json').version")`: a label cannot read a file.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="feedback-triage" \
      org.opencontainers.image.description="Reads customer feedback in Chinese and English and decides what happens next, with reasons. Local model, no cloud." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# A fixed number, so that a volume keeps its owner and Kubernetes can check runAsNonRoot.
RUN groupadd --system --gid 10001 triage \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin triage \
 && install -d -m 700 -o triage -g triage /var/lib/feedback-triage

# Everything under /app belongs to root and is only read: run with --read-only.
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE NOTICE ./
COPY models ./models
COPY data ./data
COPY vendor ./vendor
COPY --from=build /app/dist ./dist

# HOST=0.0.0.0 can be reached from outside the container, so the service refuses to start (exit 78) until API_KEYS
# holds at least one key: `npm run -s keys -- new NAME` makes one.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/var/lib/feedback-triage
EXPOSE 8080
VOLUME /var/lib/feedback-triage
USER 10001:10001
STOPSIGNAL SIGTERM
# The first start trains the linear head.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
