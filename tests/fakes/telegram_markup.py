"""Reply markup as Telegram's server takes it: an inline keyboard is checked button by button."""

from tests.fakes.telegram_state import Json
from tests.fakes.telegram_text import bad

_KINDS = ("url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat", "login_url", "web_app")


def checked_markup(markup: object) -> Json | None:
    """The inline keyboard as stored, None for none; raises Refused as the server would."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _check(button)
    if sum(len(row) for row in rows) > 100:
        raise bad("reply markup is too long")
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check(button: object) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not any(button.get(kind) is not None for kind in _KINDS):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if len(str(button.get("callback_data", "")).encode()) > 64:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")
