"""One person's dealings with a service, in every one of which there is a secret."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import sys
from contextlib import suppress
from typing import Any
from uuid import uuid4

import websockets

from app.auth import tokens
from tests.auth.test_accounts import ME, SIGN_IN, SIGN_UP, with_token
from tests.auth.test_sessions import CHANGE, RESET
from tests.live import opened
from tests.support import Service
from tests.torture.servers import ROOT, environment

TOKEN = """
mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { token errors { code } }
}
"""


class Secrets:
    """Every secret of the scene, by what it is."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def typed(self, what: str) -> str:
        """A new secret that somebody types in."""
        return self.keep(what, f"word-{secrets.token_hex(12)}")

    def keep(self, what: str, text: str) -> str:
        """Note a secret that the service made."""
        assert what not in self.known
        self.known[what] = text
        return text

    def found_in(self, text: str) -> list[str]:
        """Which of them the text holds, as they are or in a usual disguise."""
        return [
            what
            for what, secret in self.known.items()
            if any(form in text for form in _forms(secret))
        ]


def _forms(secret: str) -> list[str]:
    # A token begins with its user's id, which is no secret.
    core = secret[-43:] if tokens.parse(secret) else secret
    return [core, core.encode().hex(), base64.b64encode(core.encode()).decode().rstrip("=")]


