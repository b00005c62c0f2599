"""Responses to interactions. One first response within 3 told seconds, then 15 told minutes of edits.

Late or unknown is 10062, a second response 40060. Mentions in these parse users alone unless told otherwise. Where the
bot is not installed, there are five followups at most (40094). Files need the right to attach in `app_permissions`.
"""

from __future__ import annotations

from tests.fakes.discord_bell import Bell
from tests.fakes.discord_interaction import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    SAY,
    SHOW_MODAL,
    UPDATE,
    Interaction,
)
from tests.fakes.discord_messages import CHAT_INPUT, CONTEXT_MENU, DEFAULT, EPHEMERAL, LOADING, Message, judge, pings
from tests.fakes.discord_objects import Json
from tests.fakes.discord_posts import Posts
from tests.fakes.discord_refusal import Refusal, bad_form, missing_permissions, unknown
from tests.fakes.discord_wire import Call, Wire

_FIRST_SECONDS, _TOKEN_SECONDS = 3, 15 * 60
_GUEST_FOLLOWUPS = 5
_FITTING = {
    COMMAND: {SAY, DEFER, SHOW_MODAL},
    COMPONENT: {SAY, DEFER, DEFER_UPDATE, UPDATE, SHOW_MODAL},
    AUTOCOMPLETE: {CHOICES},
}


