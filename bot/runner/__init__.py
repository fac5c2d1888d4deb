"""The one path every action takes: logged, queued behind its order's others, carried out, told.

It survives being killed at any point, and never sees a Slack payload.
"""

from bot.runner.approving import Approving
from bot.runner.customer_mail import CustomerMail
from bot.runner.ending import sent_last_at
from bot.runner.permission import NotKnown, Permission
from bot.runner.runner import ActionRunner, NotNoted
from bot.runner.schedule import FOLLOW_S, Schedule
from bot.runner.timeline import Timeline

__all__ = [
    "FOLLOW_S",
    "ActionRunner",
    "Approving",
    "CustomerMail",
    "NotKnown",
    "NotNoted",
    "Permission",
    "Schedule",
    "Timeline",
    "sent_last_at",
]
