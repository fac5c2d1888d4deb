"""What a test, or whoever demonstrates, arranges: faults, settings, where webhooks arrive."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bot.sandbox.bigcommerce.books import Settings
from bot.sandbox.bigcommerce.control.behind import Answer, Behind, Json
from bot.sandbox.bigcommerce.faults import Fault

HOSTS = TypeAdapter(dict[str, str])


async def show_faults(behind: Behind, given: Json) -> Json:
    """Return the faults that are switched on."""
    faults = [fault.model_dump(mode="json") for fault in behind.shop.faults.switched_on]
    return {"ok": True, "faults": faults}


async def set_fault(behind: Behind, given: Json) -> Json:
    """Switch a fault on, or all off."""
    if given.get("clear"):
        behind.shop.faults.switched_on.clear()
    else:
        behind.shop.faults.switched_on.append(Fault.model_validate(given))
    return {}


async def show_settings(behind: Behind, given: Json) -> Any:
    """Return the settings."""
    return behind.shop.books.settings.model_dump(mode="json")


async def set_settings(behind: Behind, given: Json) -> Json:
    """Change some settings."""
    settings = behind.shop.books.settings
    fresh = Settings.model_validate({**settings.model_dump(), **given})
    for field in Settings.model_fields:
        setattr(settings, field, getattr(fresh, field))
    behind.shop.changed()
    return {}


async def settle(behind: Behind, given: Json) -> Json:
    """Settle everything that is on its way."""
    behind.settlement.settle_all()
    return {}


async def set_hook_hosts(behind: Behind, given: Json) -> Json:
    """Say where hosts of webhooks' destinations are really reached."""
    behind.hooks.reach.update(HOSTS.validate_python(given))
    return {}


async def switch_hooks_off(behind: Behind, given: Json) -> Json:
    """Switch all webhooks off, as after two days of failing."""
    for hook in behind.shop.books.hooks.values():
        hook.is_active = False
    behind.shop.changed()
    return {}


async def show_deliveries(behind: Behind, given: Json) -> Json:
    """Return what was delivered to webhooks."""
    return {"deliveries": list(behind.hooks.sent)}


READ: dict[str, Answer] = {
    "faults": show_faults,
    "settings": show_settings,
    "deliveries": show_deliveries,
}
DO: dict[str, Answer] = {
    "faults": set_fault,
    "settings": set_settings,
    "settle": settle,
    "hook-hosts": set_hook_hosts,
    "hooks-off": switch_hooks_off,
}
