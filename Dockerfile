# Signpost's app, for docker-compose.yml, where Neo4j runs beside it. See docs/own-neo4j.md.
FROM python:3.11-slim-trixie

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN groupadd --gid 10001 signpost \
    && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin signpost \
    && install -d -m 700 -o 10001 -g 10001 /var/lib/signpost

WORKDIR /app
COPY pyproject.toml requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

# The queries are read from beside the code, so the code stays here, as in a checkout.
COPY cypher cypher
COPY graph graph
COPY loaders loaders
COPY web web
COPY signpost signpost
RUN pip install --no-deps --no-build-isolation -e . \
    && python -m compileall -q graph loaders web signpost \
    && chmod -R a+rX /app

USER 10001:10001
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SIGNPOST_HOME=/var/lib/signpost SIGNPOST_HOST=0.0.0.0
EXPOSE 8400
CMD ["signpost", "run"]
