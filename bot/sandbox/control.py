"""The control API: everything under /sandbox that the page, the tests and the rehearsals use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import people_routes
from bot.sandbox.requests import Wrong, number, structure

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.sandbox.world import World

LONGEST_WAIT_SECONDS = 30.0
ROWS_AT_ONCE = 10_000


def _world(request: Request) -> World:
    return cast("World", request.app.state.world)


async def log(request: Request) -> Response:
    """GET /sandbox/log."""
    method = request.query_params.get("method")
    chat_id = number(request, "chat_id")
    limit = number(request, "limit") or ROWS_AT_ONCE
    if request.query_params.get("newest"):
        wrong = bool(request.query_params.get("wrong"))
        before = number(request, "before")
        return JSONResponse(_world(request).journal.newest(before, method, chat_id, wrong, limit))
    rows = _world(request).journal.rows(number(request, "after") or 0, method, chat_id, limit)
    return JSONResponse(rows)


async def log_row(request: Request) -> Response:
    """GET /sandbox/log/{seq}: one call with its parameters and the message it made, as it is now."""
    world = _world(request)
    row = world.journal.row(request.path_params["seq"])
    if row is None:
        return JSONResponse({"error": "no such row"}, 404)
    found = world.messages.get(row["chat_id"], row["message_id"]) if row["message_id"] else None
    return JSONResponse(row | {"message": found[0] if found else None})


async def log_methods(request: Request) -> Response:
    """GET /sandbox/log/methods."""
    return JSONResponse(_world(request).journal.methods())


async def stats(request: Request) -> Response:
    """GET /sandbox/stats."""
    world = _world(request)
    counts = world.journal.stats(number(request, "after") or 0)
    waiting = {"updates_waiting": len(world.updates), "people": len(world.people.by_id)}
    return JSONResponse(counts | waiting)


async def clock(request: Request) -> Response:
    """GET and POST /sandbox/clock."""
    world = _world(request)
    if request.method == "POST":
        wanted = await structure(request)
        if "forward_seconds" in wanted:
            world.clock.set(world.clock.offset_seconds + float(wanted["forward_seconds"]))
        elif "offset_seconds" in wanted:
            world.clock.set(float(wanted["offset_seconds"]))
        else:
            raise Wrong("the clock needs offset_seconds or forward_seconds")
        world.events.add("clock")
    return JSONResponse(world.clock.as_json())


async def clock_applied(request: Request) -> Response:
    """POST /sandbox/clock/applied."""
    wanted = await structure(request)
    if "applied_seconds" not in wanted:
        raise Wrong("applied_seconds is missing")
    world = _world(request)
    world.clock.follow(float(wanted["applied_seconds"]))
    world.events.add("clock")
    return JSONResponse(world.clock.as_json())


async def limits(request: Request) -> Response:
    """GET and POST /sandbox/limits."""
    world = _world(request)
    if request.method == "POST":
        world.limits.change(await structure(request))
        world.throttle.restart()
        world.events.add("limits")
    return JSONResponse(world.limits.as_json())


async def faults(request: Request) -> Response:
    """GET, POST and DELETE /sandbox/faults."""
    world = _world(request)
    if request.method == "POST":
        given = await request.json()
        world.faults.set(given if isinstance(given, list) else [given])
        world.events.add("faults")
    elif request.method == "DELETE":
        world.faults.set([])
        world.events.add("faults")
    return JSONResponse([rule.as_json() for rule in world.faults.rules])


async def updates(request: Request) -> Response:
    """POST /sandbox/updates: any JSON object becomes an update."""
    return JSONResponse({"update_id": _world(request).updates.inject(await structure(request))})


async def revoke(request: Request) -> Response:
    """POST /sandbox/token/revoke: the given token, or the one used last."""
    body = await request.body()
    token = json.loads(body).get("token") if body else None
    return JSONResponse({"revoked": _world(request).revoke(token)})


async def reset(request: Request) -> Response:
    """POST /sandbox/reset."""
    _world(request).reset()
    return JSONResponse({"ok": True})


async def events(request: Request) -> Response:
    """GET /sandbox/events: a long poll."""
    world = _world(request)
    after = number(request, "after")
    wait = min(float(request.query_params.get("timeout", 25)), LONGEST_WAIT_SECONDS)
    return JSONResponse(await world.events.after(world.events.seq if after is None else after, wait))


async def file(request: Request) -> Response:
    """GET /sandbox/files/{id}: what a person's app downloads."""
    files = _world(request).files
    found = files.get(request.path_params["file_id"])
    if found is None:
        return JSONResponse({"error": "no such file"}, 404)
    # Pictures are shown in the page; everything else, HTML above all, is only ever downloaded.
    shown = found.mime.startswith(("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/"))
    headers = {"X-Content-Type-Options": "nosniff"}
    if not shown:
        headers["Content-Disposition"] = "attachment"
    return Response(files.content(found.file_id), media_type=found.mime, headers=headers)


ROUTES = [
    *people_routes.ROUTES,
    Route("/sandbox/log", log),
    Route("/sandbox/log/methods", log_methods),
    Route("/sandbox/log/{seq:int}", log_row),
    Route("/sandbox/stats", stats),
    Route("/sandbox/clock", clock, methods=["GET", "POST"]),
    Route("/sandbox/clock/applied", clock_applied, methods=["POST"]),
    Route("/sandbox/limits", limits, methods=["GET", "POST"]),
    Route("/sandbox/faults", faults, methods=["GET", "POST", "DELETE"]),
    Route("/sandbox/updates", updates, methods=["POST"]),
    Route("/sandbox/token/revoke", revoke, methods=["POST"]),
    Route("/sandbox/reset", reset, methods=["POST"]),
    Route("/sandbox/events", events),
    Route("/sandbox/files/{file_id}", file),
]


def as_answer(request: Request, problem: Exception) -> Response:
    """A wrong request is told what is wrong with it."""
    status: Any = 400 if isinstance(problem, ValueError | TypeError) else 409
    return JSONResponse({"error": str(problem)}, status)
