"""Telegram's files: what was sent is known by an id, and downloaded from an address that getFile gives."""

from aiohttp import web

from tests.fakes.telegram_state import Json, Upload
from tests.fakes.telegram_text import bad

_LARGEST = 20 << 20  # bytes that a bot can download


class Files:
    """All files, by their ids."""

    def __init__(self) -> None:
        self._kept: dict[str, Upload] = {}
        self.fetched: list[str] = []

    def document(self, file: Upload, said: int | None = None) -> Json:
        """Keep the file; returns the Document. `said` is the size that Telegram tells, if not the true one."""
        id_ = f"BQACAgQAAx{len(self._kept) + 1}"
        self._kept[id_] = file
        size = len(file.data) if said is None else said
        return {"file_id": id_, "file_unique_id": id_[-8:], "file_name": file.name, "file_size": size}

    def sent(self, given: object) -> Json:
        """The Document of a call that sends one: an upload, or the id of a known file."""
        if isinstance(given, str) and given in self._kept:
            return self.document(self._kept[given])
        if not isinstance(given, Upload) or not given.name:
            raise bad("there is no document in the request")
        if not given.data:
            raise bad("file must be non-empty")
        return self.document(given)

    def content(self, document: Json) -> str:
        """What is in the file of a Document."""
        return self._kept[document["file_id"]].data.decode()

    def found(self, id_: object) -> Json:
        """The File with the path to download it by."""
        file = self._kept.get(str(id_))
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(file.data) > _LARGEST:
            raise bad("file is too big")
        path = f"documents/{id_}.yaml"
        return {"file_id": id_, "file_unique_id": str(id_)[-8:], "file_size": len(file.data), "file_path": path}

    def download(self, path: str) -> web.Response:
        """Give a file."""
        self.fetched.append(path)
        file = self._kept.get(path.removeprefix("documents/").removesuffix(".yaml"))
        if file is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=file.data)
