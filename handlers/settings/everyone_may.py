"""What everyone may do by the configuration, in one sentence."""

from __future__ import annotations

from bot.actions.registry import ACTIONS
from bot.config.configuration import EVERYONE, Configuration
from handlers.block_kit.mrkdwn import mention_channel
from handlers.settings.names import Wording


def everyone_may(now: Configuration, wording: Wording) -> str:
    """Return the sentence, as mrkdwn; what is not limited is said as such."""
    is_for_all = all(now.rule(action).who == EVERYONE for action in ACTIONS)
    whom = "" if is_for_all else " whom an action is for"
    said = [
        f"Each member of {mention_channel(now.audit_channel)}{whom} can give back "
        f"{_alone(now, wording)}",
        _of(now.day_limit, "in 24 hours", "any amount in 24 hours", wording),
        f"codes worth {_worth(now, wording)}",
        f"and all together {_of(now.hour_limit, 'in an hour', 'any amount in an hour', wording)}",
    ]
    return f"{', '.join(said)}."


def _alone(now: Configuration, wording: Wording) -> str:
    above = now.approval_above
    most = f"up to {wording.amount(now.limit)}" if now.limit is not None else "any amount"
    if above is None:
        return f"{most} without a second person"
    if not above:
        return f"{most} with a second person"
    return f"up to {wording.amount(above)} on an order or to a customer without a second person"


def _of(limit: object, each: str, none: str, wording: Wording) -> str:
    return none if limit is None else f"up to {wording.amount(str(limit))} {each}"


def _worth(now: Configuration, wording: Wording) -> str:
    most = now.discount.most_worth
    return "any amount" if most is None else f"up to {wording.amount(most)}"