class Callbacks:
    """The callback and webhook routes, over the interactions that people began."""

    def __init__(self, posts: Posts, bell: Bell) -> None:
        self.posts = posts
        self.world = posts.world
        self.bell = bell
        self.begun: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}

    def route(self, wire: Wire) -> None:
        hook = "/webhooks/{application}/{token}"
        wire.add("POST", "/interactions/{interaction}/{token}/callback", self._respond, public=True)
        wire.add("POST", hook, self._follow, public=True)
        wire.add("GET", hook + "/messages/{message}", self._read, public=True)
        wire.add("PATCH", hook + "/messages/{message}", self._edit, public=True)
        wire.add("DELETE", hook + "/messages/{message}", self._delete, public=True)

    def begin(self, interaction: Interaction) -> None:
        """From now on the interaction can be answered."""
        self.begun[interaction.id] = self.by_token[interaction.token] = interaction

    def trim(self) -> None:
        """Forgets what is over (answered, and older than a token lives), with what only one user saw."""
        for one in list(self.begun.values()):
            if (self.world.now - one.created).total_seconds() > _TOKEN_SECONDS:
                del self.begun[one.id], self.by_token[one.token]
                for message in [*one.followups, *([one.original] if one.original else [])]:
                    if message.seen_by is not None:
                        self.world.messages.pop(message.id, None)

    def _respond(self, call: Call) -> Json | None:
        interaction = self.begun.get(call.id("interaction"))
        if interaction is None or interaction.token != call.params["token"]:
            raise unknown(10062, "interaction")
        if interaction.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if (self.world.now - interaction.created).total_seconds() > _FIRST_SECONDS:
            raise unknown(10062, "interaction")
        body: Json = call.body or {}
        kind, data = body.get("type"), body.get("data") or {}
        if kind not in _FITTING[interaction.kind]:
            raise bad_form({"type": {"_errors": [{"code": "CHOICE_INVALID", "message": f"not here: {kind}"}]}})
        self._act(interaction, kind, data, call.files)
        interaction.callback = body
        self.bell.ring()
        return self._told(interaction, kind) if call.query.get("with_response") in ("1", "true", "True") else None

    def _act(self, interaction: Interaction, kind: int, data: Json, files: dict[str, bytes]) -> None:
        if kind == SAY:
            judge(data | ({"attachments": list(files)} if files else {}))
            interaction.original = self._say(interaction, data, files)
        elif kind == DEFER:
            interaction.original = self._say(interaction, {"flags": data.get("flags", 0)}, {})
            interaction.original.flags |= LOADING
            interaction.loading = True
        elif kind == UPDATE and interaction.pressed is not None:
            judge(data, partial=True)
            self._change(interaction.pressed, data, files)
            interaction.original = interaction.pressed
        elif kind == DEFER_UPDATE:
            interaction.original = interaction.pressed
        elif kind == CHOICES:
            self._judge_choices(data.get("choices") or [])

    def _judge_choices(self, choices: list[Json]) -> None:
        if len(choices) > 25 or any(not 1 <= len(one["name"]) <= 100 for one in choices):
            raise bad_form(
                {"data": {"choices": {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "25 of 100"}]}}}
            )
        if any(isinstance(one["value"], str) and not 1 <= len(one["value"]) <= 100 for one in choices):
            raise bad_form({"data": {"choices": {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "value"}]}}})

    def _say(self, interaction: Interaction, data: Json, files: dict[str, bytes], kind: int | None = None) -> Message:
        if files and not interaction.may_attach:
            raise missing_permissions()
        usual = CONTEXT_MENU if interaction.payload.get("data", {}).get("type") in (2, 3) else CHAT_INPUT
        return self.posts.add(
            interaction.channel,
            self.world.bot,
            data,
            kind=kind if kind is not None else (usual if interaction.kind == COMMAND else DEFAULT),
            pings=pings(data, interaction.channel, self.world.bot, interaction=True),
            metadata=interaction.metadata,
            seen_by=interaction.user.id if interaction.hidden or int(data.get("flags") or 0) & EPHEMERAL else None,
            files=files,
        )

    def _change(self, message: Message, data: Json, files: dict[str, bytes]) -> None:
        self.posts.fill(message, data, files)
        whole = {"content": message.content} | data
        message.pings = pings(whole, message.channel, self.world.bot, interaction=True)
        message.flags &= ~LOADING
        self.posts.changed(message)

    def _told(self, interaction: Interaction, kind: int) -> Json:
        told: Json = {"id": str(interaction.id), "type": interaction.kind}
        resource: Json = {"type": kind}
        if interaction.original is not None and kind in (SAY, DEFER, UPDATE):
            told |= {
                "response_message_id": str(interaction.original.id),
                "response_message_loading": interaction.loading,
                "response_message_ephemeral": interaction.original.seen_by is not None,
            }
            if kind in (SAY, UPDATE):
                resource["message"] = interaction.original.json()
        return {"interaction": told, "resource": resource}

    def _begun(self, call: Call) -> Interaction:
        found = self.by_token.get(call.params["token"])
        if found is None or found.callback is None:
            raise unknown(10015, "Webhook")
        if (self.world.now - found.created).total_seconds() > _TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return found

    def _follow(self, call: Call) -> Json:
        interaction = self._begun(call)
        data: Json = call.body or {}
        judge(data | ({"attachments": list(call.files)} if call.files else {}))
        if interaction.loading and interaction.original is not None:
            interaction.loading = False
            self._change(interaction.original, data, call.files)
            self.bell.ring()
            return interaction.original.json()
        if interaction.guest and len(interaction.followups) >= _GUEST_FOLLOWUPS:
            raise Refusal(400, 40094, "This interaction has reached the maximum number of follow-up messages")
        message = self._say(interaction, data, call.files, kind=DEFAULT)
        interaction.followups.append(message)
        self.bell.ring()
        return message.json()

    def _message(self, call: Call) -> tuple[Interaction, Message]:
        interaction = self._begun(call)
        wanted = call.params["message"]
        own = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        found = interaction.original if wanted == "@original" else next((m for m in own if str(m.id) == wanted), None)
        if found is None or found.id not in self.world.messages:
            raise unknown(10008, "Message")
        return interaction, found

    def _read(self, call: Call) -> Json:
        return self._message(call)[1].json()

    def _edit(self, call: Call) -> Json:
        interaction, message = self._message(call)
        if call.files and not interaction.may_attach:
            raise missing_permissions()
        data: Json = call.body or {}
        judge(data, partial=True)
        self._change(message, data, call.files)
        if message is interaction.original:
            interaction.loading = False
        self.bell.ring()
        return message.json()

    def _delete(self, call: Call) -> None:
        interaction, message = self._message(call)
        self.posts.drop(message)
        if message is interaction.original:
            interaction.loading = False
