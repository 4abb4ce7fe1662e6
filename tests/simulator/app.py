# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web application: the API with its faults, the login page's discovery, the pages for people, the controls."""

from __future__ import annotations

import asyncio
import base64
import json
import math
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import many, seed, world
from .answers import Answer, Call
from .api import Api
from .callbacks import KEY_PATH
from .errors import ApiError, error_text
from .faults import AFTER, CANNED, IIS_404, Canned, Fault, too_many_requests
from .journal import Entry
from .lists import Query
from .pages import Pages
from .reading import decode
from .showing import success_text
from .world import CODEBASES, World

_JSON = "application/json; charset=utf-8"
_SHOWN = 10_000
"""How much of a body that is no JSON the journal keeps, in bytes."""
_MODULES = (
    "company", "configurations", "expense", "finance", "marketing", "procurement", "project", "sales", "schedule",
    "service", "system", "time",
)  # fmt: skip
_TICKET_PAGE = "/{codebase}/services/system_io/Service/fv_sr100_request.rails"


def make_app(shared: World) -> Starlette:
    """The application for one world."""
    pages = Pages(shared)
    api = ApiEndpoint(shared)

    async def ticket_page(request: Request) -> Response:
        found = pages.ticket(request.query_params.get("service_recid", ""), _base(request))
        return HTMLResponse(found or pages.missing(), 200 if found else 404)

    async def ticket_list(request: Request) -> Response:
        return HTMLResponse(pages.tickets(_base(request)))

    async def company_info(request: Request) -> Response:
        return _response(200, _company_info(shared, request))

    async def signing_key(request: Request) -> Response:
        shared.callbacks.keys_fetched += 1
        return JSONResponse({"signing_key": shared.callbacks.key})

    return Starlette(
        routes=[
            Route("/", ticket_list),
            Route("/login/companyinfo/{company}", company_info),
            Route(_TICKET_PAGE, ticket_page),
            Route(KEY_PATH, signing_key),
            *_controls(shared, api.api),
            Route("/{rest:path}", api),
        ],
        exception_handlers={Exception: _defect},
    )


async def _defect(request: Request, error: Exception) -> Response:
    """A defect of the simulator: in the API's shape, and the server prints its traceback."""
    return _response(500, {"code": "ConnectWiseApi", "message": "An error has occurred."})


