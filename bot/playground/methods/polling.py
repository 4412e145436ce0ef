"""getMe, updates by polling and by webhook, and file links."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from .. import wire
from ..config import HOST
from ..errors import bad_request, conflict
from ..files import MAX_DOWNLOAD_BYTES
from ..updates import MAX_BATCH, MAX_POLL_S
from ..world import Json, Webhook
from .call import Call

MAX_SECRET = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


async def get_me(call: Call) -> Json:
    """Who the bot is."""
    return wire.user_json(call.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": call.backend.config.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """The next batch, after a wait where there is none."""
    if call.world.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    call.backend.updates.allow(_allowed(call))
    limit = call.parameters.integer("limit", MAX_BATCH)
    return await call.backend.updates.poll(
        call.parameters.integer("offset"),
        limit if 1 <= limit <= MAX_BATCH else MAX_BATCH,
        min(max(call.parameters.integer("timeout"), 0), MAX_POLL_S),
    )


def _allowed(call: Call) -> list[str] | None:
    kinds: Any = call.parameters.parsed("allowed_updates")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else None


async def set_webhook(call: Call) -> bool:
    """Sets the address; an empty one takes it away."""
    url = call.parameters.text("url")
    if not url:
        return await delete_webhook(call)
    _check_address(url)
    secret = call.parameters.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    call.backend.updates.allow(_allowed(call))
    if call.parameters.flag("drop_pending_updates"):
        call.world.pending.clear()
    call.world.webhook = Webhook(
        url=url,
        secret=secret,
        max_connections=call.parameters.integer("max_connections", 40),
    )
    call.backend.webhook.reset()
    return True


def _check_address(url: str) -> None:
    target = urlsplit(url)
    if target.scheme not in ("http", "https") or not target.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    # Telegram asks for HTTPS on four ports; loopback is all that is in reach here.
    if target.hostname not in (HOST, "localhost"):
        raise bad_request(
            "bad webhook: Failed to resolve host: Name or service not known"
        )


async def delete_webhook(call: Call) -> bool:
    """Takes the address away."""
    if call.parameters.flag("drop_pending_updates"):
        call.world.pending.clear()
    call.world.webhook = Webhook()
    call.backend.webhook.reset()
    return True


async def get_webhook_info(call: Call) -> Json:
    """The address and how it does."""
    webhook = call.world.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(call.backend.updates.pending()),
    }
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": HOST}
    if webhook.last_error_date:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    if call.world.allowed_updates is not None:
        info["allowed_updates"] = sorted(call.world.allowed_updates)
    return info


async def get_file(call: Call) -> Json:
    """The path under which a file can be downloaded."""
    file_id = call.parameters.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = call.backend.files.find(file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


METHODS = (
    get_me,
    get_updates,
    set_webhook,
    delete_webhook,
    get_webhook_info,
    get_file,
)
