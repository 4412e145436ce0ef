# Runs on a CPU as it is, and on NVIDIA GPUs with `docker run --gpus all`
# (the torch wheel brings its own CUDA libraries).
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY stylecore stylecore
RUN python -m venv /opt/stylebot && /opt/stylebot/bin/pip install --no-cache-dir .

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 stylebot \
 && install -d -o stylebot -g stylebot -m 0700 /data /home/stylebot/.cache
COPY --from=build /opt/stylebot /opt/stylebot
ENV PATH=/opt/stylebot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STYLEBOT_DATA_DIR=/data
USER stylebot
VOLUME ["/data", "/home/stylebot/.cache"]
STOPSIGNAL SIGTERM
CMD ["stylebot", "run"]