def _base(request: Request) -> str:
    """The URL of the API at the host that was called."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}/{CODEBASES[0]}/apis/3.0"


def _company_info(shared: World, request: Request) -> object:
    """Discovery of the codebase (facts 1.5, 1.6): null for an unknown company."""
    if request.path_params["company"] != world.COMPANY:
        return None
    cloud = shared.switches.is_("onprem", "off")
    codebase = CODEBASES[1] if cloud else CODEBASES[0]
    host = request.headers.get("host", "")
    return {
        "CompanyName": "Training Company",
        "Codebase": f"{codebase}/",
        "VersionCode": "v2025.1",
        "VersionNumber": "v4.6.104512",
        "CompanyID": world.COMPANY,
        "IsCloud": cloud,
        "SiteUrl": host,
        "AllowedOrigins": [f"{request.url.scheme}://{host}"],
    }


def _headers() -> dict[str, str]:
    """What the server sends with each answer (fact 13.2)."""
    return {
        "Cache-Control": "no-cache",
        "Pragma": "no-cache",
        "Expires": "-1",
        "Server": "Microsoft-IIS/8.5",
        "x-server-name": "SIMULATOR",
        "x-cw-request-id": str(uuid.uuid4()),
        "api-current-version": "2025.1",
        "X-AspNet-Version": "4.0.30319",
        "X-Powered-By": "ASP.NET",
    }


def _response(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    if status == 204:
        return Response(status_code=204, headers={**_headers(), **(headers or {})})
    content = error_text(body) if status >= 400 else success_text(body)
    return Response(content, status, {**_headers(), **(headers or {})}, _JSON)


def _canned(answer: Canned, headers: dict[str, str] | None = None) -> Response:
    response = Response(answer.body, answer.status, {**_headers(), **(headers or {})})
    response.headers["Content-Type"] = answer.content_type
    return response


def _too_many(retry_after: int | float | str | None, seconds: float = 30) -> Response:
    """The 429. ``retry_after`` is the header, None for none; ``seconds`` are for its text when that is no number."""
    named = retry_after if isinstance(retry_after, int | float) else math.ceil(seconds)
    return _canned(too_many_requests(named), {} if retry_after is None else {"Retry-After": str(retry_after)})


class ApiEndpoint:
    """ASGI endpoint for everything below /{codebase}/apis/3.0/, with journal and faults.

    Requests are handled one at a time on the event loop, so each is atomic.
    """

    def __init__(self, shared: World) -> None:
        """For one world."""
        self.world = shared
        self.api = Api(shared)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or do what a fault says."""
        request = Request(scope, receive, send)
        body = await request.body()
        # Links in answers have two slashes in places (facts 7.19, 11.5), and lead somewhere.
        found = re.match(r"/+(?P<codebase>[^/]+)/+apis/3\.0/(?P<path>.*)", scope["path"], re.IGNORECASE)
        if found is None or "/apis/3.0/" in f"/{found['path']}/".lower():
            # A doubled path cannot be routed either (fact 1.8).
            await _canned(CANNED["400-text"])(scope, receive, send)
            return
        sent = tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        query = Query({name.lower(): value for name, value in sent}, sent)
        entry = self.world.journal.add(
            scope["method"],
            found["path"],
            dict(sent),
            _decoded(body),
            request.headers,
            scope.get("state", {}).get("connection", 0),
        )
        wait = self.world.limit.refuse(asyncio.get_running_loop().time())
        if wait is not None:
            entry.status, entry.fault = 429, "429"
            await _too_many(self.world.limit.header(wait, self.world.clock()), wait)(scope, receive, send)
            return
        delay = self.world.faults.delay(scope["method"], found["path"])
        fault = self.world.faults.take(scope["method"], found["path"])
        if delay or fault:
            entry.fault = fault.kind if fault else "latency"
            await asyncio.sleep(delay)

        def run() -> Response:
            return self._run(request, entry, found["codebase"], found["path"], query, body)

        if fault is None:
            await run()(scope, receive, send)
        else:
            await _with_fault(fault, entry, run, request, scope, receive, send)

    def _run(self, request: Request, entry: Entry, codebase: str, path: str, query: Query, body: bytes) -> Response:
        """Do the request and note in the journal what became of it."""
        try:
            problem = self._refused(request, codebase, path)
            if problem is not None:
                entry.status = problem.status_code
                return problem
            host = request.headers.get("host", "")
            call = Call(
                request.method,
                path,
                query,
                dict(request.headers),
                body,
                f"{request.url.scheme}://{host}/{codebase}/apis/3.0",
                host,
            )
            answer = self.api.answer(call)
        except ApiError as error:
            answer = Answer(error.status, error.body())
        entry.status = answer.status
        entry.done = entry.write and answer.status < 400
        if answer.media:
            return Response(answer.body, answer.status, {**_headers(), **answer.headers}, answer.media)
        return _response(answer.status, answer.body, answer.headers)

    def _refused(self, request: Request, codebase: str, path: str) -> Response | None:
        """What is refused before the API looks at it: codebase, credentials, clientId, paths (facts 1, 2)."""
        switches = self.world.switches
        served = CODEBASES[:1] if switches.is_("onprem", "on") else CODEBASES
        if codebase.lower() not in served:
            if switches.is_("wrong_codebase", "not-found"):
                return _canned(Canned(404, "text/html", IIS_404.encode()))
            return _canned(CANNED["400-text"])
        if not _known_keys(request.headers.get("authorization", "")):
            if switches.is_("wrong_credentials", "onprem"):
                return _response(401, {"code": "ConnectWiseApi", "message": "UserNotAuthenticated"})
            return _canned(CANNED["401"])
        if request.headers.get("clientid", "").lower() != world.CLIENT_ID:
            status = int(switches.values["missing_client_id"])
            code = {401: "Unauthorized", 403: "Security", 400: "InvalidObject"}[status]
            return _response(status, {"code": code, "message": "The clientId header is missing or not known."})
        if codebase.lower() != CODEBASES[0] and path.lstrip("/").split("/")[0].lower() not in _MODULES:
            # Below a versioned codebase a bad path gives the page of IIS (fact 1.9).
            return _canned(Canned(404, "text/html", IIS_404.encode()))
        return None


def _decoded(body: bytes) -> Any:
    """The body for the journal: JSON, else text, None when empty."""
    if not body:
        return None
    try:
        return decode(body)
    except ApiError:
        return body[:_SHOWN].decode("utf-8", "replace")


def _known_keys(header: str) -> bool:
    """Basic company+public:private (fact 2.1); the company with its case."""
    scheme, _blank, coded = header.partition(" ")
    try:
        given = base64.b64decode(coded.strip(), validate=True).decode()
    except ValueError:
        return False
    return scheme.lower() == "basic" and given == f"{world.COMPANY}+{world.PUBLIC_KEY}:{world.PRIVATE_KEY}"


