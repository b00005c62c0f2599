"""The command `/welcome on|off|preview|message|cleanup|quiet`."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.community import Community
from bot.core.disclaimer import Reply
from bot.core.errors import BadInput, PlatformError
from bot.core.greeting import READY, checked
from bot.core.join_window import LONGEST_NAME, Gathered
from bot.core.markup import plain
from bot.core.model import Draft, Notice, Place, Request, Right
from bot.core.notices import ReadyLine
from bot.core.ports import Communities
from bot.features.access import require_own
from bot.features.welcomes.greeter import Greeter


class WelcomeCommand:
    """The handler. `now` gives the time with a time zone; `fault_in_line` gives what in the moderators' own line must
    not be in a greeting (None: nothing), and may block for some milliseconds."""

    def __init__(
        self,
        communities: Communities,
        greeter: Greeter,
        now: Callable[[], datetime],
        fault_in_line: Callable[[str], str | None],
    ) -> None:
        self._communities, self._greeter, self._now = communities, greeter, now
        self._fault_in_line = fault_in_line

    async def welcome(self, request: Request, community: Community) -> Draft | Reply:
        """What the action did, or the settings of greetings if none is named.

        Raises:
            BadInput: there is no such action, the text behind it cannot be used, the bot lacks a right, or the place is
                a channel, whose subscribers nobody can greet.
            StoreError: nothing was saved.
        """
        action, _, rest = request.text.strip().partition(" ")
        rest = rest.strip()
        if request.broadcast and action.casefold() != "off":
            raise BadInput("group-only")
        match action.casefold():
            case "":
                return self._state(request, community)
            case "on":
                require_own(request, Right.SEND)
                await self._change(request, self.greet_in(request.place))
                return Notice("welcome-on", {"channel": request.place}, _lacking(request))
            case "off":
                await self._change(request, self.greet_in(None))
                return Notice("welcome-off")
            case "preview":  # the greeting that the caller would get as the only new member
                name = plain(request.member.name, LONGEST_NAME)
                community = replace(community, welcome=community.welcome or request.place)
                return await self._greeter.greeting(community, Gathered(1, (name,), self._now()))
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
        """Change where greetings go, and try again at the next one."""
        new = await self._communities.change(request.place, edit)
        self.retry(request.place)
        return new

    def _state(self, request: Request, community: Community) -> Draft:
        if community.welcome is None:
            return Notice("welcome-is-off")
        cleanup = Notice("welcome-cleanup-on" if community.remove_greetings else "welcome-cleanup-off")
        quiet = (Notice("welcome-quiet-on"),) if community.welcome_quiet else ()
        rows = (*quiet, cleanup, *self._greeter.posting.problem(request.place), *_lacking(request))
        return Notice("welcome-is-on", {"channel": community.welcome}, rows)

    async def _message(self, request: Request, line: str) -> Draft:
        try:
            edit = await self.message(line)
        except BadInput as bad:  # the ready lines are offered too
            rows = tuple(Notice("welcome-ready-line", {"number": n, "line": ReadyLine(n)}) for n in map(int, READY))
            offer = rows if bad.key == "welcome-ready" else (Notice("welcome-ready", {}, rows),)
            raise BadInput(bad.key, bad.values, rows=offer) from bad
        await self._communities.change(request.place, edit)
        return Notice("welcome-message-saved" if line else "welcome-message-reset")

    def retry(self, place: Place) -> None:
        """Try again at the next greeting: where they go may have changed."""
        self._greeter.posting.retry(place)

    def greet_in(self, place: Place | None) -> Callable[[Community], Community]:
        """The change that greets there from now on (None: nowhere)."""
        if place is None:
            return lambda one: replace(one, welcome=None)
        # Who joined before is no new member. Telegram gives the time of a join in whole seconds.
        now = self._now().replace(microsecond=0) - timedelta(microseconds=1)
        return lambda one: replace(one, welcome=place, greeted_until=max(one.greeted_until or now, now))

    async def message(self, line: str) -> Callable[[Community], Community]:
        """The change to that line, or to ours if it is empty. Raises BadInput for a line that no greeting may have."""
        stored = await asyncio.to_thread(checked, line, self._fault_in_line) if line else None
        return lambda one: replace(one, welcome_line=stored)

    async def quiet(self, choice: str, request: Request) -> Callable[[Community], Community]:
        """The change by `on` or `off`. Raises BadInput for anything else, and where nobody can be greeted alone."""
        if quiet := _is_on(choice, "welcome-quiet-needs-choice"):
            await self._require_alone(request)
        return lambda one: replace(one, welcome_quiet=quiet)

    async def _require_alone(self, request: Request) -> None:
        try:
            can = await self._greeter.posting.shows_alone(request.place)
        except PlatformError as error:
            raise BadInput("something-went-wrong") from error
        if can is None:
            raise BadInput("welcome-quiet-elsewhere")
        if Right.JOINS not in request.bot_rights:
            raise BadInput("welcome-quiet-needs-admin")
        if not can:
            raise BadInput("welcome-quiet-server")

    @staticmethod
    def cleanup(choice: str) -> Callable[[Community], Community]:
        """The change by `on` or `off`. Raises BadInput for anything else."""
        remove = _is_on(choice, "welcome-cleanup-needs-choice")
        return lambda one: replace(one, remove_greetings=remove)


def _is_on(choice: str, hint: str) -> bool:
    if choice.casefold() not in ("on", "off"):
        raise BadInput(hint)
    return choice.casefold() == "on"


def _lacking(request: Request) -> tuple[Notice, ...]:
    """What else keeps new members from being greeted."""
    if request.bot_rights & Right.JOINS:
        return ()
    return (Notice("bot-lacks-right", {"right": Right.JOINS}),)
