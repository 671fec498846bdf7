"""The control API's people: who there is, what they see and everything they can do."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, cast

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import acts, files, polls, views
from bot.sandbox.requests import Wrong, needed, number, structure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from bot.sandbox.people import Person
    from bot.sandbox.world import World

SEEN_AT_ONCE = 100
# The smallest sticker and sound there are: a person who sends one need not bring it.
EMPTY_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
EMPTY_OGG = b"OggS\x00\x02"


class Nobody(ValueError):  # noqa: N818, it is an answer, not a mistake of ours
    """There is no person with this id."""


def _world(request: Request) -> World:
    return cast("World", request.app.state.world)


def _person(request: Request) -> Person:
    person_id = request.path_params["person_id"]
    person = _world(request).people.by_id.get(person_id)
    if person is None:
        raise Nobody(f"there is no person {person_id}")
    return person


async def people(request: Request) -> Response:
    """GET lists people, POST adds one."""
    known = _world(request).people
    if request.method == "POST":
        person = known.add(await structure(request))
        _world(request).events.add("person", person.id)
        return JSONResponse(person.as_json(), 201)
    limit = number(request, "limit")
    words = request.query_params.get("search", "")
    found = known.search(words, len(known.by_id) if limit is None else limit, number(request, "offset") or 0)
    return JSONResponse({"count": len(known.by_id), "people": [person.as_json() for person in found]})


async def bulk(request: Request) -> Response:
    """POST /sandbox/people/bulk."""
    given = await structure(request)
    world = _world(request)
    first, last = world.people.add_many(int(needed(given, "count")), given.get("language_code", "ru"))
    world.events.add("people")
    return JSONResponse({"first_id": first, "last_id": last})


async def person(request: Request) -> Response:
    """GET and POST /sandbox/people/{id}: POST changes names, language, Premium."""
    if request.method == "POST":
        _world(request).people.change(_person(request), await structure(request))
        _world(request).events.add("person", _person(request).id)
    return JSONResponse(_person(request).as_json())


async def chat(request: Request) -> Response:
    """GET /sandbox/chats/{id}."""
    limit = number(request, "limit") or SEEN_AT_ONCE
    return JSONResponse(views.chat(_world(request), _person(request), limit, number(request, "before")))


async def text(request: Request) -> Response:
    """POST …/text."""
    given = await structure(request)
    return JSONResponse(
        acts.say(_world(request), _person(request), needed(given, "text"), given.get("reply_to"))
    )


async def tap(request: Request) -> Response:
    """POST …/tap, by data or by place."""
    given, world, who = await structure(request), _world(request), _person(request)
    message_id = int(needed(given, "message_id"))
    data = given.get("data")
    if data is None:
        row, col = int(needed(given, "row")), int(needed(given, "col"))
        data = acts.button_data(world, who, message_id, row, col)
    return JSONResponse(acts.tap(world, who, message_id, data, bool(given.get("resend"))))


async def contact(request: Request) -> Response:
    """POST …/contact."""
    given = await structure(request)
    phone_number = needed(given, "phone_number")
    return JSONResponse(
        acts.share_contact(
            _world(request), _person(request), phone_number, given.get("user_id"), given.get("first_name", "")
        )
    )


async def poll(request: Request) -> Response:
    """POST …/poll: question, options, allows_multiple_answers."""
    given = await structure(request)
    options = [str(option) for option in given.get("options") or ()]
    many = bool(given.get("allows_multiple_answers"))
    made = polls.of_person(needed(given, "question"), options, many)
    return JSONResponse(acts.write(_world(request), _person(request), {"poll": made}))


async def location(request: Request) -> Response:
    """POST …/location."""
    given = await structure(request)
    place = {name: float(needed(given, name)) for name in ("latitude", "longitude")}
    return JSONResponse(acts.write(_world(request), _person(request), {"location": place}))


def upload(kind: str, name: str, content: bytes) -> Callable[[Request], Awaitable[Response]]:
    """POST …/document, photo, video and the other kinds: multipart with `file`, or nothing for a sample."""

    async def send(request: Request) -> Response:
        world, who, caption = _world(request), _person(request), ""
        file_name, mime, body = name, "", content
        if request.headers.get("content-type", "").startswith("multipart/"):
            async with request.form() as form:
                caption = str(form.get("caption") or "")
                given = form.get("file")
                if not isinstance(given, UploadFile):
                    raise Wrong("the field file is missing")
                file_name, mime, body = given.filename or name, given.content_type or "", await given.read()
        elif not content:
            raise Wrong("the file must be sent as multipart/form-data with a field file")
        file = world.files.add(kind, file_name, body, mime)
        return JSONResponse(acts.send_file(world, who, file, caption))

    return send


async def sticker(request: Request) -> Response:
    """POST …/sticker: an emoji's sticker."""
    emoji = str((await structure(request)).get("emoji") or "🙂")
    world = _world(request)
    file = world.files.add("sticker", "sticker.gif", EMPTY_GIF)
    return JSONResponse(acts.send_sticker(world, _person(request), file, emoji))


