"""The page's own files. The same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from mingbai.serve import inventory
from mingbai.serve.files import ASSETS, VIEWS
from mingbai.serve.page import Page
from mingbai.serve.service import Service


def add(app: FastAPI, service: Service, page: Page) -> None:
    async def view(request: Request) -> Response:
        return page.files.view(request)

    async def asset(request: Request, name: str) -> Response:
        return page.files.file(request, ASSETS + name)

    async def top(request: Request, name: str) -> Response:
        return page.files.file(request, "/" + name)

    for path in VIEWS:
        inventory.add(app, path, view, include_in_schema=False)
    inventory.add(app, ASSETS + "{name:path}", asset, include_in_schema=False)
    inventory.add(app, "/{name}", top, include_in_schema=False)
