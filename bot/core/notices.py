"""The keys and slots of all notices, and the types of slot values that only notices use.

A notice is about the bot itself and carries no risk warning. The set is therefore closed: other notices can be neither
built nor loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_KEYS_BY_SLOTS = {
    "": """
        mention-and-private-refused not-a-topic ask-needs-question-discord ask-needs-question-telegram
        nothing-to-explain one-moment not-in-this-channel community-only old-button translation-same translation-none
        translation-elsewhere something-went-wrong storage-problem channel-not-allowed pin-needs-topic pin-full
        pin-closed pins-none welcome-needs-action welcome-off welcome-is-off welcome-failed welcome-failed-gone
        welcome-message-saved welcome-message-reset welcome-message-placeholder welcome-message-link
        welcome-message-advice welcome-message-mention welcome-ready welcome-failed-closed welcome-cleanup-needs-choice
        welcome-cleanup-on welcome-cleanup-off settings settings-risk-general settings-risk-elevated settings-risk-high
        settings-cooldown-off settings-channels-all settings-channels-hint-discord settings-channels-hint-telegram
        settings-channels-open-discord settings-channels-open-telegram settings-channels-last-discord
        settings-channels-last-telegram settings-now settings-welcome-off settings-saved settings-unchanged
        settings-unknown settings-language-refused settings-language-hint-discord settings-language-hint-telegram
        settings-risk-refused settings-risk-below-floor diagnose-fine diagnose-send-discord diagnose-pin-discord
        diagnose-history-discord diagnose-delete-discord diagnose-joins-discord diagnose-send-telegram
        diagnose-pin-telegram diagnose-history-telegram diagnose-delete-telegram diagnose-joins-telegram
        diagnose-silent-discord diagnose-silent-telegram diagnose-also diagnose-content forgotten forget-hint
        forget-needs-community forget-sure forget-button confirm-not-yours confirm-too-late confirm-as-yourself log-off
        log-is-off log-hint log-failed rated-helpful rated-wrong rated-already group-only diagnose-pin-channel
        pin-not-understood-discord pin-not-understood-telegram channel-by-name-discord channel-by-name-telegram
        post-withdrawn post-all-sure post-all-button unpin-all-of-it unposted posts-none-here
        no-such-channel not-added settings-forum-refused settings-forum-elsewhere settings-exported settings-imported
        settings-import-refused settings-import-file-discord settings-import-file-telegram settings-import-unread
        settings-import-yaml settings-import-unknown settings-import-text settings-import-list
        welcome-quiet-on welcome-quiet-off welcome-quiet-needs-choice welcome-quiet-elsewhere welcome-quiet-needs-admin
        welcome-quiet-server welcome-quiet-failed
        settings-import-languages settings-import-language settings-import-place settings-import-elsewhere
    """,
    "seconds": "slow-down settings-cooldown",
    "right": """
        log-failed-right no-rights bot-lacks-right anonymous-not-allowed poster-not-allowed welcome-failed-right
        diagnose-may
    """,
    "command": "posted post-refreshed pinned pin-refreshed pin-not-pinned unpin-by-hand unpinned not-pinned-here",
    "count": """
        settings-import-more pins pins-more pins-posts posting-all settings-channels-here settings-channels-elsewhere
        stats-total stats-answered stats-suggested settings-language-topics stats-declined stats-unanswered diagnose
        diagnose-pins-troubled
    """,
    "channel command": """
        pins-current pins-stale pins-gone pins-unpinned pins-closed pins-posted pins-refused pins-full pins-orphaned
        pins-withdrawn
    """,
    "channel command right": "pins-forbidden",
    "channel": """
        channel-unknown channel-unwritable log-on log-is-on settings-log-on welcome-on welcome-is-on settings-welcome-on
        settings-forum settings-forum-none diagnose-welcome
    """,
    "limit": """
        welcome-message-too-long settings-channels-many settings-language-many settings-forum-many settings-import-large
    """,
    "line": "settings-import-line",
    "number": "settings-import-format",
    "line number": "welcome-ready-line",
    "language": "settings-language settings-language-here",
    "channel language": "settings-language-in",
    "value": "settings-row",
    "channels": "settings-channels-named",
    "member command": "log-changed",
    "least most": "settings-cooldown-refused",
    "days": "stats stats-none stats-chart",
    "command count": "stats-row",
    "chart count": "stats-daily stats-daily-unanswered",
    "command helpful wrong": "stats-ratings",
}

SLOTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {key: frozenset(slots.split()) for slots, keys in _KEYS_BY_SLOTS.items() for key in keys.split()}
)
"""The names of the slots of each notice, by its key."""

PLURALS = frozenset(
    {"diagnose", "diagnose-pins-troubled", "settings-language-topics"}
    | {"settings-channels-here", "settings-channels-elsewhere"}
)
"""The notices that need plural forms, in languages whose grammar has several."""


@dataclass(frozen=True, slots=True)
class LanguageName:
    """The tag of a language. A notice shows the language's own name, followed by the tag."""

    locale: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A number for each day, the oldest first. A notice shows them as a row of small columns."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """The number of one of the language's ready-made welcome lines, counted from 1."""

    number: int
