"""Updates that tell of the bot's own coming, moving and going. Its law: a direct chat is no community."""

from bot.adapters.telegram.updates import GONE, PRIVATE, Chat, Update
from bot.core.model import TELEGRAM, Place
from bot.core.ports import CommunityEvents


async def note(update: Update, comings: CommunityEvents) -> None:
    """Tell `comings` what the update says of it, if anything."""
    message, standing = update.message, update.my_chat_member
    if message is not None and message.migrate_to_chat_id is not None:
        await comings.moved(_community(message.chat), str(message.migrate_to_chat_id))
    elif standing is not None and standing.chat.type != PRIVATE:
        gone = standing.new_chat_member.status in GONE
        await (comings.left if gone else comings.returned)(_community(standing.chat))


def _community(chat: Chat) -> Place:
    return Place(TELEGRAM, str(chat.id), str(chat.id))
