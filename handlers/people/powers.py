"""What somebody may do now, asked of the one who decides it."""

from __future__ import annotations

from bot.actions.registry import ACTIONS
from bot.config.live_configuration import LiveConfiguration
from handlers.access.access import Access
from handlers.people.words import Powers


async def powers_of(
    access: Access, configuration: LiveConfiguration, team_id: str, user_id: str
) -> Powers:
    """Return it, of a member of the audit channel; raises NOT_READ."""
    unfit = await access.unfit(user_id)
    if unfit is not None:
        return Powers(unfit=unfit)
    return Powers(
        activated=configuration.current().activated,
        actions=tuple(
            [name for name in ACTIONS if await access.refusal(team_id, user_id, name) is None]
        ),
        is_approver=await access.is_approver(team_id, user_id),
        is_admin=await access.admin_refusal(team_id, user_id) is None,
    )
