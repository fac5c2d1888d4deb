"""The bot's own e-mail to a customer: its words, and how it is sent, at most once.

It knows neither Slack nor BigCommerce: whoever calls it brings the amounts and the addresses.
"""

from bot.mail.addresses import is_address, masked
from bot.mail.letter import RefundLetter
from bot.mail.message import build_message
from bot.mail.smtp import AnswerLost, MailError, MailServer, NotMailed

__all__ = [
    "AnswerLost",
    "MailError",
    "MailServer",
    "NotMailed",
    "RefundLetter",
    "build_message",
    "is_address",
    "masked",
]
