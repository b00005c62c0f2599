# The bot as an image: `docker build -t kusama-community-bot .`. It runs as a fixed user without rights, on a
# read-only root; what it remembers goes to /data, what it needs for a moment to /tmp. See docker-compose.yml.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
WORKDIR /build
COPY requirements/runtime.txt requirements/
RUN /opt/venv/bin/python -m pip install --quiet --require-hashes --no-deps --prefer-binary --no-compile \
    -r requirements/runtime.txt
# Where there is no wheel for this processor the bot does without: free questions are matched by their words.
COPY requirements/semantic.txt requirements/
RUN /opt/venv/bin/python -m pip install --quiet --require-hashes --no-deps --prefer-binary --no-compile \
    -r requirements/semantic.txt \
    || echo "The semantic extra cannot be had on $(uname -m); going on without it."
RUN /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib

FROM python:${PYTHON}-slim
RUN groupadd --system --gid 10001 bot \
    && useradd --system --uid 10001 --gid bot --home-dir /data --no-create-home --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --group bot --mode 0700 /data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY LICENSE ./
COPY responses responses
COPY bot bot
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8080 \
    LOG_FORMAT=json
RUN python -m compileall -q -j 0 bot
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=2s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