class Scene:
    """A new account's whole life over one server."""

    def __init__(self, service: Service, address: str) -> None:
        self.service = service
        self.address = address
        self.secrets = Secrets()
        self.email = f"{uuid4().hex}@test.example"

    async def play(self) -> None:
        """All of it."""
        password, token = await self._sign_up_and_in()
        password = await self._change(password, token)
        password = await self._reset()
        await self._malform(password)
        await self._fail(password)

    async def _ask(self, document: str, bearer: str | None = None, /, **given: Any) -> Any:
        """The payload of a mutation."""
        headers = with_token(bearer) if bearer else None
        answer = await self.service.ask(document, {"input": given}, headers=headers)
        [payload] = answer.body["data"].values()
        return payload

    def _token(self, what: str, payload: Any) -> str:
        """The token of the session that a mutation began."""
        assert payload["errors"] == []
        return self.secrets.keep(what, payload["session"]["token"])

    async def _sign_up_and_in(self) -> tuple[str, str]:
        """An account with its password and a token, and what fails in the same way."""
        typed = self.secrets.typed
        password = typed("password")
        first = await self._ask(SIGN_UP, email=self.email, password=password)
        token = self._token("token of signUp", first)
        assert (await self.service.ask(ME, headers=with_token(token))).data["viewer"]
        for email, wrong in (
            (self.email, typed("wrong password")),
            ("nobody@test.example", typed("password for nobody")),
            (self.email, typed("password with NUL") + "\0"),
            (self.email, typed("long password") * 9),
        ):
            assert (await self._ask(SIGN_IN, email=email, password=wrong))["errors"]
            assert (await self._ask(SIGN_UP, email=self.email, password=wrong))["errors"]
        again = await self._ask(SIGN_IN, email=self.email, password=password)
        return password, self._token("token of signIn", again)

    async def _change(self, password: str, token: str) -> str:
        """API tokens, and a new password."""
        given = {"name": "script", "scopes": ["READ"], "uuid": str(uuid4())}
        for what in ("API token", "API token of the repeated call"):
            self.secrets.keep(what, (await self._ask(TOKEN, token, **given))["token"])
        new = self.secrets.typed("new password")
        wrong = {"currentPassword": self.secrets.typed("wrong present one"), "newPassword": new}
        assert (await self._ask(CHANGE, token, **wrong))["errors"]
        right = {"currentPassword": password, "newPassword": new}
        self._token("token of changePassword", await self._ask(CHANGE, token, **right))
        return new

    async def _reset(self) -> str:
        """A reset with a secret of the command line, and with wrong ones."""
        offered = self.secrets.keep("reset secret", await self._offered())
        new = self.secrets.typed("password after the reset")
        for guess in (
            self.secrets.keep("guessed reset secret", tokens.make(uuid4()).text),
            self.secrets.typed("reset secret of no shape"),
        ):
            assert (await self._ask(RESET, token=guess, newPassword=new))["errors"]
        done = await self._ask(RESET, token=offered, newPassword=new)
        self._token("token of resetPassword", done)
        assert (await self._ask(RESET, token=offered, newPassword=new))["errors"]
        return new

    async def _offered(self) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app.cli", "user", "reset", self.email),
            cwd=ROOT,
            env=environment(self.service.database, {}),
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
        assert process.returncode == 0
        return told.decode().strip()

    async def _malform(self, password: str) -> None:
        """Requests that are none, each with something in it that its sender meant for nobody."""
        typed = self.secrets.typed
        inline = 'mutation { signIn(input: {email: "a@test.example", password: "%s"%s}) { %s } }'
        await self._post({"query": inline % (typed("password in bad syntax"), "}}", "")})
        await self._post({"query": inline % (typed("unused field"), ', x: "1"', "errors { code }")})
        await self._post({"query": inline % (typed("inline password"), "", "errors { code }")})
        for wrong in (
            {"nested": typed("password in an object")},
            [typed("password in a list"), 1],
            typed("password with half a character") + "\ud800",
        ):
            variables = {"input": {"email": self.email, "password": wrong}}
            await self._post({"query": SIGN_IN, "variables": variables})
        await self._post({"query": SIGN_IN, "variables": typed("variables that are a text")})
        await self._post({"query": [typed("query that is a list")]})
        client = self.service.client
        json_type = {"content-type": "application/json"}
        for body, headers in (
            (f'{{"query": "{typed("cut-off JSON")}', json_type),
            (f'{{"query": "{typed("enormous body")}{"x" * 400_000}"}}', json_type),
            (f"password={typed('form')}", {"content-type": "application/x-www-form-urlencoded"}),
        ):
            assert (await client.post("/graphql", content=body, headers=headers)).status_code >= 400
        await client.get("/graphql", params={"query": ME, "token": typed("token in the address")})
        await client.get("/graphql", params={"query": f'{{ "{typed("query in the address")}"'})
        await client.get(f"/reset/{typed('secret in the path')}")
        bad = self.secrets.keep("token of nobody", tokens.make(uuid4()).text)
        for headers in (
            with_token(bad),
            with_token(f"{bad}x"),
            {"authorization": f"Basic {typed('basic')}"},
            {"authorization": typed("no scheme")},
            {"cookie": f"questline_session={typed('cookie')}"},
        ):
            await client.post("/graphql", json={"query": ME}, headers=headers)
        await self._malform_sockets(bad)
        assert not (await self._ask(SIGN_IN, email=self.email, password=password))["errors"]

    async def _post(self, body: Any) -> None:
        # Not httpx's own JSON: it refuses what is no character.
        content = json.dumps(body)
        headers = {"content-type": "application/json"}
        answer = await self.service.client.post("/graphql", content=content, headers=headers)
        self.service.client.cookies.clear()
        assert "errors" in answer.text

    async def _malform_sockets(self, bad: str) -> None:
        """The same over WebSocket."""
        typed = self.secrets.typed
        async with opened(self.address, init={"Authorization": f"Bearer {bad}"}) as socket:
            assert await socket.closed() == 4403
        async with opened(
            self.address, init={"password": typed("password at the start")}
        ) as socket:
            await socket.receive()
            document = 'mutation { signIn(input: {email: "a@b", password: "%s"}) { x } }'
            await socket.subscribe(document % typed("password over the socket"))
            assert (await socket.receive())["type"] == "error"
            await socket.connection.send(f'{{"type": "{typed("cut-off message")}')
            with suppress(websockets.ConnectionClosed):
                await socket.connection.recv()

    async def _fail(self, password: str) -> None:
        """The service fails in the midst of a sign-in: a fault, logged with all there is."""
        await self.service.owner.execute("REVOKE INSERT ON sessions FROM questline_api")
        try:
            variables = {"input": {"email": self.email, "password": password}}
            answer = await self.service.ask(SIGN_IN, variables)
            assert answer.codes == ["INTERNAL"]
        finally:
            await self.service.owner.execute("GRANT INSERT ON sessions TO questline_api")
