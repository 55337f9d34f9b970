# The emulator alone: one static file in an empty image, as nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /pingone-conformance ./cmd/pingone-conformance

FROM scratch
COPY --from=build /pingone-conformance /pingone-conformance
USER 65532:65532
EXPOSE 9030
HEALTHCHECK --interval=5s --timeout=3s CMD ["/pingone-conformance", "emulator", "--healthcheck", "http://127.0.0.1:9030"]
# Callers outside the container reach it under the published port: say so with --public-url.
ENTRYPOINT ["/pingone-conformance", "emulator", "--addr", "0.0.0.0:9030", "--allow-remote", "--public-url", "http://localhost:9030"]
