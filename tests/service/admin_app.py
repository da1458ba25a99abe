"""The routes of administrators alone, over a folder of releases: `FOLDER TOKEN_FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from coopdec_graph.publishing.evaluator import EvaluationLimits
from coopdec_graph.service.admin import AdminLimits, admin_router, read_token


def main(folder: str, token_file: str) -> None:
    app = FastAPI(openapi_url=None)
    limits = AdminLimits(
        update_bytes=10_000, graph_bytes=20_000, evaluation=EvaluationLimits(seconds=60)
    )
    app.include_router(admin_router(Path(folder), read_token(Path(token_file)), limits))
    config = uvicorn.Config(app, port=0, log_level="info", access_log=False)
    server = uvicorn.Server(config)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