async def _with_fault(
    fault: Fault,
    entry: Entry,
    run: Callable[[], Response],
    request: Request,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Carry out a fault around a request."""
    if fault.kind in CANNED:
        entry.status = CANNED[fault.kind].status
        await _canned(CANNED[fault.kind])(scope, receive, send)
    elif fault.kind in AFTER:
        run()
        entry.status = AFTER[fault.kind].status
        await _canned(AFTER[fault.kind])(scope, receive, send)
    elif fault.kind == "429":
        entry.status = 429
        await _too_many(fault.retry_after)(scope, receive, send)
    elif fault.kind == "redirect-http":
        entry.status = 301
        target = f"http://{request.headers.get('host', '')}{request.url.path}"
        target += f"?{request.url.query}" if request.url.query else ""
        await Response(status_code=301, headers={**_headers(), "Location": target})(scope, receive, send)
    elif fault.kind == "drop-before":
        await _drop(scope, receive)
    elif fault.kind == "drop-after":
        run()
        await _drop(scope, receive)
    elif fault.kind == "truncated":
        await _truncate(run(), scope, receive, send)
    elif fault.kind == "wrong-type":
        response = run()
        response.headers["Content-Type"] = "text/html"
        await response(scope, receive, send)
    else:
        response = run()
        await asyncio.sleep(fault.seconds)
        await response(scope, receive, send)


async def _drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without another byte."""
    scope["state"]["transport"].close()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _truncate(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Announce more than is sent, then close."""
    body = bytes(response.body)
    headers = [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    length = str(len(body) + 1000).encode()
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code if response.status_code != 204 else 200,
            "headers": [*headers, (b"content-length", length)],
        }
    )
    await send({"type": "http.response.body", "body": body[: max(1, len(body) // 2)], "more_body": True})
    await _drop(scope, receive)


# Controls for tests -------------------------------------------------------------------------------------------------


def _controls(shared: World, api: Api) -> list[Route]:
    """What tests set and read; no credentials are asked for."""

    async def journal(request: Request) -> Response:
        if request.method == "DELETE":
            shared.journal.entries.clear()
            return Response(status_code=204)
        return JSONResponse(shared.journal.shown())

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            shared.faults.waiting.clear()
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse([vars(fault) for fault in shared.faults.waiting])
        return await _set(request, shared.faults.add)

    async def limit(request: Request) -> Response:
        if request.method == "DELETE":
            shared.limit.clear()
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse(shared.limit.shown())
        return await _set(request, shared.limit.set)

    async def switches(request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse(shared.switches.shown())
        return await _set(request, shared.switches.set)

    async def callbacks(request: Request) -> Response:
        if request.method == "DELETE":
            shared.callbacks.deliveries.clear()
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse(shared.callbacks.shown())
        return await _set(request, shared.callbacks.set)

    async def callback_faults(request: Request) -> Response:
        return await _set(request, shared.callbacks.add_fault)

    async def callbacks_of_all(request: Request) -> Response:
        site = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return await _set(request, lambda wanted: shared.callbacks.tell_of_all(shared, wanted, site))

    async def callback_key(request: Request) -> Response:
        shared.callbacks.new_key()
        return Response(status_code=204)

    async def reset(request: Request) -> Response:
        with shared.store.transaction():
            seed.plant(shared)
        shared.journal.entries.clear()
        shared.faults.waiting.clear()
        shared.limit.clear()
        shared.switches.reset()
        shared.callbacks.reset()
        return Response(status_code=204)

    async def insert(request: Request) -> Response:
        text = (await request.body()).decode("utf-8", "replace")
        try:
            documents = decode(text.encode())
            if not isinstance(documents, list):
                return JSONResponse({"message": "Send a list of records."}, 400)
            return JSONResponse(api.insert(request.path_params["path"], documents, text), 201)
        except ApiError as error:
            return JSONResponse(error.body(), error.status if error.status != 500 else 400)

    async def crowd(request: Request) -> Response:
        def make(wanted: object) -> dict[str, object]:
            if not isinstance(wanted, dict):
                raise ValueError("Send an object with path and count.")
            with shared.store.transaction():
                first, last = many.make(shared, wanted.get("path"), wanted.get("count"))
            return {"first": first, "last": last}

        return await _set(request, make)

    return [
        Route("/_simulator/journal", journal, methods=["GET", "DELETE"]),
        Route("/_simulator/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/_simulator/limit", limit, methods=["GET", "POST", "DELETE"]),
        Route("/_simulator/switches", switches, methods=["GET", "POST"]),
        Route("/_simulator/callbacks", callbacks, methods=["GET", "POST", "DELETE"]),
        Route("/_simulator/callbacks/all", callbacks_of_all, methods=["POST"]),
        Route("/_simulator/callbacks/faults", callback_faults, methods=["POST"]),
        Route("/_simulator/callbacks/key", callback_key, methods=["POST"]),
        Route("/_simulator/reset", reset, methods=["POST"]),
        Route("/_simulator/many", crowd, methods=["POST"]),
        Route("/_simulator/records/{path:path}", insert, methods=["POST"]),
    ]


async def _set(request: Request, apply: Callable[[object], object]) -> Response:
    """Hand the JSON of a request to a function that refuses it with ValueError; its result goes back, or the JSON."""
    try:
        wanted = json.loads(await request.body())
        json.dumps(wanted, allow_nan=False)
        made = apply(wanted)
    except (ValueError, TypeError) as error:
        return JSONResponse({"message": str(error)}, 400)
    return JSONResponse(wanted if made is None else made, 201)
