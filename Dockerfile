# syntax=docker/dockerfile:1
# One image for the api, the worker and the agent: docker-compose.yml says which of them a container is.

FROM node:24-bookworm-slim AS build
WORKDIR /rollcall
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: a lock file that was written on one platform lacks the optional packages of the others.
RUN npm install --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# glibc's images trust nobody without this, and the agent may have to reach its api over TLS.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /rollcall
ENV NODE_ENV=production
COPY --from=build /rollcall/package.json ./
COPY --from=build /rollcall/node_modules ./node_modules
COPY --from=build /rollcall/dist ./dist
# The agent keeps its key here; a new volume takes over this folder's owner.
RUN install --directory --owner=node --group=node --mode=700 /var/lib/rollcall
USER node
CMD ["node", "dist/src/api.main.js"]
