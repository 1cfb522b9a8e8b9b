# syntax=docker/dockerfile:1
# Three images, each with the packages that its program's package.json names and no others:
#
#   docker build --target control-plane --tag rollcall .        the api; `node dist/src/worker.main.js` makes it a worker
#   docker build --target agent --tag rollcall-agent .
#   docker build --target cli --tag rollcall-cli .
#
# They have not been built where they were written, for there is no Docker there. test/integration/docker/images.test.ts puts together
# what each of them holds, from this text, and runs the programs.

FROM node:24-bookworm-slim AS manifests
WORKDIR /rollcall
COPY package.json package-lock.json .npmrc ./
COPY agent/package.json agent/
COPY cli/package.json cli/
COPY client/package.json client/
COPY contract/package.json contract/
COPY embedded/package.json embedded/
COPY web/package.json web/

FROM manifests AS build
RUN npm ci
COPY . .
RUN npm run build

FROM manifests AS control-plane-packages
RUN npm ci --omit=dev --include-workspace-root --workspace contract

FROM manifests AS agent-packages
RUN npm ci --omit=dev --workspace agent

FROM manifests AS cli-packages
RUN npm ci --omit=dev --workspace cli

FROM node:24-bookworm-slim AS program
# glibc's images trust nobody without this, and a program may have to reach its api over TLS.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /rollcall
ENV NODE_ENV=production
COPY package.json ./
# The agent keeps its key here; a new volume takes over this folder's owner.
RUN install --directory --owner=node --group=node --mode=700 /var/lib/rollcall
USER node

FROM program AS agent
COPY --from=agent-packages /rollcall/node_modules ./node_modules
COPY --from=build /rollcall/dist/agent ./dist/agent
COPY --from=build /rollcall/dist/client ./dist/client
COPY --from=build /rollcall/dist/contract ./dist/contract
# The agent itself answers, whether its api is away or not: that is no reason to end it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["node", "dist/agent/main.js", "--status"]
CMD ["node", "dist/agent/main.js"]

# No HEALTHCHECK: it is a command, which ends, and no daemon.
FROM program AS cli
COPY --from=cli-packages /rollcall/node_modules ./node_modules
COPY --from=build /rollcall/dist/cli ./dist/cli
COPY --from=build /rollcall/dist/client ./dist/client
COPY --from=build /rollcall/dist/contract ./dist/contract
ENTRYPOINT ["node", "dist/cli/main.js"]

# The last one: what `docker build .` makes.
FROM program AS control-plane
COPY --from=control-plane-packages /rollcall/node_modules ./node_modules
COPY --from=build /rollcall/dist/src ./dist/src
COPY --from=build /rollcall/dist/activities ./dist/activities
COPY --from=build /rollcall/dist/contract ./dist/contract
COPY --from=build /rollcall/dist/web ./dist/web
COPY --from=build /rollcall/dist/workflow-bundle.js ./dist/workflow-bundle.js
# What GET /install.sh answers; the packages that it fetches are a volume, which Orchestrator.API.PackagesDir names.
COPY --from=build /rollcall/packaging/install.sh ./packaging/install.sh
# Of an api. A worker's is in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "--eval", "fetch('http://127.0.0.1:8480/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/api.main.js"]