async def edit(request: Request) -> Response:
    """POST …/edit: the person corrects a text of his own."""
    given = await structure(request)
    message_id, words = int(needed(given, "message_id")), needed(given, "text")
    return JSONResponse(acts.edit(_world(request), _person(request), message_id, words))


async def react(request: Request) -> Response:
    """POST …/react: an emoji on a message, an empty one takes it away."""
    given = await structure(request)
    message_id, emoji = int(needed(given, "message_id")), needed(given, "emoji")
    return JSONResponse(acts.react(_world(request), _person(request), message_id, emoji))


async def vote(request: Request) -> Response:
    """POST …/vote: the places of the options chosen."""
    given = await structure(request)
    message_id, chosen = int(needed(given, "message_id")), list(needed(given, "option_ids"))
    return JSONResponse(acts.vote(_world(request), _person(request), message_id, chosen))


async def channel(request: Request) -> Response:
    """POST …/channel: the person joins a channel or leaves it."""
    given, world = await structure(request), _world(request)
    found = world.channels.find(str(needed(given, "channel")))
    if found is None:
        raise Wrong(f"there is no channel {given['channel']}; make it first")
    return JSONResponse(acts.subscribe(world, _person(request), found, bool(given.get("member", True))))


async def read(request: Request) -> Response:
    """POST …/read: the person has looked into the chat."""
    who = _person(request)
    if who.unread:
        who.unread = 0
        _world(request).events.add("person", who.id)
    return JSONResponse({"ok": True})


async def channels(request: Request) -> Response:
    """GET lists channels, POST makes one or changes it."""
    world = _world(request)
    if request.method == "POST":
        given = await structure(request)
        is_admin = bool(given.get("bot_is_admin", True))
        world.channels.put(str(needed(given, "username")), str(given.get("title") or ""), is_admin)
        world.events.add("channels")
    return JSONResponse([channel.as_json() for channel in world.channels.by_id.values()])


async def block(request: Request) -> Response:
    """POST …/block."""
    return JSONResponse(acts.set_blocked(_world(request), _person(request), True))


async def unblock(request: Request) -> Response:
    """POST …/unblock."""
    return JSONResponse(acts.set_blocked(_world(request), _person(request), False))


async def deactivate(request: Request) -> Response:
    """POST …/deactivate."""
    acts.deactivate(_world(request), _person(request))
    return JSONResponse({"ok": True})


ACTS = {
    "text": text,
    "tap": tap,
    "edit": edit,
    "react": react,
    "vote": vote,
    "channel": channel,
    "read": read,
    "contact": contact,
    "location": location,
    "poll": poll,
    "document": upload("document", "file.bin", b""),
    "photo": upload("photo", "photo.png", files.sample_picture()),
    "sticker": sticker,
    "video": upload("video", "video.mp4", b""),
    "voice": upload("voice", "voice.ogg", EMPTY_OGG),
    "animation": upload("animation", "animation.gif", EMPTY_GIF),
    "audio": upload("audio", "audio.ogg", EMPTY_OGG),
    "video_note": upload("video_note", "video_note.mp4", b""),
    "block": block,
    "unblock": unblock,
    "deactivate": deactivate,
}
ROUTES = [
    Route("/sandbox/people", people, methods=["GET", "POST"]),
    Route("/sandbox/people/bulk", bulk, methods=["POST"]),
    Route("/sandbox/people/{person_id:int}", person, methods=["GET", "POST"]),
    Route("/sandbox/channels", channels, methods=["GET", "POST"]),
    Route("/sandbox/chats/{person_id:int}", chat),
    *(
        Route(f"/sandbox/people/{{person_id:int}}/{name}", act, methods=["POST"])
        for name, act in ACTS.items()
    ),
]
