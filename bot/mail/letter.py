"""What the customer is told about a refund, as text and as HTML, in the store's name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.values.money import Money

_HTML = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font-family:Arial,Helvetica,sans-serif;font-size:16px;\
line-height:1.5;color:#1d1c1d">
<div style="max-width:560px;margin:0 auto">
{paragraphs}
<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #dddddd">{store}</p>
</div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class RefundLetter:
    """A refund in words for the customer.

    `paid_back` says how, after "You get the money back". `deducted` is what was kept, and for what.
    """

    store_name: str
    order_id: int
    amount: Money
    paid_back: str
    is_cancelled: bool = False
    deducted: str = ""

    @property
    def subject(self) -> str:
        """The subject line."""
        return f"Your refund for order {self.order_id}"

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return "\n\n".join((*self._paragraphs(), self._store())) + "\n"

    @property
    def html(self) -> str:
        """The letter as a page; whatever was typed by somebody is escaped."""
        paragraphs = "\n".join(f"<p>{escape(each)}</p>" for each in self._paragraphs())
        return _HTML.format(
            subject=escape(self.subject), paragraphs=paragraphs, store=escape(self._store())
        )

    def _paragraphs(self) -> tuple[str, ...]:
        opening = "Hello,"
        if self.is_cancelled:
            did = f"we have cancelled your order {self.order_id} and refunded {self.amount}."
        else:
            did = f"we have refunded {self.amount} for your order {self.order_id}."
        how = f"You get the money back {self.paid_back}."
        when = "It can take some days until you see it."
        kept = (f"This is after a deduction of {self.deducted}.",) if self.deducted else ()
        return opening, did, *kept, how, when

    def _store(self) -> str:
        """Return the store's name on one line; it comes from a settings page."""
        return " ".join(self.store_name.split())
