"""The command `/welcome on|off|preview|message|cleanup|quiet`."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, PlatformError
from bot.core.greeting import READY, checked
from bot.core.join_window import LONGEST_NAME, JoinBatch
from bot.core.markup import plain
from bot.core.model import Draft, Notice, Place, Request, Right
from bot.core.notices import ReadyLine
from bot.core.ports import Communities
from bot.features.access import require_own
from bot.features.welcomes.greeter import Greeter


class WelcomeCommand:
    """The handler of `/welcome`.

    `now` gives the time with a time zone. `why_line_refused` returns the part of a moderators' line that a greeting
    must not contain, None if there is none; it may block for some milliseconds.
    """

    def __init__(
        self,
        communities: Communities,
        greeter: Greeter,
        now: Callable[[], datetime],
        why_line_refused: Callable[[str], str | None],
    ) -> None:
        self._communities, self._greeter, self._now = communities, greeter, now
        self._why_line_refused = why_line_refused
        self._judging = asyncio.Lock()  # lines are judged one at a time, since questions need the threads too

    async def welcome(self, request: Request, community: Community) -> Draft | Reply:
        """Run the action that the text begins with; without one, show the settings of greetings.

        Raises:
            BadInput: there is no such action, the text after it cannot be used, the bot lacks a right, or the place is
                a Telegram channel, whose subscribers cannot be greeted.
            StoreError: nothing was saved.
        """
        action, _, rest = request.text.strip().partition(" ")
        rest = rest.strip()
        if request.broadcast and action.casefold() != "off":
            raise BadInput("group-only")
        match action.casefold():
            case "":
                return self._settings(request, community)
            case "on":
                require_own(request, Right.SEND)
                await self._change(request, self.greet_in(request.place))
                return Notice("welcome-on", {"channel": request.place}, _missing_right(request))
            case "off":
                await self._change(request, self.greet_in(None))
                return Notice("welcome-off")
            case "preview":  # the greeting that the caller would get after joining alone
                name = plain(request.member.name, LONGEST_NAME)
                community = replace(community, welcome=community.welcome or request.place)
                return await self._greeter.greeting(community, JoinBatch(1, (name,), self._now()))
            case "message":
                return await self._message(request, rest)
            case "cleanup":
                new = await self._communities.change(request.place, self.cleanup(rest))
                return Notice("welcome-cleanup-on" if new.remove_greetings else "welcome-cleanup-off")
            case "quiet":
                new = await self._change(request, await self.quiet(rest, request))
                return Notice("welcome-quiet-on" if new.welcome_quiet else "welcome-quiet-off")
            case _:
                raise BadInput("welcome-needs-action")

    async def _change(self, request: Request, edit: Callable[[Community], Community]) -> Community:
        """Change the settings of greetings, and end the pause after an error."""
        new = await self._communities.change(request.place, edit)
        self.retry(request.place)
        return new

    def _settings(self, request: Request, community: Community) -> Draft:
        if community.welcome is None:
            return Notice("welcome-is-off")
        cleanup = Notice("welcome-cleanup-on" if community.remove_greetings else "welcome-cleanup-off")
        quiet = (Notice("welcome-quiet-on"),) if community.welcome_quiet else ()
        rows = (*quiet, cleanup, *self._greeter.posting.problem(request.place), *_missing_right(request))
        return Notice("welcome-is-on", {"channel": community.welcome}, rows)

    async def _message(self, request: Request, line: str) -> Draft:
        try:
            edit = await self.message(line)
        except BadInput as bad:  # also list the ready lines
            rows = tuple(Notice("welcome-ready-line", {"number": n, "line": ReadyLine(n)}) for n in map(int, READY))
            offer = rows if bad.key == "welcome-ready" else (Notice("welcome-ready", {}, rows),)
            raise BadInput(bad.key, bad.values, rows=offer) from bad
        await self._communities.change(request.place, edit)
        return Notice("welcome-message-saved" if line else "welcome-message-reset")

    def retry(self, place: Place) -> None:
        """End the pause after an error: greetings may go to another place now."""
        self._greeter.posting.retry(place)

    def greet_in(self, place: Place | None) -> Callable[[Community], Community]:
        """Return the change of the settings that greets new members in that place from now on (None: nowhere)."""
        if place is None:
            return lambda one: replace(one, welcome=None)
        # Members who joined before now are not greeted. Telegram gives the time of a join in whole seconds.
        now = self._now().replace(microsecond=0) - timedelta(microseconds=1)
        return lambda one: replace(one, welcome=place, greeted_until=max(one.greeted_until or now, now))

    async def message(self, line: str) -> Callable[[Community], Community]:
        """Return the change to that line (empty: the default line). Raises BadInput if a greeting may not have it."""
        stored = None
        if line:
            async with self._judging:
                stored = await asyncio.to_thread(checked, line, self._why_line_refused)
        return lambda one: replace(one, welcome_line=stored)

    async def quiet(self, choice: str, request: Request) -> Callable[[Community], Community]:
        """Return the change of `welcome_quiet` to `on` or `off`.

        Raises:
            BadInput: `choice` is neither, or the bot cannot show greetings to single members there.
        """
        if quiet := _is_on(choice, "welcome-quiet-needs-choice"):
            await self._require_alone(request)
        return lambda one: replace(one, welcome_quiet=quiet)

    async def _require_alone(self, request: Request) -> None:
        try:
            can_show = await self._greeter.posting.shows_alone(request.place)
        except PlatformError as error:
            raise BadInput("something-went-wrong") from error
        if can_show is None:
            raise BadInput("welcome-quiet-elsewhere")
        if Right.JOINS not in request.bot_rights:
            raise BadInput("welcome-quiet-needs-admin")
        if not can_show:
            raise BadInput("welcome-quiet-server")

    @staticmethod
    def cleanup(choice: str) -> Callable[[Community], Community]:
        """Return the change of `remove_greetings` to `on` or `off`. Raises BadInput for anything else."""
        remove = _is_on(choice, "welcome-cleanup-needs-choice")
        return lambda one: replace(one, remove_greetings=remove)


def _is_on(choice: str, hint: str) -> bool:
    if choice.casefold() not in ("on", "off"):
        raise BadInput(hint)
    return choice.casefold() == "on"


def _missing_right(request: Request) -> tuple[Notice, ...]:
    """Return the notice that the bot lacks the right to see joins; empty if it has it."""
    if request.bot_rights & Right.JOINS:
        return ()
    return (Notice("bot-lacks-right", {"right": Right.JOINS}),)
