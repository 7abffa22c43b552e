# The conformance suite alone: docker run --rm -v "$PWD/report:/report" IMAGE https://pbx.example.com --report /report …
FROM node:24-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund && npm run package -- --conformance /suite

FROM node:24-alpine
COPY --from=build /suite /suite
WORKDIR /suite
RUN npm install --no-audit --no-fund --omit=dev && npm cache clean --force
USER 1000:1000
ENTRYPOINT ["node", "/suite/bin.js"]
