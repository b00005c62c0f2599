"""What can be wrong with the running bot, as a closed set, each with its cause and what an operator does about it. Its
law: whoever tells of a fault, `/readyz`, `doctor` or an alert, tells it in these words.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, final


@final
class Fault(StrEnum):
    """One kind of trouble; the word is a metric's label."""

    # with a platform
    STARTING = "starting"
    UNREACHED = "unreached"
    SILENT = "silent"
    UNDELIVERED = "undelivered"
    OVERLOADED = "overloaded"
    CONFLICT = "conflict"
    DISABLED = "disabled"
    RETRYING = "retrying"
    NO_LEASE = "no-lease"
    STOPPED = "stopped"
    # with the database
    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read-only"
    GONE = "gone"
    SUSPECT = "suspect"
    DAMAGED = "damaged"
    BROKEN_DISK = "broken-disk"
    AWAY = "away"
    REFUSED = "refused"
    BUSY = "busy"
    SLOW = "slow"
    OTHER = "other"
    # with the content
    STALE = "stale"
    # with the process
    NO_DESCRIPTORS = "no-descriptors"


class Words(NamedTuple):
    """For an operator in a hurry: why it is so, and what to do."""

    cause: str
    fix: str


_WAITS = "nothing to do: it recovers by itself"
PLATFORM_FAULTS: Final[Mapping[Fault, Words]] = MappingProxyType(
    {
        Fault.STARTING: Words("it is still connecting", "wait a minute; then see the log"),
        Fault.UNREACHED: Words(
            "the connection is lost, or its servers answer with errors",
            f"{_WAITS} as soon as they answer; if others reach them, check this machine's network",
        ),
        Fault.SILENT: Words(
            "the connection stands, but nothing comes back over it",
            f"{_WAITS} within a minute or so; if it comes again, look for a firewall that drops idle lines",
        ),
        Fault.UNDELIVERED: Words(
            "Telegram cannot bring updates to the webhook; the log has its reason",
            "let Telegram reach WEBHOOK_URL over https on port 443, 80, 88 or 8443, with a certificate that is valid",
        ),
        Fault.OVERLOADED: Words(
            "more comes in than can be answered, so no more is taken in for now",
            f"{_WAITS} when the rush is over; if it is never over, see what uses this machine's processor",
        ),
        Fault.CONFLICT: Words(
            "another program receives this bot's updates with the same token",
            "stop the other one; if you know of none, have the token replaced (@BotFather, /revoke)",
        ),
        Fault.DISABLED: Words(
            "the token is refused",
            "set the right one (Discord: developer portal, Bot; Telegram: @BotFather, /token) and start the bot again",
        ),
        Fault.RETRYING: Words(
            "the last attempt to serve it failed", f"{_WAITS} at the next attempt; the log says what it was"
        ),
        Fault.NO_LEASE: Words(
            "the database that shares the work out among the processes cannot be reached",
            "bring PostgreSQL back, and see that DATABASE_URL names it",
        ),
        Fault.STOPPED: Words("the bot is stopping", "start it again if that was not meant"),
    }
)
STORE_FAULTS: Final[Mapping[Fault, Words]] = MappingProxyType(
    {
        Fault.LOCKED: Words(
            "another program holds the database file",
            "stop the program that holds it, or use PostgreSQL for several processes; explainers go on, settings cannot"
            " be changed",
        ),
        Fault.FULL: Words("the disk is full", "make room where the data folder (or PostgreSQL) lies"),
        Fault.READ_ONLY: Words(
            "the database can only be read",
            "let the bot's user write to the file and its folder; DATABASE_URL must name a primary server",
        ),
        Fault.GONE: Words(
            "the database file, or its folder, is no longer there or cannot be opened",
            "put the file back where it was, and let the bot's user read and write it and its folder; a start without a"
            " file makes a new one",
        ),
        Fault.SUSPECT: Words(
            "SQLite found the database file malformed, and a check of the whole file has not confirmed it",
            "leave the file where it is; `python -m bot doctor` checks it, `/readyz` tells what the next look finds",
        ),
        Fault.DAMAGED: Words(
            "the whole file was checked, and is no database or a damaged one",
            "stop the bot, move the file away, restore a backup (`python -m bot restore FILE`), start again",
        ),
        Fault.BROKEN_DISK: Words("the disk cannot be read or written", "check the disk that holds the data folder"),
        Fault.AWAY: Words(
            "the database server cannot be reached", "see that it runs, and that DATABASE_URL names its host and port"
        ),
        Fault.REFUSED: Words(
            "the server refuses the user, the password or what the user may do",
            "correct DATABASE_URL, create the database that it names, or make the user its owner",
        ),
        Fault.BUSY: Words("two processes met in the database", "nothing was lost, and it is tried again"),
        Fault.SLOW: Words(
            "the database does not answer in time, or has no connection left",
            "check its load and its disk; run fewer processes, or raise max_connections",
        ),
        Fault.OTHER: Words("the database refused", "the log has the line; `python -m bot doctor` looks at it"),
    }
)
CONTENT_FAULTS: Final[Mapping[Fault, Words]] = MappingProxyType(
    {
        Fault.STALE: Words(
            "files in the content folder have mistakes, so the last good version is served",
            "`python -m bot check` lists each with file, line and remedy; it is read again when a file changes",
        ),
    }
)
PROCESS_FAULTS: Final[Mapping[Fault, Words]] = MappingProxyType(
    {
        Fault.NO_DESCRIPTORS: Words(
            "the process has no file descriptor left, so it can open neither files nor connections",
            "raise the limit (LimitNOFILE in systemd, `ulimits: nofile` in Compose, `ulimit -n`) to 4096 or more and"
            " start the bot again; the database is not at fault",
        ),
    }
)
WORDS: Final[Mapping[Fault, Words]] = MappingProxyType(
    {**PLATFORM_FAULTS, **STORE_FAULTS, **CONTENT_FAULTS, **PROCESS_FAULTS}
)
