"""The closed list of faults of a running bot, and `Finding`, the result of a check.

The doctor, `/readyz`, the metrics and the alerts use the same names and texts; docs/operations/README.md repeats them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, final

PLATFORM: Final = "platform"
STORE: Final = "store"
CONTENT: Final = "content"
PROCESS: Final = "process"
_WAIT: Final = "nothing to do: it recovers by itself"
OFFERED: Final = "start the bot: it offers them by itself, and `/readyz` says what the platform refuses and why"


@final
class Fault(StrEnum):
    """A kind of fault. Its value is a metric's label, `part` the affected part; `cause` and `fix` are short texts for
    the operator.
    """

    part: str
    cause: str
    fix: str

    def __new__(cls, value: str, part: str, cause: str, fix: str) -> "Fault":
        """Make only `value` the member's string value, and the rest its attributes."""
        self = str.__new__(cls, value)
        self._value_, self.part, self.cause, self.fix = value, part, cause, fix
        return self

    STARTING = "starting", PLATFORM, "it is still connecting", "wait a minute, then see the log"
    UNREACHED = (
        "unreached",
        PLATFORM,
        "the connection is lost, or the platform's servers answer with errors",
        f"{_WAIT} when they answer again; if others reach them, check this machine's network",
    )
    SILENT = (
        "silent",
        PLATFORM,
        "the connection is open, but nothing arrives on it",
        f"{_WAIT} within about a minute; if it happens again, look for a firewall that drops idle connections",
    )
    UNDELIVERED = (
        "undelivered",
        PLATFORM,
        "Telegram cannot deliver updates to the webhook",
        "let Telegram reach WEBHOOK_URL over https on port 443, 80, 88 or 8443, with a valid certificate",
    )
    WEBHOOK = (
        "webhook",
        PLATFORM,
        "Telegram does not take the webhook",
        "let WEBHOOK_URL be an https address that everybody can reach, with a name that DNS knows, on port 443, 80, 88"
        " or 8443, and restart the bot; without WEBHOOK_URL it polls",
    )
    OVERLOADED = (
        "overloaded",
        PLATFORM,
        "more requests arrive than can be answered, so no more are accepted for now",
        f"{_WAIT} when fewer arrive; if it does not, see what uses this machine's processor",
    )
    CONFLICT = (
        "conflict",
        PLATFORM,
        "another program receives this bot's updates with the same token",
        "stop the other program; if you know of none, replace the token (@BotFather, /revoke)",
    )
    DISABLED = (
        "disabled",
        PLATFORM,
        "the token is refused",
        "set the right one (Discord: developer portal, Bot; Telegram: @BotFather, /token) and restart the bot",
    )
    RETRYING = (
        "retrying",
        PLATFORM,
        "the last attempt to serve it failed",
        f"{_WAIT} at the next attempt, within half a minute",
    )
    NO_LEASE = (
        "no-lease",
        PLATFORM,
        "the database that divides the work among the processes cannot be reached",
        "start PostgreSQL again, and check that DATABASE_URL names it",
    )
    INCOMPLETE = (
        "incomplete",
        PLATFORM,
        "the platform has not taken all menus and descriptions; everything is answered all the same",
        "nothing to do if the platform asked to wait: it is tried again; else correct the words that it names",
    )
    STOPPED = "stopped", PLATFORM, "the bot is stopping", "start it again if that was not intended"

    LOCKED = (
        "locked",
        STORE,
        "another program holds the database file",
        "stop that program, or use PostgreSQL for several processes; until then explainers work, and settings cannot"
        " be changed",
    )
    FULL = "full", STORE, "the disk is full", "free some space where the data folder (or PostgreSQL) is"
    READ_ONLY = (
        "read-only",
        STORE,
        "the database can only be read",
        "let the bot's user write to the file and its folder; DATABASE_URL must name a primary server",
    )
    GONE = (
        "gone",
        STORE,
        "the database file or its folder is missing or cannot be opened",
        "put the file back where it was, and let the bot's user read and write it and its folder; a start without a"
        " file makes a new one",
    )
    SUSPECT = (
        "suspect",
        STORE,
        "SQLite found the database file malformed, and a check of the whole file has not confirmed it",
        "leave the file where it is; `python -m bot doctor` checks it, `/readyz` says what the next check finds",
    )
    DAMAGED = (
        "damaged",
        STORE,
        "the whole file was checked: it is damaged, or not a database",
        "stop the bot, move the file away, restore a backup (`python -m bot restore FILE`), start again",
    )
    BROKEN_DISK = "broken-disk", STORE, "the disk cannot be read or written", "check the disk with the data folder"
    AWAY = (
        "away",
        STORE,
        "the database server cannot be reached",
        "check that it runs, and that DATABASE_URL names its host and port",
    )
    REFUSED = (
        "refused",
        STORE,
        "the database server refuses the user, the password or the access",
        "correct DATABASE_URL, create the database that it names, or make the user its owner",
    )
    BUSY = "busy", STORE, "two processes changed the same data at once", "nothing was lost, and it is tried again"
    SLOW = (
        "slow",
        STORE,
        "the database does not answer in time, or has no free connection",
        "check its load and its disk; run fewer processes, or raise max_connections",
    )
    OTHER = "other", STORE, "the database refused", "see the log; `python -m bot doctor` checks the database"

    STALE = (
        "stale",
        CONTENT,
        "files in the content folder have mistakes, so the last good version is served",
        "`python -m bot check` lists each with file, line and remedy; the files are read again when one changes",
    )
    NO_DESCRIPTORS = (
        "no-descriptors",
        PROCESS,
        "the process has no file descriptor left, so it can open neither files nor connections",
        "raise the limit (LimitNOFILE in systemd, `ulimits: nofile` in Compose, `ulimit -n`) to 4096 or more and"
        " restart the bot; the database is not at fault",
    )


Trouble = tuple[Fault, str]
"""A fault, and what is known about its cause in this case ("" if nothing)."""


class State(StrEnum):
    """The state of something that was checked."""

    FINE = "ok"
    NOTE = "note"  # works, but the operator may want to know
    BROKEN = "broken"


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check: `what` was checked, its `state`, the `cause` of that state, and a `fix` if there is
    something to do. `since` is when the state began and `fault` its kind; both are None if not known.
    """

    what: str
    state: State
    cause: str
    fix: str = ""
    since: datetime | None = None
    fault: Fault | None = None

    def __str__(self) -> str:
        return f"{self.state.value:<6} {self.what}: {self.cause}" + (f" → {self.fix}" if self.fix else "")
