"""The sandbox as one server: the Bot API in front, the control API and the page behind it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox import control, people_routes
from bot.sandbox.acts import Impossible
from bot.sandbox.bot_api import BotApi
from bot.sandbox.connections import TearableProtocol

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.sandbox.world import World

PAGE = Path(__file__).parent / "page"
# A bot may rest between two calls; a connection closed under its hands would look like a lost answer.
KEEP_ALIVE_SECONDS = 3600


async def _page(request: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _nobody(request: Request, problem: Exception) -> Response:
    return JSONResponse({"error": str(problem)}, 404)


def build(world: World) -> ASGIApp:
    """The application: calls of bots are told apart by the start of their address."""
    bot_api = BotApi(world)
    site = Starlette(
        routes=[Route("/", _page), *control.ROUTES, Mount("/page", StaticFiles(directory=PAGE))],
        exception_handlers={
            people_routes.Nobody: _nobody,
            ValueError: control.as_answer,
            TypeError: control.as_answer,
            Impossible: control.as_answer,
        },
    )
    site.state.world = world

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/bot", "/file/bot")):
            await bot_api(scope, receive, send)
        else:
            await site(scope, receive, send)

    return application


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named asyncio switches Nagle's delay off; without it an answer may wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.listen(2048)
    return listening


def serve(world: World, listening: socket.socket) -> None:
    """Serve until told to stop."""
    config = uvicorn.Config(
        build(world),
        http=TearableProtocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listening])
