"""Discord's store of files: what was attached is fetched by its address, by anybody and without a token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.discord_objects import Json


@dataclass(frozen=True)
class File:
    """What a person puts into an option that takes a file. `said` is the size that Discord tells, if not the true."""

    name: str
    data: bytes
    said: int | None = None


class Files:
    """All files, by the ids of their attachments. `problems` gets what is wrong with a request for one."""

    def __init__(self, problems: list[str], url: str) -> None:
        self._problems, self._url = problems, url
        self._kept: dict[str, bytes] = {}
        self.fetched: list[str] = []

    def attachment(self, id_: int, file: File) -> Json:
        """Keep the file; returns it as messages and options show it."""
        self._kept[str(id_)] = file.data
        url = f"{self._url}/{id_}/{file.name}"
        size = len(file.data) if file.said is None else file.said
        return {"id": str(id_), "filename": file.name, "size": size, "url": url, "proxy_url": url}

    def content(self, attachment: Json) -> bytes:
        """What is in the file of an attachment."""
        return self._kept[attachment["id"]]

    def keep(self, attachments: Iterable[Json]) -> None:
        """Forget all files but those of these attachments."""
        ids = {one["id"] for one in attachments}
        self._kept = {one: data for one, data in self._kept.items() if one in ids}
        self.fetched.clear()

    async def serve(self, request: web.Request) -> web.Response:
        """Give a file."""
        if "Authorization" in request.headers:
            self._problems.append("the token was sent to the store of files")
        self.fetched.append(request.path)
        data = self._kept.get(request.match_info["id"])
        return web.Response(status=404, text="not found") if data is None else web.Response(body=data)
