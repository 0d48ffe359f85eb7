# syntax=docker/dockerfile:1
# Stage one builds the wheel and an environment from the hashed lock; stage two runs it, unprivileged.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/setup.lock requirements/run.lock requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements/setup.lock \
    && python -m venv /opt/questline \
    && /opt/build/bin/uv pip install --python /opt/questline/bin/python --require-hashes -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY sql sql
COPY seeds seeds
RUN /opt/build/bin/uv build --wheel --no-build-isolation --python /opt/build/bin/python --out-dir /dist \
    && /opt/build/bin/uv pip install --python /opt/questline/bin/python --no-deps /dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/questline --create-home questline
COPY --from=build /opt/questline /opt/questline
USER questline
WORKDIR /var/lib/questline
ENV PATH=/opt/questline/bin:$PATH \
    QUESTLINE_HOST=0.0.0.0 \
    QUESTLINE_PRODUCTION=true \
    QUESTLINE_LOG_FORMAT=json
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
# DATABASE_URL names the database; the service applies its migrations at start.
ENTRYPOINT ["questline"]
CMD ["serve"]
