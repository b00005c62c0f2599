"""How the pretend Discord says no. A refusal has the status, code and shape the platform documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refusal(Exception):
    """An answer that is no success. `code` is the platform's own number, not the HTTP status."""

    status: int
    code: int
    message: str
    more: dict[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        return {"message": self.message, "code": self.code, **self.more}


def bad_form(errors: dict[str, Any]) -> Refusal:
    """A body that does not fit its form; `errors` mirrors the body's shape."""
    return Refusal(400, 50035, "Invalid Form Body", {"errors": errors})


def unknown(code: int, what: str) -> Refusal:
    return Refusal(404, code, f"Unknown {what}")


def missing_access() -> Refusal:
    return Refusal(403, 50001, "Missing Access")


def missing_permissions() -> Refusal:
    return Refusal(403, 50013, "Missing Permissions")
